"""`python -m bench.growth` measures what growth costs: a nation's lists and pictures, saves among 100,000 plans."""

import random
import statistics
import sys
import time
from dataclasses import dataclass
from functools import cache

from bench import command, dashboards, seed
from bench.command import Comparison, Figures
from bench.crowd import AUTHORITIES, WHOLE, gather, plan_id, today
from bench.load import WrongAnswer
from bench.measure import Contender, Figure, p50, ratio
from bench.prose import Writer
from bench.run import Run, fetched, token_of
from bench.seed import AUTHORITY, Person, Written
from bench.servers import Server
from bench.targets import GROWTH
from bench.works import ProductSave, Read, Words, get
from portal.store import caseload
from portal.store.database import Database

COUNTY, NATION = 10_000, 640_000
FEW, MANY = 1_000, 100_000
IN_USE = 1_000  # plans that are read and saved, of however many


@dataclass(frozen=True)
class Grown:
    """A database with so many plans, the product over it, and somebody who reads and saves there."""

    count: int
    name: str
    db: Database
    like: Written  # the one plan that was written; the others are its copies
    person: Person
    server: Server


def worklists(run: Run) -> Figures:
    """T7: a page of one authority's list among 640,000 plans beside 10,000, read from an index alone."""
    few, many = lists_of(run, COUNTY), lists_of(run, NATION)
    for each in (few, many):
        first = AUTHORITIES[0] + "-"
        run.client.give(_list(each), [Read(each.server.port, [get("/worklist", each.person.cookie)], [first.encode()])])
    _must_come_from_an_index(run, many)
    rounds = run.race([Contender(_list(each), each.server) for each in (few, many)], 1)
    return {"T7": ratio(rounds, _list(many), _list(few), p50, "explain: nothing fetched, nothing sorted in memory")}


def overdue(run: Run) -> Figures:
    """T8: plans whose date has passed, counted by authority for the whole nation, in milliseconds."""
    db = lists_of(run, NATION).db
    times = [_milliseconds(db) for _ in range(run.rounds + 1)][1:]
    return {"T8": Figure(statistics.median(times), min(times), max(times), len(times))}


def worklist_queries(run: Run) -> Figures:
    """T16: the query of a worklist's first page among 640,000 cases beside 10,000."""
    few, many = lists_of(run, COUNTY), lists_of(run, NATION)
    _must_come_from_an_index(run, many)
    people = {each.name: each.person for each in (few, many)}
    return {"T16": dashboards.queries(run, few.db, many.db, people)}


def pictures(run: Run) -> Figures:
    """T17: every dashboard of the largest council among 640,000 cases."""
    name = f"pictures_{NATION}"
    command.say(f"making {NATION:,} cases ({name})")
    db = run.stage.database(name)
    manager = seed.manager(db, dashboards.LARGEST)
    dashboards.gather(run.stage.client, name, NATION)
    return dashboards.pages(run, name, run.product_over(name).url, manager)


def saves_and_reads(run: Run) -> Figures:
    """T13: a save, and a plan as JSON, among 100,000 whole plans beside 1,000."""
    grown = [plans_of(run, FEW), plans_of(run, MANY)]
    figures: Figures = {}
    for key, verb, writes in (("T13save", "save", True), ("T13read", "read", False)):
        few, many = (f"{verb} among {each.count:,}" for each in grown)
        for name, each in zip((few, many), grown, strict=True):
            run.client.give(name, [_saves(each) if writes else _reads(each)])
        contenders = [Contender(name, each.server, writes) for name, each in zip((few, many), grown, strict=True)]
        figures[key] = ratio(run.race(contenders, 1), many, few, p50)
    return figures


@cache
def lists_of(run: Run, count: int) -> Grown:
    """So many plans in the lists of 153 authorities."""
    grown = _grown(run, f"lists_{count}", count, AUTHORITIES[0])
    gather(run.stage.client, grown.name, grown.like.id, count, AUTHORITIES)
    return grown


@cache
def plans_of(run: Run, count: int) -> Grown:
    """So many whole plans in one authority; those in use are read once, so that they are warm."""
    grown = _grown(run, f"plans_{count}", count, AUTHORITY)
    gather(run.stage.client, grown.name, grown.like.id, count, [AUTHORITY], WHOLE)
    for each in _in_use(grown):
        fetched(f"{grown.server.url}/plans/{each.id}", grown.person.cookie)
    return grown


def _grown(run: Run, name: str, count: int, authority: str) -> Grown:
    command.say(f"making {count:,} plans ({name})")
    db = run.stage.database(name)
    (person,) = seed.caseworkers(db, 1, authority)
    (text,) = seed.texts(Writer(3), 1)
    like = seed.left_at(seed.begin(db, text, {}))
    return Grown(count, name, db, like, person, run.product_over(name))


def _in_use(grown: Grown) -> list[Written]:
    """Copies spread over the whole of them, the same in every run."""
    numbers = random.Random(13).sample(range(grown.count), min(IN_USE, grown.count))
    written = grown.like
    return [Written(plan_id(each, [AUTHORITY]), written.need, written.revision, written.sequence) for each in numbers]


def _saves(grown: Grown) -> ProductSave:
    token = token_of(grown.server, grown.person)
    return ProductSave(grown.server.port, grown.person.cookie, token, _in_use(grown), Words(13))


def _reads(grown: Grown) -> Read:
    ids = [each.id for each in _in_use(grown)]
    requests = [get(f"/plans/{each}", grown.person.cookie) for each in ids]
    return Read(grown.server.port, requests, [each.encode() for each in ids])


def _list(grown: Grown) -> str:
    return f"worklist among {grown.count:,}"


def _milliseconds(db: Database) -> float:
    began = time.perf_counter()
    found = caseload.overdue(db, today())
    took = (time.perf_counter() - began) * 1000
    if len(found) != len(AUTHORITIES):
        raise WrongAnswer(f"Plans are overdue in {len(found)} authorities, not in all.")
    return took


def _must_come_from_an_index(run: Run, grown: Grown) -> None:
    """WrongAnswer when the list's query fetches documents or sorts them, as the server's profiler saw it."""
    database = run.stage.client[grown.name]
    database.command("profile", 2)
    fetched(f"{grown.server.url}/worklist", grown.person.cookie)
    database.command("profile", 0)
    seen = list(database["system.profile"].find({"ns": f"{grown.name}.caseload"}))
    if not seen or any(each["docsExamined"] or each.get("hasSortStage") for each in seen):
        raise WrongAnswer(f"The list is not read from an index alone: {[each.get('planSummary') for each in seen]}.")


COMPARISONS: tuple[Comparison, ...] = (
    (("T7",), worklists),
    (("T8",), overdue),
    (("T16",), worklist_queries),
    (("T17",), pictures),
    (("T13save", "T13read"), saves_and_reads),
)

if __name__ == "__main__":
    sys.exit(command.measure(GROWTH, COMPARISONS))
