"""The audit of what we depend on fails when it finds something, and when it can't know."""

import importlib.util
import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements"
TAKEN = date(2026, 3, 3)


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", REQUIREMENTS / "audit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def snapshot(packages: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {"taken": TAKEN.isoformat(), "packages": packages}


def advisory(name: str, version: str) -> dict[str, Any]:
    package = {"name": name, "ecosystem": "PyPI", "purl": f"pkg:pypi/{name}"}
    ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99"}]}]
    affected = [{"package": package, "ranges": ranges, "versions": [version]}]
    times = {"modified": "2026-01-01T00:00:00Z", "published": "2026-01-01T00:00:00Z"}
    return {"id": "PYSEC-2026-1", "aliases": [], "details": "planted", "affected": affected, **times}


def test_every_locked_package_is_in_the_snapshot_of_advisories(audit: ModuleType) -> None:
    kept = json.loads((REQUIREMENTS / "advisories.json").read_text())
    assert set(audit.locked()) - set(kept["packages"]) == set()
    assert sum(map(len, kept["packages"].values())) > 50


def test_a_package_without_an_advisory_passes_and_one_with_an_advisory_for_its_version_fails(audit: ModuleType) -> None:
    packages = {"flask": "3.1.3"}
    assert audit.audit(snapshot({"flask": []}), packages) == 0
    assert audit.audit(snapshot({"flask": [advisory("flask", "3.1.2")]}), packages) == 0
    assert audit.audit(snapshot({"flask": [advisory("flask", "3.1.3")]}), packages) != 0


def test_an_audit_that_can_not_know_fails(audit: ModuleType) -> None:
    assert audit.audit(snapshot({}), {"flask": "3.1.3"}) != 0
    assert audit.problems_of(snapshot({}), TAKEN, {"flask": "3.1.3"}) == ["Nothing is known of flask."]


@pytest.mark.parametrize(("days", "told"), [(0, 0), (14, 0), (15, 1), (800, 1)])
def test_advisories_older_than_fourteen_days_are_a_failure(audit: ModuleType, days: int, told: int) -> None:
    assert len(audit.problems_of(snapshot({"flask": []}), TAKEN + timedelta(days=days), {"flask": "3.1.3"})) == told
