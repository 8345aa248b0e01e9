"""What is said of a section: comments on its sentences, suggested wordings, messages, and how each was settled."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain import converse
from portal.domain.actor import ROLE_WORDS, Grant
from portal.domain.between_parents import is_parent
from portal.domain.compare import words as compared
from portal.domain.content import Item
from portal.domain.conversation import Conversation, ConversationKind
from portal.domain.error import Invalid, NotFound, StaleRevision
from portal.domain.permission import Permission
from portal.domain.plan import Plan
from portal.domain.quoted import whereabouts
from portal.domain.reading import PlanReading
from portal.domain.standard import Group
from portal.operations import between_parents, plans
from portal.operations import conversations as operations
from portal.operations.conversations import Said
from portal.web import current
from portal.web.conversation_forms import CommentForm, MessageForm, SettleForm, SuggestForm, pointed_in
from portal.web.conversation_words import conversation_json, sentences_of
from portal.web.forms import Form, load
from portal.web.render import go, render
from portal.web.submission import submission

blueprint = Blueprint("conversations", __name__, url_prefix="/plans/<plan_id>/sections/<letter>")
FORMS: dict[ConversationKind, type[Schema]] = {
    ConversationKind.COMMENT: CommentForm,
    ConversationKind.SUGGESTION: SuggestForm,
}


@blueprint.get("/conversations")
@needs(Permission.SECTION_VIEW)
def index(plan_id: str, letter: str) -> Response:
    return _index(*_opened(plan_id, letter, Permission.SECTION_VIEW), letter)


@blueprint.post("/conversations")
@needs(Permission.SECTION_VIEW)
def send(plan_id: str, letter: str) -> BaseResponse:
    """Send a message about the section as a whole."""
    plan, reading = _opened(plan_id, letter, Permission.SECTION_VIEW)
    try:
        sent = load(MessageForm(), request.form)
        shown = bool(sent["shown"])
        said = Said(ConversationKind.MESSAGE, letter, sent["words"], waits_for=sent["waits_for"], shown=shown)
        return _begin(plan_id, said, submission(sent, ["message", letter, sent["words"], sent["waits_for"], shown]))
    except Invalid as error:
        return _index(plan, reading, letter, error.errors)


@blueprint.get("/items/<group>/<item>/comment")
@needs(Permission.SECTION_COMMENT)
def comment_form(plan_id: str, letter: str, group: str, item: str) -> Response:
    return _form(ConversationKind.COMMENT, plan_id, letter, group, item)


@blueprint.post("/items/<group>/<item>/comment")
@needs(Permission.SECTION_COMMENT)
def comment(plan_id: str, letter: str, group: str, item: str) -> BaseResponse:
    return _point(ConversationKind.COMMENT, plan_id, letter, group, item)


@blueprint.get("/items/<group>/<item>/suggest")
@needs(Permission.SECTION_SUGGEST)
def suggest_form(plan_id: str, letter: str, group: str, item: str) -> Response:
    return _form(ConversationKind.SUGGESTION, plan_id, letter, group, item)


@blueprint.post("/items/<group>/<item>/suggest")
@needs(Permission.SECTION_SUGGEST)
def suggest(plan_id: str, letter: str, group: str, item: str) -> BaseResponse:
    return _point(ConversationKind.SUGGESTION, plan_id, letter, group, item)


@blueprint.get("/conversations/<int:number>")
@needs(Permission.SECTION_VIEW)
def show(plan_id: str, letter: str, number: int) -> Response:
    """One conversation; whoever is shown here how theirs was answered is told of it no more."""
    plan, reading = _opened(plan_id, letter, Permission.SECTION_VIEW)
    page = _page(plan, reading, letter, number)
    if not current.is_by_itself(request):
        operations.hear(current.db(), plan, reading, number, current.moment())
    return page


@blueprint.post("/conversations/<int:number>/accept")
@needs(Permission.SECTION_EDIT, page="conversations.show")
def accept(plan_id: str, letter: str, number: int) -> BaseResponse:
    """Take a suggested wording in, in one press; 409 with both texts where the sentence is not what it was."""
    plan, reading = _opened(plan_id, letter, Permission.SECTION_EDIT)
    sent = load(Form(), request.form)
    ticket = submission(sent, ["accept", letter, number])
    try:
        operations.accept(current.db(), current.actor(), plan_id, letter, number, current.moment(), ticket)
    except StaleRevision:
        return _page(plan, reading, letter, number, status=409)
    except Invalid as error:  # it holds words that are hidden from somebody
        return _page(plan, reading, letter, number, error.errors, 422)
    return go(_address(plan_id, letter, number))


@blueprint.post("/conversations/<int:number>/answer")
@needs(Permission.SECTION_EDIT, page="conversations.show")
def answer(plan_id: str, letter: str, number: int) -> BaseResponse:
    """Answer with a reason, or ask back: the button that was pressed says which."""
    plan, reading = _opened(plan_id, letter, Permission.SECTION_EDIT)
    db, actor, moment = current.db(), current.actor(), current.moment()
    operations.find(db, plan, actor, letter, number, moment)
    try:
        sent = load(SettleForm(), request.form)
        words, ask = sent["words"], sent["then"] == "ask"
        ticket = submission(sent, ["answer", letter, number, words, ask])
        operations.answer(db, actor, plan_id, letter, number, words, ask, moment, ticket)
    except Invalid as error:
        return _page(plan, reading, letter, number, error.errors, 422)
    return go(_address(plan_id, letter, number))


@blueprint.post("/conversations/<int:number>/reply")
@needs(Permission.SECTION_VIEW, page="conversations.show")
def reply(plan_id: str, letter: str, number: int) -> BaseResponse:
    plan, reading = _opened(plan_id, letter, Permission.SECTION_VIEW)
    db, actor = current.db(), current.actor()
    found = operations.find(db, plan, actor, letter, number, current.moment())
    try:
        sent = load(MessageForm(), request.form)
        shown = bool(sent["shown"])
        said = Said(found.kind, letter, sent["words"], waits_for=sent["waits_for"], shown=shown)
        ticket = submission(sent, ["reply", letter, number, sent["words"], sent["waits_for"], shown])
        operations.reply(db, actor, plan_id, number, said, current.moment(), ticket)
    except Invalid as error:
        return _page(plan, reading, letter, number, error.errors, 422)
    return go(_address(plan_id, letter, number))


@blueprint.post("/conversations/<int:number>/withdraw")
@needs(Permission.SECTION_VIEW, page="conversations.show")
def withdraw(plan_id: str, letter: str, number: int) -> BaseResponse:
    _opened(plan_id, letter, Permission.SECTION_VIEW)
    ticket = submission(load(Form(), request.form), ["withdraw", letter, number])
    operations.withdraw(current.db(), current.actor(), plan_id, letter, number, current.moment(), ticket)
    return go(_address(plan_id, letter, number))


def _opened(plan_id: str, letter: str, permission: Permission) -> tuple[Plan, PlanReading]:
    """The whole plan, and what this person reads of it; nobody's form is judged before they are let in."""
    db, actor = current.db(), current.actor()
    plan = current.glance(plan_id).plan
    plans.open_loaded(db, plan, actor, current.moment())
    operations.must(plan, actor, letter, permission)
    return plan, plans.reading_of(db, plan, actor)


