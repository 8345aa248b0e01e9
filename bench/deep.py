"""Plans with sixty saves behind them, made by the product's own rules and store, and the same for the peers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zlib import crc32

from bench import seed
from bench.eve_peer import Document, document
from bench.plans import EFFECT, STRENGTHS
from bench.prose import Writer
from bench.seed import Person
from portal.domain.actor import Actor
from portal.domain.edit import ItemEdit, edit_item
from portal.domain.moment import Moment
from portal.domain.plan import Plan
from portal.operations.people import load_actor
from portal.store import ledger
from portal.store.database import Database

SAVES = 60
SEED = 7
FIRST = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
Told = Callable[[list[Plan]], None]


def words_of(plan_id: str, number: int) -> dict[str, str]:
    """The 600 words of a plan's save of that number; each begins with a mark of its own."""
    writer = Writer(crc32(f"{plan_id}:{number}".encode()))
    mark = mark_of(number)
    return {"effect": f"{mark} {writer.text(EFFECT)}", "strengths": f"{mark} {writer.text(STRENGTHS)}"}


def mark_of(number: int) -> str:
    return f"(save {number:02d})"


def sequence_of(number: int) -> int:
    """The chain sequence of a save: the plan's start is the first."""
    return number + 1


@dataclass(frozen=True)
class Deep:
    """A database of plans that were saved sixty times, and somebody who reads them."""

    db: Database
    reader: Person
    plans: list[Plan]


def deepen(db: Database, count: int, told: Told) -> Deep:
    """Save the first need of section B of every plan sixty times over, plan after plan, as working days would.

    `told` hears of all the plans as begun, and again after each round of saves.
    """
    reader = seed.caseworkers(db, 1)[0]
    actor = load_actor(db, reader.id, Moment(FIRST, datetime.now(UTC)))
    assert actor
    plans = [seed.begin(db, each, {}) for each in seed.texts(Writer(SEED), count)]
    told(plans)
    for number in range(1, SAVES + 1):
        at = FIRST + timedelta(days=number)
        plans = [_saved(db, actor, each, number, Moment(at, at)) for each in plans]
        told(plans)
    return Deep(db, reader, plans)


def _saved(db: Database, actor: Actor, plan: Plan, number: int, moment: Moment) -> Plan:
    content = plan.sections["B"].content
    edit = ItemEdit("needs", content.items[0].id, words_of(plan.id, number), content)
    decision = edit_item(plan, actor, "B", edit, moment)
    assert decision
    return ledger.save(db, plan, decision, None)


def for_eve(count: int) -> Iterator[list[Document]]:
    """The same plans as Eve keeps them: each as begun and after every save."""
    for plan in seed.texts(Writer(SEED), count):
        begun = document(plan)
        yield [begun, *(_with_words(begun, plan, number) for number in range(1, SAVES + 1))]


def section_texts(plan: Plan) -> Iterator[Document]:
    """Section B's items after each of the sixty saves."""
    for number in range(1, SAVES + 1):
        yield dict(_with_words(document(plan), plan, number)["section_b"])


def _with_words(begun: Document, plan: Plan, number: int) -> Document:
    need = plan.sections["B"].content.items[0].id
    section = {**begun["section_b"], need: {**begun["section_b"][need], **words_of(plan.id, number)}}
    return {**begun, "section_b": section}
