"""The targets by id: what is measured, and how much of it is enough."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """One row of the table. `limit` is the least that passes, or the most where `at_most` is set."""

    key: str
    work: str
    limit: float
    at_most: bool = False
    unit: str = ""  # empty for a ratio

    def passes(self, value: float) -> bool:
        return value <= self.limit if self.at_most else value >= self.limit

    @property
    def wanted(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.limit:g}{self.unit}"


BENCH = (
    Target("T1@1", "save / bare transaction, 1 connection", 0.60),
    Target("T1@8", "save / bare transaction, 8 connections", 0.65),
    Target("T2@1", "save / Eve, 1 connection", 1.5),
    Target("T2@8", "save / Eve, 8 connections", 2.0),
    Target("T2p95@1", "save, p95 / Eve's, 1 connection", 0.7, at_most=True),
    Target("T2p95@8", "save, p95 / Eve's, 8 connections", 0.7, at_most=True),
    Target("T3@1", "plan as JSON / Eve", 1.3),
    Target("T4rps@8", "plan page / the same page from memory", 1.0),
    Target("T4p95@8", "plan page, p95 / the same page from memory", 1.0, at_most=True),
    Target("T5@1", "plan as at an earlier moment / Eve's version", 1.4),
    Target("T5first@1", "first of 60 revisions, p50 / newest", 1.15, at_most=True),
    Target("T6@1", "worklist of 50 in 10,000 / Eve's list", 2.5),
    Target("T9eve@1", "a section's history / Eve", 3.0),
    Target("T9history@1", "a section's history / django-simple-history", 1.0),
    Target("T10", "disk for 60 revisions / whole snapshots", 0.12, at_most=True),
    Target("T11", "journal bytes a save / snapshot save", 0.20, at_most=True),
    Target("T12", "8 writers / 1 writer", 2.5),
    Target("T14", "a save's answer until the others' pages show it, p95", 300, at_most=True, unit=" ms"),
    Target("T15", "idle streams beside a page, p95 within twice", 1000),
)
GROWTH = (
    Target("T7", "worklist page, p50 at 640,000 plans / at 10,000", 1.2, at_most=True),
    Target("T8", "overdue by authority, the nation", 100, at_most=True, unit=" ms"),
    Target("T13save", "save, p50 at 100,000 plans / at 1,000", 1.2, at_most=True),
    Target("T13read", "read, p50 at 100,000 plans / at 1,000", 1.2, at_most=True),
    Target("T16", "worklist query, p50 at 640,000 cases / at 10,000", 1.3, at_most=True),
    Target("T17", "each picture of the caseload at 640,000 cases, p95", 300, at_most=True, unit=" ms"),
)
BY_KEY = {each.key: each for each in (*BENCH, *GROWTH)}


def chosen(only: str, among: tuple[Target, ...]) -> tuple[Target, ...]:
    """The targets that `only` names ("T1,T4" takes T1@1, T4rps@8 …), or all; ValueError for one that is not here."""
    names = [name.strip() for name in only.split(",") if name.strip()]
    strangers = [name for name in names if not any(_named(name, each.key) for each in among)]
    if strangers:
        raise ValueError(f"There is no target {', '.join(strangers)} here.")
    return tuple(each for each in among if not names or any(_named(name, each.key) for name in names))


def _named(name: str, key: str) -> bool:
    rest = key.removeprefix(name)
    return key.startswith(name) and not rest[:1].isdigit()
