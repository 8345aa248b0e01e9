"""Reading marks: they only go forward, a sitting keeps what was new in it, and one's own changes are no news."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.actor import Actor
from portal.domain.content import Content, Slot
from portal.domain.decision import Revision
from portal.domain.error import Invalid
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading, read
from portal.domain.reading_mark import SITTING, ReadingMark, all_read, opened, said_read, shown
from portal.domain.unread import changed_by_others
from tests import factories as made
from tests.factories import CASEWORKER, OTHER_PARENT, PARENT, SENCO, START, THERAPIST, at, modest

MINUTE = timedelta(minutes=1)
BEFORE = ReadingMark(3, START - timedelta(days=4), 2, START - timedelta(days=9))
TIMES = st.integers(0, 60 * 24 * 3).map(lambda minutes: START + minutes * MINUTE)


def new_at(mark: ReadingMark, when: datetime) -> range:
    """The revisions that a section's page calls new at that time, just after it was opened."""
    return range(mark.read_before(when)[0] + 1, mark.number + 1)


def test_opening_a_section_moves_its_mark_to_what_is_shown_and_says_what_is_new() -> None:
    mark = opened(BEFORE, 5, START)
    assert (mark.number, mark.at) == (5, START)
    assert mark.read_before(START) == (3, BEFORE.at)


def test_whoever_reloads_in_the_same_sitting_still_sees_what_was_new() -> None:
    mark = opened(BEFORE, 5, START)
    again = opened(mark, 5, START + 20 * MINUTE)
    assert again is mark
    assert again.read_before(START + 20 * MINUTE) == (3, BEFORE.at)


def test_what_comes_in_the_same_sitting_is_new_beside_what_was_new_before() -> None:
    mark = opened(opened(BEFORE, 5, START), 6, START + 10 * MINUTE)
    assert list(new_at(mark, START + 10 * MINUTE)) == [4, 5, 6]


def test_a_later_sitting_begins_with_nothing_new_but_what_came_since() -> None:
    mark = opened(BEFORE, 5, START)
    assert list(new_at(opened(mark, 5, START + SITTING), START + SITTING)) == []
    later = opened(mark, 7, START + SITTING)
    assert (list(new_at(later, START + SITTING)), later.read_before(START + SITTING)[1]) == ([6, 7], START)


def test_reading_the_same_words_on_a_later_day_is_remembered_once_that_day() -> None:
    tomorrow = START + timedelta(days=1)
    mark = opened(BEFORE, 3, tomorrow)
    assert (mark.number, mark.at) == (3, tomorrow)
    assert opened(mark, 3, tomorrow + timedelta(hours=2)) is mark


def test_a_section_opened_for_the_first_time_has_nothing_that_is_new_since() -> None:
    assert list(new_at(opened(None, 9, START), START)) == []


@modest
@given(st.lists(st.tuples(st.integers(0, 9), TIMES), min_size=1, max_size=12))
def test_a_mark_never_goes_back_and_no_change_is_passed_over(steps: list[tuple[int, datetime]]) -> None:
    """However pages are opened, in whatever order: each revision is called new on some page, or was read before."""
    mark, seen = BEFORE, set(range(BEFORE.number + 1))
    for number, when in sorted(steps, key=lambda each: each[1]):
        moved = opened(mark, number, when)
        assert moved.number >= mark.number
        assert moved.at >= mark.at
        seen |= set(new_at(moved, when))
        mark = moved
    assert seen == set(range(mark.number + 1))


def reading(plan: Plan, who: Actor) -> PlanReading:
    return read(plan, who, {})


def test_marks_stand_for_what_a_reader_is_shown_and_for_nothing_else() -> None:
    drafted, final = made.written(), made.final()
    assert shown(reading(drafted, PARENT)) == {"A": 1}
    assert set(shown(reading(drafted, SENCO))) == {"A", "B", "E", "F"}
    of_school = shown(reading(final, SENCO))
    assert of_school["F"] == final.sections["F"].revision
    assert {place: of_school[place] for place in of_school if place not in "ABEF"} == dict.fromkeys(
        ("final-C", "final-D", "final-G", "final-H1", "final-H2", "final-I", "final-J", "final-K"), 2
    )


def test_saying_that_one_has_read_moves_marks_to_what_was_shown_and_no_further() -> None:
    seen = reading(made.written(), CASEWORKER)
    marks = all_read({"B": 0, "F": 1}, START)
    moved = said_read(seen, marks, {"B": 1, "F": 0, "Z": 1}, at(1).product)
    assert moved == {"B": ReadingMark(1, at(1).product, 1, at(1).product)}


def test_nobody_has_read_what_was_never_there() -> None:
    with pytest.raises(Invalid):
        said_read(reading(made.written(), CASEWORKER), {}, {"B": 99}, START)


def run_of(who: Actor, *people: str) -> list[Revision]:
    """Revisions of section A in which each of these people writes the next words."""
    plan = made.blank()
    revisions = [Revision("A", 0, plan.sections["A"].content, b"", made.mark("manager"))]
    for number, person in enumerate(people, 1):
        plan = made.write(plan, who, "A", "people", "people", words=f"Words {number}")
        revisions.append(Revision("A", number, plan.sections["A"].content, b"", made.mark(person, number)))
    return revisions


def test_ones_own_changes_are_no_news_to_oneself() -> None:
    run = run_of(PARENT, PARENT.person, OTHER_PARENT.person, PARENT.person)
    seen = reading(made.blank(), PARENT)
    assert [each.number for each in changed_by_others(seen, "A", run)] == [2]
    assert [each.number for each in changed_by_others(reading(made.blank(), OTHER_PARENT), "A", run)] == [1, 3]


def test_a_change_that_is_wholly_kept_from_a_reader_is_no_news() -> None:
    words = Slot("Between us", b"salt", audience=(OTHER_PARENT.person,))
    before = made.blank().sections["A"].content
    items = tuple(
        replace(each, slots={**each.slots, "words": words}) if each.id == "people" else each for each in before.items
    )
    run = [
        Revision("A", number, content, b"", made.mark(THERAPIST.person))
        for number, content in ((0, before), (1, Content(items)))
    ]
    assert changed_by_others(reading(made.blank(), PARENT), "A", run) == ()
    assert len(changed_by_others(reading(made.blank(), OTHER_PARENT), "A", run)) == 1
