"""Messages about a request for an assessment: between whoever sent it and the council that sees to it."""

from dataclasses import dataclass

from portal.domain.actor import Actor
from portal.domain.content import Mark
from portal.domain.error import NotFound, NotReady
from portal.domain.hashing import digest
from portal.domain.identifier import PLAN_ID, authority_of, random_id
from portal.domain.intake import AssessmentRequest, Message, officer_parts, saying
from portal.domain.moment import Moment
from portal.operations.intake import seen_to
from portal.store import assessment_requests as store
from portal.store.database import Database
from portal.store.requests import Request

TRIES = 10


@dataclass(frozen=True)
class Opened:
    """A request as one of its two sides sees it: `agency` is that of the council's officer, empty for whoever asked."""

    request: AssessmentRequest
    agency: str


def find(db: Database, actor: Actor, request_id: str) -> Opened:
    """NotFound for whoever neither sent it nor sees to it; one that the council wrote down was sent by nobody here."""
    mine = store.one(db, request_id) if PLAN_ID.fullmatch(request_id) else None
    if mine and mine.person == actor.person and mine.relation:
        return Opened(mine, "")
    if PLAN_ID.fullmatch(request_id) is None or authority_of(request_id) not in officer_parts(actor):
        raise NotFound("no such request")
    found, part = seen_to(db, actor, request_id)
    if not found.relation:
        raise NotFound("no such request")
    return Opened(found, part.agency)


def say(
    db: Database,
    actor: Actor,
    request_id: str,
    words: str,
    waits: bool,
    moment: Moment,
    request: Request | None = None,
) -> None:
    """Write about a request; the same form sent twice says it once. Raises NotFound, Invalid, NotReady."""
    for _ in range(TRIES):
        opened = find(db, actor, request_id)
        name = digest([actor.person, request.id, request.digest])[:16] if request else random_id(16)
        if name in {each.id for each in opened.request.said}:
            return
        by = Mark(actor.person, actor.name, opened.agency, moment.product)
        if store.say(db, opened.request, saying(opened.request, Message(name, by, words, waits))):
            return
    raise NotReady(["Others write about this request at the same moment. Send it again."])
