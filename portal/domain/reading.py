"""What one person may read of a plan: every page, fragment and JSON answer is made from this and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from portal.domain.actor import Actor
from portal.domain.content import Content, Item, Slot
from portal.domain.edit import linkable
from portal.domain.joins import Joins
from portal.domain.permission import Permission, allows, in_audience, may_edit_item, sees_item, sees_version
from portal.domain.plan import FINAL_KINDS, Plan, SectionHead, VersionLine
from portal.domain.restricted import content_for, emptied, kept_from, plan_for, text_for
from portal.domain.section import SectionStatus, status_of
from portal.domain.standard import Field, Group, Needed, SectionStandard
from portal.domain.state import VersionKind
from portal.domain.thread import Knot, Thread, thread_of


class Reach(StrEnum):
    """Which text a reader is shown: what is being written, the last final, or that the section exists."""

    WORKING = "working"
    FINAL = "final"
    OWN = "own"
    NONE = "none"


@dataclass(frozen=True)
class SectionReading:
    """One section as the reader may see it; `content` holds nothing that is not theirs to read."""

    standard: SectionStandard
    head: SectionHead
    status: SectionStatus
    reach: Reach
    content: Content
    may_edit: bool
    may_sign: bool
    may_withdraw: bool

    @property
    def letter(self) -> str:
        return self.standard.letter

    @property
    def readable(self) -> bool:
        return self.reach is not Reach.NONE


@dataclass(frozen=True)
class PlanReading:
    """A whole plan as one person may see it: `plan` is without what is restricted from them, and never to be saved."""

    plan: Plan
    actor: Actor
    sections: Mapping[str, SectionReading]

    @cached_property
    def thread(self) -> Thread:
        return thread_of({letter: each.content.items for letter, each in self.sections.items()})

    @cached_property
    def names(self) -> dict[str, str]:
        """Printed words for each item that others link to: "B2 being understood"."""
        return {
            item.id: name_of(each.standard.group(item.group), item)
            for each in self.sections.values()
            for item in each.content.items
        }

    @cached_property
    def joins(self) -> Joins:
        placed = {item.id: Knot(letter, item) for letter, each in self.sections.items() for item in each.content.items}
        judged = (each for each in self.sections.values() if each.standard.needed in (Needed.SIGNED, Needed.AGREED))
        return Joins(self.plan, placed, self.thread, whole=all(each.readable for each in judged))

    def may_edit_item(self, letter: str, group: Group, item: Item | None) -> bool:
        open_now = self.plan.state in self.plan.standard.section(letter).written_in
        return open_now and may_edit_item(self.actor, self.plan, letter, group, item)

    def may(self, permission: Permission, letter: str = "") -> bool:
        asked = (permission, letter)
        if asked not in self._answered:
            self._answered[asked] = allows(self.actor, permission, self.plan, letter)
        return self._answered[asked]

    @cached_property
    def _answered(self) -> dict[tuple[Permission, str], bool]:
        """A page asks the same for each of its items."""
        return {}

    @cached_property
    def versions(self) -> tuple[VersionLine, ...]:
        """The issued versions of which this reader may see any section, newest first."""
        letters = self.plan.standard.letters
        return tuple(
            each
            for each in reversed(self.plan.versions)
            if any(sees_version(self.actor, self.plan, letter, each.kind) for letter in letters)
        )

    def may_read_words(self, section: str, author: str) -> bool:
        """Who may read the reason or answer beside an entry: whoever sees the section's working text; a plan's own
        words (an answer to the draft) their author and the council, since parents need not share them."""
        if section:
            return self.sections[section].reach is Reach.WORKING
        return author == self.actor.person or self.may(Permission.PLAN_FINALISE)

    def says(self, text: str, author: str = "") -> str:
        """A reason, an answer or an agency's name: empty when others wrote it and it tells what is kept from them."""
        return text if author == self.actor.person else text_for(self.plan, self.actor, text)

    def sees_place(self, place: str) -> bool:
        """Whether nothing at an item's place is kept from the reader; where words have no place, nothing is."""
        if not place:
            return True
        kept, at = kept_from(self.plan, self.actor), f"{place}/"
        hidden = (f"{each}/" for each in kept.places) if kept else ()
        return self._lists(place) and not any(each.startswith(at) or at.startswith(each) for each in hidden)

    def _lists(self, place: str) -> bool:
        """Whether an item is on the list as this reader sees it: not all see all advice (sees_item)."""
        letter, item = place.split("/")[:2]
        if self.plan.sections[letter].content.item(item):
            return self.sections[letter].content.item(item) is not None
        return letter != "K" or self.may(Permission.PLAN_FINALISE)  # taken out, nothing tells whose it was to read

    def linkable(self, field: Field) -> list[tuple[str, str]]:
        """(id, printed words) of what a field may link to, of the items that this person may see."""
        return [(each.id, self.names[each.id]) for each in linkable(self.plan, field) if each.id in self.names]


