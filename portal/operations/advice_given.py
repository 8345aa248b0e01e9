"""Give advice, keep it while it is written, open what was given, and tell its author that it was read."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.domain import advise as rules
from portal.domain.actor import FAMILY_ROLES, ROLE_WORDS, Actor
from portal.domain.advice import AdviceRequest
from portal.domain.advice_asked import asks_of, due, request_of, requests, waits
from portal.domain.advice_form import Advice
from portal.domain.advise import LIST, Submitted
from portal.domain.decision import Decision
from portal.domain.error import NotAllowed, NotFound
from portal.domain.event import EventKind
from portal.domain.hearing import is_of_another_parent
from portal.domain.identifier import PLAN_ID, new_item_id
from portal.domain.moment import Moment
from portal.domain.permission import Permission, allows, could_open, grants_on
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading
from portal.domain.restricted import must_not_tell
from portal.operations.act import act
from portal.operations.people import load_actor
from portal.store import advice as store
from portal.store import drafts, plans
from portal.store.database import Database, Session
from portal.store.drafts import Draft
from portal.store.ledger import Also
from portal.store.people import agency
from portal.store.requests import Request

COUNCIL, FAMILY = "council", "family"
PLACE = "advice"  # where a form of advice is kept while it is written: no section of the plan


@dataclass(frozen=True)
class Awaited:
    """A line of somebody's inbox: what is asked of them in which plan, by when, and whether they have begun."""

    plan: Plan
    request: AdviceRequest
    due: date | None
    open: bool
    begun: datetime | None = None


@dataclass(frozen=True)
class Opened:
    """A submission as somebody may read it; `read` is when each side first opened each submission of the request."""

    request: AdviceRequest
    submitted: Submitted
    read: dict[tuple[int, str], datetime]


@dataclass(frozen=True)
class Answered:
    """One thing said of a request: that it was chased, or why there is no advice."""

    kind: EventKind
    at: datetime
    words: str


def inbox(db: Database, actor: Actor) -> tuple[list[Awaited], list[Awaited]]:
    """(what is asked of the actor over all children and councils, what an agency was asked that they lead)."""
    mine = [each for found in _asked(db, actor) for each in _lines(db, actor, found)]
    led = [each for found in _led(db, actor) for each in _of_agencies(actor, found)]
    return sorted(mine, key=_pressing), sorted(led, key=_pressing)


def _pressing(line: Awaited) -> tuple[bool, date]:
    return not line.open, line.due or date.max


def _asked(db: Database, actor: Actor) -> list[Plan]:
    """The plans in which the actor was asked and has a part still."""
    names = [each for code in actor.authorities for each in store.asked_of_person(db, code, actor.person)]
    found = (plans.load(db, each) for each in names)
    return [each for each in found if allows(actor, Permission.PLAN_VIEW, each)]


def _lines(db: Database, actor: Actor, plan: Plan) -> list[Awaited]:
    own = [each for each in requests(plan) if each.is_of(actor.person)]
    begun = {each.group: each.at for each in drafts.of_person(db, actor.person, plan.id) if each.section == PLACE}
    return [Awaited(plan, each, due(plan, each), asks_of(plan, each), begun.get(str(each.number))) for each in own]


def _led(db: Database, actor: Actor) -> list[Plan]:
    agencies = {slug: found.authority for slug in actor.leads if (found := agency(db, slug))}
    names = {each for slug, code in agencies.items() for each in store.asked_of_agency(db, code, slug)}
    return [plans.load(db, each) for each in sorted(names)]


def _of_agencies(actor: Actor, plan: Plan) -> list[Awaited]:
    """What waits for a lead to hand it on; of what somebody answers already, they see to nothing."""
    found = [each for each in requests(plan) if each.to.agency in actor.leads and not each.to.person]
    return [Awaited(plan, each, due(plan, each), True) for each in found if asks_of(plan, each)]


def to_answer(plan: Plan, actor: Actor, number: int) -> AdviceRequest:
    """The request, for whoever is asked; NotAllowed for others who see that there is one."""
    request = request_of(plan, number)
    if not request.is_of(actor.person):
        raise NotAllowed(rules.NOT_ASKED)
    return request


def role_words(request: AdviceRequest) -> str:
    return ROLE_WORDS[request.to.role]


def give(
    db: Database,
    actor: Actor,
    plan_id: str,
    number: int,
    seen: int,
    advice: Advice,
    moment: Moment,
    request: Request | None = None,
    tells: bool = False,
    move: Also | None = None,
) -> Plan:
    """Submit advice. `seen` is how many submissions its author had before them; `tells` as in an edit.

    `move` puts a document in its place by the same transaction.
    """
    new_id = new_item_id()
    made: list[Submitted] = []

    def decide(plan: Plan) -> Decision:
        made.clear()
        decision, submitted = rules.give(plan, actor, number, seen, advice, moment, new_id)
        if plan.restrictions and not tells:
            must_not_tell(plan, decision.plan, actor, LIST)
        made.append(submitted)
        return decision

    def keep(session: Session) -> None:
        for each in made:
            store.add(db, plan_id, each, session)
            drafts.drop(db, actor.person, plan_id, PLACE, str(number), "", session)
        if made and move:
            move(session)

    return act(db, actor, plan_id, decide, request, keep)


