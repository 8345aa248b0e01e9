"""A child's plan of about 40 KB over sections A to K, made from the plan standard."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bench.prose import Writer
from portal.domain.content import Content, Item, Mark, Slot, blank_content, blank_item, content_hash
from portal.domain.decision import Revision
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.hashing import Value
from portal.domain.plan import Child, Plan, blank_plan
from portal.domain.standard import Field, FieldKind, Group

# How many items a group that repeats holds, and how long each text is, in bytes.
ITEMS = {
    "A.aspirations": 3, "A.parent-views": 2, "B.needs": 4, "C.needs": 2, "D.needs": 1, "E.outcomes": 4,
    "F.provision": 6, "G.provision": 2, "H1.provision": 1, "H2.provision": 1, "K.advice": 6,
}  # fmt: skip
SIZES = {
    "words": 900, "do": 450, "dont": 450, "hope": 120, "more": 300, "views": 900, "effect": 1100, "strengths": 500,
    "what": 700, "now": 400, "measure": 300, "arrangements": 600, "summary": 600,
}  # fmt: skip
LINE = 60
# A save changes two fields of one need: 600 words.
EFFECT, STRENGTHS = 2900, 700


def child(writer: Writer) -> Child:
    return Child(f"Child {writer.item_id()}", "Child", "they", date(2016, 5, 4), nhs_number="9990000018")


def written_plan(plan_id: str, authority: str, writer: Writer, by: Mark) -> Plan:
    """The plan with every section that may be written before a draft written once, so at revision 1."""
    plan = blank_plan(plan_id, authority, f"Council {authority}", child(writer))
    for section in EHC_PLAN.sections:
        if plan.state not in section.written_in:
            continue
        content = plan.sections[section.letter].content
        for group in section.groups:
            content = _written(plan, content, section.letter, group, writer, by)
        plan = at_revision(plan, section.letter, content, 1, by)
    return plan


def at_revision(plan: Plan, letter: str, content: Content, number: int, by: Mark) -> Plan:
    digest = content_hash(letter, content)
    return plan.with_section(letter, content=content, revision=number, hash=digest, changed=by)


def revisions_of(plan: Plan, by: Mark) -> tuple[Revision, ...]:
    """What the store keeps of a written plan: each section blank, then as it stands."""
    blanks = {each.letter: blank_content(each) for each in EHC_PLAN.sections}
    first = (Revision(letter, 0, content, content_hash(letter, content), by) for letter, content in blanks.items())
    heads = plan.sections.items()
    now = (Revision(letter, head.revision, head.content, head.hash, by, "SEN team") for letter, head in heads)
    return (*first, *(each for each in now if each.number))


def _written(plan: Plan, content: Content, letter: str, group: Group, writer: Writer, by: Mark) -> Content:
    if not group.repeats:
        blank = content.item(group.name)
        return content.with_item(_filled(plan, blank, group, writer, by)) if blank else content
    for _ in range(ITEMS.get(f"{letter}.{group.name}", 0)):
        blank = blank_item(group, writer.item_id(), by.person if group.own_items else "")
        content = content.with_item(_filled(plan, blank, group, writer, by))
    return content


def _filled(plan: Plan, item: Item, group: Group, writer: Writer, by: Mark) -> Item:
    values: Mapping[str, Value] = {each.name: _value(plan, each, writer) for each in group.fields}
    slots = {name: Slot(values[name], slot.salt) for name, slot in item.slots.items()}
    return replace(item, slots=slots, changed=by, revision=1)


def _value(plan: Plan, field: Field, writer: Writer) -> Value:
    if field.kind is FieldKind.TEXT:
        return writer.text(min(SIZES[field.name], field.limit))
    if field.kind is FieldKind.LINE:
        return writer.line(min(LINE, field.limit))
    if field.kind is FieldKind.CHOICE:
        return field.choices[0][0]
    if field.kind is FieldKind.AMOUNT:
        return {"minutes": 45, "how_often": "twice a week", "ratio": "1 to 1"}
    return sorted(_linked(plan, field))


def _linked(plan: Plan, field: Field) -> list[str]:
    """The first item of each group that the field may link to."""
    found = []
    for target in field.links_to:
        letter, _, group = target.partition(".")
        found += [each.id for each in plan.sections[letter].content.in_group(group)[:1]]
    return found