def _begin(plan_id: str, said: Said, ticket: Any) -> BaseResponse:
    plan = operations.begin(current.db(), current.actor(), plan_id, said, current.moment(), ticket)
    mine = [each.number for each in plan.conversations if each.by.person == current.actor().person]
    number = mine[-1] if said.kind is not ConversationKind.MESSAGE and mine else 0
    address = url_for("conversations.index", plan_id=plan_id, letter=said.letter)
    return go(f"{address}#conversation-{number}" if number else address)


def _point(kind: ConversationKind, plan_id: str, letter: str, group: str, item: str) -> BaseResponse:
    plan, reading = _opened(plan_id, letter, converse.OPENED_BY[kind])
    shape, found = _place(reading, letter, group, item)
    try:
        sent = load(FORMS[kind](), request.form)
        pointed, wording, shown = pointed_in(sent, found.id), sent.get("wording", ""), bool(sent["shown"])
        said = Said(kind, letter, sent["words"], wording, pointed, shown=shown)
        place = [item, pointed.field, pointed.at, pointed.revision]
        return _begin(plan_id, said, submission(sent, [kind.value, letter, *place, sent["words"], wording, shown]))
    except Invalid as error:
        return _asked(kind, plan, reading, letter, shape, found, error.errors)


def _form(kind: ConversationKind, plan_id: str, letter: str, group: str, item: str) -> Response:
    plan, reading = _opened(plan_id, letter, converse.OPENED_BY[kind])
    return _asked(kind, plan, reading, letter, *_place(reading, letter, group, item))


