"""What a run says: a table to read, and the same as one JSON object keyed by the targets' ids."""

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import Any

from bench.load import Slice
from bench.measure import Figure, Round
from bench.servers import WORKER_CLASS, WORKERS
from bench.targets import Target

PACKAGES = ("flask", "jinja2", "gunicorn", "gevent", "pymongo", "eve", "django", "django-simple-history", "psycopg")


Found = Figure | str  # a figure, or why there is none


def passes(target: Target, found: Found) -> bool:
    return isinstance(found, Figure) and target.passes(found.value)


def as_json(targets: Sequence[Target], figures: Mapping[str, Found]) -> dict[str, Any]:
    """Each target's figure and whether it passes."""
    return {each.key: _told(each, figures[each.key]) for each in targets}


def surroundings(warm: str, load: float, mongod: str) -> dict[str, Any]:
    """Where and with what it was measured; only the measurements' own environment holds every package.

    `load` is how many processes waited for a processor before the run began, on average over a minute.
    """
    machine = {"cores": os.cpu_count(), "machine": platform.machine(), "system": platform.system()}
    server = {"worker_class": WORKER_CLASS, "workers": WORKERS, "load_before": rounded(load)}
    packages = {name: metadata.version(name) for name in PACKAGES}
    versions = {"python": platform.python_version(), "mongod": mongod, **packages}
    return {"env": {**machine, **server, "warm": warm}, "versions": versions}


def _told(target: Target, figure: Found) -> dict[str, Any]:
    if isinstance(figure, str):
        return {"value": None, "target": target.limit, "pass": False, "why": figure}
    told: dict[str, Any] = {
        "value": rounded(figure.value),
        "min": rounded(figure.lowest),
        "max": rounded(figure.highest),
        "rounds": figure.rounds,
        "target": target.limit,
        "pass": target.passes(figure.value),
    }
    return {**told, "note": figure.note} if figure.note else told


def rounded(value: float) -> float:
    """Three figures are more than a noisy machine can promise."""
    return float(f"{value:.3g}")


def as_text(targets: Sequence[Target], figures: Mapping[str, Found]) -> str:
    lines = [f"{'':12}{'':48}{'value':>8}{'lowest':>9}{'highest':>9}{'n':>4}  target"]
    for each in targets:
        of = figures[each.key]
        if isinstance(of, str):
            lines.append(f"{each.key:12}{each.work:48}  not measured: {of}")
            continue
        numbers = f"{rounded(of.value):>8g}{rounded(of.lowest):>9g}{rounded(of.highest):>9g}{of.rounds:>4}"
        verdict = "" if each.passes(of.value) else "  MISSED"
        lines.append(f"{each.key:12}{each.work:48}{numbers}  {each.wanted}{verdict}")
        if of.note:
            lines.append(f"{'':12}{of.note}")
    return "\n".join(lines)


def speeds(tables: Sequence[tuple[int, Sequence[Round]]]) -> str:
    """Each contender's own speed, medians over its rounds: for the eye only, since the machine's mood is in them."""
    lines = [f"{'':32}{'conns':>6}{'a second':>10}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}"]
    for connections, rounds in tables:
        for name in sorted(rounds[0]):
            lines.append(f"{name:32}{connections:>6}{_medians([each[name] for each in rounds])}")
    return "\n".join(lines)


def _medians(slices: Sequence[Slice]) -> str:
    middle = statistics.median
    rate, fifty = middle(each.rate for each in slices), middle(each.at(50) for each in slices)
    late, cpu = middle(each.at(95) for each in slices), middle(each.cpu_ms for each in slices)
    return f"{rate:>10.0f}{fifty:>9.1f}{late:>9.1f}{cpu:>9.2f}"
