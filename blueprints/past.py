"""The plan as it stood once any entry of its history was made."""

from typing import Any

from flask import Blueprint, Response

from portal.auth.gate import needs
from portal.domain.moment import stamp
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading, name_of
from portal.operations import plans
from portal.operations.past import Past, as_at
from portal.web import current
from portal.web.json import entry_json, item_json
from portal.web.kept import kept
from portal.web.render import render
from portal.web.words import sentence_of

blueprint = Blueprint("past", __name__, url_prefix="/plans/<plan_id>/as-at")


@blueprint.get("/<int:number>")
@needs(Permission.PLAN_HISTORY)
def show(plan_id: str, number: int) -> Response:
    """Every section's words at that entry, of those that the reader may see while they are written."""
    db, actor, moment = current.db(), current.actor(), current.moment()
    plan = current.glance(plan_id).plan
    plans.open_loaded(db, plan, actor, moment)
    return kept(plan, (), lambda: _page(plans.reading_of(db, plan, actor), number))


def _page(reading: PlanReading, number: int) -> Response:
    past = as_at(current.db(), reading, number)
    standard = reading.plan.standard
    groups = [(standard.section(letter), item) for letter, each in past.contents.items() for item in each.items]
    return render(
        "plans/as_at.html",
        json=lambda: _json(reading, past),
        reading=reading,
        plan=reading.plan,
        past=past,
        names={item.id: name_of(section.group(item.group), item) for section, item in groups},
        sentence_of=sentence_of,
    )


def _json(reading: PlanReading, past: Past) -> dict[str, Any]:
    sections = {}
    for letter, content in past.contents.items():
        standard = reading.plan.standard.section(letter)
        signed = [{"name": each.name, "at": stamp(each.at)} for each in past.signed[letter]]
        items = [item_json(standard, each) for each in content.items]
        sections[letter] = {"revision": past.numbers[letter], "signed": signed, "items": items}
    return {"plan": reading.plan.id, "entry": entry_json(past.entry, reading.plan.child), "sections": sections}
