"""The plan as it stood once any entry of its history was made."""

from typing import Any

from flask import Blueprint, Response, current_app

from portal.auth.gate import needs
from portal.domain.moment import stamp
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading, name_of
from portal.operations import plans
from portal.operations.past import Past, as_at
from portal.store.chain import Entry
from portal.web import current
from portal.web.event_words import sentence_of
from portal.web.json import entry_json, item_json, joined
from portal.web.kept import json_part, kept, reading_of
from portal.web.render import as_json, render, wants_json

blueprint = Blueprint("past", __name__, url_prefix="/plans/<plan_id>/as-at")


@blueprint.get("/<int:number>")
@needs(Permission.PLAN_HISTORY)
def show(plan_id: str, number: int) -> Response:
    """Every section's words at that entry, of those that the reader may see while they are written."""
    db, actor, moment = current.db(), current.actor(), current.moment()
    look = current.glance(plan_id)
    plans.open_loaded(db, look.plan, actor, moment)
    return kept(look.plan, (), lambda: _made(reading_of(look.plan), number, look.entry))


def _made(reading: PlanReading, number: int, entry: Entry | None) -> Response:
    plans.must_read_history(reading)
    past = as_at(current.db(), reading, number, entry)
    return as_json(_json(past)) if wants_json() else _page(past)


def _page(past: Past) -> Response:
    reading = past.reading
    standard = reading.plan.standard
    groups = [(standard.section(letter), item) for letter, each in past.contents.items() for item in each.items]
    return render(
        "plans/as_at.html",
        reading=reading,
        plan=reading.plan,
        past=past,
        names={item.id: name_of(section.group(item.group), item) for section, item in groups},
        sentence_of=sentence_of,
    )


def _json(past: Past) -> str:
    """Most sections stood as they do at other entries: each is put into JSON once, and the answer out of these."""
    plan, dumps = past.reading.plan, current_app.json.dumps
    sections = {letter: _section(past, letter) for letter in past.numbers}
    entry = dumps(entry_json(past.entry, plan.child))
    return joined({"plan": dumps(plan.id), "entry": entry, "sections": joined(sections)})


def _section(past: Past, letter: str) -> str:
    number = past.numbers[letter]
    signed = tuple((each.name, stamp(each.at)) for each in past.signed[letter])

    def make() -> dict[str, Any]:
        standard = past.reading.plan.standard.section(letter)
        items = [item_json(standard, each) for each in past.content(letter).items]
        return {"revision": number, "signed": [{"name": name, "at": at} for name, at in signed], "items": items}

    return json_part(past.reading.plan, (letter, number, signed), make)
