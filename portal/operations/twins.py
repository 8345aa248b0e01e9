"""Read, write and check a section in easier words or another language."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.domain import twin_write as rules
from portal.domain.actor import Actor, Grant
from portal.domain.content import Content, Mark
from portal.domain.decision import Decision
from portal.domain.error import Invalid, NotFound
from portal.domain.moment import Moment
from portal.domain.permission import Permission
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading, Reach, filtered, read
from portal.domain.step_up import proven
from portal.domain.twin import Check, Twin, TwinReading, TwinState, read_twin, told_parts
from portal.domain.twin_wording import Wording, wording
from portal.domain.twin_write import Before, Sent
from portal.operations.act import act
from portal.store import drafts, people, revisions, twins
from portal.store.database import Database, Session
from portal.store.requests import Request

TWIN = "twin"  # in the place of a section's letter: where the unsent words of twins are kept, by letter and tag


@dataclass(frozen=True)
class Found:
    """A wording of a section as somebody may read it; `checkers` are the ids of those whom the council named."""

    wording: Wording
    reading: TwinReading
    checkers: frozenset[str]

    def must_be_there(self) -> Twin:
        """The twin; NotFound where nothing in it is this reader's to see."""
        if self.reading.twin is None:
            raise NotFound("no such twin")
        return self.reading.twin


def of_section(db: Database, reading: PlanReading, letter: str) -> list[tuple[Wording, TwinReading]]:
    """Every wording of a section in which there is something for this reader, by name."""
    if not _may_read(reading, letter):
        return []
    known = twins.of_section(db, reading.plan.id, letter)
    then = _then(db, reading, letter, known.values())
    found = [(wording(tag), read_twin(reading, letter, each, then)) for tag, each in known.items()]
    there = (each for each in found if each[1].state is not TwinState.UNWRITTEN)
    return sorted(there, key=lambda each: (not each[0].is_easy, each[0].name))


def find(db: Database, reading: PlanReading, letter: str, tag: str, number: int = 0) -> Found:
    """One wording of a section, by default as it was last written, be it that nothing is written yet."""
    if not _may_read(reading, letter):
        raise NotFound("not this reader's to see")
    named, plan_id = wording(tag), reading.plan.id
    twin = twins.find(db, plan_id, letter, tag, number) if number else twins.newest(db, plan_id, letter, tag)
    then = _then(db, reading, letter, [twin] if twin else [])
    return Found(named, read_twin(reading, letter, twin, then), twins.checkers(db, plan_id, letter, tag))


def earlier(db: Database, reading: PlanReading, letter: str, tag: str) -> list[tuple[int, Mark]]:
    """(number, by whom and when) of every revision of a wording that the reader may read, newest first."""
    return twins.earlier(db, reading.plan.id, letter, tag)


def readers_of(db: Database, reading: PlanReading, letter: str, moment: Moment) -> tuple[Grant, ...]:
    """Everybody with a live part in the plan, each once, of whom the council can name one to check a wording."""
    found: dict[str, Grant] = {}
    for each in people.grants_on(db, reading.plan.id, moment.wall):
        if rules.reads(each, reading.plan, letter, reading.actor.day):
            found.setdefault(each.person, each)
    return tuple(found.values())


def write(
    db: Database,
    actor: Actor,
    plan_id: str,
    letter: str,
    tag: str,
    sent: Sent,
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    """Save what a form sent. Raises StaleRevision with both texts where somebody else wrote other words first."""
    wording(tag)
    made: list[Twin] = []

    def decide(plan: Plan) -> Decision | None:
        made.clear()
        decided = rules.write(plan, actor, letter, tag, sent, _before(db, plan, actor, letter, tag, sent), moment)
        if decided is None:
            return None
        made.append(decided[1])
        return decided[0]

    def keep(session: Session) -> None:
        for each in made:
            twins.add(db, plan_id, each, session)
        drafts.drop(db, actor.person, plan_id, TWIN, letter, tag, session)

    return act(db, actor, plan_id, decide, request, keep)


def may_write(reading: PlanReading, letter: str) -> bool:
    """Whether the reader writes a section again in other words."""
    return reading.sections[letter].reach is Reach.WORKING and reading.may(Permission.SECTION_TWIN, letter)


def check(
    db: Database,
    actor: Actor,
    plan_id: str,
    letter: str,
    tag: str,
    seen: tuple[int, str],
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    """Say that the words of this number and hash say what the section says. Needs a fresh proof."""
    made: list[tuple[Twin, Check]] = []

    def decide(plan: Plan) -> Decision | None:
        made.clear()
        found = find(db, read(plan, actor, {}), letter, tag)
        decided = rules.check(plan, actor, found.reading, seen, found.checkers, moment)
        if decided is None:
            return None
        made.append((found.must_be_there(), decided[1]))
        return decided[0]

    def keep(session: Session) -> None:
        for twin, given in made:
            twins.add_check(db, plan_id, twin, given, session)

    return act(db, actor, plan_id, proven(actor, moment, decide), request, keep)


def name_checker(
    db: Database,
    actor: Actor,
    plan_id: str,
    letter: str,
    tag: str,
    person: str,
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    """The council names somebody who may check a wording; Invalid for whoever has no part in the plan."""
    wording(tag)
    made: list[Mark] = []

    def decide(plan: Plan) -> Decision | None:
        made.clear()
        grants = [each for each in people.grants_on(db, plan_id, moment.wall) if each.person == person]
        decision = rules.name_checker(plan, actor, letter, tag, grants, moment)
        if person in twins.checkers(db, plan_id, letter, tag):
            return None
        made.append(decision.by)
        return decision

    def keep(session: Session) -> None:
        for by in made:
            twins.name_checker(db, plan_id, letter, tag, person, by, session)

    return act(db, actor, plan_id, decide, request, keep)


def _may_read(reading: PlanReading, letter: str) -> bool:
    reading.plan.standard.section(letter)
    return reading.sections[letter].reach in (Reach.WORKING, Reach.FINAL)


def _before(db: Database, plan: Plan, actor: Actor, letter: str, tag: str, sent: Sent) -> Before:
    """What a form is judged against; Invalid for a revision or a number that never was."""
    reading, (_, head) = read(plan, actor, {}), plan.section(letter)
    twin = twins.newest(db, plan.id, letter, tag)
    if sent.revision > head.revision or sent.number > (twin.number if twin else 0):
        raise Invalid({"revision": "This page is out of order. Go back to the section and open it again."})
    same = twin is None or twin.number == sent.number
    base = twin if same else twins.find(db, plan.id, letter, tag, sent.number) if sent.number else None
    then = _then(db, reading, letter, [each for each in (twin, base) if each])
    parts = [told_parts(reading, letter, each, then) for each in (base, twin)]
    known = sent.revision == head.revision
    source = head.content if known else revisions.find(db, plan.id, letter, sent.revision).content
    return Before(source, twin, *parts)


def _then(db: Database, reading: PlanReading, letter: str, known: Iterable[Twin]) -> dict[int, Content]:
    """The section at the revisions that these were made from, as the reader may see them; none for finals alone."""
    section, plan = reading.sections[letter], reading.plan
    if section.reach is not Reach.WORKING:
        return {}
    numbers = {part.revision for each in known for part in each.parts} - {section.head.revision}
    found = revisions.of_numbers(db, plan.id, {letter: sorted(numbers)})
    return {each.number: filtered(plan, reading.actor, letter, each.content) for each in found}
