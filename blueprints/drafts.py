"""What is typed and not saved yet: kept every few seconds for whoever types it, and given back to nobody else."""

from flask import Blueprint, Response, request

from portal.auth.gate import needs
from portal.domain.content import Item
from portal.domain.permission import Permission
from portal.domain.standard import Group
from portal.operations import drafts
from portal.store import drafts as store
from portal.web import current
from portal.web.forms import load
from portal.web.item_form import from_item, from_sent
from portal.web.render import as_json
from portal.web.unsent_words import draft_of_form, draft_schema, keep_words, kept_or_too_soon

blueprint = Blueprint("drafts", __name__, url_prefix="/plans/<plan_id>")


@blueprint.post("/sections/<letter>/items/<group>/<item>/draft")
@needs(Permission.SECTION_EDIT, rescue=keep_words)
def keep(plan_id: str, letter: str, group: str, item: str) -> Response:
    """Keep an item's form as it stands. Typing is a sign of life, as any request is; nothing of the plan changes."""
    db, actor = current.db(), current.actor()
    look = current.glance(plan_id)
    shape, found = drafts.place_to_write(db, look.plan, actor, letter, group, item)
    load(draft_schema(shape), request.form)
    draft = draft_of_form(plan_id, letter, group, item)
    if not _says_anything(shape, found):
        store.drop(db, actor.person, plan_id, letter, group, draft.item)
        return as_json({"kept": None})
    return kept_or_too_soon(draft, look.drafts)


def _says_anything(shape: Group, item: Item | None) -> bool:
    """Whether the form differs from what is saved: words that were taken back leave nothing to keep."""
    typed, saved = from_sent(shape, item, 0, request.form).values, from_item(shape, item, 0).values
    return {name: _said(value) for name, value in typed.items()} != {name: _said(each) for name, each in saved.items()}


def _said(value: object) -> object:
    if isinstance(value, dict):
        return {name: str(part) for name, part in value.items() if part}
    if isinstance(value, list):
        return sorted(each for each in value if each)
    return value.replace("\r\n", "\n") if isinstance(value, str) else value
