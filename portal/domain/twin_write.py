"""Writing a twin, checking it, and naming who may: each binds to exact words, and nobody's are overwritten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.domain.actor import Actor, Grant
from portal.domain.content import Content, new_salt
from portal.domain.decision import Decision, mark
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady, StaleRevision
from portal.domain.event import Event, EventKind
from portal.domain.hashing import Value
from portal.domain.merge import Clash
from portal.domain.merge_text import merge_text
from portal.domain.moment import Moment
from portal.domain.permission import Permission, allows, grants_for
from portal.domain.plan import Plan
from portal.domain.reading import filtered
from portal.domain.twin import Check, Part, Twin, TwinReading, TwinState, source_of

LONGEST = 6000  # characters for one item, as its own longest field
STATEMENT = "I have read both, and these words say what section {letter} says, as far as they go."


@dataclass(frozen=True)
class Sent:
    """What a form sent: words by item, the items whose older words fit again, and what its writer had before them.

    `revision` is the section's and `number` the twin's, 0 where there was none.
    """

    words: Mapping[str, str]
    fits: frozenset[str]
    revision: int
    number: int


@dataclass(frozen=True)
class Before:
    """What a form is judged against: the section as it stood at `Sent.revision`, and the twin as it is now.

    `base` and `current` hold the parts that the writer could see in the twin they had before them, and can see now.
    """

    source: Content
    twin: Twin | None
    base: Mapping[str, Part]
    current: Mapping[str, Part]


def write(
    plan: Plan, actor: Actor, letter: str, tag: str, sent: Sent, before: Before, moment: Moment
) -> tuple[Decision, Twin] | None:
    """The twin with what was sent, and the entry that tells of it; None when it changes nothing.

    Raises NotAllowed, NotFound for an item that the writer can't see, and StaleRevision with a Clash for each item
    (its `field` is the item's id) for which somebody else wrote other words meanwhile.
    """
    grants = grants_for(actor, Permission.SECTION_TWIN, plan, letter)
    if not grants:
        raise NotAllowed("You can read this. Somebody else writes it in other words.")
    changed = _changed(plan, actor, letter, sent, before)
    if not changed:
        return None
    kept = [each for each in (before.twin.parts if before.twin else ()) if not _is_replaced(each, changed, before)]
    by = mark(actor, grants[0], moment)
    number = before.twin.number + 1 if before.twin else 1
    parts = tuple(sorted((*kept, *filter(None, changed.values())), key=lambda each: (each.item, len(each.made_from))))
    twin = Twin(letter, tag, number, parts, sent.revision, by, grants[0].agency_name, new_salt())
    return Decision(plan, _event(EventKind.TWIN_WRITTEN, plan, twin), by, grants[0].agency_name), twin


def _changed(plan: Plan, actor: Actor, letter: str, sent: Sent, before: Before) -> dict[str, Part | None]:
    """The parts that differ from now on, by item; None for one that was emptied."""
    standard, seen = plan.standard.section(letter), filtered(plan, actor, letter, before.source)
    stands: dict[str, str] = {}
    clashes: list[Clash] = []
    changed: dict[str, Part | None] = {}
    for name, mine in sent.words.items():
        item, whole = seen.item(name), before.source.item(name)
        if item is None or whole is None:
            raise NotFound("no such item")
        group = standard.group(item.group)
        part, words = before.current.get(name), _merged(name, mine, before)
        if isinstance(words, Clash):
            clashes.append(words)
            continue
        stands[name] = words
        made_from = tuple(dict.fromkeys((source_of(group, whole), source_of(group, item))))
        fits_again = part is not None and name in sent.fits and part.made_from != made_from
        if fits_again or words != (part.words if part else ""):
            changed[name] = Part(name, words, made_from, sent.revision, actor.person) if words else None
    if clashes:
        raise StaleRevision(clashes, stands)
    return changed


def _merged(item: str, mine: str, before: Before) -> str | Clash:
    """The words that stand for one item, three ways: as its writer would have them, as they are now, or both."""
    was, now = ((each[item].words if item in each else "") for each in (before.base, before.current))
    if mine in (was, now):
        return now
    if now == was:
        return mine
    merged = merge_text(was, mine, now)
    if merged.clashes or len(merged.mine) > LONGEST:
        return Clash(item, mine, now, before.twin.by if before.twin else None, merged.both)
    return merged.mine


def _is_replaced(part: Part, changed: Mapping[str, Part | None], before: Before) -> bool:
    """Whether a part makes way: not one its new writer can't see, nor one for readers who see less than they do."""
    if part.item not in changed or part != before.current.get(part.item):
        return False
    new = changed[part.item]
    return new is None or len(new.made_from) >= len(part.made_from)


def may_check(plan: Plan, actor: Actor, letter: str, found: TwinReading, named: frozenset[str]) -> bool:
    """Whoever may sign the section, and whoever the council has named for this wording and reads the section.

    Nobody from whom some of the words are kept: a check holds for all of them.
    """
    if not found.whole:
        return False
    if allows(actor, Permission.SECTION_SIGN, plan, letter):
        return True
    return actor.person in named and allows(actor, Permission.SECTION_VIEW, plan, letter)


def check(
    plan: Plan,
    actor: Actor,
    found: TwinReading,
    seen: tuple[int, str],
    named: frozenset[str],
    moment: Moment,
) -> tuple[Decision, Check] | None:
    """Say that the words which were read say what the section says; None when that has been said of them.

    `seen` is the number and the hash of the twin on the page. Raises NotAllowed, NotFound where there is no twin,
    StaleRevision when it was written anew since, and NotReady when it is out of date or the checker wrote in it.
    """
    twin = found.twin
    if twin is None:
        raise NotFound("no such twin")
    if not may_check(plan, actor, twin.letter, found, named):
        raise NotAllowed("You can read this. Somebody else checks it.")
    if seen != (twin.number, twin.hash.hex()):
        raise StaleRevision
    if twin.checked:
        return None
    refusal = why_not_checked(found, actor)
    if refusal:
        raise NotReady([refusal])
    grant = _grant(plan, actor, twin.letter)
    by = mark(actor, grant, moment)
    made = Check(by, grant.agency_name, twin.hash, STATEMENT.format(letter=twin.letter))
    signed_on: dict[str, Value] = {
        "issuer": actor.issuer,
        "subject": actor.subject,
        "acr": actor.acr,
        "auth_time": actor.auth_time,
    }
    event = replace(_event(EventKind.TWIN_CHECKED, plan, twin), beside=signed_on)
    return Decision(plan, event, by, grant.agency_name), made


def why_not_checked(found: TwinReading, actor: Actor) -> str:
    """Why somebody who may check these words can't check them now; empty when they can."""
    if found.state is TwinState.OUT_OF_DATE:
        return "The plan’s words have changed since these were written. First somebody brings these up to date."
    if any(each.part and each.part.writer == actor.person for each in found.lines):
        return "You wrote some of these words yourself. Somebody else checks them."
    return ""


def name_checker(plan: Plan, actor: Actor, letter: str, tag: str, parts: Sequence[Grant], moment: Moment) -> Decision:
    """The council names somebody, a translator say, who may check this wording of a section, by their live parts.

    Raises NotAllowed, and Invalid for somebody who has no part here by which they read the section.
    """
    grants = grants_for(actor, Permission.PLAN_FINALISE, plan, "")
    if not grants:
        raise NotAllowed("The council names who may check this.")
    if not any(reads(each, plan, letter, actor.day) for each in parts):
        raise Invalid({"person": "Choose somebody who can read this section."})
    head = plan.sections[letter]
    facts: dict[str, Value] = {"tag": tag, "person": parts[0].person}
    event = Event(EventKind.TWIN_CHECKER_NAMED, letter, head.revision, head.hash, facts)
    return Decision(plan, event, mark(actor, grants[0], moment), grants[0].agency_name)


def reads(part: Grant, plan: Plan, letter: str, day: date) -> bool:
    """Whether somebody reads a section by one part of theirs."""
    reader = Actor(part.person, part.name, "", "", (part,), day=day)
    return allows(reader, Permission.SECTION_VIEW, plan, letter)


def _grant(plan: Plan, actor: Actor, letter: str) -> Grant:
    signs = grants_for(actor, Permission.SECTION_SIGN, plan, letter)
    return (signs or grants_for(actor, Permission.SECTION_VIEW, plan, letter))[0]


def _event(kind: EventKind, plan: Plan, twin: Twin) -> Event:
    """An entry of the plan's chain: which words, by their salted hash, and none of them."""
    head = plan.sections[twin.letter]
    facts: dict[str, Value] = {"tag": twin.tag, "number": twin.number, "twin": twin.hash.hex()}
    return Event(kind, twin.letter, head.revision, head.hash, facts)
