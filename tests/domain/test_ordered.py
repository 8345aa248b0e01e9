"""Ordered words: pinned by their exact words, they bind every version until a later order or a later review."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import issue as issuing
from portal.domain import ordered
from portal.domain.case import event_of
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady
from portal.domain.event import EventKind
from portal.domain.plan import Happened, Plan
from portal.domain.state import PlanState, VersionKind
from portal.domain.text import clean
from tests.factories import CASEWORKER, MANAGER, OTHER_MANAGER, PARENT, at, final, modest, placed, remove, write

WORDS = "Speech therapy of 45 minutes, every week of term"
FIRST, SECOND = 901, 902


def happened(plan: Plan, number: int, kind: EventKind, on: date, **facts: str) -> Plan:
    """The plan with an event of a day, put on record by this entry."""
    after = (*plan.happened, Happened(number, event_of(kind, on, facts)))
    return replace(plan, happened=after, sequence=max(plan.sequence, number))


def with_orders(plan: Plan) -> Plan:
    plan = happened(plan, FIRST, EventKind.TRIBUNAL_ORDER, date(2026, 4, 1), order="amend")
    return happened(plan, SECOND, EventKind.TRIBUNAL_ORDER, date(2026, 5, 1), order="amend")


def address(plan: Plan, field: str = "what") -> str:
    return next(each.address for each in ordered.places(plan) if each.letter == "F" and each.field.name == field)


def pinned(words: str = WORDS, order: int = FIRST, field: str = "what") -> Plan:
    plan = with_orders(placed())
    return ordered.pin(plan, CASEWORKER, order, address(plan, field), words, at(40)).plan


def say(plan: Plan, words: str) -> Plan:
    """The plan with other words in the pinned field."""
    item = address(plan).split("/")[1]
    return write(plan, CASEWORKER, "F", "provision", item, what=words)


def test_a_version_that_differs_from_ordered_words_is_stopped_and_no_reason_gets_past() -> None:
    plan = pinned()
    sentence = "Section F differs from what the tribunal ordered on 1 April 2026. Its words bind: put them back."
    assert issuing.walls(plan, MANAGER, VersionKind.FINAL) == (sentence,)
    with pytest.raises(NotReady, match="Its words bind"):
        issuing.issue(plan, MANAGER, VersionKind.FINAL, {"F": "The law’s last day is today."}, at(41))
    told = say(plan, WORDS)
    assert issuing.walls(told, MANAGER, VersionKind.FINAL) == ()
    reasons = {"F": "Signed on Friday."}
    assert issuing.issue(told, MANAGER, VersionKind.FINAL, reasons, at(41)).plan.state is PlanState.FINAL


def test_words_of_section_i_do_not_stop_a_version_that_must_not_hold_them() -> None:
    plan = with_orders(placed())
    place = next(each.address for each in ordered.places(plan) if each.letter == "I")
    plan = ordered.pin(plan, CASEWORKER, FIRST, place, "Oak Lane School", at(40)).plan
    assert ordered.departures(plan, VersionKind.PROPOSED_AMENDMENT) == ()
    assert len(ordered.departures(plan, VersionKind.FINAL)) == 1


def test_an_item_that_was_taken_out_is_not_what_was_ordered() -> None:
    plan = say(pinned(), WORDS)
    gone = remove(plan, CASEWORKER, "F", "provision", address(plan).split("/")[1])
    assert len(ordered.departures(gone, VersionKind.FINAL)) == 1
    assert ordered.text_at(gone, plan.ordered[0].place) == ""


def test_an_amount_is_pinned_as_the_plan_says_it() -> None:
    plan = pinned("45 minutes, every week", field="amount")
    item = address(plan).split("/")[1]
    told = write(plan, CASEWORKER, "F", "provision", item, amount={"minutes": 45, "how_often": "every week"})
    assert ordered.departures(told, VersionKind.FINAL) == ()
    less = write(plan, CASEWORKER, "F", "provision", item, amount={"minutes": 30, "how_often": "every week"})
    assert len(ordered.departures(less, VersionKind.FINAL)) == 1


def test_a_later_order_takes_the_place_of_an_earlier_one_and_never_the_other_way_round() -> None:
    plan = pinned(order=SECOND)
    with pytest.raises(NotReady, match="A later order"):
        ordered.pin(plan, CASEWORKER, FIRST, address(plan), "Less", at(41))
    first = pinned(order=FIRST)
    after = ordered.pin(first, CASEWORKER, SECOND, address(first), "Other words", at(41)).plan
    assert [each.order for each in after.ordered] == [SECOND]


def test_only_a_later_order_sets_pinned_words_aside() -> None:
    plan = pinned(order=FIRST)
    number = plan.ordered[0].number
    with pytest.raises(NotReady):
        ordered.set_aside(plan, CASEWORKER, number, FIRST, "We would rather not.", at(41))
    with pytest.raises(Invalid):
        ordered.set_aside(plan, CASEWORKER, number, SECOND, " ", at(41))
    with pytest.raises(NotFound):
        ordered.set_aside(plan, CASEWORKER, number, 7, "No such order.", at(41))
    assert ordered.set_aside(plan, CASEWORKER, number, SECOND, "The review ended it.", at(41)).plan.ordered == ()
    later = pinned(order=SECOND)
    with pytest.raises(NotReady):
        ordered.set_aside(later, CASEWORKER, later.ordered[0].number, FIRST, "An earlier one.", at(41))


def test_words_of_an_order_that_was_put_on_record_by_mistake_bind_nobody() -> None:
    plan = pinned()
    without = replace(plan, happened=tuple(each for each in plan.happened if each.sequence != FIRST))
    assert ordered.binding(without) == ()


def test_ordered_words_bind_until_they_were_issued_and_a_later_review_decided_to_amend() -> None:
    plan = replace(pinned(), sequence=950)
    issued = happened(plan, 960, EventKind.AMENDED_FINAL_ISSUED, date(2026, 6, 1))
    assert ordered.binding(issued) == plan.ordered
    reviewed = happened(issued, 970, EventKind.REVIEW_DECIDED, date(2027, 3, 1), outcome="amend")
    assert ordered.binding(reviewed) == ()
    stays = happened(issued, 970, EventKind.REVIEW_DECIDED, date(2027, 3, 1), outcome="maintain")
    assert ordered.binding(stays) == plan.ordered
    before = happened(plan, 960, EventKind.REVIEW_DECIDED, date(2026, 6, 1), outcome="amend")
    assert ordered.binding(before) == plan.ordered


def test_the_council_alone_pins_and_only_what_an_order_can_bind() -> None:
    plan = with_orders(placed())
    with pytest.raises(NotAllowed):
        ordered.pin(plan, PARENT, FIRST, address(plan), WORDS, at(40))
    with pytest.raises(Invalid):
        ordered.pin(plan, CASEWORKER, FIRST, address(plan), " ", at(40))
    with pytest.raises(NotFound):
        ordered.pin(plan, CASEWORKER, 7, address(plan), WORDS, at(40))
    with pytest.raises(NotFound):
        ordered.pin(plan, CASEWORKER, FIRST, f"E/{plan.sections['E'].content.items[0].id}/what", WORDS, at(40))
    assert {each.letter for each in ordered.places(final())} == {"B", "F", "I"}


@modest
@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_whatever_was_ordered_only_exactly_that_is_let_through(said: str, other: str) -> None:
    plan = with_orders(placed())
    try:
        plan = ordered.pin(plan, CASEWORKER, FIRST, address(plan), said, at(40)).plan
    except Invalid:
        return
    head = plan.sections["F"].content
    item = head.item(address(plan).split("/")[1])
    assert item
    slot = replace(item.slots["what"], value=other)
    told = plan.with_section("F", content=head.with_item(replace(item, slots={**item.slots, "what": slot})))
    same = clean(said) == other
    assert bool(issuing.walls(told, OTHER_MANAGER, VersionKind.FINAL)) is not same
