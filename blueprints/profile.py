"""The one-page profile: on screen, and as one sheet of A4 that a family can hand to a new teacher."""

from typing import Any

from flask import Blueprint, Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.media import LETTER
from portal.domain.permission import Permission
from portal.domain.profile import Profile, profile_of
from portal.operations import media, plans
from portal.web import current
from portal.web.files import give_pdf
from portal.web.render import go, render

blueprint = Blueprint("profile", __name__, url_prefix="/plans/<plan_id>")


@blueprint.get("/profile")
@needs(Permission.PLAN_VIEW)
def show(plan_id: str) -> Response:
    reading = current.open_plan(plan_id)
    profile = profile_of(reading)
    return render(
        "profile/show.html",
        json=lambda: {"plan": plan_id, **_json(profile)},
        reading=reading,
        plan=reading.plan,
        profile=profile,
    )


@blueprint.get("/profile.pdf")
@needs(Permission.PLAN_VIEW)
def pdf(plan_id: str) -> BaseResponse:
    reading = current.open_plan(plan_id)
    if not reading.sections[LETTER].readable:  # the page says so
        return go(url_for("profile.show", plan_id=plan_id))
    content = media.profile_for(current.db(), reading, current.moment())
    plans.take_copy(current.db(), reading.plan, current.actor(), "profile", current.moment())
    return give_pdf(content, "profile")


def _json(profile: Profile) -> dict[str, Any]:
    boxes = [
        {"title": each.title, "texts": each.texts, "picture": each.picture.id if each.picture else ""}
        for each in profile.boxes
    ]
    return {"called": profile.called, "portrait": profile.portrait.id if profile.portrait else "", "boxes": boxes}
