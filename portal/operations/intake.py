"""Requests for an assessment: sent by a family, taken or answered by the council, or written down by it at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from portal.domain import intake as rules
from portal.domain.access import Part
from portal.domain.actor import WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.agency import Agency, AgencyKind
from portal.domain.case import counts_as_received, received_on
from portal.domain.content import Mark
from portal.domain.decision import Decision
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady
from portal.domain.event import EventKind
from portal.domain.hashing import digest
from portal.domain.identifier import PLAN_ID, authority_of, new_plan_id, random_id
from portal.domain.intake import AssessmentRequest, RequestState
from portal.domain.looked_for import LookedFor
from portal.domain.moment import Moment
from portal.domain.plan import Child, Plan, blank_plan
from portal.operations import plans
from portal.operations.access import agency_named, enlist, grant_for, noted
from portal.operations.staff import family
from portal.store import assessment_requests as store
from portal.store import identities, parts
from portal.store import plans as plans_store
from portal.store.database import Database, Session
from portal.store.requests import Request

A_YEAR = timedelta(days=366)  # for which a family finds the answer to a request that was a mistake
# The kinds of provider through which those sign on who may ask (CFA 2014 s36(1)).
FAMILY, SCHOOL = "family", "education"
TAKEN = "Somebody else has seen to this request already, or has just written about it. Look at it again."


@dataclass(frozen=True)
class Sent:
    """What is sent: to which council (an agency's slug), about whom, who the sender is to the child, and why."""

    council: str
    child: Child
    relation: str
    words: str


@dataclass(frozen=True)
class WrittenDown:
    """A request that reached the council another way: about whom, who asked, on which day and whether after five."""

    child: Child
    asked_by: str
    on: date
    evening: bool


def councils(db: Database) -> list[Agency]:
    """The councils that a family can send a request to, by name."""
    return [each for each in parts.agencies(db, AgencyKind.COUNCIL) if each.authority]


def send(
    db: Database, actor: Actor, provider_kind: str, sent: Sent, moment: Moment, request: Request | None = None
) -> None:
    """Keep a family's or a school's request for the council; sent twice it is one.

    Raises NotAllowed, Invalid, NotReady.
    """
    if provider_kind not in (FAMILY, SCHOOL):
        raise NotAllowed("This is for parents, carers, young people, and for schools and colleges.")
    by_school = provider_kind == SCHOOL
    council = next((each for each in councils(db) if each.slug == sent.council), None)
    if council is None:
        raise Invalid({"council": "Choose the council of the area in which the child lives."})
    child = rules.checked(sent.child, moment.today)
    rules.must_be_theirs_to_ask(child, sent.relation, by_school, moment.today)
    mine = [each for each in store.of_person(db, actor.person) if each.state is RequestState.WAITING]
    made = AssessmentRequest(
        id=_id_for(council.authority, actor, request),
        authority=council.authority,
        person=actor.person,
        name=actor.name,
        at=moment.product,
        child=child,
        relation=sent.relation,
        words=sent.words,
        by_school=by_school,
        agency=rules.school_of(actor, council.authority) if by_school else "",
    )
    if made.id in {each.id for each in mine}:
        return
    if len(mine) >= rules.MOST_WAITING:
        raise NotReady(["You have sent several requests that wait. Phone the council, and they will help."])
    try:
        db.transaction(lambda session: store.add(db, made, session))
    except store.SentBefore:
        return


def sent_by(db: Database, actor: Actor) -> list[AssessmentRequest]:
    """What the actor sent as a family, newest first; not what they wrote down for the council."""
    return [each for each in store.of_person(db, actor.person) if each.relation]


def waiting(db: Database, actor: Actor) -> list[AssessmentRequest]:
    """The requests that wait for the actor's councils, the oldest first. NotAllowed for anybody else."""
    return [each for authority in sorted(rules.must_be_officer(actor)) for each in store.waiting(db, authority)]


def talked_of(db: Database, actor: Actor) -> list[AssessmentRequest]:
    """Requests of the actor's councils of which a record was begun and that people had written about, newest first."""
    return [each for authority in sorted(rules.must_be_officer(actor)) for each in store.talked_of(db, authority)]


def answer(db: Database, actor: Actor, request_id: str, reason: str, moment: Moment) -> None:
    """Answer a request that is a mistake. Raises NotFound, NotReady where it is settled."""
    found, part = seen_to(db, actor, request_id)
    settled = Mark(actor.person, actor.name, part.agency, moment.product)
    after = replace(found, state=RequestState.ANSWERED, answer=reason, settled=settled)
    if not db.transaction(lambda session: store.settle(db, after, session, moment.wall + A_YEAR)):
        raise NotReady([TAKEN])


def take(db: Database, actor: Actor, request_id: str, moment: Moment) -> str:
    """Begin the record of a request, with the day on which it counts as received; answers the plan's id.

    The record and both parts, the family's and that of whoever begins it, are one transaction, so that of two who
    take it at once one begins it. Raises NotFound, NotReady, Invalid for a child who has a record.
    """
    found, part = seen_to(db, actor, request_id)
    if found.state is not RequestState.WAITING or found.child is None:
        raise NotReady([TAKEN])
    words = rules.ASKED_BY[found.asked_by]
    beginning = _Beginning(actor, part, found.child, plans.Asked(counts_as_received(found.at), words), moment)

    def keep(settled: AssessmentRequest, session: Session) -> None:
        if not store.settle(db, settled, session):
            raise NotReady([TAKEN])

    return _begin(db, beginning, replace(found, state=RequestState.TAKEN), keep)


def write_down(db: Database, actor: Actor, written: WrittenDown, moment: Moment, request: Request | None = None) -> str:
    """Begin the record of a request that came on paper or by email; answers the plan's id. Sent twice it is one."""
    part = next(iter(rules.must_be_officer(actor).values()))
    if written.on > moment.today:
        raise Invalid({"on": "This day is still to come."})
    child = rules.checked(written.child, moment.today)
    kept = AssessmentRequest(
        id=_id_for(part.authority, actor, request),
        authority=part.authority,
        person=actor.person,
        name=actor.name,
        at=moment.product,
        child=None,
        state=RequestState.TAKEN,
    )
    asked = plans.Asked(received_on(written.on, written.evening), rules.ASKED_BY[written.asked_by])
    before = store.one(db, kept.id)
    try:
        beginning = _Beginning(actor, part, child, asked, moment)
        return before.plan if before else _begin(db, beginning, kept, partial(store.add, db))
    except store.SentBefore:  # the same form, at the same moment
        return write_down(db, actor, written, moment, request)


@dataclass(frozen=True)
class _Beginning:
    """A record about to be begun: by whom and for which council, whose, asked for when."""

    actor: Actor
    part: Grant
    child: Child
    asked: plans.Asked
    moment: Moment

    @property
    def by(self) -> Mark:
        return Mark(self.actor.person, self.actor.name, self.part.agency, self.moment.product)

    def grant(self, role: Role, agency: Agency, plan: Plan, person: str, name: str, relation: str = "") -> Grant:
        given = Part(role, agency, plan.id, plan.authority)
        return grant_for(given, person, name, self.actor, self.moment.wall, relation)


def _begin(
    db: Database, beginning: _Beginning, taken: AssessmentRequest, keep: Callable[[AssessmentRequest, Session], None]
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

    then = [give] if theirs else []
    plans.start_by_request(db, plan, beginning.asked, beginning.by, part.agency_name, then, also)
    return plan.id


def _own_part(db: Database, beginning: _Beginning, plan: Plan) -> list[Grant]:
    """Whoever begins a record sees to it; a part in the whole caseload covers it already."""
    actor, part = beginning.actor, beginning.part
    if part.scope == WHOLE_CASELOAD:
        return []
    return [beginning.grant(part.role, agency_named(db, part.agency), plan, actor.person, actor.name)]


def _askers_part(db: Database, beginning: _Beginning, taken: AssessmentRequest, plan: Plan) -> list[Grant]:
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


def seen_to(db: Database, actor: Actor, request_id: str) -> tuple[AssessmentRequest, Grant]:
    """The request and the part by which the actor sees to it; the same answer for none and for another council's."""
    officers = rules.must_be_officer(actor)
    part = officers.get(authority_of(request_id)) if PLAN_ID.fullmatch(request_id) else None
    found = store.one(db, request_id) if part else None
    if part is None or found is None:
        raise NotFound("no such request")
    return found, part


def _id_for(authority: str, actor: Actor, request: Request | None) -> str:
    """The same form of the same person has the same id; without a form's id it is a new one."""
    if request is None:
        return f"{authority}-{random_id(16)}"
    return f"{authority}-{digest([actor.person, request.id, request.digest])[:16]}"
