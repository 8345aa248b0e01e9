"""Open pages: how soon a save shows on the others' pages, and how many idle streams are held beside a page."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bench import editors as writing
from bench import listeners, seed
from bench.command import Figures
from bench.editors import Editor
from bench.measure import Figure, figure
from bench.percentile import percentile
from bench.prose import Writer
from bench.run import Run, token_of
from bench.seed import Written
from bench.works import get
from portal.auth.session import ACR, AUTH_TIME
from portal.domain.actor import Grant, Role
from portal.operations import people as people_operations
from portal.store import people, plans, sessions
from portal.store.database import Database

EDITORS, OPEN, EVERY_S, STRETCH_S = 10, 200, 2.0, 6.0
STEPS = (500, 1000, 1500, 2000)
OF_ONE_PERSON = 15  # a process holds twenty of one person's, and chance deals them out
PAGES = 300
Done = TypeVar("Done")


def shown(run: Run) -> Figures:
    """T14: ten people write in section A, each saving every two seconds, and the others' pages ask for what they hear.

    Two hundred streams are at that plan, and each is told of each save; a hundred and ninety are of people who read
    other sections, so that their pages have nothing to ask for.
    """
    (plan,) = seed.plans(run.db, Writer(14), 1)
    editors = [_editor(run, plan, number, *place) for number, place in enumerate(_places(run.db, plan))]
    readers = _cookies(run.db, _listeners(run.db, OPEN // OF_ONE_PERSON + 1), OPEN - EDITORS)
    given = (editors, readers, EVERY_S, STRETCH_S)
    late, middle, saves = [], [], 0
    for _ in range(run.rounds):
        stretch = _elsewhere(writing.write_together, *given)
        late.append(percentile(stretch.milliseconds, 95))
        middle.append(percentile(stretch.milliseconds, 50))
        saves += len(stretch.answered)
        for each in editors:  # the editors of the other process know better where they are
            each.saves, each.revision = stretch.left[each.number]
    note = f"p50 {figure(middle).value:.0f} ms; {saves} saves, each told to {OPEN} streams and shown on 9 pages"
    return {"T14": figure(late, note)}


def held(run: Run) -> Figures:
    """T15: idle streams at all plans, each of a session of its own, beside one connection that asks for a page."""
    most = max(STEPS)
    cookies = _cookies(run.db, _listeners(run.db, most // OF_ONE_PERSON + 1), most)
    places = [(run.plans[at % len(run.plans)].id, cookie) for at, cookie in enumerate(cookies)]
    page = get(f"/plans/{run.plans[0].id}", run.people[0].cookie, "text/html")
    steps = _elsewhere(listeners.hold, run.product.port, places, STEPS, page, PAGES)
    late = {each.streams: percentile(each.milliseconds, 95) for each in steps}
    enough = [streams for streams, p95 in late.items() if p95 <= 2 * late[0]]
    told = ", ".join(f"{streams}: {p95:.1f} ms" for streams, p95 in late.items())
    return {"T15": Figure(max(enough), max(enough), max(enough), 1, f"a page's p95 beside so many streams: {told}")}


def _elsewhere(work: Callable[..., Done], *given: Any) -> Done:
    """In a process of its own, as all load is."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(work, *given).result()


def _editor(run: Run, plan: Written, number: int, group: str, item: str, field: str) -> Editor:
    """A parent of that plan's child, at one item of section A."""
    person = people.known(run.db, "http://127.0.0.1:9/council", f"parent-{number}", f"Parent {number}")
    part = Grant(person, f"Parent {number}", "family", "Family", Role.PARENT, seed.AUTHORITY, plan.id, seed.LONG_AGO)
    people_operations.give(run.db, part)
    signed_on = seed.session_of(run.db, person)
    token = token_of(run.product, signed_on)
    return Editor(number, run.product.port, signed_on.cookie, token, plan.id, group, item, field)


def _places(db: Database, plan: Written) -> list[tuple[str, str, str]]:
    """(group, item, field) of ten items of section A, each for one person."""
    items = plans.load(db, plan.id).sections["A"].content.items
    fields = {"words": "words", "do": "do", "more": "more"}
    found = [(each.group, each.id, name) for each in items for name in fields if name in each.slots]
    return found[:EDITORS]


def _listeners(db: Database, count: int) -> list[str]:
    """The ids of so many caseworkers over the whole caseload."""
    return [each.id for each in seed.caseworkers(db, count)]


def _cookies(db: Database, ids: list[str], count: int) -> list[str]:
    """So many sessions, each by itself, dealt out among these people: written at once, as signing on leaves them."""
    stamps = {each["_id"]: each["standing"] for each in db["people"].find({"_id": {"$in": ids}})}
    made = [(sessions.new_session_id(), ids[at % len(ids)]) for at in range(count)]
    now = datetime.now(UTC)
    fixed = {"started": now, "seen": now, "gone": now + timedelta(days=1), "provider": "", "sid": ""}
    db["sessions"].insert_many(
        {
            **fixed,
            "_id": sessions.key_of(cookie),
            "data": {"_user_id": person, "_fresh": True, AUTH_TIME: 0, ACR: ""},
            "person": person,
            "standing": stamps[person],
        }
        for cookie, person in made
    )
    return [cookie for cookie, _ in made]
