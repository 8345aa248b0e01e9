"""The front door, and the pages that explain: help, privacy, accessibility."""

from flask import Blueprint, Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.web import current
from portal.web.render import go, render

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> BaseResponse:
    return go(url_for("worklist.index" if current.maybe_actor() else "sign_in.choose"))


@blueprint.get("/help")
def help_page() -> Response:
    return render("home/help.html", here="help")


@blueprint.get("/privacy")
def privacy() -> Response:
    return render("home/privacy.html")


@blueprint.get("/accessibility")
def accessibility() -> Response:
    return render("home/accessibility.html")
