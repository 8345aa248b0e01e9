"""The front door, and the pages that explain: help, privacy, accessibility."""

from flask import Blueprint, Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.domain.agency import AGENCY_TITLES
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.glossary import alphabetical
from portal.web import current
from portal.web.render import go, render

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> BaseResponse:
    return go(url_for("worklist.index" if current.maybe_actor() else "sign_in.choose"))


@blueprint.get("/help")
def help_page() -> Response:
    return render("home/help.html", here="help")


@blueprint.get("/help/words")
def words() -> Response:
    """What each section is, and what each word of the field means."""
    found = alphabetical()
    return render(
        "home/words.html",
        json=lambda: {
            "words": {each.word: each.means for each in found},
            "sections": {each.letter: each.plain.replace("{child}", "the child") for each in EHC_PLAN.sections},
        },
        here="help",
        words=found,
        sections=EHC_PLAN.sections,
        owners=AGENCY_TITLES,
    )


@blueprint.get("/privacy")
def privacy() -> Response:
    return render("home/privacy.html")


@blueprint.get("/accessibility")
def accessibility() -> Response:
    return render("home/accessibility.html")
