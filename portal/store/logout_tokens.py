"""Logout tokens that were obeyed, each by a hash of its id, until it is over: none is obeyed twice."""

import hashlib
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from portal.store.database import Database, Session


class ObeyedBefore(Exception):
    """This very logout token was obeyed already."""


def obey(db: Database, provider: str, token_id: str, good_until: datetime, session: Session) -> None:
    """Note that a token is obeyed, in the transaction that obeys it; raises ObeyedBefore when it was before."""
    key = hashlib.sha256(f"{provider}:{token_id}".encode()).hexdigest()
    try:
        db["logout_tokens"].insert_one({"_id": key, "gone": good_until}, session=session)
    except DuplicateKeyError:
        raise ObeyedBefore from None
