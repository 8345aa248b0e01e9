"""Refusals to a status and a page in plain words; neither ever confirms that a child exists."""

import logging

from flask import Flask, Response, jsonify, make_response, render_template
from werkzeug.exceptions import HTTPException

from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady, Refusal, StaleRevision, StepUpNeeded
from portal.store.database import Crowded, DatabaseError, kind_of
from portal.store.plans import MovedOn
from portal.web.render import VARY, wants_fragment, wants_json

log = logging.getLogger("portal")

STATUS: dict[type[Refusal], int] = {
    NotFound: 404,
    NotAllowed: 403,
    StepUpNeeded: 401,
    Invalid: 422,
    NotReady: 409,
    StaleRevision: 409,
    MovedOn: 429,  # too many at once saved the same plan
    Crowded: 429,
}
PAGES = {400: "400", 403: "403", 404: "404", 409: "409", 413: "413", 422: "400", 429: "429", 503: "503"}


def error_page(status: int, sentences: tuple[str, ...] = ()) -> Response:
    """The page for a status; JSON callers get the same sentences."""
    if wants_json():
        response: Response = jsonify({"error": list(sentences) or [str(status)]})
    else:
        name = PAGES.get(status, "500" if status >= 500 else "400")
        response = make_response(render_template(f"errors/{name}.html", sentences=sentences, fragment=wants_fragment()))
    response.status_code = status
    response.headers["Vary"] = VARY
    response.headers["HX-Reswap"] = "beforebegin"  # never over a form that somebody typed in
    return response


def register(app: Flask) -> None:
    """One handler for each kind of thing that goes wrong; what is unforeseen is logged by type alone."""

    @app.errorhandler(Refusal)
    def refused(error: Refusal) -> Response:
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 503)
        sentences = error.reasons if isinstance(error, NotReady) else ()
        if isinstance(error, NotAllowed | StepUpNeeded | StaleRevision):
            sentences = (str(error),)
        if isinstance(error, Invalid):
            sentences = tuple(error.errors.values())
        return error_page(status, sentences)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        return error_page(error.code or 500)

    @app.errorhandler(DatabaseError)
    def database(error: DatabaseError) -> Response:
        log.error("database: %s", kind_of(error))
        return error_page(503)

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        # The traceback without the message: messages can quote what was typed.
        log.error("unforeseen %s at %s", type(error).__name__, _where(error))
        return error_page(500)


def _where(error: Exception) -> str:
    trace, last = error.__traceback__, ""
    while trace:
        last = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return last
