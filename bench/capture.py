"""Captures the pattern of a save: one plan with numbers found nowhere else is saved once by the product itself."""

from dataclasses import replace
from typing import Any

from pymongo import monitoring

from bench import pattern, seed
from bench.plans import at_revision, written_plan
from bench.prose import Writer
from bench.seed import Person, Written
from bench.works import Words
from portal.app import create_app
from portal.config import read_settings
from portal.store.database import Database

# Numbers that stand for nothing else in any document, so that they can be found again.
SEQUENCE, REVISION = 700_000, 800_000
REQUEST_ID = "00000000000000000000"


def capture(db: Database, environment: dict[str, str], person: Person, token: str) -> pattern.Document:
    """The writes of one save and the marks in them; the plan it is done on is used for nothing else."""
    plan = _marked_plan(db)
    words = Words(seed=0)
    sent = words.next()
    heard = pattern.Heard()
    monitoring.register(heard)
    app = create_app(read_settings(environment))
    browser = app.test_client()
    browser.set_cookie("golden_thread_session", person.cookie)
    form = {"csrf_token": token, "request_id": REQUEST_ID, "revision": str(REVISION), **sent}
    headers = {"HX-Request": "true"}
    answer = browser.post(f"/plans/{plan.id}/sections/B/items/needs/{plan.need}", data=form, headers=headers)
    app.extensions["database"].close()
    if answer.status_code != 200 or not heard.writes:
        raise RuntimeError(f"The product's save could not be captured: {answer.status}.")
    return {"writes": list(heard.writes), "marks": _marks(db, plan, sent)}


def _marked_plan(db: Database) -> Written:
    writer = Writer(seed=999_999)
    plan = written_plan(writer.plan_id(seed.AUTHORITY), seed.AUTHORITY, writer, seed.BY)
    plan = at_revision(plan, "B", plan.sections["B"].content, REVISION, seed.BY)
    return seed.left_at(seed.begin(db, replace(plan, sequence=SEQUENCE - 1), {}))


def _marks(db: Database, plan: Written, sent: dict[str, str]) -> dict[str, Any]:
    after = db["plans"].find_one({"authority": seed.AUTHORITY, "_id": plan.id})
    entry = db["chain"].find_one({"authority": seed.AUTHORITY, "_id": f"{plan.id}:{SEQUENCE + 1}"})
    assert after
    assert entry
    return {
        "plan": plan.id,
        "sequence": SEQUENCE,
        "revision": REVISION,
        "request": REQUEST_ID,
        "head": bytes(entry["previous"]),
        "link": bytes(after["head"]),
        "hash": bytes(after["sections"]["B"]["hash"]),
        **sent,
    }
