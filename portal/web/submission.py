"""One submission of a form: its id bound to its content, so that sent twice it is one act with one answer."""

from collections.abc import Mapping
from typing import Any

from portal.domain.hashing import digest
from portal.store.requests import Request
from portal.web import current


def submission(sent: Mapping[str, Any], content: Any) -> Request | None:
    """The loaded form's request id with what it asks for; a form without an id is judged by its revision alone."""
    if not sent["request_id"]:
        return None
    return Request(sent["request_id"], digest(content), current.actor().person, current.moment().wall)
