"""What can go wrong in words the web room turns into a status and a page."""

from collections.abc import Mapping, Sequence
from typing import Any


class Refusal(Exception):
    """A rule said no. The message is for people and never holds anything about a child."""


class NotFound(Refusal):
    """There is no such thing, or this person may not know that there is (404, the same bytes)."""


class NotAllowed(Refusal):
    """The person may see the thing and may not do this to it (403)."""


class StepUpNeeded(Refusal):
    """The person may do this once they have proved anew who they are, at their identity provider (401)."""


class Invalid(Refusal):
    """What was sent does not fit (422): `errors` maps a field's name to what to do about it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("Some of this needs changing.")
        self.errors = dict(errors)


class NotReady(Refusal):
    """Allowed, but not now (409): `reasons` says in sentences what is missing."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = tuple(reasons)


class StaleRevision(Refusal):
    """Somebody else saved the same words first (409): `clashes` holds mine and theirs, so that nothing is lost.

    `merged` holds the fields that do not clash, as they stand once both people's changes are in.
    """

    def __init__(self, clashes: Sequence[Any] = (), merged: Mapping[str, Any] | None = None) -> None:
        super().__init__("Somebody else changed the same words while you were writing.")
        self.clashes = tuple(clashes)
        self.merged = dict(merged or {})
