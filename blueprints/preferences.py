"""How pages look to whoever reads them: larger text, calm colours, more space."""

from flask import Blueprint, Response, request, url_for
from flask_login import current_user
from marshmallow import fields, validate
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.domain.look import LOOK_WORDS, Look, chosen
from portal.domain.twin_wording import BY_TAG, WORDINGS
from portal.operations import look as operations
from portal.web import current
from portal.web.forms import Form, load
from portal.web.look import keep_in_browser, look_now
from portal.web.render import go, render

blueprint = Blueprint("preferences", __name__, url_prefix="/preferences")


class LookForm(Form):
    look = fields.List(fields.String(validate=validate.OneOf([each.value for each in Look])), load_default=list)


class ChoicesForm(LookForm):
    """What is kept for somebody who is signed in: also the language they would rather read, or easy words."""

    wording = fields.String(load_default="", validate=validate.OneOf(["", *BY_TAG]))


@blueprint.get("")
def show() -> Response:
    return render(
        "preferences/show.html",
        json=lambda: {"look": [each.value for each in look_now()]},
        words=LOOK_WORDS,
        chosen=look_now(),
        wordings=[(each.tag, each.title) for each in WORDINGS],
        wording=current_user.wording if current.maybe_actor() else "",
    )


@blueprint.post("")
@needs(SIGNED_ON)
def save() -> BaseResponse:
    """Kept beside the person, and in this browser too, so that the page to sign in on looks the same."""
    sent = load(ChoicesForm(), request.form)
    look = chosen(sent["look"])
    operations.choose(current.db(), current.actor().person, look, sent["wording"])
    return keep_in_browser(go(url_for("preferences.show")), look)


@blueprint.get("/this-browser")
def this_browser() -> BaseResponse:
    """For whoever is not signed in: nothing is saved but in their own browser, so this is a question, not a form."""
    look = chosen(load(LookForm(), request.args)["look"])
    return keep_in_browser(go(url_for("preferences.show")), look)
