"""What is kept from one reader is empty for that reader wherever it stands, and nobody else notices."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.actor import Actor
from portal.domain.audience import Restriction
from portal.domain.content import Content
from portal.domain.edit import ItemEdit, edit_item
from portal.domain.error import Invalid, NotAllowed, NotFound, StaleRevision
from portal.domain.plan import Plan
from portal.domain.reading import filtered, read
from portal.domain.restrict import restrict
from portal.domain.restricted import kept_from, plan_for
from tests import factories as made
from tests.factories import CASEWORKER, MANAGER, OTHER_PARENT, PARENT, SENCO, THERAPIST, at, modest

ADDRESS = "77 Kingfisher Wharf, Oxbow, ZZ9 9ZZ"
READERS = (PARENT.person, "agency-of-senco")


def hidden(place: str = "child/address", readers: tuple[str, ...] = READERS) -> Plan:
    return replace(made.blank(address=ADDRESS), restrictions=(Restriction(place, readers),))


def written(plan: Plan, who: Actor, letter: str, group: str, item: str = "", **values: str) -> Plan:
    base = plan.sections[letter].content
    decision = edit_item(plan, who, letter, ItemEdit(group, item, values, base), at(), made.new_id())
    assert decision is not None
    return decision.plan


def said(plan: Plan, who: Actor) -> str:
    return repr(read(plan, who, {}).sections["A"].content)


@pytest.mark.parametrize("who", [PARENT, SENCO, CASEWORKER, MANAGER])
def test_the_named_and_the_council_read_what_is_restricted(who: Actor) -> None:
    assert plan_for(hidden(), who).child.address == ADDRESS
    assert kept_from(hidden(), who) is None


@pytest.mark.parametrize("who", [OTHER_PARENT, THERAPIST])
def test_for_everybody_else_it_was_never_filled_in(who: Actor) -> None:
    assert plan_for(hidden(), who).child == made.child(address="")


@pytest.mark.parametrize(
    "words",
    [
        ADDRESS,
        "We moved to 77 kingfisher  wharf last year",
        "post: 77, Kingfisher\nWharf",
        "Her postcode is zz9 9zz.",
        "oxbow? no: 77 KINGFISHER WHARF, OXBOW, ZZ9 9ZZ",
    ],
)
def test_a_text_that_tells_the_address_is_withheld_whole(words: str) -> None:
    plan = written(hidden(), PARENT, "A", "people", "people", words=words, told="Her mother")
    assert words in read(plan, PARENT, {}).sections["A"].content.items[1].text("words")
    item = read(plan, OTHER_PARENT, {}).sections["A"].content.item("people")
    assert item is not None
    assert (item.text("words"), item.text("told")) == ("", "Her mother")


@pytest.mark.parametrize("words", ["The Oxbow swimmers", "177 Kingfisher Wharfside", "Wharf 77", "77 kingfishers"])
def test_a_text_that_does_not_is_read_as_ever(words: str) -> None:
    plan = written(hidden(), PARENT, "A", "people", "people", words=words)
    assert words in said(plan, OTHER_PARENT)


def test_a_telephone_number_is_known_however_it_is_set_apart() -> None:
    plan = written(made.blank(), CASEWORKER, "K", "advice", document="Call", author="Ann", summary="01632 960 100")
    advice = plan.sections["K"].content.items[0]
    plan = replace(plan, restrictions=(Restriction(f"K/{advice.id}/summary"),))
    plan = written(plan, PARENT, "A", "people", "people", words="Ring 01632-960100 first", told="Mother")
    kept = kept_from(plan, OTHER_PARENT)
    assert kept
    assert kept.holds("(01632) 960100")
    assert not kept.holds("101632960100")


def test_an_item_withheld_whole_is_neither_read_nor_linked_nor_changed() -> None:
    plan = written(made.blank(), CASEWORKER, "B", "needs", area="semh", need="Being understood")
    need = plan.sections["B"].content.items[0]
    base = plan.sections["E"].content
    edit = ItemEdit("outcomes", "", {"what": "She tells a story", "needs": [need.id]}, base)
    decision = edit_item(plan, CASEWORKER, "E", edit, at(), made.new_id())
    assert decision
    plan = replace(decision.plan, restrictions=(Restriction(f"B/{need.id}", ("nobody",)),))
    seen = read(plan, SENCO, {})
    assert seen.sections["B"].content.items == ()
    assert seen.sections["E"].content.items[0].links("needs") == ()
    assert need.id not in repr(seen.plan.sections)
    assert read(plan, CASEWORKER, {}).sections["E"].content.items[0].links("needs") == (need.id,)


@pytest.mark.parametrize("remove", [True, False])
def test_an_item_withheld_whole_was_never_there_for_who_else_writes_the_section(remove: bool) -> None:
    plan, need = made.add(made.blank(), THERAPIST, "C", "needs", need="A hip that tires")
    plan = replace(plan, restrictions=(Restriction(f"C/{need}", ("nobody",)),))
    edit = ItemEdit("needs", need, {} if remove else {"need": "Changed"}, plan.sections["C"].content, remove)
    with pytest.raises(NotFound):
        edit_item(plan, THERAPIST, "C", edit, at())


def test_whoever_is_not_shown_a_link_does_not_lose_it_by_saving() -> None:
    plan = written(made.blank(), THERAPIST, "C", "needs", need="A hip that tires")
    hip = plan.sections["C"].content.items[0].id
    plan = written(plan, THERAPIST, "C", "needs", need="Sleep")
    sleep = plan.sections["C"].content.items[1].id
    edit = ItemEdit("provision", "", {"what": "Physiotherapy", "needs": [hip]}, Content())
    decision = edit_item(plan, THERAPIST, "G", edit, at(), made.new_id())
    assert decision
    plan = replace(decision.plan, restrictions=(Restriction(f"C/{hip}"),))
    row = plan.sections["G"].content.items[0].id
    edit = ItemEdit("provision", row, {"needs": [sleep]}, plan.sections["G"].content)
    saved = edit_item(plan, THERAPIST, "G", edit, at(1))
    assert saved
    assert set(saved.plan.sections["G"].content.items[0].links("needs")) == {hip, sleep}


def test_an_empty_form_over_a_withheld_text_wipes_nothing_and_a_clash_shows_none_of_it() -> None:
    first = written(hidden(readers=("nobody",)), THERAPIST, "C", "needs", need="Sleep", effect="Restless")
    item, base = first.sections["C"].content.items[0], first.sections["C"].content
    told = item.slots["effect"]
    withheld = replace(item, slots={**item.slots, "effect": replace(told, value=f"Lives at {ADDRESS}", salt=b"s" * 16)})
    plan = first.with_section("C", content=Content((withheld,), {"needs": 1}))
    blank = ItemEdit("needs", item.id, {"effect": ""}, plan.sections["C"].content)
    assert edit_item(plan, THERAPIST, "C", blank, at()) is None
    mine = ItemEdit("needs", item.id, {"effect": "Restless, and tired", "need": "Rest"}, base)
    with pytest.raises(StaleRevision) as stale:
        edit_item(plan, THERAPIST, "C", mine, at())
    assert "Kingfisher" not in repr((stale.value.clashes, stale.value.merged))


def test_whoever_types_hidden_words_unawares_goes_on_seeing_their_own() -> None:
    plan = hidden()
    guess = written(plan, OTHER_PARENT, "A", "people", "people", words="Is it 77 Kingfisher Wharf?")
    assert "Kingfisher" in said(guess, OTHER_PARENT)
    again = written(guess, PARENT, "A", "people", "people", words="It is 77 Kingfisher Wharf.")
    assert "Kingfisher" not in said(again, OTHER_PARENT)


def test_what_stood_there_before_is_withheld_too() -> None:
    plan = written(made.blank(), PARENT, "A", "history", "history", words="Hollowbrook College")
    old = plan.sections["A"].content
    plan = restrict(plan, MANAGER, "A/history/words", (PARENT.person,), (), "A court order.", at()).plan
    plan = written(plan, PARENT, "A", "history", "history", words="Another school")
    assert "Hollowbrook" in repr(filtered(plan, PARENT, "A", old))
    assert "Hollowbrook" not in repr(filtered(plan, THERAPIST, "A", old))
    kept = kept_from(plan, THERAPIST)
    assert kept
    assert kept.holds("hollowbrook college")
    assert kept.holds("Another school")


# The rule


def test_the_entry_tells_nothing_whatever_was_settled() -> None:
    plan = made.blank(address=ADDRESS)
    events = [
        restrict(plan, CASEWORKER, "child/address", who, (), "A reason.", at()).event for who in ((), READERS, None)
    ]
    assert events[0] == events[1] == events[2]
    assert (events[0].section, dict(events[0].facts)) == ("", {})


@pytest.mark.parametrize("who", [PARENT, SENCO, THERAPIST])
def test_nobody_but_the_sen_team_settles_who_reads(who: Actor) -> None:
    with pytest.raises(NotAllowed):
        restrict(made.blank(), who, "child/address", (), (), "A reason.", at())


@pytest.mark.parametrize("place", ["child/name", "child/address/x", "A/people", "B/0000000000", "Z/x", "A/people/none"])
def test_there_is_nothing_to_restrict_where_there_is_nothing(place: str) -> None:
    with pytest.raises(NotFound):
        restrict(made.blank(), MANAGER, place, (), (), "A reason.", at())


@pytest.mark.parametrize("reason", ["", "  ", "He must not learn of 77 kingfisher wharf."])
def test_a_reason_is_given_without_the_words_that_are_hidden(reason: str) -> None:
    with pytest.raises(Invalid):
        restrict(hidden(), MANAGER, "child/address", (), (), reason, at())


def test_opened_again_it_is_for_everybody_who_has_the_right() -> None:
    plan = restrict(hidden(), MANAGER, "child/address", None, (), "The order is over.", at()).plan
    assert plan.restrictions == ()
    assert plan_for(plan, OTHER_PARENT) is plan


@modest
@given(st.text(max_size=40), st.text(max_size=40))
def test_a_reader_from_whom_a_field_is_kept_sees_what_a_plan_without_it_shows(secret: str, other: str) -> None:
    plan = hidden("A/people/words", ("nobody",))
    for words in (secret, ""):
        base = plan.sections["A"].content
        edit = ItemEdit("people", "people", {"words": words, "told": other}, base)
        saved = edit_item(plan, PARENT, "A", edit, at())
        item = read(saved.plan if saved else plan, OTHER_PARENT, {}).sections["A"].content.item("people")
        assert item is not None
        assert item.text("words") == ""
