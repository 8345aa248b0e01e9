"""What the tribunal ordered: its exact words are pinned to a field of B, F or I, and nothing else can be issued."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from portal.domain.actor import Actor, Grant
from portal.domain.audience import place_of
from portal.domain.compare import as_words
from portal.domain.content import new_salt
from portal.domain.decision import Decision, mark
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady
from portal.domain.event import Event, EventKind
from portal.domain.hashing import Value
from portal.domain.moment import Moment
from portal.domain.permission import Permission, grants_for
from portal.domain.pinned import Pinned, hash_of
from portal.domain.plan import FINAL_KINDS, Happened, Plan
from portal.domain.reading import PlanReading
from portal.domain.standard import Field, FieldKind
from portal.domain.state import VersionKind
from portal.domain.text import clean, one_line

# What a tribunal's order binds (Children and Families Act 2014 s51(2)(c)); of health and care it recommends.
BINDS = ("B", "F", "I")
PINNABLE = (FieldKind.TEXT, FieldKind.LINE, FieldKind.AMOUNT)
ISSUES_A_FINAL = (EventKind.FINAL_ISSUED, EventKind.AMENDED_FINAL_ISSUED)
NOT_YOURS = "The council’s SEN team writes down what the tribunal ordered."


@dataclass(frozen=True)
class Place:
    """A field that an order can say the words of: its address, what it is called, its shape and what it says now."""

    address: str
    letter: str
    item: str
    field: Field
    words: str


def places(plan: Plan) -> Iterator[Place]:
    """Every field of B, F and I whose words an order can fix, in the order of the plan."""
    for letter in BINDS:
        standard, head = plan.section(letter)
        for item in head.content.items:
            for field in standard.group(item.group).fields:
                if field.kind in PINNABLE:
                    address = place_of(letter, item.id, field.name)
                    yield Place(address, letter, item.id, field, as_words(field, item, {}))


def orders(plan: Plan) -> tuple[Happened, ...]:
    """The tribunal's orders on record, oldest first."""
    found = (each for each in plan.happened if each.event.kind is EventKind.TRIBUNAL_ORDER)
    return tuple(sorted(found, key=lambda each: (each.event.on, each.sequence)))


def day_of(plan: Plan, pinned: Pinned) -> date | None:
    """The order's day; None once the order was taken back as a mistake."""
    return next((each.event.on for each in orders(plan) if each.sequence == pinned.order), None)


def binding(plan: Plan) -> tuple[Pinned, ...]:
    """The pinned words that bind now.

    They bind until a later order, or until the council lawfully decides anew: a plan that said them was issued, and a
    review after that decided to amend it, which can be appealed like any decision.
    """
    return tuple(each for each in plan.ordered if day_of(plan, each) and not _is_over(plan, each))


def _is_over(plan: Plan, pinned: Pinned) -> bool:
    later = [each for each in plan.happened if each.sequence > pinned.number]
    issued = next((each.sequence for each in later if each.event.kind in ISSUES_A_FINAL), 0)
    decided = (each for each in later if each.event.kind is EventKind.REVIEW_DECIDED and each.sequence > issued)
    return bool(issued) and any(each.event.says(outcome="amend") for each in decided)


def text_at(plan: Plan, address: str) -> str:
    """What the plan says now at a pinned place, in one line of words; nothing where the item is gone."""
    letter, name, field = address.split("/")
    standard, head = plan.section(letter)
    item = head.content.item(name)
    return as_words(standard.group(item.group).field(field), item, {}) if item else ""


def departures(plan: Plan, kind: VersionKind) -> tuple[Pinned, ...]:
    """The pinned words that a version of this kind would print otherwise."""
    printed = {each.letter for each in plan.standard.sections if each.printed_in_draft or kind in FINAL_KINDS}
    found = (each for each in binding(plan) if each.letter in printed)
    return tuple(each for each in found if not each.says(text_at(plan, each.place)))


