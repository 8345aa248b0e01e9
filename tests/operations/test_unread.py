"""Since you last read: each reader's marks are their own, and move only by what that reader opens or says."""

from datetime import timedelta

import pytest

from portal.domain.amend import Because
from portal.domain.content import Content
from portal.domain.error import Invalid
from portal.domain.moment import Moment
from portal.domain.reading import PlanReading
from portal.domain.reading_mark import Marks
from portal.domain.state import VersionKind
from portal.domain.unread import SectionNews, Unread
from portal.operations import authors, plans, review, unread
from portal.store import reading_marks
from tests.at_once import at_once
from tests.conftest import app, db, settings
from tests.world import World, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own


def later(hours: float = 1) -> Moment:
    moment = now()
    ahead = timedelta(hours=hours)
    return Moment(moment.product + ahead, moment.wall + ahead)


def reading(world: World, key: str) -> PlanReading:
    return plans.reading_of(world.db, world.plan(), world.actor(key))


def opens(world: World, key: str, moment: Moment | None = None) -> Unread:
    """What the plan's page tells somebody who opens it."""
    seen = reading(world, key)
    return unread.beyond(world.db, seen, unread.marks_of(world.db, seen, moment or now()))


def opens_section(world: World, key: str, letter: str, moment: Moment | None = None) -> SectionNews | None:
    return unread.open_section(world.db, reading(world, key), letter, moment or now())


def marks(world: World, key: str) -> Marks | None:
    return reading_marks.of_person(world.db, world.plan_id, world.people[key])


def says(world: World, key: str, words: str) -> None:
    world.edit(key, "A", "people", {"words": words}, "people")


def told(found: Unread) -> list[tuple[str, int, str]]:
    return [(each.letter, news.number, news.by.name) for each in found.sections for news in each.news]


def test_after_two_edits_by_others_one_parent_sees_exactly_those_and_the_others_mark_does_not_move(
    world: World,
) -> None:
    says(world, "parent", "My brother")
    for key in ("parent", "other_parent"):
        assert opens(world, key).count == 0
    theirs = marks(world, "other_parent")
    says(world, "senco", "My brother and Miss Patel")
    says(world, "parent", "My brother, Gran and Miss Patel")
    says(world, "senco", "My brother, Gran, Miss Patel and Biscuit")
    assert told(opens(world, "parent")) == [("A", 2, "Anita Patel"), ("A", 4, "Anita Patel")]
    opens_section(world, "parent", "A")
    assert opens(world, "parent").count == 0
    assert marks(world, "other_parent") == theirs
    assert [number for _, number, _ in told(opens(world, "other_parent"))] == [2, 3, 4]


def test_opening_the_plan_again_moves_no_mark(world: World) -> None:
    opens(world, "parent")
    first = marks(world, "parent")
    says(world, "senco", "Miss Patel")
    for hours in (1, 30):
        assert opens(world, "parent", later(hours)).count == 1
    assert marks(world, "parent") == first


def test_a_section_goes_on_saying_what_was_new_until_the_sitting_is_over(world: World) -> None:
    opens(world, "parent")
    says(world, "senco", "Miss Patel")
    for _ in range(2):
        news = opens_section(world, "parent", "A")
        assert news is not None
        assert (news.since, news.number, news.items) == (0, 1, frozenset({"people"}))
    assert opens_section(world, "parent", "A", later()) is None


def test_a_page_that_shows_nothing_new_writes_nothing(world: World) -> None:
    opens(world, "parent")
    says(world, "senco", "Miss Patel")
    opens_section(world, "parent", "A")
    before = marks(world, "parent")
    opens_section(world, "parent", "A")
    opens(world, "parent")
    assert marks(world, "parent") == before


def test_saying_that_one_has_read_leaves_what_came_meanwhile_unread(world: World) -> None:
    opens(world, "parent")
    says(world, "senco", "Miss Patel")
    shown = {each.place: each.number for each in opens(world, "parent").sections}
    says(world, "other_parent", "Miss Patel and Gran")
    unread.say_read(world.db, reading(world, "parent"), shown, now())
    assert told(opens(world, "parent")) == [("A", 2, "Yusuf Rahman")]


def test_an_old_page_never_moves_a_mark_back(world: World) -> None:
    opens(world, "parent")
    says(world, "senco", "Miss Patel")
    opens_section(world, "parent", "A")
    moved = marks(world, "parent")
    unread.say_read(world.db, reading(world, "parent"), {"A": 0}, later())
    assert marks(world, "parent") == moved


