"""The cases round the written children: the same ones every time, believable, and verified like any plan."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.gb import nhs

from demo import seed
from demo.caseload import filling
from demo.caseload.filling import BATCH, ours, plan_id
from demo.caseload.lived import Person
from demo.caseload.story import Story, nhs_number, story_of
from portal.domain.clocks.stage import Stage
from portal.domain.event import EventKind
from portal.domain.picture import Time, Waited, What
from portal.operations import verify
from portal.store import bulk, caseload, people, pictures
from portal.store.database import Database
from portal.store.pictures import Wanted

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CASES = 300


@pytest.fixture(scope="module")
def stories() -> list[Story]:
    return [story_of(number, TODAY) for number in range(CASES)]


@pytest.fixture(scope="module")
def filled(db: Database) -> Database:
    """Some of the cases, by a manager who is there already."""
    assert list(filling.fill(db, wanted(db, 60)))[-1] == 60
    return db


def wanted(db: Database, count: int, authority: str = "nmr") -> filling.Caseload:
    manager = Person(people.known(db, "i", "maria", "Maria Silva"), "Maria Silva", "northmere-council", "SEN team")
    cast = filling.demonstration(db, authority, seed.AUTHORITY_NAME, manager)
    return filling.caseload(db, cast, count, NOW)


@given(st.integers(0, 10**6), st.dates(date(2024, 9, 1), date(2027, 9, 1)))
def test_a_number_is_the_same_child_with_the_same_life_every_time(number: int, today: date) -> None:
    one = story_of(number, today)
    assert one == story_of(number, today)
    assert one.happenings[0].kind is EventKind.REQUEST_RECEIVED
    assert all(each.on <= today for each in one.happenings)
    assert (today - one.happenings[0].on).days <= 740
    assert one.child.born < one.happenings[0].on


@given(st.integers(0, 10**6))
def test_an_nhs_number_is_of_the_test_range_and_valid(number: int) -> None:
    assert nhs.is_valid(nhs_number(number % 10**6))
    assert nhs_number(number % 10**6).startswith("999")


def test_three_hundred_cases_are_believable(stories: list[Story]) -> None:
    needs = Counter(each.need for each in stories)
    assert needs.most_common(1)[0][0] == "communication"
    assert set(needs) == {"communication", "semh", "cognition", "sensory"}
    assert all(45 <= each <= 55 for each in Counter(story.worker for story in stories).values())
    assert len({story.child.nhs_number for story in stories}) == CASES
    ages = [story.child.age_on(TODAY) for story in stories]
    assert min(ages) >= 3
    assert max(ages) <= 20


def test_every_case_verifies_as_if_it_had_been_lived_day_by_day(filled: Database) -> None:
    found = list(verify.everything(filled, "nmr"))
    assert len(found) == 60
    assert [each.problems for each in found if each.problems] == []


def test_cases_stand_at_every_usual_stage_and_wait_for_different_people(filled: Database) -> None:
    stands = pictures.stands(filled, "nmr", Wanted(), TODAY)
    assert {each.stage for each in stands} >= {Stage.REQUESTED, Stage.REFUSED, Stage.ASSESSING, Stage.MAINTAINED}
    assert {each.waits for each in stands} >= {Waited.COUNCIL, Waited.NOBODY}
    made = pictures.made(filled, "nmr", Wanted(), "2024-01", "2026-12")
    plans = Counter({time: sum(n for m, n in made.items() if (m.what, m.time) == (What.PLAN, time)) for time in Time})
    assert plans[Time.IN_TIME]
    assert plans[Time.LATE]


def test_what_was_gathered_is_counted_and_listed_as_saves_would_have_done_it(filled: Database) -> None:
    place = {"authority": "nmr", "_id": {"$gte": ours("nmr")[0]}}
    rows = list(filled["case_rows"].find(place).sort("_id", 1))
    decided = list(filled["decision_rows"].find(place).sort("_id", 1))
    assert len({row["worker"] for row in rows}) == 6
    assert all(row["school"] for row in rows)
    for each in rows[:10]:
        pictures.count(filled, each["_id"].partition(":")[0], NOW)
    assert list(filled["case_rows"].find(place).sort("_id", 1)) == rows
    assert list(filled["decision_rows"].find(place).sort("_id", 1)) == decided
    listed = {"authority": "nmr", "reader": caseload.reader_of_role(caseload.SHARED[0])}
    assert filled["caseload"].count_documents(listed) == 60


def test_a_filling_that_was_cut_short_is_gone_on_with(db: Database) -> None:
    begun = filling.fill(db, wanted(db, 40, "cut"))
    assert next(begun) == BATCH
    begun.close()
    before = filled_ids(db)
    assert len(before) == BATCH
    assert list(filling.fill(db, wanted(db, 40, "cut"))) == [BATCH, 40]
    assert filled_ids(db) == {plan_id("cut", number) for number in range(40)}
    assert not bulk.stranger(db, "cut", ours("cut"))


def filled_ids(db: Database) -> set[str]:
    return {each["_id"] for each in db["plans"].find({"authority": "cut"}, {"_id": 1})}
