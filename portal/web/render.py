"""One URL, three shapes: the whole page, the fragment that HTMX swaps, or JSON, decided once."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from flask import Response, jsonify, make_response, redirect, render_template, request
from flask_htmx import HTMX
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response as BaseResponse

htmx = HTMX()
VARY = "HX-Request, HX-Boosted, HX-History-Restore-Request, Accept, Cookie"
Json = Callable[[], Mapping[str, Any] | str]


def wants_fragment() -> bool:
    """Whether HTMX asks for a part: not when it is boosted or restores a page from history."""
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def wants_json() -> bool:
    return _prefers_json(request.headers.get("Accept", ""))


def shows_page() -> bool:
    """Whether somebody is shown what is answered: not where data is asked for, or what would be answered (HEAD).

    What can be seen once is not used up by anything else.
    """
    return request.method != "HEAD" and not wants_json()


@lru_cache(1000)
def _prefers_json(accept: str) -> bool:
    """Browsers of one kind all send the same words."""
    types = parse_accept_header(accept, MIMEAccept)
    return types.best_match(["text/html", "application/json"], default="text/html") == "application/json"


def as_json(facts: Mapping[str, Any] | str) -> Response:
    """The facts, or the text that says them in JSON already."""
    response = Response(facts, mimetype="application/json") if isinstance(facts, str) else jsonify(facts)
    response.headers["Vary"] = VARY
    return response


def render(page: str, fragment: str = "", json: Json | None = None, status: int = 0, **context: Any) -> Response:
    """The page, or its fragment when HTMX asks and the page has one, or JSON when that is what is accepted.

    Where no status is given, it is 422 for a page that says what does not fit (`errors`), and 200 for others.
    """
    if json is not None and wants_json():
        response = as_json(json())
    else:
        response = make_response(render_template(fragment if fragment and wants_fragment() else page, **context))
        response.headers["Vary"] = VARY
    response.status_code = status or (422 if context.get("errors") else 200)
    return response


def go(url: str) -> BaseResponse:
    """Send the reader on after a save, so that reloading a page never posts again."""
    if wants_fragment():
        return Response(status=204, headers={"HX-Redirect": url, "Vary": VARY})
    response = redirect(url, 303)
    response.headers["Vary"] = VARY
    return response
