"""A plan, a section, a history as JSON at the same URLs, made from the same reading as the page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.domain.actor import Grant
from portal.domain.authors import AuthoredItem
from portal.domain.compare import FieldChange, ItemChange
from portal.domain.content import Content, Item
from portal.domain.decision import Revision, Version
from portal.domain.moment import stamp
from portal.domain.permission import Permission
from portal.domain.plan import Child, Plan, SignOff, VersionLine
from portal.domain.reading import PlanReading, SectionReading, number_of
from portal.domain.standard import SectionStandard
from portal.domain.unread import Unread
from portal.operations.sections import SavedWith
from portal.store.chain import Entry
from portal.web.item_form import ItemForm


def joined(parts: Mapping[str, str]) -> str:
    """An object of values that are JSON already; its names need no escaping."""
    return "{" + ",".join(f'"{name}":{text}' for name, text in sorted(parts.items())) + "}"


def plan_json(reading: PlanReading) -> dict[str, Any]:
    plan, history = reading.plan, reading.may(Permission.PLAN_HISTORY)
    return {
        "plan": plan.id,
        "standard": plan.standard.name,
        "state": plan.state.value,
        "sequence": plan.sequence if history else 0,  # a number that grows tells that something was written
        "head": plan.head.hex() if history else "",
        "child": {"name": plan.child.name, "called": plan.child.called},
        "sections": {letter: section_json(each) for letter, each in reading.sections.items()},
        "versions": [version_line_json(each) for each in reading.versions],
    }


def section_json(section: SectionReading) -> dict[str, Any]:
    head = section.head
    facts: dict[str, Any] = {
        "title": section.standard.title,
        "owner": section.standard.owner.value,
        "state": section.status.state.value,
        "readable": section.readable,
        "may_edit": section.may_edit,
        "may_sign": section.may_sign,
        "signed": [_signed_json(each, section.readable) for each in head.standing],
    }
    if section.readable:
        facts["revision"], facts["hash"] = head.revision, head.hash.hex()
        facts["items"] = [item_json(section.standard, each) for each in section.content.items]
    return facts


def _signed_json(sign_off: SignOff, readable: bool) -> dict[str, Any]:
    """Who signed and when for everybody; for which exact words only for those who read them."""
    return {key: value for key, value in sign_off_json(sign_off).items() if readable or key not in ("revision", "hash")}


def form_json(form: ItemForm | None) -> dict[str, Any]:
    """Why a form came back: what to put right, or both texts where two people changed the same field."""
    if form is None:
        return {}
    clashes = [{"field": each.field, "mine": each.mine, "theirs": each.theirs} for each in form.clashes]
    return {"errors": dict(form.errors), "clashes": clashes}


def _pieces(change: FieldChange) -> list[list[str]]:
    return [[piece.mark.value, piece.text] for piece in change.pieces]


def changes_json(changes: tuple[ItemChange, ...]) -> list[dict[str, Any]]:
    return [
        {
            "item": change.item.id,
            "mark": change.mark.value,
            "moved": change.moved,
            "fields": {
                each.field.name: [[piece.mark.value, piece.text] for piece in each.pieces] for each in change.fields
            },
        }
        for change in changes
    ]


def saved_with_json(saved: SavedWith | None) -> dict[str, Any]:
    """What others had saved of an item, when somebody's words went in together with theirs."""
    if saved is None:
        return {}
    by = [{"name": each.name, "at": stamp(each.at)} for each in saved.by]
    return {"saved_with": {"by": by, "changes": changes_json((saved.change,))}}


def unread_json(unread: Unread) -> dict[str, Any]:
    sections = [
        {
            "section": each.letter,
            "since": stamp(each.since_at),
            "from": each.since,
            "to": each.number,
            "changes": [
                {
                    "number": news.number,
                    "name": news.by.name,
                    "at": stamp(news.by.at),
                    "items": changes_json(news.changes),
                }
                for news in each.news
            ],
        }
        for each in unread.sections
    ]
    return {"count": unread.count, "sections": sections, "unopened": [each.letter for each in unread.unopened]}


def authors_json(items: tuple[AuthoredItem, ...], agencies: bool) -> list[dict[str, Any]]:
    """Each item's runs of words with who wrote them; without the agencies where they would tell too much."""
    return [
        {
            "item": each.item.id,
            "runs": [
                {
                    "name": run.origin.by.name,
                    "agency": run.origin.agency_name if agencies else "",
                    "at": stamp(run.origin.by.at),
                    "revision": run.origin.revision,
                    "taken_in_by": run.origin.taken_in.name if run.origin.taken_in else "",
                    "words": {field.name: text for field, text in run.words},
                }
                for run in each.runs
            ],
        }
        for each in items
    ]


def item_json(standard: SectionStandard, item: Item) -> dict[str, Any]:
    number = number_of(standard.group(item.group), item)
    values = {name: slot.value for name, slot in item.slots.items()}
    return {"id": item.id, "group": item.group, "number": number, "fields": values}


def sign_off_json(sign_off: SignOff) -> dict[str, Any]:
    return {
        "name": sign_off.by.name,
        "agency": sign_off.agency_name,
        "at": stamp(sign_off.by.at),
        "revision": sign_off.revision,
        "hash": sign_off.hash.hex(),
        "statement": sign_off.statement,
    }


def revision_json(revision: Revision, child: Child, standard: SectionStandard | None = None) -> dict[str, Any]:
    """One saved change; with its words where the section's standard is given."""
    facts: dict[str, Any] = {
        "section": revision.section,
        "revision": revision.number,
        "hash": revision.hash.hex(),
        "name": revision.by.name,
        "agency": "" if child.hidden_address else revision.agency_name,  # it may be the child's school
        "at": stamp(revision.by.at),
    }
    if standard:
        facts["items"] = [item_json(standard, each) for each in revision.content.items]
    return facts


def version_line_json(line: VersionLine) -> dict[str, Any]:
    return {"number": line.number, "kind": line.kind.value, "at": stamp(line.at.at), "hash": line.hash.hex()}


def version_json(plan: Plan, version: Version, contents: dict[str, Content]) -> dict[str, Any]:
    """An issued version with the contents this reader may see, and its manifest's lines for all."""
    sections = []
    for each in version.sections:
        line: dict[str, Any] = {"section": each.letter, "revision": each.revision, "hash": each.hash.hex()}
        line["agreed"] = each.agreed
        line["signed"] = [sign_off_json(signed) for signed in each.sign_offs]
        if each.letter in contents:
            standard = plan.standard.section(each.letter)
            line["reason"] = each.reason
            line["items"] = [item_json(standard, item) for item in contents[each.letter].items]
        sections.append(line)
    return {
        "plan": plan.id,
        "version": version.number,
        "kind": version.kind.value,
        "at": stamp(version.by.at),
        "hash": version.hash.hex(),
        "head": version.head.hex(),
        "sections": sections,
    }


def entry_json(entry: Entry, child: Child) -> dict[str, Any]:
    """One link with the name of who acted; without the agency, which may be a school, where the address is hidden."""
    kept = {"agency", "agency_name"} if child.hidden_address else set()
    facts = {name: value for name, value in entry.facts.items() if name not in kept}
    return {**facts, "name": entry.name, "previous": entry.previous.hex(), "entry": entry.hash.hex()}


def person_json(grant: Grant, opened: datetime | None, child: Child) -> dict[str, Any]:
    return {
        "name": grant.name,
        "role": grant.role.value,
        "agency": "" if child.hidden_address else grant.agency_name,
        "relation": grant.relation,
        "last_opened": stamp(opened) if opened else None,
    }
