"""Look for a child by a number or a surname: sent in a form, since an address is kept in too many places."""

from collections.abc import Mapping

from flask import Blueprint, Response, request

from portal.auth.gate import SIGNED_ON, needs
from portal.domain.error import Invalid
from portal.domain.state import STATE_WORDS
from portal.operations import search as operations
from portal.store.caseload import Row
from portal.web import current
from portal.web.errors import error_page
from portal.web.forms import Form, Words, load
from portal.web.render import render

blueprint = Blueprint("search", __name__)
NEEDED = "Type the whole number, or at least the first three letters of the surname."


class SearchForm(Form):
    words = Words(limit=100, line=True, needed=NEEDED, required=True)


@blueprint.get("/search")
@needs(SIGNED_ON)
def show() -> Response:
    operations.must_search(current.actor())
    return _page(None)


@blueprint.post("/search")
@needs(SIGNED_ON)
def find() -> Response:
    """What is found; the same page for a child who is not there and for one who is somebody else's."""
    operations.must_search(current.actor())
    try:
        sent = load(SearchForm(), request.form)
        rows = operations.find(current.db(), current.actor(), sent["words"], current.moment())
    except Invalid as error:
        return _page(None, error.errors)
    except operations.TooMany as error:
        return error_page(429, (str(error),))
    return _page(rows)


def _page(rows: list[Row] | None, errors: Mapping[str, str] | None = None) -> Response:
    return render(
        "search/show.html",
        json=lambda: {"plans": [{"plan": each.plan, "name": each.name} for each in rows or ()]},
        rows=rows,
        states=STATE_WORDS,
        errors=errors or {},
        words=request.form.get("words", ""),
        here="search",
    )
