"""Edit a section's items, and read its revisions."""

from dataclasses import dataclass, replace

from portal.domain.actor import Actor
from portal.domain.compare import ItemChange, compare
from portal.domain.content import Content, Mark
from portal.domain.decision import Decision, Revision
from portal.domain.edit import ItemEdit, edit_item
from portal.domain.error import Invalid, NotFound, StaleRevision
from portal.domain.hashing import Value, digest
from portal.domain.identifier import new_item_id
from portal.domain.moment import Moment
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading, Reach, filtered
from portal.domain.restricted import must_not_tell
from portal.domain.set_aside import set_aside as set_words_aside
from portal.operations.act import act
from portal.store import drafts, revisions
from portal.store.database import Database, Session
from portal.store.requests import Request

AUTHORS_NAMED = 20  # saves of one item that are looked through for the people who made them


@dataclass(frozen=True)
class Submission:
    """What a form sent for one item: `item` is empty when one is added, `revision` is what the writer saw."""

    letter: str
    group: str
    item: str
    values: dict[str, Value]
    revision: int
    remove: bool = False
    tells: bool = False  # the writer knows that it holds words hidden from somebody, and saves it all the same

    @property
    def place(self) -> str:
        """Where a draft of it is kept (store/drafts.py)."""
        return f":{self.letter}:{self.group}:{self.item}"


@dataclass(frozen=True)
class SavedWith:
    """What others had saved of an item when somebody's words went in with theirs: their changes, and whose."""

    change: ItemChange
    by: tuple[Mark, ...]


def edit(
    db: Database,
    actor: Actor,
    plan_id: str,
    sent: Submission,
    moment: Moment,
    request: Request | None = None,
    unsent: bool = True,
    seen: Plan | None = None,
) -> Plan:
    """Save one item. Raises StaleRevision with both texts when somebody else changed the same field first,
    TellsHidden when it holds words that are hidden from somebody and the writer has not said that they know.

    `unsent` is false when nothing is kept for this item that was not sent: then nothing has to be dropped.
    `seen` is the plan, where it was loaded a moment ago.
    """
    new_id = new_item_id()

    def decide(plan: Plan) -> Decision | None:
        item_edit = ItemEdit(sent.group, sent.item, sent.values, _base(db, plan, sent), sent.remove)
        decision = edit_item(plan, actor, sent.letter, item_edit, moment, new_id)
        if decision and plan.restrictions and not sent.tells:
            must_not_tell(plan, decision.plan, actor, sent.letter)
        return decision

    def drop(session: Session) -> None:
        drafts.drop(db, actor.person, plan_id, sent.letter, sent.group, sent.item, session)

    return act(db, actor, plan_id, decide, request, drop if unsent else None, seen)


def set_aside(
    db: Database,
    actor: Actor,
    plan_id: str,
    sent: Submission,
    stale: StaleRevision,
    moment: Moment,
    request: Request | None = None,
) -> None:
    """Record the words of a save that clashed, whatever their writer then chooses; a form sent twice once."""
    once = request and replace(request, digest=digest([request.digest, "set aside"]))
    edit = ItemEdit(sent.group, sent.item, sent.values, Content())
    act(db, actor, plan_id, lambda plan: set_words_aside(plan, actor, sent.letter, edit, stale, moment), once)


def saved_with(db: Database, reading: PlanReading, letter: str, base: int, revision: int) -> SavedWith | None:
    """What others had saved of an item, beyond the revision its writer had, when the reader saved this revision of it.

    None where nobody had, or where somebody has changed the item again.
    """
    saved = (each for each in reading.sections[letter].content.items if each.revision == revision)
    item = next((each for each in saved if each.changed and each.changed.person == reading.actor.person), None)
    if item is None or revision - base < 2:
        return None
    _, _, changes = compare_revisions(db, reading, letter, base, revision - 1)
    change = next((each for each in changes if each.item.id == item.id and each.fields), None)
    by = _authors(db, reading.plan.id, letter, item.id, base, revision - 1)
    return SavedWith(change, by) if change and by else None


def _authors(db: Database, plan_id: str, letter: str, item: str, base: int, number: int) -> tuple[Mark, ...]:
    """Who saved an item after a revision and up to another, newest first; each person once."""
    found: dict[str, Mark] = {}
    for _ in range(AUTHORS_NAMED):
        one = revisions.find(db, plan_id, letter, number).content.item(item) if number > base else None
        if one is None or one.changed is None or one.revision <= base:
            break
        found.setdefault(one.changed.person, one.changed)
        number = one.revision - 1
    return tuple(found.values())


def _base(db: Database, plan: Plan, sent: Submission) -> Content:
    """The section as the writer had it before them; Invalid for a revision that never was."""
    _, head = plan.section(sent.letter)
    if sent.revision == head.revision:
        return head.content
    if sent.revision > head.revision:
        raise Invalid({"revision": "This page is out of order. Go back to the section and open it again."})
    return revisions.find(db, plan.id, sent.letter, sent.revision).content


def revisions_of(db: Database, reading: PlanReading, letter: str) -> list[Revision]:
    """Every saved change of a section as the reader may see it, newest first, for those who read the working text."""
    _must_see_working(reading, letter)
    plan, actor = reading.plan, reading.actor
    found = revisions.of_section(db, plan.id, letter)
    return [_told(reading, each, filtered(plan, actor, letter, each.content)) for each in found]


def _told(reading: PlanReading, revision: Revision, content: Content) -> Revision:
    return replace(revision, content=content, agency_name=reading.says(revision.agency_name))


def compare_revisions(
    db: Database, reading: PlanReading, letter: str, before: int, after: int
) -> tuple[Revision, Revision, tuple[ItemChange, ...]]:
    """Two revisions of a section and what changed between them, as the reader may see them."""
    _must_see_working(reading, letter)
    plan, actor = reading.plan, reading.actor
    old = revisions.find(db, plan.id, letter, before)
    new = revisions.find(db, plan.id, letter, after)
    standard = plan.standard.section(letter)
    contents = [filtered(plan, actor, letter, each.content) for each in (old, new)]
    old, new = (_told(reading, *each) for each in zip((old, new), contents, strict=True))
    return old, new, compare(standard, contents[0], contents[1], reading.names)


def _must_see_working(reading: PlanReading, letter: str) -> None:
    reading.plan.standard.section(letter)
    if reading.sections[letter].reach is not Reach.WORKING:
        raise NotFound("not this reader's to see")