def _place(reading: PlanReading, letter: str, group: str, item: str) -> tuple[Group, Item]:
    """An item that this person sees; NotFound for anything else."""
    shape = reading.plan.standard.section(letter).group(group)
    found = reading.sections[letter].content.item(item)
    if found is None or found.group != group:
        raise NotFound("no such item")
    return shape, found


def _asked(
    kind: ConversationKind,
    plan: Plan,
    reading: PlanReading,
    letter: str,
    shape: Group,
    item: Item,
    errors: dict[str, str] | None = None,
) -> Response:
    """The sentences of an item to choose from, and what is to be said of one."""
    return render(
        "conversations/point.html",
        reading=reading,
        plan=reading.plan,
        section=reading.sections[letter],
        group=shape,
        item=item,
        fields=sentences_of(shape, item),
        suggesting=kind is ConversationKind.SUGGESTION,
        parents=_other_parents(plan),
        chosen=request.values.get("sentence", ""),
        sent=request.form,
        errors=errors or {},
    )


def _index(plan: Plan, reading: PlanReading, letter: str, errors: dict[str, str] | None = None) -> Response:
    db, actor, parents = current.db(), current.actor(), _other_parents(plan)
    found = operations.about(db, plan, actor, letter, [each.person for each in parents])
    return render(
        "conversations/index.html",
        json=lambda: {"plan": plan.id, "section": letter, "conversations": [conversation_json(each) for each in found]},
        reading=reading,
        plan=reading.plan,
        section=reading.sections[letter],
        found=found,
        parents=parents,
        is_parent=is_parent(actor, plan),
        people=operations.may_be_waited_for(db, plan, actor, letter, current.moment()),
        role_words=ROLE_WORDS,
        sent=request.form,
        errors=errors or {},
    )


def _page(
    plan: Plan,
    reading: PlanReading,
    letter: str,
    number: int,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    db, actor = current.db(), current.actor()
    found = operations.find(db, plan, actor, letter, number, current.moment())
    section = reading.sections[letter]
    return render(
        "conversations/show.html",
        status=status,
        json=lambda: {"plan": plan.id, "section": letter, **conversation_json(found)},
        reading=reading,
        plan=reading.plan,
        section=section,
        found=found,
        stands=whereabouts(section.standard, section.content, found.item, found.field, found.quote),
        may_settle=found.is_open and converse.may_settle(plan, actor, found) and _is_about_words(found),
        clash=converse.clashing(plan, actor, found) if status == 409 else None,
        reworded=compared(found.quote.sentence, found.opening.wording),
        parents=_other_parents(plan),
        people=operations.may_be_waited_for(db, plan, actor, letter, current.moment()),
        role_words=ROLE_WORDS,
        sent=request.form,
        errors=errors or {},
    )


def _other_parents(plan: Plan) -> tuple[Grant, ...]:
    """Those who see what the reader lets them see, and whose words the reader sees; none for who is no parent."""
    return between_parents.others(current.db(), plan, current.actor(), current.moment())


def _is_about_words(conversation: Conversation) -> bool:
    return conversation.kind is not ConversationKind.MESSAGE


def _address(plan_id: str, letter: str, number: int) -> str:
    return url_for("conversations.show", plan_id=plan_id, letter=letter, number=number)
