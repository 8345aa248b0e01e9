"""A section: read it, change one item in place, see its earlier words and what changed between them."""

from dataclasses import replace

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.content import Item
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady, StaleRevision
from portal.domain.identifier import ITEM_ID
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading
from portal.domain.restricted import TellsHidden
from portal.domain.standard import Group
from portal.domain.state import VERSION_WORDS
from portal.operations import comparing, plans, sections
from portal.operations.advice_drafting import beside_advice
from portal.operations.conversations import waiting
from portal.operations.sections import SavedWith, Submission
from portal.operations.unread import open_section
from portal.store import drafts
from portal.store.drafts import Draft
from portal.store.plans import MovedOn
from portal.web import current
from portal.web.forms import CompareQuery, Form, item_schema, item_values, load
from portal.web.item_form import ItemForm, from_draft, from_item, from_sent, in_clash
from portal.web.json import changes_json, form_json, revision_json, saved_with_json, section_json
from portal.web.kept import kept
from portal.web.plan_words import news_of
from portal.web.render import go, render, wants_fragment
from portal.web.section_words import tag_of
from portal.web.submission import submission
from portal.web.twins import liked
from portal.web.unsent_words import keep_words

blueprint = Blueprint("sections", __name__, url_prefix="/plans/<plan_id>/sections/<letter>")
NEW = "new"


@blueprint.get("")
@needs(Permission.PLAN_VIEW)
def show(plan_id: str, letter: str) -> Response:
    """The section; after a save that went in with others' changes, its address says which, and the page shows them."""
    reading = _reading(plan_id, letter)
    asked = load(CompareQuery(), request.args) if "to" in request.args else None
    others = sections.saved_with(current.db(), reading, letter, asked["before"], asked["after"]) if asked else None
    return _page(reading, letter, None, saved_with=others)


@blueprint.get("/items/<group>/<item>")
@needs(Permission.SECTION_EDIT)
def edit(plan_id: str, letter: str, group: str, item: str) -> Response:
    """One item as a form, in place; with the writer's unsent words when there are some."""
    reading = _reading(plan_id, letter)
    shape, found = _place(reading, letter, group, item)
    if not reading.may_edit_item(letter, shape, found):
        raise NotAllowed("You can read this part of the plan. Someone else writes it.")
    draft = drafts.find(current.db(), current.actor().person, plan_id, letter, group, _stored(item))
    if draft:
        return _page(reading, letter, from_draft(shape, found, draft))
    return _page(reading, letter, from_item(shape, found, reading.sections[letter].head.revision))


@blueprint.post("/items/<group>/<item>")
@needs(Permission.SECTION_EDIT, rescue=keep_words)
def save(plan_id: str, letter: str, group: str, item: str) -> BaseResponse:
    """Save one item; 422 and 409 give the form back with every word in it."""
    shape = _shape(letter, group, item)
    db, actor, moment = current.db(), current.actor(), current.moment()
    try:
        sent = load(item_schema(shape), request.form)
        values = item_values(shape, sent, adding=item == NEW)
        edited = Submission(letter, group, _stored(item), values, sent["revision"], tells=sent["tells_hidden"] == "yes")
        ticket = submission(sent, [letter, group, item, values])
        look = current.glance(plan_id)
        others = tuple(each for each in look.drafts if each.place != edited.place)
        plan = sections.edit(db, actor, plan_id, edited, moment, ticket, others != look.drafts, look.plan)
    except Invalid as error:
        reading, form = _not_saved(plan_id, letter, shape, item)
        tells = isinstance(error, TellsHidden)
        shown = replace(form, errors=error.errors, tells_hidden=tells)
        return _page(reading, letter, shown, 422)
    except (NotReady, MovedOn):  # issued while somebody wrote, or too many at once: the words stay with their author
        keep_words(actor.person, dict(request.view_args or {}))
        raise
    except StaleRevision as error:
        keep_words(actor.person, dict(request.view_args or {}))
        sections.set_aside(db, actor, plan_id, edited, error, moment, ticket)
        reading, form = _not_saved(plan_id, letter, shape, item)
        revision = reading.sections[letter].head.revision
        return _page(reading, letter, in_clash(form, form.item, revision, error), 409)
    plans.open_loaded(db, plan, actor, moment)
    return _saved(plans.reading_of(db, plan, actor), letter, item, others, sent["revision"])


