"""`portal retention`: what is due is listed without a name, and only the retention user destroys."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from demo.mongod import EmbeddedMongod
from portal import cli
from portal.config import Settings
from portal.domain.content import Mark
from portal.domain.error import NotFound
from portal.operations import plans, retention
from tests.conftest import uri_of
from tests.world import World, environment, now

Run = Callable[..., tuple[int, str, str]]
RETENTION = "MONGODB_RETENTION_URI"


@pytest.fixture(autouse=True)
def deployment(
    settings: Settings, mongod: EmbeddedMongod, provider_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The settings of a deployment over this module's database, with the retention user's address."""
    for name in [each for each in os.environ if each.startswith(("PORTAL_", "MONGODB_"))]:
        monkeypatch.delenv(name)
    found = environment(settings.mongodb_uri, settings.database, provider_file, settings.public_url)
    for name, value in {**found, RETENTION: uri_of(mongod, settings.database, "retention")}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; answers its exit code and what it wrote to standard output and standard error."""

    def command(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["retention", *arguments])
        written = capsys.readouterr()
        return code, written.out, written.err

    return command


@pytest.fixture
def old(world: World) -> World:
    """The plan of somebody who is 40 today."""
    born = replace(world.plan().child, born=date(now().today.year - 40, 1, 15))
    by = Mark(world.people["manager"], "Maria Silva", "northmere-council", now().product)
    return replace(world, plan_id=plans.start(world.db, "nmr", "Northmere Council", born, by, "SEN team").id)


def line_of(world: World, out: str) -> str:
    return next((each for each in out.splitlines() if each.startswith(world.plan_id)), "")


def test_due_lists_a_plan_its_day_its_policy_and_what_it_waits_for_and_never_a_name(old: World, run: Run) -> None:
    code, out, err = run("due")
    year = now().today.year - 40 + 31
    assert (code, err) == (0, "")
    assert (
        line_of(old, out) == f"{old.plan_id}  since {year}-01-15  every child: birth and 31 years  confirmed by 0 of 2"
    )
    assert "Amira" not in out
    retention.hold(old.db, old.actor("manager"), old.plan_id, "A claim is open.", now())
    assert line_of(old, run("due")[1]).endswith("  on hold")


def test_due_on_another_day_lists_what_will_be_due_then(world: World, run: Run) -> None:
    assert line_of(world, run("due", "--on", "2048-03-13")[1]) == ""
    assert "since 2048-03-14" in line_of(world, run("due", "--on", "2048-03-14")[1])


@pytest.mark.parametrize("day", ["2020-01-01", "tomorrow", "2048-02-30"])
def test_a_day_that_is_over_or_none_is_refused(run: Run, capsys: pytest.CaptureFixture[str], day: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run("due", "--on", day)
    assert ended.value.code == 2
    assert day in capsys.readouterr().err


def test_destroy_takes_what_two_people_confirmed_and_nothing_else(old: World, world: World, run: Run) -> None:
    retention.confirm(old.db, old.actor("manager"), old.plan_id, now())
    assert run("destroy") == (0, "0 plans were destroyed.\n", "")
    retention.confirm(old.db, old.actor("auditor"), old.plan_id, now())
    assert line_of(old, run("due")[1]).endswith("confirmed by 2 of 2")
    assert run("destroy") == (0, f"destroyed {old.plan_id}\n1 plan was destroyed.\n", "")
    with pytest.raises(NotFound):
        old.plan()
    assert world.plan().child.called == "Amira"
    assert line_of(old, run("due")[1]) == ""
    assert run("destroy") == (0, "0 plans were destroyed.\n", "")


def test_without_the_retention_users_address_nothing_is_destroyed(
    old: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("manager", "auditor"):
        retention.confirm(old.db, old.actor(key), old.plan_id, now())
    monkeypatch.delenv(RETENTION)
    code, out, err = run("destroy")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert RETENTION in err
    monkeypatch.setenv(RETENTION, old.settings.mongodb_uri)
    code, out, err = run("destroy")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "MongoDB refused" in err
    assert old.plan().child.called == "Amira"


def test_the_day_that_is_today_is_the_default(old: World, run: Run) -> None:
    today = now().today
    assert run("due", "--on", today.isoformat())[1] == run("due")[1]
    assert line_of(old, run("due", "--on", (today + timedelta(days=1)).isoformat())[1])
