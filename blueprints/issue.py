"""Issue a plan: what is signed, what is not and why it is issued all the same; and open section I."""

from collections.abc import Sequence

from flask import Blueprint, Response, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.compare import ItemChange, compare
from portal.domain.dilution import Flag
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.error import Invalid, NotAllowed, NotReady
from portal.domain.issue import lacks, next_kind, walls
from portal.domain.permission import Permission
from portal.domain.plan import DRAFT_KINDS, Plan
from portal.domain.reading import PlanReading
from portal.domain.section import signed_so_far
from portal.domain.standard import SectionStandard
from portal.domain.state import VersionKind
from portal.operations import plans, redress
from portal.operations.dilution import flagged
from portal.web import current
from portal.web.forms import Form, Words, load
from portal.web.render import go, render
from portal.web.section_words import tag_of
from portal.web.step_up import proof
from portal.web.submission import submission

blueprint = Blueprint("issue", __name__, url_prefix="/plans/<plan_id>/issue")


@blueprint.get("")
@needs(Permission.PLAN_FINALISE)
def show(plan_id: str) -> Response:
    return _page(current.open_plan(plan_id))


@blueprint.post("/draft")
@needs(Permission.PLAN_ISSUE_DRAFT)
def draft(plan_id: str) -> BaseResponse:
    return _issue(plan_id, VersionKind.DRAFT)


@blueprint.post("/final")
@needs(Permission.PLAN_ISSUE_FINAL)
def final(plan_id: str) -> BaseResponse:
    return _issue(plan_id, VersionKind.FINAL)


@blueprint.post("/amendments")
@needs(Permission.PLAN_ISSUE_DRAFT)
def propose(plan_id: str) -> BaseResponse:
    """Serve notice of the amendments, with the plan as it is proposed."""
    return _issue(plan_id, VersionKind.PROPOSED_AMENDMENT)


@blueprint.post("/amended")
@needs(Permission.PLAN_ISSUE_FINAL)
def amended(plan_id: str) -> BaseResponse:
    return _issue(plan_id, VersionKind.AMENDED_FINAL)


@blueprint.post("/finalise")
@needs(Permission.PLAN_FINALISE)
def finalise(plan_id: str) -> BaseResponse:
    sent = load(Form(), request.form)
    ticket = submission(sent, ["finalise"])
    plans.begin_finalising(current.db(), current.actor(), plan_id, current.moment(), ticket)
    return go(url_for("plans.show", plan_id=plan_id))


def _issue(plan_id: str, kind: VersionKind) -> BaseResponse:
    db, actor, moment = current.db(), current.actor(), current.moment()
    try:
        sent = load(_reasons_form(flagged(db, current.glance(plan_id).plan)), request.form)
        reasons = {name.removeprefix("reason_"): text for name, text in sent.items() if name.startswith("reason_")}
        plan = plans.issue(db, actor, plan_id, kind, reasons, moment, submission(sent, [kind.value, reasons]))
    except Invalid as error:
        reading = current.open_plan(plan_id)
        return _page(reading, dict(request.form), error.errors, 422)
    except NotReady:
        reading = current.open_plan(plan_id)
        if next_kind(reading.plan) is not kind or not redress.departures(db, reading, kind):
            raise
        return _page(reading, dict(request.form), status=409)
    return go(url_for("versions.show", plan_id=plan_id, number=len(plan.versions)))


def _reasons_form(weaker: Sequence[Flag]) -> Schema:
    """A reason for each section that a version may be issued without, or before all that was said of it is answered;
    and for each quantity of advice that the plan gives less of."""
    letters = [*(each.letter for each in EHC_PLAN.sections), *(each.reason_key for each in weaker)]
    reasons = {f"reason_{letter}": Words(limit=2000, data_key=f"reason.{letter}") for letter in letters}
    made: type[Schema] = type("IssueForm", (Form,), reasons)
    return made()


def _page(
    reading: PlanReading, sent: dict[str, str] | None = None, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    plan = reading.plan
    if not reading.may(Permission.PLAN_FINALISE):
        raise NotAllowed("The council issues the plan.")
    kind, proved = next_kind(plan), proof()
    return render(
        "issue/show.html",
        status=status,
        reading=reading,
        plan=plan,
        kind=kind,
        walls=walls(plan, current.actor(), kind) if kind else (),
        lacks=lacks(plan, kind) if kind else (),
        weaker=flagged(current.db(), plan) if kind else (),
        changes=_changes(reading, kind) if kind and plan.in_force else (),
        ordered=redress.departures(current.db(), reading, kind) if kind else (),
        permissions=Permission,
        may_issue=bool(kind) and reading.may(_permission(kind)),
        may_open_placement=_placement_opens(plan),
        signed=signed_so_far(plan),
        breaks=reading.thread.breaks,
        tag_of=tag_of,
        proof=proved,
        sent=sent or proved.typed or {},
        errors=errors or {},
    )


def _changes(reading: PlanReading, kind: VersionKind) -> list[tuple[SectionStandard, tuple[ItemChange, ...]]]:
    """What differs from the plan in force, section by section; a place is not proposed, and stands in the final."""
    plan, force = reading.plan, reading.plan.in_force
    if force is None:
        return []
    opened = plans.open_version(current.db(), current.actor(), plan.id, force.number, current.moment())
    found = []
    for standard in plan.standard.sections:
        if standard.letter in opened.contents and (standard.printed_in_draft or kind not in DRAFT_KINDS):
            now = reading.sections[standard.letter].content
            found.append((standard, compare(standard, opened.contents[standard.letter], now, reading.names)))
    return [(standard, tuple(changes)) for standard, changes in found if changes]


def _permission(kind: VersionKind | None) -> Permission:
    return Permission.PLAN_ISSUE_DRAFT if kind in DRAFT_KINDS else Permission.PLAN_ISSUE_FINAL


def _placement_opens(plan: Plan) -> bool:
    over = plan.answer_by is not None and current.moment().today > plan.answer_by
    return plan.is_with_family and (plan.answered or over)
