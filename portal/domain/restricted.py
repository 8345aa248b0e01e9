"""What is kept from one reader of a plan, wherever it stands: a withheld value looks like an empty one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from portal.domain.actor import Actor, Role
from portal.domain.audience import CHILD, FACTS, Restriction, place_of
from portal.domain.content import Content, Item, Slot
from portal.domain.decision import Version
from portal.domain.error import Invalid
from portal.domain.hashing import Value
from portal.domain.permission import grants_on
from portal.domain.plan import Answer, Child, Note, Plan, SectionHead, SignOff
from portal.domain.standard import FieldKind

COUNCIL = (Role.SEN_CASEWORKER, Role.SEN_MANAGER)
SHORTEST = 6  # characters: shorter words stand in any text, and would withhold all of it
WORD = re.compile(r"\w+")
SAY_HIDDEN = (
    "This text holds words that are hidden from somebody, like an address. "
    "Take them out, or say below that it may be saved as it is."
)
NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True)
class Kept:
    """What one reader is not shown: the places restricted, and the words that stood there, in any text at all."""

    person: str = ""
    restrictions: tuple[Restriction, ...] = ()
    words: re.Pattern[str] = NOTHING

    @property
    def places(self) -> frozenset[str]:
        return frozenset(each.place for each in self.restrictions)

    @property
    def items(self) -> frozenset[str]:
        """The ids of the items that are withheld whole."""
        return frozenset(each.place.split("/")[1] for each in self.restrictions if each.is_item)

    def holds(self, value: Value) -> bool:
        """Whether a text, or a part of an amount, holds words that are withheld."""
        if isinstance(value, Mapping):
            return any(self.holds(each) for each in value.values())
        return isinstance(value, str) and bool(self.words.search(value))


def is_council(actor: Actor, plan: Plan) -> bool:
    """Whether the actor is of the SEN team that holds the plan, from whom nothing in it is kept."""
    return any(each.role in COUNCIL for each in grants_on(actor, plan))


def reads(actor: Actor, plan: Plan, restriction: Restriction) -> bool:
    """Whether a restriction lets somebody read what it withholds from others."""
    named = {actor.person, *(each.agency for each in grants_on(actor, plan))}
    return is_council(actor, plan) or not named.isdisjoint(restriction.readers)


def kept_from(plan: Plan, actor: Actor) -> Kept | None:
    """What is kept from a reader; None when nothing is, which is nearly always."""
    found = tuple(each for each in plan.restrictions if not reads(actor, plan, each)) if plan.restrictions else ()
    return Kept(actor.person, found, pattern(plan, found)) if found else None


# What a plan, a section and a cover are to somebody from whom something is kept


def plan_for(plan: Plan, actor: Actor) -> Plan:
    """The plan as if what is kept from the actor had never been filled in. It is to be shown, and never to be saved."""
    kept, plan = kept_from(plan, actor), _as_signed(plan, actor)
    if kept is None:
        return plan
    told = tuple(replace(each, words=words_of(plan, each)) for each in kept.restrictions)
    return replace(
        plan,
        child=_child(kept, plan.child),
        sections={letter: _head(kept, letter, head) for letter, head in plan.sections.items()},
        answers=tuple(_answer(kept, each) for each in plan.answers),
        restrictions=told,
    )


def _as_signed(plan: Plan, actor: Actor) -> Plan:
    """To all but the council a sign-off counts that was not whole: else it would tell that something is hidden."""
    partial = [name for name, head in plan.sections.items() if not all(each.whole for each in head.sign_offs)]
    if not partial or is_council(actor, plan):
        return plan
    for letter in partial:
        whole = tuple(replace(each, whole=True) for each in plan.sections[letter].sign_offs)
        plan = plan.with_section(letter, sign_offs=whole)
    return plan


def content_for(plan: Plan, actor: Actor, letter: str, content: Content) -> Content:
    """A section's content at any revision, without what is kept from the actor."""
    kept = kept_from(plan, actor)
    return _content(kept, letter, content) if kept else content


def version_for(plan: Plan, actor: Actor, version: Version) -> Version:
    """An issued version's cover, signers and reasons, without what is kept from the actor."""
    kept = kept_from(plan, actor)
    if kept is None:
        return version
    sections = tuple(
        replace(
            each,
            sign_offs=_sign_offs(kept, each.sign_offs),
            reason="" if kept.holds(each.reason) else each.reason,
        )
        for each in version.sections
    )
    return replace(version, cover=_child(kept, version.cover), sections=sections)


def text_for(plan: Plan, actor: Actor, text: str) -> str:
    """A reason, an answer or an agency's name: empty when it holds words that are kept from the actor."""
    kept = kept_from(plan, actor)
    return "" if kept and kept.holds(text) else text


def _child(kept: Kept, child: Child) -> Child:
    facts = {name: "" for name in FACTS if f"{CHILD}/{name}" in kept.places or kept.holds(str(getattr(child, name)))}
    return replace(child, **facts)  # type: ignore[arg-type]  # FACTS names only texts


def _head(kept: Kept, letter: str, head: SectionHead) -> SectionHead:
    return replace(
        head,
        content=_content(kept, letter, head.content),
        sign_offs=_sign_offs(kept, head.sign_offs),
        handed_over=_note(kept, head.handed_over),
        sent_back=_note(kept, head.sent_back),
    )


def _sign_offs(kept: Kept, sign_offs: tuple[SignOff, ...]) -> tuple[SignOff, ...]:
    return tuple(replace(each, agency_name="") if kept.holds(each.agency_name) else each for each in sign_offs)


