"""Invitations and what is on record of parts have a shape that the server holds them to."""

from datetime import UTC, datetime

import pytest
from pymongo.errors import PyMongoError

from portal.store.database import Database

AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", ["invitations", "grant_requests", "access_log"])
def test_a_document_without_its_shape_is_refused_by_the_server(db: Database, name: str) -> None:
    with pytest.raises(PyMongoError):
        db[name].insert_one({"_id": f"nmr:{name}", "authority": "nmr", "at": AT})
    assert db[name].find_one({"authority": "nmr", "_id": f"nmr:{name}"}) is None
