"""What is typed in the forms of a review, kept every few seconds for whoever types it; nobody else sees it."""

from flask import Blueprint, Response, request
from marshmallow import Schema

from portal.auth.gate import needs
from portal.domain.permission import Permission
from portal.operations import drafts, plans
from portal.web import current, review_drafts
from portal.web.forms import load
from portal.web.render import as_json
from portal.web.review_drafts import keeping
from portal.web.review_forms import AdviceForm, DecisionForm, ViewsForm, outcomes_asked, record_schema
from portal.web.unsent_words import kept_or_too_soon

blueprint = Blueprint("review_drafts", __name__, url_prefix="/plans/<plan_id>/review")
STANDS_THERE = ("on",)  # a day that the form comes with


@blueprint.post("/advice/draft")
@needs(Permission.PLAN_CONTRIBUTE, rescue=keeping("advice"))
def advice(plan_id: str) -> Response:
    return _keep(plan_id, "advice", AdviceForm())


@blueprint.post("/views/draft")
@needs(Permission.PLAN_CONTRIBUTE, rescue=keeping("views"))
def views(plan_id: str) -> Response:
    return _keep(plan_id, "views", ViewsForm())


@blueprint.post("/meeting/draft")
@needs(Permission.PLAN_REVIEW, rescue=keeping("meeting"))
def meeting(plan_id: str) -> Response:
    return _keep(plan_id, "meeting")


@blueprint.post("/decision/draft")
@needs(Permission.PLAN_PROCESS, rescue=keeping("decision"))
def decision(plan_id: str) -> Response:
    return _keep(plan_id, "decision", DecisionForm())


def _keep(plan_id: str, which: str, form: Schema | None = None) -> Response:
    """Keep a form as it stands; the record of a meeting asks of each outcome that the plan holds."""
    db, actor = current.db(), current.actor()
    look = current.glance(plan_id)
    drafts.must_write_in_review(look.plan, actor, which)
    strict = form or record_schema(outcomes_asked(plans.reading_of(db, look.plan, actor)))
    load(review_drafts.lenient(strict), request.form)
    draft = review_drafts.as_typed(plan_id, which)
    if not any(text.strip() for name, texts in draft.fields.items() if name not in STANDS_THERE for text in texts):
        review_drafts.sent(actor.person, plan_id, which)
        return as_json({"kept": None})
    return kept_or_too_soon(draft, look.drafts)
