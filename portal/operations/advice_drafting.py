"""Write a section from advice: what there is to take, taking it, where words came from, and what the plan weakens."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.domain import advice_taking as rules
from portal.domain.actor import ROLE_WORDS, Actor
from portal.domain.advice import AdviceRequest, Taken
from portal.domain.advice_asked import request_of, requests
from portal.domain.advice_form import NOUNS, Advice, Table
from portal.domain.advise import LIST
from portal.domain.decision import Decision
from portal.domain.dilution import Flag
from portal.domain.error import NotFound
from portal.domain.hashing import Value
from portal.domain.identifier import new_item_id
from portal.domain.moment import Moment, local_day
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading, Reach
from portal.domain.restricted import must_not_tell
from portal.operations.act import act
from portal.operations.advice_given import may_open, told
from portal.operations.dilution import flagged, words_of
from portal.operations.plans import reading_of
from portal.store import advice as store
from portal.store.database import Database
from portal.store.requests import Request


@dataclass(frozen=True)
class Source:
    """Advice that a section's writer may take from: the newest submission of a request, as they may read it."""

    request: AdviceRequest
    number: int
    advice: Advice
    words: str  # "health professional, 3 March 2026"


@dataclass(frozen=True)
class Row:
    """A row of advice that fits a section: its address, its texts, and the item that was made of it before."""

    address: str
    row: Mapping[str, str]
    taken: str = ""

    @property
    def title(self) -> str:
        """The question it answers, or what kind of row it is and the how many-th: "Help 2"."""
        table, _, number = self.address.partition("/")
        return self.row.get("question") or f"{NOUNS[Table(table)].capitalize()} {number}"


def sources(db: Database, reading: PlanReading) -> list[Source]:
    """The newest of each advice that was given here and that the reader may open, in the order it was asked for."""
    readable = [each for each in requests(reading.plan) if each.newest and may_open(reading, each)]
    return list(_sources(db, reading, readable))


def _sources(db: Database, reading: PlanReading, found: list[AdviceRequest]) -> Iterator[Source]:
    wanted = [(each.number, len(each.given)) for each in found]
    kept = {each.request: each for each in store.of_numbers(db, reading.plan.id, wanted)}
    for each in found:
        submitted = kept[each.number]
        advice = told(reading, submitted.advice, submitted.by.person)
        yield Source(each, submitted.number, advice, words_of(submitted))


def rows_for(plan: Plan, letter: str, source: Source) -> list[Row]:
    """What of some advice fits a section: rows first, then paragraphs."""
    made = {each.row: each.item for each in plan.taken if each.request == source.request.number}
    here = {each.id for each in plan.sections[letter].content.items}
    rows = [*_of_tables(letter, source.advice), *_paragraphs(source.advice)]
    return [Row(address, row, made[address] if made.get(address) in here else "") for address, row in rows]


def _of_tables(letter: str, advice: Advice) -> Iterator[tuple[str, Mapping[str, str]]]:
    for table, letters in rules.FITS.items():
        if letter in letters:
            yield from advice.table(table)


def _paragraphs(advice: Advice) -> Iterator[tuple[str, Mapping[str, str]]]:
    for address, part, text in advice.texts():
        yield address, {"question": part.label, "text": text}


def take(
    db: Database,
    actor: Actor,
    plan_id: str,
    letter: str,
    number: int,
    row: str,
    beside: Mapping[str, Value],
    moment: Moment,
    request: Request | None = None,
    tells: bool = False,
) -> tuple[Plan, str]:
    """Take a row of the newest advice of a request into a section; answers the plan, and the id of the item made."""
    new_id = new_item_id()

    def decide(plan: Plan) -> Decision:
        reading = reading_of(db, plan, actor)
        found = request_of(plan, number)
        source = next((each for each in sources(db, reading) if each.request.number == found.number), None)
        if source is None:
            raise NotFound("no such advice")
        decision = rules.take(plan, actor, letter, found, source.number, row, source.advice, beside, moment, new_id)
        if plan.restrictions and not tells:
            must_not_tell(plan, decision.plan, actor, letter)
        return decision

    return act(db, actor, plan_id, decide, request), new_id


def flagged_for(db: Database, reading: PlanReading, letter: str) -> list[Flag]:
    """The flags of a section, for whoever reads both: the section as it is written, and the advice."""
    readable = {each.number for each in requests(reading.plan) if each.given and may_open(reading, each)}
    found = (each for each in flagged(db, reading.plan) if each.section == letter)
    return [each for each in found if each.advised.request in readable and _is_told(reading, each)]


def _is_told(reading: PlanReading, flag: Flag) -> bool:
    texts = (flag.advised.what, flag.wanted, flag.planned)
    return all(reading.says(each) == each for each in texts)


def origins(reading: PlanReading, letter: str) -> dict[str, tuple[Taken, str]]:
    """Of each item of a section that was made of advice: where it came from, and in words whose advice and when."""
    plan = reading.plan
    found = {each.number: each for each in requests(plan)}
    here = {each.id for each in reading.sections[letter].content.items}
    told_of = (each for each in plan.taken if each.section == letter and each.item in here)
    return {each.item: (each, _whose(found[each.request], each)) for each in told_of if each.request in found}


def _whose(request: AdviceRequest, taken: Taken) -> str:
    given = next(each for each in request.given if each.number == taken.given)
    on = local_day(given.by.at)
    return f"{ROLE_WORDS[request.to.role]}, {on.day} {on:%B} {on.year}"


def listed_in(reading: PlanReading, items: Iterable[str]) -> dict[str, tuple[int, int]]:
    """(request, newest submission) of each line of section K that lists advice which was given here."""
    wanted = set(items)
    found = [each for each in requests(reading.plan) if each.newest]
    return {
        given.item: (each.number, each.given[-1].number)
        for each in found
        for given in each.given
        if given.item in wanted
    }


def beside_advice(db: Database, reading: PlanReading, letter: str) -> dict[str, Any]:
    """What a section's page says of advice: where words came from, what is weaker, and what its list lists."""
    section = reading.sections[letter]
    may_write = letter in rules.LETTERS and section.may_edit and section.reach is Reach.WORKING
    given = any(each.newest and may_open(reading, each) for each in requests(reading.plan))
    return {
        "origins": origins(reading, letter),
        "flagged": flagged_for(db, reading, letter) if section.reach is Reach.WORKING else [],
        "listed": listed_in(reading, (each.id for each in section.content.items)) if letter == LIST else {},
        "from_advice": may_write and given,
    }
