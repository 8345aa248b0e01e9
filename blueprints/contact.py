"""How we tell you: where somebody can be reached, which way first, and how often."""

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.domain.contact import LONGEST_EMAIL, WAY_WORDS, Way
from portal.domain.error import Invalid
from portal.operations import contact as operations
from portal.web import current
from portal.web.forms import Form, Words, load
from portal.web.render import go, render

blueprint = Blueprint("contact", __name__, url_prefix="/preferences/contact")
ONLY_SERVED = "served"
FIRST = (
    *((way.value, WAY_WORDS[way]) for way in Way),
    (ONLY_SERVED, "Only what the council must send me by law"),
)
OFTEN = (("at-once", "At once, but not more than once an hour"), ("daily", "Once a day, in the morning"))


class ContactForm(Form):
    email = Words(limit=LONGEST_EMAIL, line=True, load_default="")
    mobile = Words(limit=30, line=True, load_default="")
    address = Words(limit=800, load_default="")
    first = fields.String(
        required=True,
        validate=validate.OneOf([key for key, _ in FIRST], error="Choose how we reach you first."),
        error_messages={"required": "Choose how we reach you first."},
    )
    often = fields.String(
        required=True,
        validate=validate.OneOf([key for key, _ in OFTEN], error="Choose how often."),
        error_messages={"required": "Choose how often."},
    )


class CodeForm(Form):
    code = Words(limit=40, line=True, needed="Type the code from the email.", required=True)


@blueprint.get("")
@needs(SIGNED_ON)
def show() -> Response:
    """The signed-on person's own; there is no address for anybody else's."""
    return _page()


@blueprint.post("")
@needs(SIGNED_ON)
def save() -> BaseResponse:
    try:
        sent = load(ContactForm(), request.form)
        first = None if sent["first"] == ONLY_SERVED else Way(sent["first"])
        chosen = operations.Chosen(sent["email"], sent["mobile"], sent["address"], first, sent["often"] == "daily")
        operations.choose(current.db(), current.actor(), chosen, current.moment())
    except Invalid as error:
        return _page(error.errors)
    return go(url_for("contact.show"))


@blueprint.post("/confirm")
@needs(SIGNED_ON, page="contact.show")
def confirm() -> BaseResponse:
    try:
        sent = load(CodeForm(), request.form)
        operations.confirm(current.db(), current.actor(), sent["code"], current.moment())
    except Invalid as error:
        return _page(error.errors)
    return go(url_for("contact.show"))


def _page(errors: Mapping[str, str] | None = None) -> Response:
    contact, waits = operations.own(current.db(), current.actor(), current.moment())
    kept = {
        "email": waits.email if waits else contact.email,
        "mobile": contact.mobile,
        "address": "\n".join(contact.address),
        "first": contact.first.value if contact.first else ONLY_SERVED,
        "often": "daily" if contact.daily else "at-once",
    }
    confirmed = bool(contact.email) and not waits
    return render(
        "contact/show.html",
        json=lambda: {**kept, "confirmed": confirmed},
        kept={**kept, **request.form.to_dict()} if errors and "address" in request.form else kept,
        waits=waits,
        confirmed=contact.email,
        first=FIRST,
        often=OFTEN,
        errors=errors or {},
    )