def test_nobody_has_read_what_was_never_saved(world: World) -> None:
    with pytest.raises(Invalid):
        unread.say_read(world.db, reading(world, "parent"), {"A": 7}, now())


def test_two_tabs_that_open_at_once_leave_one_mark_that_has_read_everything(world: World) -> None:
    acts = [lambda: opens(world, "parent"), lambda: opens_section(world, "parent", "A")]
    assert at_once(*acts * 4) == []
    for number in range(1, 9):
        says(world, "senco", f"Words {number}")
        assert at_once(*[lambda: opens_section(world, "parent", "A")] * 4) == []
        found = marks(world, "parent")
        assert found is not None
        assert found["A"].number == number
    assert world.db["reading_marks"].count_documents({"authority": "nmr", "plan": world.plan_id}) == 1


def test_a_part_that_opens_to_the_family_later_is_not_opened_yet_and_no_change(world: World) -> None:
    world.write_a_little()
    opens(world, "parent")
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    found = opens(world, "parent")
    assert found.count == 0
    assert [each.letter for each in found.unopened] == ["B", "C", "E", "F", "G"]
    assert opens_section(world, "parent", "F") is None
    assert "F" not in [each.letter for each in opens(world, "parent").unopened]


def test_an_item_that_a_reader_may_not_see_is_no_news_to_them(world: World) -> None:
    opens(world, "dco")
    world.add("caseworker", "K", "advice", document="School report", author="Head", kind="b")
    assert opens(world, "dco").count == 0
    world.add("caseworker", "K", "advice", document="Physiotherapy report", author="Ben Carter", kind="c")
    assert told(opens(world, "dco")) == [("K", 2, "Chris Doyle")]


def test_an_auditor_who_reads_no_words_has_no_marks(world: World) -> None:
    says(world, "parent", "My brother")
    assert opens(world, "auditor") == Unread()
    assert opens_section(world, "auditor", "A") is None
    assert marks(world, "auditor") is None


def is_opened_for_amendment(world: World) -> None:
    why = "The walk to school is longer now."
    review.amend(world.db, world.actor("caseworker"), world.plan_id, Because.OTHER, why, now())


def is_amended(world: World) -> None:
    """Proposed to the family, answered by it, and issued as amended."""
    world.issue("manager", VersionKind.PROPOSED_AMENDMENT)
    plans.answer(world.db, world.actor("parent"), world.plan_id, "We agree.", now())
    plans.begin_finalising(world.db, world.actor("caseworker"), world.plan_id, now())
    world.issue("manager", VersionKind.AMENDED_FINAL)


def test_whoever_reads_finals_is_told_once_of_each_section_that_a_new_final_prints_otherwise(world: World) -> None:
    ids = world.write_a_little()
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    assert opens(world, "senco").count == 0
    is_opened_for_amendment(world)
    for words in ("It aches.", "It aches after a long walk."):
        world.edit("therapist", "C", "needs", {"effect": words}, ids["health"])
    assert opens(world, "senco").count == 0
    world.sign("dco", "C")
    is_amended(world)
    found = opens(world, "senco")
    assert told(found) == [("C", 4, "Maria Silva")]
    assert found.sections[0].is_of_final
    news = opens_section(world, "senco", "C")
    assert news is not None
    assert (news.since, news.number) == (2, 4)
    assert opens(world, "senco").count == 0


def test_a_sentence_is_carried_through_a_final_into_the_next_years_plan(world: World) -> None:
    ids = world.write_a_little()
    first = "It aches after a short walk."
    world.edit("dco", "C", "needs", {"effect": f"{first} She rests."}, ids["health"])
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    is_opened_for_amendment(world)
    world.edit("therapist", "C", "needs", {"effect": f"New splints. {first} She rests a little."}, ids["health"])
    (item,) = authors.authors_of(world.db, reading(world, "dco"), "C")
    said = [
        (run.origin.by.name, run.origin.revision, words[-1][1].strip()) for run in item.runs if (words := run.words)
    ]
    assert said == [
        ("Ben Carter", 1, "A hip that tires"),
        ("Ben Carter", 3, "New splints."),
        ("Ben Carter", 1, first),
        ("Ben Carter", 3, "She rests a little."),
    ]


def test_no_author_is_told_of_words_that_a_reader_may_not_see(world: World) -> None:
    world.add("caseworker", "K", "advice", document="School report", author="Head", kind="b")
    assert authors.authors_of(world.db, reading(world, "dco"), "K") == ()
    assert len(authors.authors_of(world.db, reading(world, "manager"), "K")) == 1
    assert reading(world, "dco").sections["K"].content == Content(given={"advice": 1})
