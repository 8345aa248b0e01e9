"""Pages kept as they were made, for as long as nothing they were made from has changed."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.domain.plan import Plan
from portal.domain.reading import PlanReading
from portal.memory import Memory
from portal.operations import plans
from portal.web import current
from portal.web.render import VARY, wants_fragment, wants_json

SIZE = 64 * 1024 * 1024  # bytes in one process: some 1,500 pages
PARTS = 16 * 1024 * 1024
READINGS = 256
Page = tuple[bytes, str]
Made = TypeVar("Made", bound=BaseResponse)


def register(app: Flask) -> None:
    pages: Memory[Page] = Memory(SIZE, lambda page: len(page[0]))
    app.extensions["kept"] = pages
    parts: Memory[str] = Memory(PARTS, len)
    readings: Memory[PlanReading] = Memory(READINGS)
    app.extensions["parts"], app.extensions["readings"] = parts, readings


def kept(plan: Plan, hangs_on: tuple[Hashable, ...], make: Callable[[], Response]) -> Response:
    """A page about a plan: it hangs on the plan up to its last entry, and on whatever `hangs_on` names."""
    return kept_page((plan.id, plan.sequence, *hangs_on), make)


def kept_page(hangs_on: tuple[Hashable, ...], make: Callable[[], Made]) -> Made | Response:
    """What `make` answers, or what it answered before to the same question when all that it hangs on is the same.

    That is the reader with the grants that are live now, the day, and whatever `hangs_on` names. A
    refusal is never kept, nor a page with a form that may be sent once, nor one that hangs on more
    (`forget_this`); who asks for a page without a memory (a hard reload says no-cache) has it made.
    """
    question = (request.path, wants_json(), wants_fragment())
    key = (question, current_user.standing, current.moment().today, hangs_on)
    pages: Memory[Page] = current_app.extensions["kept"]
    found = None if request.cache_control.no_cache else pages.recall(key)
    if found is None:
        response = make()
        if response.status_code == 200 and not g.get("sent_once") and not g.get("forgotten"):
            pages.keep(key, (response.get_data(), response.mimetype or "text/html"))
        return response
    body, kind = found
    return Response(body, mimetype=kind, headers={"Vary": VARY})


def reading_of(plan: Plan) -> PlanReading:
    """The plan as whoever is signed on may read it, for all who ask before it or they change."""
    readings: Memory[PlanReading] = current_app.extensions["readings"]
    return readings.get(_reader_of(plan), lambda: plans.reading_of(current.db(), plan, current.actor()))


def json_part(plan: Plan, hangs_on: tuple[Hashable, ...], make: Callable[[], Any]) -> str:
    """A part of what is said of a plan as JSON: it hangs on all that the reading hangs on, and on what is named."""
    parts: Memory[str] = current_app.extensions["parts"]
    return parts.get((*_reader_of(plan), *hangs_on), lambda: current_app.json.dumps(make()))


def _reader_of(plan: Plan) -> tuple[Hashable, ...]:
    return plan.id, plan.sequence, current_user.standing, current.moment().today


def forget_this() -> None:
    """Keep nothing of what this request makes: it hangs on more than the page's key can name."""
    g.forgotten = True