@blueprint.post("/items/<group>/<item>/remove")
@needs(Permission.SECTION_EDIT)
def remove(plan_id: str, letter: str, group: str, item: str) -> BaseResponse:
    reading = _reading(plan_id, letter)
    shape, _ = _place(reading, letter, group, item, gone_is_fine=True)
    _must_write(reading, letter)
    sent = load(item_schema(shape), request.form)
    edited = Submission(letter, group, item, {}, sent["revision"], remove=True)
    ticket = submission(sent, [letter, group, item, "remove"])
    try:
        plan = sections.edit(current.db(), current.actor(), plan_id, edited, current.moment(), ticket)
    except StaleRevision as error:
        now = _reading(plan_id, letter)
        form = from_item(shape, now.sections[letter].content.item(item), now.sections[letter].head.revision)
        clashed = ItemForm(shape, form.item, form.values, form.revision, clashes=error.clashes)
        return _page(now, letter, clashed, 409)
    return _saved(plans.reading_of(current.db(), plan, current.actor()), letter, "")


@blueprint.post("/items/<group>/<item>/discard")
@needs(Permission.PLAN_VIEW)
def discard(plan_id: str, letter: str, group: str, item: str) -> BaseResponse:
    """Throw away one's own unsent words, and nothing else."""
    reading = _reading(plan_id, letter)
    _place(reading, letter, group, item, gone_is_fine=True)
    load(Form(), request.form)
    drafts.drop(current.db(), current.actor().person, plan_id, letter, group, _stored(item))
    return go(url_for("sections.show", plan_id=plan_id, letter=letter))


@blueprint.get("/history")
@needs(Permission.SECTION_VIEW)
def history(plan_id: str, letter: str) -> Response:
    """Every saved change of a section; as JSON with every revision's words."""
    plan = current.glance(plan_id).plan
    plans.open_loaded(current.db(), plan, current.actor(), current.moment())
    return kept(plan, (), lambda: _history(plans.reading_of(current.db(), plan, current.actor()), letter))


def _history(reading: PlanReading, letter: str) -> Response:
    revisions = sections.revisions_of(current.db(), reading, letter)
    standard, child = reading.plan.standard.section(letter), reading.plan.child
    return render(
        "sections/history.html",
        json=lambda: {
            "plan": reading.plan.id,
            "revisions": [revision_json(each, child, standard) for each in revisions],
        },
        reading=reading,
        plan=reading.plan,
        section=reading.sections[letter],
        revisions=revisions,
        choices=comparing.choices(current.db(), reading, letter),
        kinds=VERSION_WORDS,
    )


@blueprint.get("/compare")
@needs(Permission.SECTION_VIEW)
def compare(plan_id: str, letter: str) -> Response:
    """Two revisions side by side in one text; without numbers, the newest and the one before it."""
    reading = _reading(plan_id, letter)
    asked = load(CompareQuery(), request.args)
    after = asked["after"] if "to" in request.args else reading.sections[letter].head.revision
    before = asked["before"] if "from" in request.args else max(after - 1, 0)
    old, new, changes = sections.compare_revisions(current.db(), reading, letter, before, after)
    return render(
        "sections/compare.html",
        json=lambda: {
            "from": revision_json(old, reading.plan.child),
            "to": revision_json(new, reading.plan.child),
            "changes": changes_json(changes),
        },
        reading=reading,
        plan=reading.plan,
        section=reading.sections[letter],
        old=old,
        new=new,
        changes=changes,
        choices=comparing.choices(current.db(), reading, letter),
        kinds=VERSION_WORDS,
    )


def _reading(plan_id: str, letter: str) -> PlanReading:
    reading = current.open_plan(plan_id)
    reading.plan.standard.section(letter)
    return reading


