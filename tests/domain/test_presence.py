"""Who is told of whom at a plan: never of oneself, and between the family only by the choice of both."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.actor import Actor
from portal.domain.presence import NEW, Neighbour, Place, Presence, is_family, neighbours
from tests import factories as made
from tests.factories import CASEWORKER, MANAGER, OTHER_PARENT, PARENT, SENCO, THERAPIST, modest

PEOPLE = (PARENT, OTHER_PARENT, SENCO, THERAPIST, CASEWORKER, MANAGER)
PLAN = made.blank()
LETTERS = ("", *PLAN.standard.letters)

crowds = st.lists(
    st.builds(
        lambda who, letter, chose: Presence(who.person, who.name, Place(letter), is_family(who, PLAN), chose),
        st.sampled_from(PEOPLE),
        st.sampled_from(LETTERS),
        st.booleans(),
    ),
    unique_by=lambda each: each.person,
)


def told(who: Actor, *present: Presence) -> list[str]:
    return [each.name for each in neighbours(PLAN, who, present)]


@modest
@given(st.sampled_from(PEOPLE), crowds)
def test_nobody_is_told_of_themselves_nor_of_anybody_twice(reader: Actor, crowd: list[Presence]) -> None:
    names = told(reader, *crowd)
    assert reader.name not in names
    assert len(names) == len(set(names))


@modest
@given(st.sampled_from((PARENT, OTHER_PARENT)), crowds)
def test_the_family_see_one_another_only_when_both_are_there_and_both_chose_it(
    reader: Actor, crowd: list[Presence]
) -> None:
    other = OTHER_PARENT if reader is PARENT else PARENT
    chose = {each.person for each in crowd if each.chose}
    if other.name in told(reader, *crowd):
        assert {reader.person, other.person} <= chose


@modest
@given(st.sampled_from(PEOPLE), crowds)
def test_what_one_of_the_family_chose_changes_nothing_for_anybody_else(reader: Actor, crowd: list[Presence]) -> None:
    turned = [replace(each, chose=not each.chose) for each in crowd]
    if not is_family(reader, PLAN):
        assert told(reader, *crowd) == told(reader, *turned)


@modest
@given(st.sampled_from(PEOPLE), crowds)
def test_nobody_is_told_of_a_section_whose_words_they_do_not_read(reader: Actor, crowd: list[Presence]) -> None:
    sections = {each.section for each in neighbours(PLAN, reader, crowd)}
    assert "" not in sections
    if is_family(reader, PLAN):
        assert sections <= {"A"}  # before the first draft


def test_where_somebody_writes_is_said_in_the_words_of_the_standard() -> None:
    for place, words in (
        ({}, ""),
        ({"group": "people", "item": "people"}, "People who are important to me"),
        ({"group": "people", "item": "people", "field": "words"}, "People who are important to me"),
        ({"group": "do-and-dont", "item": "do-and-dont", "field": "do"}, "Please do and please don't: Please do"),
        ({"group": "aspirations", "item": NEW}, "a new hope"),
        ({"group": "aspirations", "item": "0000000000"}, ""),  # taken out meanwhile, or not theirs to see
    ):
        present = Presence(PARENT.person, PARENT.name, Place("A", **place), family=True)
        assert neighbours(PLAN, SENCO, [present]) == (Neighbour(PARENT.name, "A", words),)
