"""Conversations as they stand on a plan's chain: each remark an entry, with what was said beside it."""

from typing import Any

from portal.domain.actor import Role
from portal.domain.content import Mark
from portal.domain.conversation import KINDS, Conversation, ConversationKind, Quote, Remark
from portal.domain.event import EventKind
from portal.domain.plan import Plan
from portal.store.chain import NAMED
from portal.store.database import Database, Document
from portal.store.plans import of_plan

GONE = "Somebody no longer here"


def all_of(db: Database, plan: Plan) -> tuple[Conversation, ...]:
    """Every conversation there was in a plan up to its last entry, oldest first: for `hearing.heard` alone to show."""
    kinds = {"kind": {"$in": [each.value for each in KINDS]}}
    asked = {**of_plan(plan.id), **kinds, "sequence": {"$lte": plan.sequence}}
    links = list(db["chain"].aggregate([{"$match": asked}, {"$sort": {"sequence": 1}}, NAMED]))
    if not links:
        return ()
    numbers = {"sequence": {"$in": [each["sequence"] for each in links]}}
    said = {
        each["sequence"]: each.get("beside") or {} for each in db["statements"].find({**of_plan(plan.id), **numbers})
    }
    by_number: dict[int, list[Document]] = {}
    for each in links:
        by_number.setdefault(each["facts"]["facts"]["conversation"], []).append(each)
    return tuple(_conversation(number, found, said) for number, found in by_number.items())


def _conversation(number: int, links: list[Document], said: dict[int, dict[str, Any]]) -> Conversation:
    first = said.get(links[0]["sequence"], {})
    return Conversation(
        number=number,
        kind=ConversationKind(first.get("kind", ConversationKind.COMMENT)),
        section=links[0]["facts"]["section"],
        place=first.get("place", ""),
        quote=Quote(first.get("sentence", ""), first.get("before", ""), first.get("after", "")),
        remarks=tuple(_remark(each, said.get(each["sequence"], {})) for each in links),
    )


def _remark(link: Document, said: dict[str, Any]) -> Remark:
    facts = link["facts"]
    name = next((each["name"] for each in link["names"]), GONE)
    kind = EventKind(link["kind"])
    return Remark(
        number=link["sequence"],
        kind=kind,
        by=Mark(facts["who"], name, facts["agency"], link["at"]),
        role=Role(facts["facts"]["as"]),
        agency_name=facts["agency_name"],
        words=said.get("words", ""),
        wording=said.get("wording", ""),
        waits_for=said.get("waits_for", ""),
        revision=facts["revision"] if kind is EventKind.SUGGESTION_ACCEPTED else 0,
        shown=bool(said.get("shown")),
    )