def _place(
    reading: PlanReading, letter: str, group: str, item: str, gone_is_fine: bool = False
) -> tuple[Group, Item | None]:
    """The group and item of an address, of what this person may see; NotFound for anything else."""
    shape = reading.plan.standard.section(letter).group(group)
    if item == NEW and shape.repeats and not shape.holds_files:
        return shape, None
    found = reading.sections[letter].content.item(item)
    if (found is None and not gone_is_fine) or not ITEM_ID.fullmatch(item) or (found and found.group != group):
        raise NotFound("no such item")
    return shape, found


def _shape(letter: str, group: str, item: str) -> Group:
    """The group that an address names, by the standard alone; NotFound for an address that no page has."""
    if not ITEM_ID.fullmatch(item):
        raise NotFound("no such item")
    return EHC_PLAN.section(letter).group(group)


def _not_saved(plan_id: str, letter: str, shape: Group, item: str) -> tuple[PlanReading, ItemForm]:
    """The plan as it stands and the form as it was sent; a stranger and a reader are refused before it is judged."""
    reading = _reading(plan_id, letter)
    _must_write(reading, letter)
    _, found = _place(reading, letter, shape.name, item, gone_is_fine=True)
    return reading, from_sent(shape, found, _revision(), request.form)


def _must_write(reading: PlanReading, letter: str) -> None:
    """Refuse a reader before their form is judged."""
    if not reading.may(Permission.SECTION_EDIT, letter):
        raise NotAllowed("You can read this part of the plan. Someone else writes it.")


def _stored(item: str) -> str:
    return "" if item == NEW else item


def _revision() -> int:
    sent = request.form.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 7 else 0


def _page(
    reading: PlanReading,
    letter: str,
    form: ItemForm | None,
    status: int = 200,
    just_saved: str = "",
    kept: tuple[Draft, ...] | None = None,
    saved_with: SavedWith | None = None,
) -> Response:
    """The section; `kept` are the reader's unsent words in this plan, where they have been read already."""
    section, opened = reading.sections[letter], request.method == "GET" and not current.is_by_itself(request)
    place = {"plan": reading.plan.id, "sequence": reading.plan.sequence}
    unsent_here = drafts.of_person(current.db(), reading.actor.person, reading.plan.id) if kept is None else kept
    return render(
        "sections/show.html",
        "sections/_section.html",
        json=lambda: {**place, **section_json(section), **form_json(form), **saved_with_json(saved_with)},
        status=status,
        reading=reading,
        plan=reading.plan,
        section=section,
        form=form,
        tag=tag_of(section),
        unsent=[each for each in unsent_here if each.section == letter],
        just_saved=just_saved,
        saved_with=saved_with,
        waiting=[each for each in waiting(current.db(), reading) if each.section == letter],
        news=open_section(current.db(), reading, letter, current.moment()) if opened else None,
        news_of=news_of,
        liked=liked(reading, letter) if form is None else None,
        **beside_advice(current.db(), reading, letter),
    )


def _saved(
    reading: PlanReading, letter: str, item: str, kept: tuple[Draft, ...] | None = None, base: int | None = None
) -> BaseResponse:
    """After a save: the section in place for HTMX, the section's own address for everyone else.

    `base` is the revision that the writer had before them: what others saved of the item since is shown with it.
    """
    address = url_for("sections.show", plan_id=reading.plan.id, letter=letter)
    revision = reading.sections[letter].head.revision
    others = None if base is None else sections.saved_with(current.db(), reading, letter, base, revision)
    if not wants_fragment():
        place = f"?from={base}&to={revision}#saved-with" if others else f"#item-{item}" if item and item != NEW else ""
        return go(address + place)
    content = reading.sections[letter].content
    if item == NEW and content.items:
        item = max(content.items, key=lambda each: (each.revision, each.number)).id
    response = _page(reading, letter, None, just_saved=item, kept=kept, saved_with=others)
    response.headers["HX-Push-Url"] = address
    return response
