"""Messages about a request for an assessment: between whoever sent it and the council that sees to it."""

from dataclasses import dataclass

from portal.domain.actor import FAMILY_ROLES, Actor, Role
from portal.domain.content import Mark
from portal.domain.error import NotFound, NotReady
from portal.domain.hashing import digest
from portal.domain.identifier import PLAN_ID, authority_of, random_id
from portal.domain.intake import (
    WRITTEN,
    AssessmentRequest,
    Message,
    is_answered_by,
    is_read_by,
    officer_parts,
    saying,
)
from portal.domain.moment import Moment
from portal.domain.plan import Plan
from portal.operations import plans
from portal.operations.intake import seen_to
from portal.store import assessment_requests as store
from portal.store import outbox
from portal.store import plans as plans_store
from portal.store.database import Database, Session
from portal.store.requests import Request

TRIES = 10
ASKERS = FAMILY_ROLES | {Role.SENCO}  # whoever else has a part in a plan has asked for no assessment


@dataclass(frozen=True)
class Opened:
    """A request as one of its two sides sees it: `agency` is that of the council's officer, empty for whoever asked.

    `beside`: as somebody reads it who is neither, and has a part in the plan that it began.
    """

    request: AssessmentRequest
    agency: str
    beside: bool = False


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


def read(db: Database, actor: Actor, request_id: str, moment: Moment) -> Opened:
    """The same to be read, which those do too who read the plan that it began; the opening of it is recorded."""
    try:
        return find(db, actor, request_id)
    except NotFound:
        found = store.one(db, request_id) if PLAN_ID.fullmatch(request_id) else None
        if found is None or not found.plan:
            raise
    plan = plans_store.load(db, found.plan)
    plans.open_loaded(db, plan, actor, moment)
    if not is_read_by(found, plan, actor):
        raise NotFound("no such request")
    return Opened(found, "", beside=True)


def about(db: Database, plan: Plan, actor: Actor) -> AssessmentRequest | None:
    """The request that began a plan, where people wrote about it and the actor may read that."""
    found = store.that_began(db, plan.id)
    is_side = found is not None and (found.person == actor.person or plan.authority in officer_parts(actor))
    return found if found and found.said and (is_side or is_read_by(found, plan, actor)) else None


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
        if _is_kept(db, opened.request, saying(opened.request, Message(name, by, words, waits)), moment):
            return
    raise NotReady(["Others write about this request at the same moment. Send it again."])


def _is_kept(db: Database, before: AssessmentRequest, after: AssessmentRequest, moment: Moment) -> bool:
    """Whether it is said, and the other side to be told: both, or neither where somebody else was first."""

    def body(session: Session) -> bool:
        if not store.say(db, before, after, session):
            return False
        outbox.tell(db, after.id, WRITTEN, len(after.said), moment.product, session)
        return True

    return db.transaction(body)


def awaiting(db: Database, actor: Actor) -> int:
    """In how many requests somebody waits for the actor: for their council, or for them where they asked."""
    officers, roles = officer_parts(actor), {each.role for each in actor.grants}
    if officers:
        return sum(store.asking(db, each) for each in sorted(officers))
    if roles and roles.isdisjoint(ASKERS):
        return 0
    return sum(is_answered_by(each, officer=False) for each in store.of_person(db, actor.person) if each.relation)
