"""Comparing two revisions: the pieces give both texts back, items are known by their ids, an amount is one thing."""

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from portal.domain.compare import ItemChange, Mark, Piece, amount_words, as_words, compare, words
from portal.domain.content import Content, Item
from portal.domain.ehc_plan import EHC_PLAN
from tests.factories import item, modest

B = EHC_PLAN.section("B")
F = EHC_PLAN.section("F")
NEEDS, PROVISION = B.group("needs"), F.group("provision")
REPEATING = st.lists(st.sampled_from(["a", "b", " ", "\n", "  ", "c."]), max_size=25).map("".join)
TEXTS = st.one_of(st.text(max_size=60), REPEATING)


def joined(pieces: tuple[Piece, ...], without: Mark) -> str:
    return "".join(each.text for each in pieces if each.mark is not without)


@modest
@given(TEXTS, TEXTS)
@example("a \n", "a")
@example(" ", "")
@example("", "\n \n")
def test_the_pieces_give_both_texts_back_to_the_letter(before: str, after: str) -> None:
    pieces = words(before, after)
    assert joined(pieces, Mark.ADDED) == before
    assert joined(pieces, Mark.REMOVED) == after


@modest
@given(TEXTS)
def test_a_text_that_did_not_change_has_nothing_added_or_removed(text: str) -> None:
    assert {each.mark for each in words(text, text)} <= {Mark.SAME}


def test_one_changed_word_is_marked_and_the_others_are_not() -> None:
    assert words("She needs help now.", "She needs time now.") == (
        Piece(Mark.SAME, "She needs"),
        Piece(Mark.REMOVED, " help"),
        Piece(Mark.ADDED, " time"),
        Piece(Mark.SAME, " now."),
    )


def needs(*ids: str, **values: str) -> Content:
    return Content(tuple(item(NEEDS, each, **({"need": f"Need {each}"} | values)) for each in ids))


def kinds(changes: tuple[ItemChange, ...]) -> list[tuple[str, Mark, bool]]:
    return [(each.item.id, each.mark, each.moved) for each in changes]


def test_an_item_that_moved_is_known_by_its_id_and_is_neither_new_nor_gone() -> None:
    before = needs("one", "two", "three")
    after = replace(before, items=(before.items[2], before.items[0], before.items[1]))
    assert kinds(compare(B, before, after, {})) == [("three", Mark.SAME, True)]


def test_new_items_stand_where_they_are_and_removed_ones_come_last() -> None:
    assert kinds(compare(B, needs("one", "two"), needs("three", "two"), {})) == [
        ("three", Mark.ADDED, False),
        ("one", Mark.REMOVED, False),
    ]


def test_a_changed_field_is_shown_and_the_unchanged_ones_are_not() -> None:
    change = compare(B, needs("one"), needs("one", effect="Strangers do not understand her."), {})[0]
    assert [each.field.name for each in change.fields] == ["effect"]


@modest
@given(st.permutations([f"item{each}" for each in range(6)]), st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)))
def test_each_item_of_either_revision_is_told_of_exactly_when_it_changed(
    order: list[str], gone: set[int], new: set[int]
) -> None:
    everything = needs(*(f"item{each}" for each in range(6)))
    before = Content(tuple(each for at, each in enumerate(everything.items) if at not in new))
    kept = [each for each in order if int(each[-1]) not in gone]
    after = Content(tuple(found for each in kept if (found := everything.item(each))))
    changes = compare(B, before, after, {})
    assert len({each.item.id for each in changes}) == len(changes)
    old, now = {each.id for each in before.items}, {each.id for each in after.items}
    assert {each.item.id for each in changes if each.mark is Mark.ADDED} == now - old
    assert {each.item.id for each in changes if each.mark is Mark.REMOVED} == old - now
    moved = {each.item.id for each in changes if each.moved}
    stayed = [each.id for each in before.items if each.id in now and each.id not in moved]
    assert stayed == [each.id for each in after.items if each.id in old and each.id not in moved]


def row(**amount: str | int) -> Item:
    return item(PROVISION, "row", what="Speech therapy", amount=amount)


def test_an_amount_is_compared_as_one_unit() -> None:
    before, after = row(minutes=45, how_often="every week"), row(minutes=30, how_often="every day")
    fields = compare(F, Content((before,)), Content((after,)), {})[0].fields
    assert [each.field.name for each in fields] == ["amount"]
    assert joined(fields[0].pieces, Mark.ADDED) == "45 minutes, every week"
    assert joined(fields[0].pieces, Mark.REMOVED) == "30 minutes, every day"


def test_an_amount_is_said_in_one_order_whatever_order_it_was_stored_in() -> None:
    parts = {"how_long": "all year", "ratio": "one to one", "how_often": "every week", "minutes": "45"}
    assert amount_words(parts) == "45 minutes, every week, one to one, all year"
    assert amount_words({}) == ""


def test_a_link_is_said_in_the_words_of_the_item_it_names() -> None:
    linked = item(PROVISION, "row", needs=["one", "gone"])
    assert as_words(PROVISION.field("needs"), linked, {"one": "B1 being understood"}) == (
        "B1 being understood, an item no longer here"
    )


def test_a_choice_is_said_in_its_label() -> None:
    chosen = item(NEEDS, "one", area="semh")
    assert as_words(NEEDS.field("area"), chosen, {}) == "Social, emotional and mental health"