def ordered_in(reading: PlanReading, letter: str) -> tuple[tuple[Pinned, date, bool], ...]:
    """(pinned words, their order's day, whether the section says them) of what binds a section, for its reader."""
    shown = (each for each in binding(reading.plan) if each.letter == letter and reading.sees_place(each.place))
    told = ((each, day_of(reading.plan, each), each.says(text_at(reading.plan, each.place))) for each in shown)
    return tuple((each, on, stands) for each, on, stands in told if on)


def walls(plan: Plan, kind: VersionKind) -> tuple[str, ...]:
    """Why a version of this kind may not be issued, in a sentence for each section and order: no reason gets past."""
    found = dict.fromkeys((each.letter, day_of(plan, each)) for each in departures(plan, kind))
    return tuple(_sentence(letter, on) for letter, on in found if on)


def _sentence(letter: str, on: date) -> str:
    day = f"{on.day} {on:%B %Y}"
    return f"Section {letter} differs from what the tribunal ordered on {day}. Its words bind: put them back."


def pin(plan: Plan, actor: Actor, order: int, address: str, words: str, moment: Moment) -> Decision:
    """Pin the exact words that an order gives a field; those pinned there before by this or an earlier order go.

    Raises NotAllowed, NotFound for no such order or field, NotReady under a later order, Invalid.
    """
    grant = _grant(plan, actor)
    ordered = _order(plan, order)
    place = next((each for each in places(plan) if each.address == address), None)
    if place is None:
        raise NotFound("no such field")
    words = clean(words) if place.field.kind is FieldKind.TEXT else one_line(words)
    if not words:
        raise Invalid({"words": "Copy the words of the order."})
    before = next((each for each in plan.ordered if each.place == address), None)
    if before and _is_later(plan, before, ordered):
        raise NotReady(["A later order says what stands here."])
    salt = new_salt()
    one = Pinned(plan.sequence + 1, order, address, salt, hash_of(address, words, salt))
    facts: dict[str, Value] = {"order": order, "place": address, "ordered": one.hash.hex()}
    event = Event(EventKind.ORDERED_WORDS_PINNED, facts=facts, beside={"words": words})
    kept = (*(each for each in plan.ordered if each is not before), one)
    return Decision(replace(plan, ordered=kept), event, mark(actor, grant, moment), grant.agency_name)


def set_aside(plan: Plan, actor: Actor, number: int, order: int, reason: str, moment: Moment) -> Decision:
    """Let pinned words go, because a later order sets them aside. Raises NotAllowed, NotFound, NotReady, Invalid."""
    grant = _grant(plan, actor)
    found = next((each for each in plan.ordered if each.number == number), None)
    if found is None:
        raise NotFound("no such words")
    if order == found.order or not _is_earlier(plan, found, _order(plan, order)):
        raise NotReady(["Only a later order of the tribunal sets these words aside."])
    if not reason.strip():
        raise Invalid({"reason": "Say what the later order says of these words."})
    facts: dict[str, Value] = {"pinned": number, "order": order}
    event = Event(EventKind.ORDERED_WORDS_SET_ASIDE, facts=facts, beside={"words": reason})
    kept = tuple(each for each in plan.ordered if each is not found)
    return Decision(replace(plan, ordered=kept), event, mark(actor, grant, moment), grant.agency_name)


def _is_later(plan: Plan, pinned: Pinned, order: Happened) -> bool:
    """Whether the words were pinned by an order that is later than this one."""
    on = day_of(plan, pinned)
    return on is not None and (on, pinned.order) > (order.event.on, order.sequence)


def _is_earlier(plan: Plan, pinned: Pinned, order: Happened) -> bool:
    on = day_of(plan, pinned)
    return on is None or (on, pinned.order) < (order.event.on, order.sequence)


def _order(plan: Plan, number: int) -> Happened:
    for each in orders(plan):
        if each.sequence == number:
            return each
    raise NotFound("no such order")


def _grant(plan: Plan, actor: Actor) -> Grant:
    grants = grants_for(actor, Permission.PLAN_PROCESS, plan, "")
    if not grants:
        raise NotAllowed(NOT_YOURS)
    return grants[0]
