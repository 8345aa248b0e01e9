"""Requests for an assessment: sent by a family, taken, answered or written down by the council; and who moves in."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.domain import intake as rules
from portal.domain.actor import Actor, Grant
from portal.domain.agency import Agency, AgencyKind
from portal.domain.case import counts_as_received, received_on
from portal.domain.content import Mark
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady
from portal.domain.identifier import PLAN_ID, authority_of
from portal.domain.intake import AssessmentRequest, RequestState
from portal.domain.moment import Moment
from portal.domain.moved_in import Move, must_fit
from portal.domain.plan import Child
from portal.operations import plans
from portal.operations.beginning import Beginning, begin, begin_once, id_for
from portal.store import assessment_requests as store
from portal.store import parts
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
        id=id_for(council.authority, actor, request),
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
    beginning = Beginning(actor, part, found.child, plans.Asked(counts_as_received(found.at), words), moment)

    def keep(settled: AssessmentRequest, session: Session) -> None:
        if not store.settle(db, settled, session):
            raise NotReady([TAKEN])

    return begin(db, beginning, replace(found, state=RequestState.TAKEN), keep)


def write_down(db: Database, actor: Actor, written: WrittenDown, moment: Moment, request: Request | None = None) -> str:
    """Begin the record of a request that came on paper or by email; answers the plan's id. Sent twice it is one."""
    part = next(iter(rules.must_be_officer(actor).values()))
    if written.on > moment.today:
        raise Invalid({"on": "This day is still to come."})
    child = rules.checked(written.child, moment.today)
    asked = plans.Asked(received_on(written.on, written.evening), rules.ASKED_BY[written.asked_by])
    return begin_once(db, Beginning(actor, part, child, asked, moment), request)


def move_in(
    db: Database, actor: Actor, child: Child, move: Move, moment: Moment, request: Request | None = None
) -> str:
    """Begin the record of a child who moves in with a plan; answers the plan's id. Sent twice it is one.

    Raises NotAllowed, Invalid.
    """
    part = next(iter(rules.must_be_officer(actor).values()))
    found = rules.checked(child, moment.today)
    must_fit(move, found.born, moment.today)
    return begin_once(db, Beginning(actor, part, found, move, moment), request)


def seen_to(db: Database, actor: Actor, request_id: str) -> tuple[AssessmentRequest, Grant]:
    """The request and the part by which the actor sees to it; the same answer for none and for another council's."""
    officers = rules.must_be_officer(actor)
    part = officers.get(authority_of(request_id)) if PLAN_ID.fullmatch(request_id) else None
    found = store.one(db, request_id) if part else None
    if part is None or found is None:
        raise NotFound("no such request")
    return found, part
