"""A nation's worklist queries and pictures: a row for each case, as the store writes it, in 153 authorities."""

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from pymongo import MongoClient

from bench import seed
from bench.command import Figures
from bench.crowd import AUTHORITIES, Document, plan_id, today
from bench.load import WrongAnswer
from bench.measure import Figure, figure
from bench.percentile import percentile
from bench.run import Run, fetched
from bench.seed import Person
from portal.domain.clocks.stage import Stage
from portal.domain.ehc_plan import AREAS
from portal.domain.moment import Moment
from portal.domain.picture import NEVER, Time, Waited, What, months_back
from portal.domain.picture_table import NAMES
from portal.operations.people import load_actor
from portal.store import caseload
from portal.store.database import Database

BATCH = 10_000
LARGEST = AUTHORITIES[0]
EXTRA = 60  # every sixtieth case more is the largest council's: 15,000 of 640,000
ASKED = 40  # times that each is asked in a round
COLLECTIONS = ("case_rows", "decision_rows")
DASHBOARDS = ("/pictures", "/pictures?need=semh&worker=0000000000000003", *(f"/pictures/{name}.csv" for name in NAMES))


def gather(client: MongoClient[Document], database: str, count: int) -> None:
    """So many cases and one or two decisions of each, over two years."""
    for name, made in zip(COLLECTIONS, (_cases(count), _decisions(count)), strict=True):
        while batch := list(islice(made, BATCH)):
            client[database][name].insert_many(batch, ordered=False)


def authority_of(number: int) -> str:
    return LARGEST if number % EXTRA == 1 else AUTHORITIES[number % len(AUTHORITIES)]


def _cases(count: int) -> Iterator[Document]:
    stages, waits = tuple(Stage), tuple(Waited)
    for number in range(count):
        mixed = number * 7919
        due = today() + timedelta(days=mixed % 400 - 40)
        yield {
            **_place(number, "case"),
            "stage": stages[mixed % len(stages)].value,
            "waits": waits[mixed // 7 % len(waits)].value,
            "turns": NEVER,
            "due": due.isoformat(),
            **_about(number),
        }


def _decisions(count: int) -> Iterator[Document]:
    months, times, whats = months_back(today(), 24), tuple(Time), tuple(What)
    results = {What.ASSESS: "agreed", What.PLAN: "issued", What.REVIEW: "amend"}
    for number in range(count * 3 // 2):
        mixed = number * 6101
        what = whats[mixed % len(whats)]
        yield {
            **_place(number % count, str(2 + number // count)),
            "month": months[mixed // 3 % len(months)],
            "what": what.value,
            "result": results[what],
            "time": times[mixed // 11 % len(times)].value,
            **_about(number % count),
        }


def _place(number: int, suffix: str) -> Document:
    authority = authority_of(number)
    return {"_id": f"{plan_id(number, [authority])}:{suffix}", "authority": authority}


def _about(number: int) -> Document:
    need = AREAS[number // 5 % len(AREAS)][0]
    return {"school": f"school-{number % 97}", "worker": f"{number // 3 % 40:016d}", "need": need}


def queries(run: Run, few: Database, many: Database, person: dict[str, Person]) -> Figure:
    """The query of a worklist's first page, p50 among many over p50 among few, round by round."""
    ratios = []
    for _ in range(run.rounds + 1):
        took = {each.name: [_query(each, person[each.name]) for _ in range(ASKED)] for each in (few, many)}
        ratios.append(percentile(took[many.name], 50) / percentile(took[few.name], 50))
    return figure(ratios[1:], "the query alone, through the store")


def _query(db: Database, person: Person) -> float:
    moment = Moment(seed.LONG_AGO, seed.LONG_AGO + timedelta(days=1))
    actor = load_actor(db, person.id, moment)
    if actor is None:
        raise WrongAnswer("Nobody is known by the caseworker's id.")
    asked = caseload.questions(actor, caseload.PAGE + 1, caseload.START)
    began = time.perf_counter()
    found = caseload.documents_for(db, asked, caseload.PAGE + 1)
    took = (time.perf_counter() - began) * 1000
    if len(found) != caseload.PAGE + 1:
        raise WrongAnswer(f"A page of the list holds {len(found)} rows.")
    return took


def pages(run: Run, name: str, url: str, person: Person) -> Figures:
    """T17: each dashboard of the largest council as a page or a table, in milliseconds: the slowest one's p95."""
    cookie = person.cookie
    _must_be_counted_from_an_index(run, name, url, cookie)
    slowest = []
    for _ in range(run.rounds + 1):
        took = {each: percentile([_page(url + each, cookie) for _ in range(ASKED)], 95) for each in DASHBOARDS}
        slowest.append(max(took.items(), key=lambda each: each[1]))
    times = [milliseconds for _, milliseconds in slowest[1:]]
    return {"T17": figure(times, f"the slowest of {len(DASHBOARDS)}: {slowest[-1][0]}; explain: nothing fetched")}


def _page(url: str, cookie: str) -> float:
    began = time.perf_counter()
    answer = fetched(url, cookie)
    took = (time.perf_counter() - began) * 1000
    if "Share in time" not in answer and "Cases" not in answer and "Decisions" not in answer:
        raise WrongAnswer(f"{url} is no picture: {answer[:200]!r}")
    return took


def _must_be_counted_from_an_index(run: Run, name: str, url: str, cookie: str) -> None:
    """WrongAnswer when a picture's question fetches documents, as the server's profiler saw it."""
    database = run.stage.client[name]
    database.command("profile", 2)
    for each in DASHBOARDS:
        fetched(url + each, cookie)
    database.command("profile", 0)
    seen = list(database["system.profile"].find({"ns": {"$in": [f"{name}.{each}" for each in COLLECTIONS]}}))
    if len(seen) < len(DASHBOARDS) or any(each["docsExamined"] for each in seen):
        raise WrongAnswer(
            f"A picture is not counted from an index alone: {[each.get('planSummary') for each in seen]}."
        )