def _note(kept: Kept, note: Note | None) -> Note | None:
    hides = note is not None and note.by.person != kept.person and kept.holds(note.words)
    return replace(note, words="") if note and hides else note


def _answer(kept: Kept, answer: Answer) -> Answer:
    hides = answer.by.person != kept.person and kept.holds(answer.words)
    return replace(answer, words="") if hides else answer


def _content(kept: Kept, letter: str, content: Content) -> Content:
    items = (each for each in content.items if place_of(letter, each.id) not in kept.places)
    return replace(content, items=tuple(item_for(kept, letter, each) for each in items))


def item_for(kept: Kept, letter: str, item: Item) -> Item:
    """An item that is not withheld whole, without the values that are."""
    slots = {name: _slot(kept, place_of(letter, item.id, name), slot) for name, slot in item.slots.items()}
    return item if all(slots[name] is slot for name, slot in item.slots.items()) else replace(item, slots=slots)


def _slot(kept: Kept, place: str, slot: Slot) -> Slot:
    if place in kept.places or (slot.writer != kept.person and kept.holds(slot.value)):
        return replace(slot, value=emptied(slot.value))
    if isinstance(slot.value, list | tuple) and not kept.items.isdisjoint(map(str, slot.value)):
        return replace(slot, value=[each for each in slot.value if each not in kept.items])
    return slot


def emptied(value: Value) -> Value:
    """The empty value of the same kind."""
    if isinstance(value, list | tuple):
        return []
    return {} if isinstance(value, Mapping) else ""


# The words that are withheld wherever they stand


def words_of(plan: Plan, restriction: Restriction) -> tuple[str, ...]:
    """The texts at a restricted place: as they stand, and as they stood before."""
    return tuple(dict.fromkeys(each for each in (*texts_at(plan, restriction.place), *restriction.words) if each))


class TellsHidden(Invalid):
    """A text holds words that are hidden from somebody: its writer takes them out, or saves it and knows."""


def must_not_tell(before: Plan, after: Plan, actor: Actor, letter: str) -> None:
    """Raises TellsHidden for each changed field of a section that tells what is restricted elsewhere.

    Only to a writer who reads it: nobody else may learn that they typed what is hidden from them.
    """
    known = tuple(each for each in before.restrictions if reads(actor, before, each))
    earlier = {slot for item in before.sections[letter].content.items for slot in map(id, item.slots.values())}
    telling = {
        name: SAY_HIDDEN
        for item in after.sections[letter].content.items
        for name, slot in item.slots.items()
        if id(slot) not in earlier and _elsewhere(before, known, letter, item.id, name).holds(slot.value)
    }
    if telling:
        raise TellsHidden(telling)


def _elsewhere(plan: Plan, known: tuple[Restriction, ...], letter: str, item: str, field: str) -> Kept:
    """The words that are hidden at other places than this one."""
    here = (place_of(letter, item), place_of(letter, item, field))
    return Kept(words=pattern(plan, tuple(each for each in known if each.place not in here)))


def remembering(before: Plan, after: Plan) -> Plan:
    """After a change: what stood in a restricted place goes on being withheld, in earlier revisions too."""
    if not after.restrictions:
        return after
    return replace(after, restrictions=tuple(_remembering(before, after, each) for each in after.restrictions))


def _remembering(before: Plan, after: Plan, restriction: Restriction) -> Restriction:
    gone = [each for each in texts_at(before, restriction.place) if each not in texts_at(after, restriction.place)]
    known = (*restriction.words, *(each for each in gone if each and each not in restriction.words))
    return replace(restriction, words=known)


def texts_at(plan: Plan, place: str) -> tuple[str, ...]:
    """What the plan says now at a place: a fact of the child, a field, or every text of an item."""
    letter, name, field = (*place.split("/"), "")[:3]
    if letter == CHILD:
        return (str(getattr(plan.child, name)),)
    item = plan.sections[letter].content.item(name)
    return item_texts(plan, letter, item, field) if item else ()


def item_texts(plan: Plan, letter: str, item: Item, field: str = "") -> tuple[str, ...]:
    """The words of one field, or of all that people wrote in an item: no key of a choice, no link, no amount."""
    written = (each.name for each in plan.standard.section(letter).group(item.group).fields if _is_written(each.kind))
    return tuple(item.text(name) for name in written if name == field or not field)


def _is_written(kind: FieldKind) -> bool:
    return kind in (FieldKind.TEXT, FieldKind.LINE)


def pattern(plan: Plan, restrictions: tuple[Restriction, ...]) -> re.Pattern[str]:
    """Finds any withheld words in a text, whatever spaces, punctuation and capitals stand between them."""
    texts = {(each.place == f"{CHILD}/address", text) for each in restrictions for text in words_of(plan, each)}
    phrases = sorted({phrase for is_address, text in texts for phrase in _phrases(text, is_address)})
    return re.compile("|".join(phrases), re.IGNORECASE) if phrases else NOTHING


def _phrases(text: str, is_address: bool) -> list[str]:
    """The whole text; of an address also its first line and whatever line has a number, as a postcode has."""
    lines = [each.strip() for each in re.split(r"[\n,]", text)] if is_address else []
    telling = [each for at, each in enumerate(lines) if at == 0 or any(map(str.isdigit, each))]
    return [_phrase(each) for each in (text, *telling) if len(each) >= SHORTEST]


def _phrase(text: str) -> str:
    if not any(map(str.isalpha, text)):  # a telephone number, however its digits are set apart
        return r"(?<!\d)" + r"\W*".join(re.findall(r"\d", text)) + r"(?!\d)"
    return r"(?<!\w)" + r"[\W_]+".join(map(re.escape, WORD.findall(text))) + r"(?!\w)"
