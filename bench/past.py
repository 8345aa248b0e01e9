"""Comparisons of the past: an earlier moment of a plan, and the whole history of a section."""

import os
import random
import subprocess
import sys

from bench.command import Figures
from bench.contenders import least, one_read
from bench.deep import SAVES, mark_of, sequence_of
from bench.measure import Contender, Figure, Round, p50, rate, ratio
from bench.postgres import postgres
from bench.run import IN_EVE, Run
from bench.servers import Server
from bench.stage import ROOT
from bench.works import ANEW, Read, get

IN_DJANGO = 10
MOMENT, HISTORY = "plan as at a moment", "section's history"
HISTORY_ANEW = f"{HISTORY}, made anew"
EVE, EVE_SECTION = f"{HISTORY}, Eve", f"{HISTORY}, Eve projected"


def earlier(run: Run) -> Figures:
    """T5: the plan as it stood at a save of long ago beside Eve's ?version=k, then the first save beside the newest."""
    ids = _in_eve(run)
    asked = [(plan, number) for plan in ids for number in range(1, SAVES + 1)]
    random.Random(5).shuffle(asked)
    _give_moments(run, MOMENT, asked)
    theirs = [get(f"/plans/{plan}?version={number + 1}") for plan, number in asked]
    run.client.give(f"{MOMENT}, Eve", [Read(run.eve.port, theirs, [_mark(number) for _, number in asked])])
    _give_moments(run, f"{MOMENT}, first", [(each, 1) for each in ids], ANEW)
    _give_moments(run, f"{MOMENT}, newest", [(each, SAVES) for each in ids], ANEW)
    bare = one_read(run, run.deep_product, f"/plans/{ids[0]}/as-at/{sequence_of(1)}", run.deep.reader.cookie)
    beside_eve = run.race([Contender(MOMENT, run.deep_product), Contender(f"{MOMENT}, Eve", run.eve), bare], 1)
    ends = [Contender(f"{MOMENT}, {which}", run.deep_product) for which in ("first", "newest")]
    return {
        "T5@1": ratio(beside_eve, MOMENT, f"{MOMENT}, Eve", rate, least(beside_eve, f"{MOMENT}, Eve")),
        "T5first@1": ratio(run.race(ends, 1), f"{MOMENT}, first", f"{MOMENT}, newest", p50),
    }


def history_beside_eve(run: Run) -> Figures:
    """T9: every revision of a section with its words, beside Eve's history of the plan.

    Eve tells it as differences, which is faster than whole versions; the note tells of the section alone.
    """
    ids = _in_eve(run)
    contenders = _give_history(run, ids)
    for name, query in ((EVE, ""), (EVE_SECTION, "&projection={%22section_b%22:1}")):
        theirs = [get(f"/plans/{each}?version=diffs&max_results=100{query}") for each in ids]
        run.client.give(name, [Read(run.eve.port, theirs, [_mark(1)])])
        contenders.append(Contender(name, run.eve))
    rounds = run.race(contenders, 1)
    alone = ratio(rounds, HISTORY, EVE_SECTION, rate)
    return {"T9eve@1": _told(rounds, EVE, f"; beside Eve projected to the section: {alone.value:.2f}")}


def history_beside_django(run: Run) -> Figures:
    """T9: the same beside sixty records of django-simple-history on PostgreSQL."""
    with postgres() as port:
        facts = {"BENCH_POSTGRES_PORT": port}
        fill = [sys.executable, "-m", "bench.history_peer.fill", str(IN_DJANGO)]
        subprocess.run(fill, cwd=ROOT, env={**os.environ, **facts}, check=True)
        ids = [each.id for each in run.deep.plans[:IN_DJANGO]]
        with run.beside("history", "bench.history_peer.wsgi:application", facts, "/plans/none/history") as django:
            return {"T9history@1": _raced(run, ids, django)}


def _raced(run: Run, ids: list[str], django: Server) -> Figure:
    name = f"{HISTORY}, Django"
    ours = _give_history(run, ids)
    run.client.give(name, [Read(django.port, [get(f"/plans/{each}/history") for each in ids], [_mark(1)])])
    return _told(run.race([*ours, Contender(name, django)], 1), name)


def _give_moments(run: Run, name: str, asked: list[tuple[str, int]], query: str = "") -> None:
    cookie = run.deep.reader.cookie
    ours = [get(f"/plans/{plan}/as-at/{sequence_of(number)}{query}", cookie) for plan, number in asked]
    run.client.give(name, [Read(run.deep_product.port, ours, [_mark(number) for _, number in asked])])


def _give_history(run: Run, ids: list[str]) -> list[Contender]:
    """The product's history as it may be kept, and made anew for each request."""
    for name, query in ((HISTORY, ""), (HISTORY_ANEW, ANEW)):
        ours = [get(f"/plans/{each}/sections/B/history{query}", run.deep.reader.cookie) for each in ids]
        run.client.give(name, [Read(run.deep_product.port, ours, [_mark(1)])])
    return [Contender(HISTORY, run.deep_product), Contender(HISTORY_ANEW, run.deep_product)]


def _told(rounds: list[Round], peer: str, more: str = "") -> Figure:
    anew = ratio(rounds, HISTORY_ANEW, peer, rate)
    return ratio(rounds, HISTORY, peer, rate, f"made anew for each request: {anew.value:.2f}{more}")


def _in_eve(run: Run) -> list[str]:
    """The plans that Eve holds with all their versions."""
    assert run.eve_versions
    return [each.id for each in run.deep.plans[:IN_EVE]]


def _mark(number: int) -> bytes:
    return mark_of(number).encode()
