"""The fictional children: believable, complete, and living through the portal's own operations."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from stdnum.gb import nhs, upn

from demo import seed
from demo.seed import CHILDREN
from portal.config_providers import IdentityProvider
from portal.domain.moment import Moment
from portal.domain.plan import Plan
from portal.domain.reading import read
from portal.domain.state import PlanState
from portal.domain.text import count_words
from portal.operations import verify
from portal.operations.people import load_actor
from portal.store import chain, plans
from portal.store.database import Database

FILES = sorted(CHILDREN.glob("*.toml"))
STORIES: dict[str, dict[str, Any]] = {each.stem: tomllib.loads(each.read_text()) for each in FILES}
PROVIDERS = [
    IdentityProvider(slug, slug, "council", f"http://127.0.0.1:1/{slug}", "golden-thread")
    for slug in ("families", "nhs", "schools", "council")
]


@pytest.fixture(scope="module")
def filled(db: Database) -> dict[str, Plan]:
    """Every child's plan, by first name, after all their steps."""
    seed.seed(db, PROVIDERS)
    ids = [each["_id"] for each in db["plans"].find({"authority": "nmr"}, {"_id": 1})]
    return {plan.child.called: plan for each in ids if (plan := plans.load(db, each))}


def words_in(plan: Plan) -> int:
    return sum(
        count_words(item.text(name))
        for head in plan.sections.values()
        for item in head.content.items
        for name in item.slots
    )


@pytest.mark.parametrize("path", FILES, ids=[each.stem for each in FILES])
def test_a_child_has_numbers_from_the_test_range_with_valid_check_digits(path: Path) -> None:
    child = STORIES[path.stem]["child"]
    assert nhs.is_valid(child["nhs_number"])
    assert child["nhs_number"].startswith("999")
    assert not child.get("upn") or upn.is_valid(child["upn"])


def test_no_two_children_share_a_number() -> None:
    numbers = [each["child"]["nhs_number"] for each in STORIES.values()]
    assert len(set(numbers)) == len(numbers) >= 6


def test_three_children_have_plans_of_full_length(filled: dict[str, Plan]) -> None:
    full = [called for called, plan in filled.items() if 2500 <= words_in(plan) <= 6000]
    assert {"Amira", "Leo", "Sam"} <= set(full)


def test_the_children_stand_at_different_stages(filled: dict[str, Plan]) -> None:
    states = {plan.state for plan in filled.values()}
    assert states >= {PlanState.DRAFTING, PlanState.DRAFT_ISSUED, PlanState.FINALISING, PlanState.FINAL}


def test_one_plan_has_a_long_history_by_many_hands() -> None:
    saves = [each for each in STORIES["amira"]["step"] if each["do"] == "save"]
    long = [each for each in saves if count_words(" ".join(str(text) for text in each["fields"].values())) >= 30]
    assert len(long) >= 20
    assert len({each["by"] for each in long}) >= 4


def test_the_thread_of_amiras_plan_is_broken_in_the_two_places_that_were_planted(
    filled: dict[str, Plan], db: Database
) -> None:
    plan = filled["Amira"]
    manager = db["people"].find_one({"subject": "maria-silva"})
    assert manager is not None
    now = datetime.now(UTC)
    actor = load_actor(db, manager["_id"], Moment(now, now))
    assert actor is not None
    breaks = read(plan, actor, {}).thread.breaks
    assert sorted(each.rule for each in breaks) == ["Q1", "Q11"]


def test_every_step_of_every_child_stands_on_the_chain_unbroken(filled: dict[str, Plan], db: Database) -> None:
    for plan in filled.values():
        links = list(reversed(chain.entries(db, plan.id, limit=1000)))
        assert [each.sequence for each in links] == list(range(1, plan.sequence + 1))
        assert [each.previous for each in links] == [b"", *(each.hash for each in links[:-1])]
        assert links[-1].hash == plan.head


def test_every_childs_plan_verifies_without_a_problem(filled: dict[str, Plan], db: Database) -> None:
    found = list(verify.everything(db))
    assert len(found) == len(filled)
    assert [problem for each in found for problem in each.problems] == []
