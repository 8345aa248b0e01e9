"""Beginning a child's record, with a request or with a plan that moves in: the plan and all its parts, once or not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from portal.domain.access import Part
from portal.domain.actor import WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.agency import Agency
from portal.domain.content import Mark
from portal.domain.decision import Decision
from portal.domain.error import Invalid
from portal.domain.event import EventKind
from portal.domain.hashing import digest
from portal.domain.identifier import new_plan_id, random_id
from portal.domain.intake import AssessmentRequest, RequestState
from portal.domain.looked_for import LookedFor
from portal.domain.moment import Moment
from portal.domain.moved_in import Move
from portal.domain.plan import Child, Plan, blank_plan
from portal.operations import plans
from portal.operations.access import agency_named, enlist, grant_for, noted
from portal.operations.staff import family
from portal.store import assessment_requests as store
from portal.store import identities
from portal.store import plans as plans_store
from portal.store.database import Database, Session
from portal.store.ledger import Also, Decide
from portal.store.requests import Request


@dataclass(frozen=True)
class Beginning:
    """A record about to be begun: by whom and for which council, whose, and with what it begins."""

    actor: Actor
    part: Grant
    child: Child
    first: plans.Asked | Move
    moment: Moment

    @property
    def by(self) -> Mark:
        return Mark(self.actor.person, self.actor.name, self.part.agency, self.moment.product)

    def grant(self, role: Role, agency: Agency, plan: Plan, person: str, name: str, relation: str = "") -> Grant:
        given = Part(role, agency, plan.id, plan.authority)
        return grant_for(given, person, name, self.actor, self.moment.wall, relation)


def begin_once(db: Database, beginning: Beginning, request: Request | None) -> str:
    """Begin a record that nobody asked for here; answers the plan's id, of a form that is sent twice the same one."""
    actor, authority = beginning.actor, beginning.part.authority
    kept = AssessmentRequest(
        id=id_for(authority, actor, request),
        authority=authority,
        person=actor.person,
        name=actor.name,
        at=beginning.moment.product,
        child=None,
        state=RequestState.TAKEN,
    )
    before = store.one(db, kept.id)
    try:
        return before.plan if before else begin(db, beginning, kept, partial(store.add, db))
    except store.SentBefore:  # the same form, at the same moment
        return begin_once(db, beginning, request)


def begin(
    db: Database, beginning: Beginning, taken: AssessmentRequest, keep: Callable[[AssessmentRequest, Session], None]
) -> str:
    """The id of the new record; `keep` settles the request in its transaction, or undoes it."""
    part = beginning.part
    authority_name, commissioner = plans_store.named_in(db, part.authority) or (part.agency_name, "")
    plan = blank_plan(new_plan_id(part.authority), part.authority, authority_name, beginning.child)
    plan = replace(plan, commissioner=commissioner or plan.commissioner)
    settled = replace(taken, plan=plan.id, child=None, settled=beginning.by)
    own, theirs = _own_part(db, beginning, plan), _askers_part(db, beginning, taken, plan)

    def give(now: Plan) -> Decision:
        hat = (part.agency, part.agency_name)
        return noted(now, beginning.actor, hat, EventKind.GRANT_GIVEN, theirs[0], beginning.moment, {})

    def also(session: Session) -> None:
        keep(settled, session)
        store.one_by_one(db, part.authority, session)
        _must_be_new(db, plan, session)
        for each in (*own, *theirs):
            enlist(db, each, session)

    _start(db, beginning, plan, [give] if theirs else [], also)
    return plan.id


def _start(db: Database, beginning: Beginning, plan: Plan, then: Sequence[Decide], also: Also) -> None:
    first, by, agency_name = beginning.first, beginning.by, beginning.part.agency_name
    if isinstance(first, Move):
        plans.start_by_move(db, plan, first, by, agency_name, then, also)
    else:
        plans.start_by_request(db, plan, first, by, agency_name, then, also)


def _own_part(db: Database, beginning: Beginning, plan: Plan) -> list[Grant]:
    """Whoever begins a record sees to it; a part in the whole caseload covers it already."""
    actor, part = beginning.actor, beginning.part
    if part.scope == WHOLE_CASELOAD:
        return []
    return [beginning.grant(part.role, agency_named(db, part.agency), plan, actor.person, actor.name)]


def _askers_part(db: Database, beginning: Beginning, taken: AssessmentRequest, plan: Plan) -> list[Grant]:
    """The family member who asked, or the school's person whose school is known; nobody gives a part to themselves."""
    if not taken.relation or taken.person == beginning.actor.person or (taken.by_school and not taken.agency):
        return []
    if taken.by_school:
        school = agency_named(db, taken.agency)
        return [beginning.grant(Role.SENCO, school, plan, taken.person, taken.name)]
    role = Role.YOUNG_PERSON if taken.is_their_own else Role.PARENT
    return [beginning.grant(role, family(db), plan, taken.person, taken.name, taken.relation)]


def _must_be_new(db: Database, plan: Plan, session: Session) -> None:
    """Two records of one child would each hold half of the truth."""
    number = plan.child.nhs_number
    if number and identities.find(db, plan.authority, LookedFor("nhs", number), session) != [plan.id]:
        raise Invalid({"nhs_number": "A child with this number has a record here already. Find it before you go on."})


def id_for(authority: str, actor: Actor, request: Request | None) -> str:
    """The same form of the same person has the same id; without a form's id it is a new one."""
    if request is None:
        return f"{authority}-{random_id(16)}"
    return f"{authority}-{digest([actor.person, request.id, request.digest])[:16]}"