def must_give(plan: Plan, actor: Actor, number: int, seen: int, advice: Advice, moment: Moment) -> None:
    """Refuse what can't be given, before anything of it is kept."""
    rules.give(plan, actor, number, seen, advice, moment, new_item_id())


def own_newest(db: Database, plan_id: str, request: AdviceRequest) -> Submitted:
    """What its author gave last; NotFound before."""
    if request.newest is None:
        raise NotFound("no such advice")
    return store.find(db, plan_id, request.number, request.newest.number)


def told(reading: PlanReading, advice: Advice, author: str) -> Advice:
    """The advice without texts that hold words which are kept from the reader."""
    answers = {name: reading.says(text, author) for name, text in advice.answers.items()}
    rows = {
        table: tuple({name: reading.says(text, author) for name, text in row.items()} for row in found)
        for table, found in advice.rows.items()
    }
    return replace(advice, answers=answers, rows=rows)


def open_given(db: Database, reading: PlanReading, number: int, version: int, moment: Moment) -> Opened:
    """A submission, for its author and for whoever reads its line in section K; that it was opened is noted.

    NotFound for anybody else, and for none.
    """
    request = request_of(reading.plan, number)
    given = next((each for each in request.given if each.number == version), None)
    if given is None or not may_open(reading, request):
        raise NotFound("no such advice")
    plan, actor = reading.plan, reading.actor
    side = "" if request.is_of(actor.person) else side_of(plan, actor)
    if side:
        store.opened(db, plan.id, number, version, side, moment.wall)
    read = store.first_openings(db, plan.id, number) if tells_reading(reading, request) else {}
    return Opened(request, store.find(db, plan.id, number, version), read)


def may_open(reading: PlanReading, request: AdviceRequest) -> bool:
    """Whether section K shows this person the line that lists it, or they wrote it."""
    if request.is_of(reading.actor.person):
        return True
    content = reading.sections[LIST].content
    return any(content.item(each.item) for each in request.given)


def tells_reading(reading: PlanReading, request: AdviceRequest) -> bool:
    """Whether somebody is told who has read it: its author and the council, and no parent of another."""
    return request.is_of(reading.actor.person) or reading.may(Permission.PLAN_PROCESS)


def side_of(plan: Plan, actor: Actor) -> str:
    """For which side somebody reads; empty for all others, of whose reading nobody is told."""
    if allows(actor, Permission.PLAN_PROCESS, plan):
        return COUNCIL
    roles = {each.role for each in grants_on(actor, plan) if not each.reading}
    return FAMILY if roles & FAMILY_ROLES else ""


def story_of(db: Database, reading: PlanReading, request: AdviceRequest) -> list[Answered]:
    """What was said of a request since, oldest first, without what is kept from the reader.

    Why one parent gives none is nobody's business but theirs and the council's.
    """
    plan, role = reading.plan, request.to.role.value
    found = store.told(db, plan.id, request.number, plan.sequence)
    words = store.said(db, plan.id, [entry for entry, *_ in found])
    between = [
        entry
        for entry, kind, _, who in found
        if kind is EventKind.ADVICE_DECLINED and is_of_another_parent(reading.actor, plan, who, role)
    ]
    told = {entry: "" if entry in between else text for entry, text in words.items()}
    return [Answered(kind, at, reading.says(told.get(entry, ""), who)) for entry, kind, at, who in found]


def draft_of(db: Database, actor: Actor, plan_id: str, number: int) -> Draft | None:
    """What this person has written of it and not sent."""
    return drafts.find(db, actor.person, plan_id, PLACE, str(number), "")


def may_keep(db: Database, author: str, plan_id: str, number: int, moment: Moment) -> bool:
    """Whether somebody whose session is over was writing this advice: nothing is kept for anybody else, or nowhere."""
    actor = load_actor(db, author, moment)
    if actor is None or not PLAN_ID.fullmatch(plan_id) or not could_open(actor, plan_id):
        return False
    try:
        return still_writes(plans.load(db, plan_id), actor, number)
    except NotFound:  # destroyed meanwhile
        return False


def still_writes(plan: Plan, actor: Actor, number: int) -> bool:
    """Whether a form of advice that was kept can be gone on with."""
    found = next((each for each in requests(plan) if each.number == number), None)
    return bool(found and found.is_of(actor.person) and (found.given or waits(plan, found)))
