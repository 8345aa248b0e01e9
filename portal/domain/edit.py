"""Changing one item of a section, against what the writer had before them and never overwriting (merge.py)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from portal.domain.actor import Actor
from portal.domain.audience import place_of
from portal.domain.content import Content, Item, Mark, Slot, blank_item, content_hash, empty_value, new_salt
from portal.domain.decision import Decision, Revision, mark
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady, StaleRevision
from portal.domain.event import Event, EventKind
from portal.domain.hashing import Value
from portal.domain.merge import Clash, merge
from portal.domain.moment import Moment
from portal.domain.permission import Permission, grants_for, in_audience, may_edit_item
from portal.domain.plan import Plan
from portal.domain.restricted import Kept, item_for, kept_from, plan_for, remembering
from portal.domain.standard import Field, FieldKind, Group, SectionStandard
from portal.domain.state import PlanState

REMOVED = "removed"


@dataclass(frozen=True)
class ItemEdit:
    """What a form sent. `base` is the section as the writer saw it; `item` is empty when they add one."""

    group: str
    item: str
    values: Mapping[str, Value]
    base: Content
    remove: bool = False


def edit_item(
    plan: Plan, actor: Actor, letter: str, edit: ItemEdit, moment: Moment, new_id: str = ""
) -> Decision | None:
    """The decision to save, or None when the edit changes nothing (no revision is made of it).

    Raises NotAllowed, NotReady, Invalid, NotFound, and StaleRevision with a Clash for each field in
    which somebody else changed the same words meanwhile; changes that do not touch go in together.
    """
    standard, head = plan.section(letter)
    group = standard.group(edit.group)
    kept = kept_from(plan, actor)
    current = None if kept and place_of(letter, edit.item) in kept.places else head.content.item(edit.item)
    for each in filter(None, (current, edit.base.item(edit.item))):
        if each.group != edit.group:  # an address names the group an item stands in, and the right hangs on the group
            raise NotFound("no such item in this group")
    if current is None and head.content.item(edit.item):  # withheld whole: to this writer it was never there
        raise NotFound("no such item")
    edit = replace(edit, values=_writable(plan, actor, kept, place_of(letter, edit.item), current, edit.values))
    _must_be_open(plan, actor, standard, group, current)
    content = (
        _removed(head.content, group, edit)
        if edit.remove
        else _changed(plan, letter, head.content, group, edit, actor, new_id)
    )
    if content is None:
        return None
    grant = grants_for(actor, Permission.SECTION_EDIT, plan, letter)[0]
    by = mark(actor, grant, moment)
    number = head.revision + 1
    content = signed_by(content, head.content, by, number)
    digest = content_hash(letter, content)
    revision = Revision(letter, number, content, digest, by, grant.agency_name)
    after = plan.with_section(letter, content=content, revision=number, hash=digest, changed=by)
    event = Event(EventKind.SECTION_EDITED, letter, number, digest)
    return Decision(remembering(plan, after), event, by, grant.agency_name, (revision,))


def _writable(
    plan: Plan, actor: Actor, kept: Kept | None, place: str, item: Item | None, values: Mapping[str, Value]
) -> Mapping[str, Value]:
    """Without the values that are kept from the writer: their form shows those empty, and must not wipe them."""
    closed = {name for name, slot in item.slots.items() if not in_audience(actor, plan, slot.audience)} if item else ()
    places = kept.places if kept else ()
    return {name: value for name, value in values.items() if name not in closed and f"{place}/{name}" not in places}


def _must_be_open(plan: Plan, actor: Actor, standard: SectionStandard, group: Group, item: Item | None) -> None:
    if not may_edit_item(actor, plan, standard.letter, group, item):
        raise NotAllowed("You can read this part of the plan. Someone else writes it.")
    if plan.state not in standard.written_in:
        raise NotReady([why_closed(plan, standard)])


def why_closed(plan: Plan, standard: SectionStandard) -> str:
    """Why nobody can write in a section now, in a sentence."""
    if plan.state in (PlanState.FINAL, PlanState.CEASED):
        return "This plan has been issued. Its words can be changed only by an amendment."
    law = "Children and Families Act 2014, section 38(5)"
    return f"Section {standard.letter} stays empty until the family has answered the draft ({law})."


def _removed(content: Content, group: Group, edit: ItemEdit) -> Content | None:
    current, before = content.item(edit.item), edit.base.item(edit.item)
    if current is None:
        return None  # somebody else removed it first: the same answer
    if not group.repeats:
        raise NotFound("an item that is part of the standard")
    if before is None or _values(before) != _values(current):
        raise StaleRevision([Clash(REMOVED, REMOVED, current.text(group.title_field), current.changed)])
    return content.without(edit.item)


def _changed(
    plan: Plan, letter: str, content: Content, group: Group, edit: ItemEdit, actor: Actor, new_id: str
) -> Content | None:
    kept = kept_from(plan, actor)
    _check_links(plan_for(plan, actor), group, edit.values)
    if not edit.item:
        if not group.repeats:
            raise NotFound("a group that holds one item")
        return content.with_item(
            _filled(blank_item(group, new_id, actor.person if group.own_items else ""), edit.values, kept)
        )
    current, before = content.item(edit.item), edit.base.item(edit.item)
    if current is None and before is None:
        raise NotFound("no such item")
    if current is None or before is None:
        raise StaleRevision([Clash(REMOVED, value, "", None) for value in edit.values.values() if value])
    # A clash shows both texts, so each is taken as the writer sees it.
    theirs, was = (item_for(kept, letter, each) if kept else each for each in (current, before))
    merged, clashes = merge(group, theirs, was, edit.values)
    if clashes:
        clashing = {each.field for each in clashes}
        whole = {**_values(theirs), **merged}
        raise StaleRevision(clashes, {name: value for name, value in whole.items() if name not in clashing})
    return content.with_item(_filled(current, merged, kept)) if merged else None


def _filled(item: Item, values: Mapping[str, Value], kept: Kept | None) -> Item:
    """The item with new slots where a value differs; an unchanged field keeps its leaf and its salt."""
    slots = {
        name: _slot(slot, values[name], kept) if name in values and values[name] != slot.value else slot
        for name, slot in item.slots.items()
    }
    return replace(item, slots=slots)


def _slot(before: Slot, value: Value, kept: Kept | None) -> Slot:
    """A new value. Links to what the writer does not see stay; hidden words of their own stay theirs to see."""
    if kept and isinstance(value, list | tuple) and isinstance(before.value, list | tuple):
        value = sorted({*map(str, value), *kept.items.intersection(map(str, before.value))})
    return Slot(value, new_salt(), before.audience, writer=kept.person if kept and kept.holds(value) else "")


def signed_by(content: Content, before: Content, by: Mark, number: int) -> Content:
    """Each item that differs carries who changed it and in which revision."""
    items = tuple(
        each if each == before.item(each.id) else replace(each, changed=by, revision=number) for each in content.items
    )
    return replace(content, items=items)


def _values(item: Item) -> dict[str, Value]:
    return {name: slot.value for name, slot in item.slots.items()}


def _check_links(plan: Plan, group: Group, values: Mapping[str, Value]) -> None:
    """A link names an item that stands in one of the groups the field may link to."""
    for field in group.fields:
        chosen = values.get(field.name)
        if field.kind is not FieldKind.LINKS or not isinstance(chosen, list | tuple):
            continue
        known = {each.id for each in linkable(plan, field)}
        if not known.issuperset(str(each) for each in chosen):
            raise Invalid({field.name: "One of these is no longer in the plan. Choose again."})


def linkable(plan: Plan, field: Field) -> Iterator[Item]:
    """The items that a field may link to, in the order of the plan."""
    for target in field.links_to:
        letter, _, group = target.partition(".")
        yield from plan.sections[letter].content.in_group(group)


def blank_values(group: Group) -> dict[str, Value]:
    return {each.name: empty_value(each.kind) for each in group.fields}
