"""An invitation's link: what one is asked there, and the part that opens; a dead link is one and the same page."""

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.domain.access import FAMILY
from portal.domain.actor import WHOLE_CASELOAD
from portal.domain.error import Invalid, NotFound
from portal.operations import invitations as operations
from portal.web import current
from portal.web.access_forms import AcceptAsFamilyForm, AcceptForm, facts_of
from portal.web.forms import load
from portal.web.render import go, render

blueprint = Blueprint("invitations", __name__, url_prefix="/invitations/<token>")


@blueprint.get("")
@needs(SIGNED_ON)
def show(token: str) -> Response:
    try:
        return _page(token)
    except NotFound:
        return _closed()


@blueprint.post("")
@needs(SIGNED_ON)
def accept(token: str) -> BaseResponse:
    db, actor, moment = current.db(), current.actor(), current.moment()
    try:
        found, _ = operations.open_link(db, actor, _signed_in_as(), token, moment)
        form = AcceptAsFamilyForm() if found.role in FAMILY else AcceptForm()
        facts = facts_of(load(form, request.form))
        grant = operations.accept(db, actor, _signed_in_as(), token, facts, moment)
    except Invalid as error:
        return _again(token, error.errors)
    except NotFound:
        return _closed()
    whole = grant.scope == WHOLE_CASELOAD
    return go(url_for("worklist.index") if whole else url_for("plans.show", plan_id=grant.scope))


def _again(token: str, errors: Mapping[str, str]) -> Response:
    try:
        return _page(token, errors)
    except NotFound:  # that was the last try
        return _closed()


def _page(token: str, errors: Mapping[str, str] | None = None) -> Response:
    found, agency = operations.open_link(current.db(), current.actor(), _signed_in_as(), token, current.moment())
    return render(
        "invitations/show.html",
        json=lambda: {"agency": agency.slug, "until": found.until.isoformat()},
        invitation=found,
        agency=agency,
        family=found.role in FAMILY,
        errors=errors or {},
        typed=request.form,
    )


def _closed() -> Response:
    return render("invitations/closed.html", json=lambda: {"error": ["This link opens nothing."]}, status=404)


def _signed_in_as() -> str:
    """The kind of the provider that vouches for whoever is signed on; empty when it is not configured any more."""
    issuer = current.actor().issuer
    return next((each.agency_kind for each in current.settings().providers if each.issuer == issuer), "")
