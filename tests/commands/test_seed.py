"""`portal seed --plans` and `portal count-cases`: made-up cases by the thousand, and pictures of older plans."""

import os
from pathlib import Path

import pytest

from portal import cli
from portal.config import Settings
from portal.store.database import Database
from tests.world import World, environment


@pytest.fixture(autouse=True)
def deployment(settings: Settings, provider_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of a deployment over this module's database."""
    for name in [each for each in os.environ if each.startswith(("PORTAL_", "MONGODB_"))]:
        monkeypatch.delenv(name)
    for name, value in environment(settings.mongodb_uri, settings.database, provider_file, settings.public_url).items():
        monkeypatch.setenv(name, value)


def plans_in(db: Database, authority: str) -> int:
    return db["plans"].count_documents({"authority": authority})


def test_made_up_plans_are_spread_over_councils_and_told_with_a_bar(
    db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["seed", "--plans", "5", "--authorities", "2"]) == 0
    said = capsys.readouterr()
    assert said.out == "There are 5 made-up plans in zaa, zab.\n"
    assert "5/5" in said.err
    assert (plans_in(db, "zaa"), plans_in(db, "zab")) == (3, 2)


def test_the_same_again_adds_nothing_and_more_adds_the_rest(db: Database, capsys: pytest.CaptureFixture[str]) -> None:
    for wanted in ("3", "3", "30"):
        assert cli.main(["seed", "--plans", wanted, "--authority", "zac"]) == 0
        assert plans_in(db, "zac") == int(wanted)
    assert db["case_rows"].count_documents({"authority": "zac"}) == 30


def test_a_database_with_plans_of_real_children_is_refused(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PORTAL_DEMONSTRATION", "PORTAL_CLOCK_FILE"):
        monkeypatch.delenv(name, raising=False)
    assert cli.main(["seed", "--plans", "5", "--authority", "zad"]) == 1
    assert "nothing was done" in capsys.readouterr().err
    assert plans_in(world.db, "zad") == 0
    monkeypatch.setenv("PORTAL_DEMONSTRATION", "yes")
    assert cli.main(["seed", "--plans", "1", "--authority", "zad"]) == 0
    assert plans_in(world.db, "zad") == 1


@pytest.mark.parametrize("wrong", [["0"], ["-3"], ["many"], ["3", "--authority", "$ne"]])
def test_what_is_no_number_or_no_council_is_refused(wrong: list[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["seed", "--plans", *wrong])


def test_every_plan_is_counted_anew_for_the_pictures(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    place = {"authority": "nmr"}
    before = sorted(each["_id"] for each in world.db["case_rows"].find(place))
    world.db["case_rows"].delete_many(place)
    assert cli.main(["count-cases"]) == 0
    assert capsys.readouterr().out.endswith("plans are counted.\n")
    assert sorted(each["_id"] for each in world.db["case_rows"].find(place)) == before
