"""Writing a section from advice: what was given on one side, the section on the other, and one press to take a row."""

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.advice_form import amount_of, as_words
from portal.domain.advice_taking import asked_beside, group_of
from portal.domain.error import Invalid, NotAllowed
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading
from portal.domain.restricted import TellsHidden
from portal.operations import advice_drafting
from portal.web import current
from portal.web.advice_forms import take_schema
from portal.web.advice_words import giver_of
from portal.web.forms import load
from portal.web.render import go, render
from portal.web.submission import submission

blueprint = Blueprint("advice_drafting", __name__, url_prefix="/plans/<plan_id>/sections/<letter>/advice")


@blueprint.get("")
@needs(Permission.SECTION_EDIT)
def show(plan_id: str, letter: str) -> Response:
    return _page(_reading(plan_id, letter), letter)


@blueprint.post("")
@needs(Permission.SECTION_EDIT)
def take(plan_id: str, letter: str) -> BaseResponse:
    """Make an item of the section from a row of advice; it keeps the link to it."""
    reading = _reading(plan_id, letter)
    chosen = asked_beside(group_of(reading.plan.standard.section(letter)))
    place = f"row-{request.form.get('request', '')[:9]}-{request.form.get('row', '')[:60].replace('/', '-')}"
    try:
        sent = load(take_schema(), request.form)
        beside = {name: sent[name] for name in chosen}
        number, row, tells = sent["request"], sent["row"], sent["tells_hidden"] == "yes"
        ticket = submission(sent, ["take", letter, number, row, beside])
        db, actor = current.db(), current.actor()
        advice_drafting.take(db, actor, plan_id, letter, number, row, beside, current.moment(), ticket, tells)
    except Invalid as error:
        told = " ".join(dict.fromkeys(error.errors.values()))
        return _page(reading, letter, {place: told}, isinstance(error, TellsHidden))
    return go(f"{url_for('advice_drafting.show', plan_id=plan_id, letter=letter)}#{place}")


def _reading(plan_id: str, letter: str) -> PlanReading:
    """The plan, for whoever writes the section; NotFound for a section that no advice is taken into."""
    reading = current.open_plan(plan_id)
    group = group_of(reading.plan.standard.section(letter))
    if not reading.may_edit_item(letter, group, None):
        raise NotAllowed("You can read this part of the plan. Someone else writes it.")
    return reading


def _page(
    reading: PlanReading, letter: str, errors: Mapping[str, str] | None = None, tells_hidden: bool = False
) -> Response:
    plan, db = reading.plan, current.db()
    group = group_of(plan.standard.section(letter))
    found = [
        (each, giver_of(each.request), advice_drafting.rows_for(plan, letter, each))
        for each in advice_drafting.sources(db, reading)
    ]
    return render(
        "advice/drafting.html",
        json=lambda: {
            "plan": plan.id,
            "section": letter,
            "rows": [
                {"request": each.request.number, "row": row.address, "taken": row.taken}
                for each, _, rows in found
                for row in rows
            ],
        },
        reading=reading,
        plan=plan,
        section=reading.sections[letter],
        group=group,
        found=found,
        choices=[group.field(name) for name in asked_beside(group)],
        origins=advice_drafting.origins(reading, letter),
        flagged=advice_drafting.flagged_for(db, reading, letter),
        amount_of=amount_of,
        as_words=as_words,
        tells_hidden=tells_hidden,
        errors=errors or {},
        typed=request.form,
    )
