"""What people do about advice: ask, hand on, chase, decline, agree to use it again, give it, correct it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from portal.domain.actor import FAMILY_ROLES, Actor, Grant
from portal.domain.advice import AdviceRequest, AdviceState, Adviser, Given, Side
from portal.domain.advice_asked import asks_of, request_of, waits
from portal.domain.advice_form import DOCUMENTS, Advice
from portal.domain.case import NOT_YOURS, event_of, facts_of
from portal.domain.case_steps import next_ref, possible
from portal.domain.clocks.event import Event as CaseEvent
from portal.domain.clocks.event import Kind
from portal.domain.content import Mark, new_salt
from portal.domain.decision import Decision, mark
from portal.domain.edit import ItemEdit, edit_item
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady
from portal.domain.event import Event, EventKind
from portal.domain.hashing import Value
from portal.domain.moment import Moment, local_day
from portal.domain.permission import Permission, grants_for, grants_on
from portal.domain.plan import Plan

LIST, GROUP = "K", "advice"
SETTLED = "This has been answered already. Open it again to see how."
NOT_ASKED = "Somebody else was asked for this advice."


@dataclass(frozen=True)
class Submitted:
    """A submission about to be kept: what it says, and the salt of its hash."""

    request: int
    number: int
    advice: Advice
    by: Mark
    salt: bytes

    @property
    def hash(self) -> bytes:
        return self.advice.hash(self.request, self.number, self.salt)


def ask(
    plan: Plan, actor: Actor, kind: str, to: Adviser, words: str, moment: Moment, reuses: str = "", part: bool = False
) -> Decision:
    """Ask somebody for advice of a kind; `reuses` is the line of section K that is to be used again instead.

    `part` says that they are given an adviser's part with it. Raises NotAllowed, NotReady, Invalid.
    """
    grant = _council(plan, actor)
    if EventKind.ADVICE_REQUESTED not in possible(plan.case):
        raise NotReady(["Advice is asked for once an assessment was agreed, until the plan is final."])
    if not (words.strip() or reuses):
        raise Invalid({"words": "Say what you want to know."})
    if reuses and plan.sections[LIST].content.item(reuses) is None:
        raise Invalid({"reuses": "Choose advice that section K lists."})
    by = mark(actor, grant, moment)
    event = event_of(Kind.ADVICE_REQUESTED, moment.today, {"advice": kind, "ref": _ref(plan, kind)})
    agreed = (Side.COUNCIL,) if reuses else ()
    asked = AdviceRequest(plan.sequence + 1, event.ref or "", kind, to, by, reuses=reuses, agreed=agreed)
    facts: dict[str, Value] = {**facts_of(event), "asked_of": to.person}
    facts |= {"reuses": True} if reuses else {}
    facts |= {"part": to.role.value} if part else {}
    entry = Event(event.kind, facts=facts, beside={"words": words} if words.strip() else {})
    return Decision(replace(plan.with_event(event), advice=(*plan.advice, asked)), entry, by, grant.agency_name)


def _ref(plan: Plan, kind: str) -> str:
    return next_ref(plan.case, Kind.ADVICE_REQUESTED, {"advice": kind})


def to_hand_on(plan: Plan, actor: Actor, number: int) -> AdviceRequest:
    """What an agency was asked, for its lead: they need no part in the plan. NotFound for anybody else; NotReady."""
    request = request_of(plan, number)
    if request.to.agency not in actor.leads:
        raise NotFound("not theirs to hand on")
    if not asks_of(plan, request):
        raise NotReady([SETTLED])
    return request


def pass_on(plan: Plan, actor: Actor, number: int, to: Adviser, moment: Moment) -> Decision:
    """The lead of the agency that was asked names who answers."""
    request = to_hand_on(plan, actor, number)
    by = Mark(actor.person, actor.name, to.agency, moment.product)
    facts: dict[str, Value] = {"asked": number, "asked_of": to.person}
    after = _with(plan, replace(request, to=to))
    return Decision(after, Event(EventKind.ADVICE_PASSED_ON, facts=facts), by, to.agency_name)


def chase(plan: Plan, actor: Actor, number: int, words: str, moment: Moment) -> Decision:
    """Ask again: whoever was asked is told once more, and it is counted; what they declined waits for them anew."""
    grant, request = _council(plan, actor), request_of(plan, number)
    if not waits(plan, request):
        raise NotReady([SETTLED])
    if request.chased and local_day(request.chased[-1].at) == moment.today:
        raise NotReady(["You have asked again today already."])
    by = mark(actor, grant, moment)
    after = replace(request, chased=(*request.chased, by), state=AdviceState.WAITED)
    return _decided(plan, after, EventKind.ADVICE_CHASED, grant, by, {}, words)


def decline(plan: Plan, actor: Actor, number: int, state: AdviceState, words: str, moment: Moment) -> Decision:
    """Say why no advice can be given, or that the child is not known. It is no advice: the council still waits."""
    grant, request = _asked(plan, actor, number)
    if not asks_of(plan, request):
        raise NotReady([SETTLED])
    if state is AdviceState.DECLINED and not words.strip():
        raise Invalid({"words": "Say why, so that the council can ask somebody else."})
    by = mark(actor, grant, moment)
    facts: dict[str, Value] = {"answer": state.value}
    return _decided(plan, replace(request, state=state), EventKind.ADVICE_DECLINED, grant, by, facts, words)


def sides_of(plan: Plan, actor: Actor, request: AdviceRequest) -> tuple[Side, ...]:
    """The sides for which this person agrees that earlier advice is used again, and has not yet."""
    if not request.reuses or not asks_of(plan, request):
        return ()
    found = [Side.AUTHOR] if request.is_of(actor.person) else []
    if grants_for(actor, Permission.PLAN_CONSENT, plan, ""):
        found.append(Side.FAMILY)
    return tuple(each for each in found if each not in request.agreed)


def agree(plan: Plan, actor: Actor, number: int, moment: Moment) -> Decision:
    """One side agrees that earlier advice is used again; once all three have, it counts as received."""
    request = request_of(plan, number)
    sides = sides_of(plan, actor, request)
    if not sides:
        raise NotReady([SETTLED]) if request.reuses else NotFound("nothing to agree to")
    grant = _grant(plan, actor)
    by = mark(actor, grant, moment)
    agreed = tuple(each for each in Side if each in (*request.agreed, *sides[:1]))
    facts: dict[str, Value] = {"side": sides[0].value}
    if len(agreed) < len(Side):
        return _decided(plan, replace(request, agreed=agreed), EventKind.ADVICE_REUSE_AGREED, grant, by, facts)
    event = event_of(Kind.ADVICE_RECEIVED, moment.today, {"ref": request.ref})
    after = replace(request, agreed=agreed, state=AdviceState.GIVEN)
    told = plan.with_event(event)
    return _decided(told, after, EventKind.ADVICE_RECEIVED, grant, by, {**facts_of(event), **facts})


def give(
    plan: Plan, actor: Actor, number: int, seen: int, advice: Advice, moment: Moment, new_id: str
) -> tuple[Decision, Submitted]:
    """Submit advice: sealed as it is, and listed in section K by the same act. Once given, the next corrects it.

    `seen` is how many submissions the form's page knew of. Raises NotAllowed, NotReady, Invalid.
    """
    _, request = _asked(plan, actor, number)
    if seen != len(request.given):
        raise NotReady(["You have sent this advice already. Open it again to see it."])
    if advice.is_empty:
        raise Invalid({"form": "Write something, or send a document."})
    counts = waits(plan, request)
    if not counts and not request.given:
        raise NotReady([SETTLED])
    listed = _list(plan, actor, request, advice, moment, new_id)
    by, head = listed.by, listed.plan.sections[LIST]
    submitted = Submitted(number, seen + 1, advice, by, new_salt())
    item = _line(plan, request) or new_id
    given = Given(submitted.number, by, item, submitted.hash)
    after = replace(request, state=AdviceState.GIVEN, given=(*request.given, given))
    event = event_of(Kind.ADVICE_RECEIVED, moment.today, {"ref": request.ref}) if counts else None
    facts: dict[str, Value] = {**(facts_of(event) if event else {}), "asked": number, "given": given.number}
    kind = EventKind.ADVICE_RECEIVED if event else EventKind.ADVICE_CORRECTED
    entry = Event(kind, LIST, head.revision, head.hash, {**facts, "advice_hash": given.hash.hex()})
    told = listed.plan.with_event(event) if event else listed.plan
    return replace(listed, plan=_with(told, after), event=entry), submitted


def _line(plan: Plan, request: AdviceRequest) -> str:
    """The line of section K that lists it already, if it is still there."""
    found = request.newest.item if request.newest else ""
    return found if plan.sections[LIST].content.item(found) else ""


def _list(plan: Plan, actor: Actor, request: AdviceRequest, advice: Advice, moment: Moment, new_id: str) -> Decision:
    """Section K with the advice on its list, by the edit that its author could make by hand."""
    content, again = plan.sections[LIST].content, len(request.given)
    today = moment.today
    title = DOCUMENTS[request.kind] + (f", corrected{f' ({again})' if again > 1 else ''}" if again else "")
    values: Mapping[str, Value] = {
        "document": title,
        "kind": request.kind,
        "author": actor.name,
        "role": advice.role,
        "date": f"{today.day} {today:%B} {today.year}",
    }
    edit = ItemEdit(GROUP, _line(plan, request), values, content)
    decision = edit_item(plan, actor, LIST, edit, moment, new_id)
    if decision is None:
        raise NotReady([SETTLED])
    return decision


def _decided(
    plan: Plan,
    request: AdviceRequest,
    kind: EventKind,
    grant: Grant,
    by: Mark,
    facts: Mapping[str, Value],
    words: str = "",
) -> Decision:
    said: dict[str, Value] = {"words": words} if words.strip() else {}
    entry = Event(kind, facts={**facts, "asked": request.number}, beside=said)
    return Decision(_with(plan, request), entry, by, grant.agency_name)


def _with(plan: Plan, request: AdviceRequest) -> Plan:
    return replace(plan, advice=tuple(request if each.number == request.number else each for each in plan.advice))


def _asked(plan: Plan, actor: Actor, number: int) -> tuple[Grant, AdviceRequest]:
    """The request of which this person is asked, and the part by which they answer."""
    request = request_of(plan, number)
    if not request.is_of(actor.person):
        raise NotAllowed(NOT_ASKED)
    return _grant(plan, actor, request.to.agency), request


def _grant(plan: Plan, actor: Actor, agency: str = "") -> Grant:
    parts = [each for each in grants_on(actor, plan) if not each.reading]
    if not parts:
        raise NotFound("no part in this plan")
    return next((each for each in parts if each.agency == agency), parts[0])


def _council(plan: Plan, actor: Actor) -> Grant:
    grants = grants_for(actor, Permission.PLAN_PROCESS, plan, "")
    if not grants:
        raise NotAllowed(NOT_YOURS)
    return grants[0]


def may_know(plan: Plan, actor: Actor, request: AdviceRequest) -> bool:
    """Whether somebody reads what was asked and answered: the council, whoever is asked, and the family."""
    if request.is_of(actor.person) or grants_for(actor, Permission.PLAN_PROCESS, plan, ""):
        return True
    return any(each.role in FAMILY_ROLES for each in grants_for(actor, Permission.PLAN_HISTORY, plan, ""))


def answered_on(plan: Plan, request: AdviceRequest) -> CaseEvent | None:
    """The event by which it came, if it has."""
    found = (each.event for each in plan.happened if each.event.kind is Kind.ADVICE_RECEIVED)
    return None if waits(plan, request) else next((each for each in found if each.ref == request.ref), None)
