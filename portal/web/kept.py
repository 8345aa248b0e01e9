"""Pages kept as they were made, for as long as nothing they were made from has changed."""

from collections.abc import Callable, Hashable

from flask import Flask, Response, current_app, g, request
from flask_login import current_user

from portal.domain.plan import Plan
from portal.memory import Memory
from portal.web import current
from portal.web.render import VARY, wants_fragment, wants_json

SIZE = 64 * 1024 * 1024  # bytes in one process: some 1,500 pages
Page = tuple[bytes, str]


def register(app: Flask) -> None:
    pages: Memory[Page] = Memory(SIZE, lambda page: len(page[0]))
    app.extensions["kept"] = pages


def kept(plan: Plan, hangs_on: tuple[Hashable, ...], make: Callable[[], Response]) -> Response:
    """A page about a plan: it hangs on the plan up to its last entry, and on whatever `hangs_on` names."""
    return kept_page((plan.id, plan.sequence, *hangs_on), make)


def kept_page(hangs_on: tuple[Hashable, ...], make: Callable[[], Response]) -> Response:
    """What `make` answers, or what it answered before to the same question when all that it hangs on is the same.

    That is the reader with the grants that are live now, the day, and whatever `hangs_on` names. A
    refusal is never kept, nor a page with a form that may be sent once; who asks for a page without
    a memory (a hard reload says no-cache) has it made.
    """
    question = (request.path, wants_json(), wants_fragment())
    key = (question, current_user.standing, current.moment().today, hangs_on)
    pages: Memory[Page] = current_app.extensions["kept"]
    found = None if request.cache_control.no_cache else pages.recall(key)
    if found is None:
        response = make()
        if response.status_code == 200 and not g.get("sent_once"):
            pages.keep(key, (response.get_data(), response.mimetype or "text/html"))
        return response
    body, kind = found
    return Response(body, mimetype=kind, headers={"Vary": VARY})
