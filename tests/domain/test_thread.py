"""The golden thread: every item is on it, and exactly the broken places are found."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.content import Item
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.hashing import Value
from portal.domain.thread import Strand, Thread, thread_of
from tests.factories import item, modest

PLACES = {"A": "aspirations", "B": "needs", "C": "needs", "D": "needs", "E": "outcomes"} | dict.fromkeys(
    ("F", "G", "H1", "H2"), "provision"
)
Drawn = dict[str, tuple[Item, ...]]


def knot(letter: str, name: str, **links: Value) -> Item:
    return item(EHC_PLAN.section(letter).group(PLACES[letter]), name, **links)


def plan_of(*items: tuple[str, Item]) -> Drawn:
    return {letter: tuple(each for at, each in items if at == letter) for letter in PLACES}


@st.composite
def drawn(draw: st.DrawFn, gone: bool = False) -> Drawn:
    """Items of every kind with links between them; with `gone`, also to items that stand there no longer."""
    ids = {letter: [f"{letter}-{each}" for each in range(draw(st.integers(0, 2)))] for letter in PLACES}
    away = ["gone"] if gone else []
    needs, hopes = ids["B"] + ids["C"] + ids["D"] + away, ids["A"] + away

    def some(names: list[str]) -> list[str]:
        return draw(st.lists(st.sampled_from(names), unique=True)) if names else []

    made: Drawn = {}
    for letter, names in ids.items():
        links = {"E": {"needs": needs, "aspirations": hopes}}.get(letter, {})
        if PLACES[letter] == "provision":
            links = {"needs": needs, "outcomes": ids["E"] + away}
        made[letter] = tuple(knot(letter, name, **{field: some(to) for field, to in links.items()}) for name in names)
    return made


def places(strands: tuple[Strand, ...]) -> Counter[str]:
    return Counter(
        each.item.id
        for strand in strands
        for each in (*strand.hopes, *strand.needs, *strand.outcomes, *strand.provision)
    )


def names_of(items: Drawn) -> set[str]:
    return {each.id for found in items.values() for each in found}


@modest
@given(drawn())
def test_every_hope_need_outcome_and_row_is_on_some_strand_and_each_outcome_on_one(items: Drawn) -> None:
    strands = thread_of(items).strands
    assert set(places(strands)) == names_of(items)
    outcomes = [each.item.id for strand in strands for each in strand.outcomes]
    assert outcomes == [each.id for each in items["E"]]


@modest
@given(drawn(gone=True))
def test_an_item_linked_to_something_removed_or_withheld_stays_on_the_thread(items: Drawn) -> None:
    assert set(places(thread_of(items).strands)) == names_of(items)


def expected_breaks(items: Drawn) -> set[tuple[str, str]]:
    """The three rules of domain.md section 6, said once more."""
    there = names_of(items)
    rows = [(letter, each) for letter in ("F", "G", "H1", "H2") for each in items[letter]]

    def to(row: Item, field: str) -> set[str]:
        return set(row.links(field)) & there

    q1 = {each.id for each in items["B"]} - {link for letter, row in rows if letter == "F" for link in to(row, "needs")}
    q2 = {row.id for letter, row in rows if letter == "F" and not to(row, "needs")}
    unserved = {each.id for each in items["E"]} - {link for _, row in rows for link in to(row, "outcomes")}
    idle = {row.id for _, row in rows if not to(row, "outcomes")}
    return {("Q1", each) for each in q1} | {("Q2", each) for each in q2} | {("Q11", each) for each in unserved | idle}


def found_breaks(thread: Thread) -> list[tuple[str, str]]:
    return [(each.rule, each.knot.item.id) for each in thread.breaks]


@modest
@given(drawn())
def test_exactly_the_broken_places_are_found_and_each_once(items: Drawn) -> None:
    found = found_breaks(thread_of(items))
    assert set(found) == expected_breaks(items)
    assert len(set(found)) == len(found)


@modest
@given(drawn(gone=True))
def test_a_link_to_something_removed_joins_nothing(items: Drawn) -> None:
    assert set(found_breaks(thread_of(items))) == expected_breaks(items)


@modest
@given(drawn())
def test_every_strand_either_holds_or_is_broken(items: Drawn) -> None:
    thread = thread_of(items)
    assert thread.holding + thread.broken == len(thread.strands)
    assert all(each.breaks for each in thread.strands if not each.provision)


def whole() -> Drawn:
    return plan_of(
        ("A", knot("A", "hope")),
        ("B", knot("B", "need")),
        ("E", knot("E", "outcome", needs=["need"], aspirations=["hope"])),
        ("F", knot("F", "row", needs=["need"], outcomes=["outcome"])),
    )


def test_a_thread_from_hope_to_provision_holds() -> None:
    thread = thread_of(whole())
    assert (thread.holding, thread.broken, thread.breaks) == (1, 0, ())
    strand = thread.strands[0]
    assert [each.item.id for each in (*strand.hopes, *strand.needs, *strand.outcomes, *strand.provision)] == [
        "hope",
        "need",
        "outcome",
        "row",
    ]


@pytest.mark.parametrize(
    ("cut", "rules"),
    [
        ("A", []),
        ("B", ["Q2"]),
        ("E", ["Q11"]),
        ("F", ["Q1", "Q11"]),
    ],
)
def test_taking_one_item_away_breaks_the_thread_where_it_stood(cut: str, rules: list[str]) -> None:
    thread = thread_of({**whole(), cut: ()})
    assert [each.rule for each in thread.breaks] == rules


def test_provision_by_health_does_not_meet_an_educational_need() -> None:
    items = plan_of(("B", knot("B", "need")), ("G", knot("G", "row", needs=["need"])))
    assert ("Q1", "need") in found_breaks(thread_of(items))


def test_a_need_for_health_is_not_asked_to_have_educational_provision() -> None:
    assert found_breaks(thread_of(plan_of(("C", knot("C", "need"))))) == []


def test_what_else_stands_in_all_about_me_is_not_on_the_thread() -> None:
    about = item(EHC_PLAN.section("A").group("people"), "people", words="My brother")
    assert thread_of({"A": (about,)}).strands == ()