def name_of(group: Group, item: Item) -> str:
    """How an item is named where it is linked to: its printed number and its first words."""
    says = item.text(group.title_field)
    words = says if len(says) <= 60 else says[:60].rsplit(" ", 1)[0].rstrip(",;:") + " …"
    return f"{number_of(group, item)} {words}".strip()


def number_of(group: Group, item: Item) -> str:
    return f"{group.prefix}{item.number}" if group.prefix and item.number else ""


def read(plan: Plan, actor: Actor, finals: Mapping[str, Content]) -> PlanReading:
    """The plan for one reader; `finals` holds the last final's contents, for those who see finals only."""
    plan = plan_for(plan, actor)
    return PlanReading(plan, actor, {letter: _section(plan, actor, letter, finals) for letter in plan.standard.letters})


def reach_of(plan: Plan, actor: Actor, letter: str) -> Reach:
    if allows(actor, Permission.SECTION_VIEW, plan, letter):
        return Reach.WORKING
    final = plan.last_version(*FINAL_KINDS)
    if final and sees_version(actor, plan, letter, final.kind):
        return Reach.FINAL
    return Reach.OWN if allows(actor, Permission.SECTION_EDIT, plan, letter) else Reach.NONE


def _section(plan: Plan, actor: Actor, letter: str, finals: Mapping[str, Content]) -> SectionReading:
    standard, head = plan.section(letter)
    reach = reach_of(plan, actor, letter)
    open_now = plan.state in standard.written_in
    return SectionReading(
        standard,
        head,
        status_of(plan, letter),
        reach,
        _readable(plan, actor, letter, reach, head, finals),
        open_now and allows(actor, Permission.SECTION_EDIT, plan, letter),
        open_now and _is_signed(standard) and allows(actor, Permission.SECTION_SIGN, plan, letter),
        open_now
        and any(each.by.person == actor.person for each in head.sign_offs)
        and allows(actor, Permission.SECTION_WITHDRAW, plan, letter),
    )


def _is_signed(standard: SectionStandard) -> bool:
    """Whether the section is signed or agreed by itself; I and J are settled in the act of issuing."""
    return standard.needed in (Needed.SIGNED, Needed.AGREED)


def _readable(
    plan: Plan, actor: Actor, letter: str, reach: Reach, head: SectionHead, finals: Mapping[str, Content]
) -> Content:
    if reach is Reach.NONE:
        return Content()
    content = finals.get(letter, Content()) if reach is Reach.FINAL else head.content
    if reach is Reach.OWN:
        content = replace(content, items=tuple(each for each in content.items if each.owner == actor.person))
    return filtered(plan, actor, letter, content)


def filtered(plan: Plan, actor: Actor, letter: str, content: Content, kind: VersionKind | None = None) -> Content:
    """The content without the items and values kept from this reader; a withheld value looks like an empty one."""
    content = content_for(plan, actor, letter, content)
    items = tuple(
        _item_shown(plan, actor, each) for each in content.items if sees_item(actor, plan, letter, each, kind)
    )
    return replace(content, items=items)


def _item_shown(plan: Plan, actor: Actor, item: Item) -> Item:
    if not any(slot.audience for slot in item.slots.values()):
        return item
    return replace(item, slots={name: _shown(plan, actor, slot) for name, slot in item.slots.items()})


def _shown(plan: Plan, actor: Actor, slot: Slot) -> Slot:
    return slot if in_audience(actor, plan, slot.audience) else replace(slot, value=emptied(slot.value))
