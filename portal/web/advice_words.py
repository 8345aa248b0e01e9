"""How a request for advice stands, in words and as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.domain.actor import ROLE_WORDS
from portal.domain.advice import AdviceRequest, AdviceState
from portal.domain.advice_asked import asks_of, due, requests, waits
from portal.domain.advise import answered_on, may_know
from portal.domain.clocks.compute import Running
from portal.domain.clocks.name import Clock
from portal.domain.moment import local_day, stamp
from portal.domain.permission import Permission
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading
from portal.operations.advice_given import Awaited
from portal.operations.openings import OF_EDUCATION
from portal.web.case_page import giver_of as giver_of_ref
from portal.web.case_words import ADVICE_OF
from portal.web.filters import day, number_word


@dataclass(frozen=True)
class AdviceLine:
    """One request as a row: of whom, how it stands as a tag (kind, words), by when, and for how long it has waited."""

    request: AdviceRequest
    giver: str
    who: str
    tag: tuple[str, str]
    due: date | None
    asked: str
    open: bool
    known: bool  # whether the reader may open it


def lines_of(reading: PlanReading, today: date) -> list[AdviceLine]:
    """Every request of a plan, what waits longest first, then what has come."""
    plan = reading.plan
    found = [_line(reading, each, today) for each in requests(plan)]
    return sorted(found, key=lambda each: (not each.open, each.due or date.max, each.request.number))


def _line(reading: PlanReading, found: AdviceRequest, today: date) -> AdviceLine:
    plan = reading.plan
    agency = "" if _tells_the_school(reading, found) else reading.says(found.to.agency_name)
    who = ", ".join(each for each in (found.to.name, agency) if each) or ROLE_WORDS[found.to.role]
    return AdviceLine(
        found,
        giver_of(found),
        who,
        _tag(plan, found, today),
        due(plan, found),
        _asked(found, today, waits(plan, found)),
        waits(plan, found),
        may_know(plan, reading.actor, found),
    )


def _tells_the_school(reading: PlanReading, found: AdviceRequest) -> bool:
    """Whether the agency's name may be the child's school, of a child whose address is hidden: the council asked it."""
    knows = reading.may(Permission.PLAN_PROCESS) or found.is_of(reading.actor.person)
    return reading.plan.child.hidden_address and found.to.role in OF_EDUCATION and not knows


def giver_of(found: AdviceRequest) -> str:
    """Whose advice it is, and its number where the council asked for several."""
    return ADVICE_OF[found.kind] + (f" ({found.ref[1:]})" if found.ref[1:] not in ("", "1") else "")


def _tag(plan: Plan, found: AdviceRequest, today: date) -> tuple[str, str]:
    came = answered_on(plan, found)
    if came:
        return "signed", f"Came on {day(came.on)}"
    if found.state is AdviceState.DECLINED:
        return "void", "Can’t give it"
    if found.state is AdviceState.NOT_KNOWN:
        return "void", "Not known to them"
    return left(due(plan, found), today)


def left(last: date | None, today: date) -> tuple[str, str]:
    """How a date still to be met stands."""
    if last is None:
        return "wait", "Waited for"
    days = (last - today).days
    if days < 0:
        return "void", f"{number_word(-days, 'day')} late"
    return "wait", f"{number_word(days, 'day')} left" if days else "Today is the last day"


def _asked(found: AdviceRequest, today: date, still: bool) -> str:
    """ "Asked on 3 March, 12 days ago. Asked again twice, last on 10 March."."""
    on = local_day(found.by.at)
    ago = f", {number_word((today - on).days, 'day')} ago" if still and today > on else ""
    again = ""
    if found.chased:
        times = {1: "once", 2: "twice"}.get(len(found.chased), f"{len(found.chased)} times")
        again = f" Asked again {times}, last on {day(found.chased[-1].at, weekday=False)}."
    return f"Asked on {day(on, weekday=False)}{ago}.{again}"


def others_of(plan: Plan) -> list[str]:
    """Advice that was asked for by letter or telephone, and is on record without a name: a sentence for each."""
    named = {each.ref for each in requests(plan)}
    clocks = [each for each in plan.clocks if each.clock is Clock.ADVICE and each.ref not in named]
    return [_other(each) for each in clocks]


def _other(running: Running) -> str:
    asked = f"Advice of {giver_of_ref(running.ref or '')}, asked for on {day(running.event.on, weekday=False)}"
    if running.met:
        return f"{asked}: came on {day(running.met, weekday=False)}"
    return f"{asked}: due by {day(running.due, weekday=False)}" if running.due else asked


@dataclass(frozen=True)
class InboxLine:
    """How a line of an inbox stands: its tag, and when it was asked."""

    tag: tuple[str, str]
    asked: str
    giver: str


def line_of(each: Awaited, today: date) -> InboxLine:
    tag = left(each.due, today) if each.open else _tag(each.plan, each.request, today)
    return InboxLine(tag, _asked(each.request, today, each.open), giver_of(each.request))


def asked_json(reading: PlanReading, found: AdviceRequest) -> dict[str, Any]:
    """A request as data: ids and days, and no words."""
    last = due(reading.plan, found)
    return {
        "number": found.number,
        "ref": found.ref,
        "kind": found.kind,
        "role": found.to.role,
        "state": found.state,
        "waits": waits(reading.plan, found),
        "due": last.isoformat() if last else None,
        "chased": [stamp(each.at) for each in found.chased],
        "given": [{"number": each.number, "at": stamp(each.by.at), "hash": each.hash.hex()} for each in found.given],
        "agreed": list(found.agreed),
    }


def inbox_json(mine: Sequence[Awaited], led: Sequence[Awaited]) -> dict[str, Any]:
    def one(each: Awaited) -> dict[str, Any]:
        last = each.due.isoformat() if each.due else None
        kind = {"plan": each.plan.id, "number": each.request.number, "kind": each.request.kind}
        return {**kind, "due": last, "open": each.open, "begun": stamp(each.begun) if each.begun else None}

    return {"mine": [one(each) for each in mine], "to_hand_on": [one(each) for each in led]}


def is_theirs(reading: PlanReading, found: AdviceRequest) -> bool:
    return found.is_of(reading.actor.person) and asks_of(reading.plan, found)
