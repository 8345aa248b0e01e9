"""What an item is joined to: exactly what a slow and plain look at all links of the plan finds, for each reader."""

from collections.abc import Iterable, Iterator

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.actor import Actor, Role
from portal.domain.content import Content, Item
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.joins import Join
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading, read
from portal.domain.standard import FieldKind, Group
from tests.factories import CASEWORKER, PARENT, SENCO, actor, blank, item, modest, with_draft

PLACES = {"A": "aspirations", "B": "needs", "C": "needs", "D": "needs", "E": "outcomes"} | dict.fromkeys(
    ("F", "G", "H1", "H2"), "provision"
)
READERS = [CASEWORKER, PARENT, SENCO, actor(Role.SOCIAL_WORKER), actor(Role.AUDITOR)]
LEADING = [
    ("Worked towards by", ("E",), "aspirations"),
    ("Leads to", ("E",), "needs"),
    ("Met by", ("F", "G", "H1", "H2"), "needs"),
    ("Served by", ("F", "G", "H1", "H2"), "outcomes"),
]


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan with items of every kind, and links between them and to items that are gone."""
    ids = {letter: [f"{letter.lower()}-{each}" for each in range(draw(st.integers(0, 2)))] for letter in PLACES}
    plan = with_draft() if draw(st.booleans()) else blank()
    for letter, names in ids.items():
        group = EHC_PLAN.section(letter).group(PLACES[letter])
        content = Content(tuple(item(group, name, **_links(draw, group, ids)) for name in names))
        plan = plan.with_section(letter, content=content)
    return plan


def _links(draw: st.DrawFn, group: Group, ids: dict[str, list[str]]) -> dict[str, list[str]]:
    found = {}
    for field in group.fields:
        if field.kind is FieldKind.LINKS:
            there = [name for target in field.links_to for name in ids.get(target.partition(".")[0], [])]
            found[field.name] = draw(st.lists(st.sampled_from([*there, "gone-item"]), unique=True))
    return found


def items_of(reading: PlanReading) -> Iterator[tuple[str, Group, Item]]:
    for letter, each in reading.sections.items():
        for found in each.content.items:
            yield letter, each.standard.group(found.group), found


Said = list[tuple[str, list[str], int, int]]


def said_by(joins: Iterable[Join]) -> Said:
    return [(each.words, [knot.item.id for knot in each.knots], each.gone, each.dark) for each in joins]


def of_slowly(reading: PlanReading, group: Group, found: Item) -> Said:
    """(words, ids, gone, dark) of each kind of link that says anything, looked up one by one."""
    seen = {each.id for _, _, each in items_of(reading)}
    there = {each.id for head in reading.plan.sections.values() for each in head.content.items}
    said = []
    for field in group.fields:
        ids = list(found.links(field.name)) if field.kind is FieldKind.LINKS else []
        line = (
            field.link_words,
            [each for each in ids if each in seen],
            sum(each not in there for each in ids),
            sum(each in there and each not in seen for each in ids),
        )
        if ids:
            said.append(line)
    return said


def to_slowly(reading: PlanReading, found: Item) -> Said:
    said = []
    for words, letters, field in LEADING:
        ids = [
            each.id
            for letter in letters
            for each in reading.sections[letter].content.items
            if found.id in each.links(field)
        ]
        if ids:
            said.append((words, ids, 0, 0))
    return said


@modest
@given(plans(), st.sampled_from(READERS))
def test_each_items_joins_are_those_that_a_look_at_every_link_finds(plan: Plan, reader: Actor) -> None:
    reading = read(plan, reader, {})
    for _, group, found in items_of(reading):
        assert said_by(reading.joins.of(group, found)) == of_slowly(reading, group, found)
        assert said_by(reading.joins.to(found)) == to_slowly(reading, found)


@modest
@given(plans(), st.sampled_from(READERS))
def test_a_reader_is_told_of_no_item_that_they_may_not_see(plan: Plan, reader: Actor) -> None:
    reading = read(plan, reader, {})
    seen = {each.id for _, _, each in items_of(reading)}
    joined = {
        knot.item.id
        for _, group, found in items_of(reading)
        for join in (*reading.joins.of(group, found), *reading.joins.to(found))
        for knot in join.knots
    }
    assert joined <= seen


@modest
@given(plans(), st.sampled_from(READERS))
def test_what_is_missing_at_an_item_is_what_the_thread_finds_there_as_far_as_its_reader_can_judge(
    plan: Plan, reader: Actor
) -> None:
    reading = read(plan, reader, {})
    whole = all(each.readable for letter, each in reading.sections.items() if letter not in "IJK")
    assert reading.joins.whole == whole
    for letter, _, found in items_of(reading):
        here = [each for each in reading.thread.breaks if each.knot.item.id == found.id]
        judged = [each for each in here if whole or each.rule == "Q2" or (each.rule == "Q11" and letter != "E")]
        assert reading.joins.breaks_at(letter, found) == tuple(each.sentence.rstrip(".") for each in judged)


def a_thread() -> Plan:
    plan = blank()
    for letter, name, links in (
        ("B", "b-need", {}),
        ("C", "c-need", {}),
        ("E", "e-outcome", {"needs": ["b-need", "c-need", "gone-item"]}),
        ("F", "f-row", {"needs": ["b-need"], "outcomes": ["e-outcome"]}),
    ):
        made = item(EHC_PLAN.section(letter).group(PLACES[letter]), name, **links)
        plan = plan.with_section(letter, content=Content((made,)))
    return plan


def test_what_is_gone_and_what_is_dark_are_counted_apart() -> None:
    reading = read(a_thread(), SENCO, {})  # a school reads finals only of health's needs
    outcome = reading.sections["E"].content.items[0]
    (join,) = reading.joins.of(EHC_PLAN.section("E").group("outcomes"), outcome)
    assert ([knot.item.id for knot in join.knots], join.gone, join.dark) == (["b-need"], 1, 1)


def test_an_item_says_what_leads_to_it_and_nothing_of_links_that_it_has_not() -> None:
    reading = read(a_thread(), CASEWORKER, {})
    need = reading.sections["C"].content.items[0]
    assert reading.joins.of(EHC_PLAN.section("C").group("needs"), need) == ()
    assert [each.words for each in reading.joins.to(need)] == ["Leads to"]
