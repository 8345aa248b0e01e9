"""`portal overdue`: a line for each authority with how many plans' nearest date has passed, and never a child."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from portal import cli
from portal.config import Settings
from portal.domain.state import VersionKind
from portal.operations import plans
from tests.fresh import fresh
from tests.world import World, environment, now


@pytest.fixture(autouse=True)
def deployment(settings: Settings, provider_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of a deployment over this module's database."""
    for name in [each for each in os.environ if each.startswith(("PORTAL_", "MONGODB_"))]:
        monkeypatch.delenv(name)
    for name, value in environment(settings.mongodb_uri, settings.database, provider_file, settings.public_url).items():
        monkeypatch.setenv(name, value)


def test_the_plans_of_each_authority_whose_date_has_passed_are_counted(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (cli.main(["overdue"]), capsys.readouterr().out) == (0, "")
    moment = now()
    for days in (40, 30, 2):
        plan, ago = fresh(world), replace(moment, product=moment.product - timedelta(days=days))
        reasons = {"A": "The date is here."}
        plans.issue(plan.db, plan.actor("manager"), plan.plan_id, VersionKind.DRAFT, reasons, ago)
    assert (cli.main(["overdue"]), capsys.readouterr().out) == (0, "nmr\t2\n")
