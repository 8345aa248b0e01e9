"""The page of a child's case: what happened beside what the law says, in days and in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.domain.case import facts_of
from portal.domain.case_steps import outstanding
from portal.domain.case_turn import YEARLY
from portal.domain.clocks.compute import Running
from portal.domain.clocks.event import Event, Kind
from portal.domain.clocks.name import NOBODY_IS_LATE, Clock
from portal.domain.clocks.projection import FINALS
from portal.domain.clocks.stage import Stage, stage
from portal.domain.elsewhere import holds_elsewhere, of_the_other_council, was_issued_here
from portal.domain.plan import Happened, Plan
from portal.web.case_words import ADVICE_OF, COUNTED, HAPPENED, LIMITS, MORE, SAID
from portal.web.filters import day, number_word

GUIDANCE = "SEND Code of Practice"


@dataclass(frozen=True)
class Line:
    """One thing that happened, on its day, and what the law said of it; `number` names it where it may be corrected."""

    on: date
    says: str
    by_law: str
    number: int = 0


@dataclass(frozen=True)
class Limit:
    """One clock as a row: how it stands as a tag (kind, words), and why its date is that date."""

    title: str
    due: date | None
    tag: tuple[str, str]
    why: tuple[str, ...]
    source: str
    guidance: bool


def lines_of(plan: Plan) -> list[Line]:
    """What happened so far and what is planned, by the day."""
    ordered = sorted(plan.happened, key=lambda each: (each.event.on, each.sequence))
    return [_line(plan, each) for each in ordered]


def _line(plan: Plan, happened: Happened) -> Line:
    event = happened.event
    met = [each for each in plan.clocks if each.answer is event and each.due]
    number = 0 if was_issued_here(plan, happened) else happened.sequence
    whose = " (by the other council)" if happened in of_the_other_council(plan) else ""
    return Line(event.on, said_of(event) + whose, " ".join(_kept(each) for each in met[:1]), number)


def _kept(running: Running) -> str:
    """ "The law’s last day was Monday 17 February: 3 days late"."""
    if running.met is None or running.due is None:
        return ""
    late = (running.met - running.due).days
    kept = f"{number_word(late, 'day')} late" if late > 0 else "in time"
    whose = "The Code’s" if running.source.startswith(GUIDANCE) else "The law’s"
    return f"{whose} last day was {day(running.due)}: {kept}."


def said_of(event: Event) -> str:
    """ "Advice was asked for: health"."""
    more = [SAID[word] for name, word in event.words.items() if name not in ("advice", "ref", "clock") and word in SAID]
    if event.ref and giver_of(event.ref):
        more.insert(0, giver_of(event.ref))
    if "clock" in event.words:
        more.insert(0, LIMITS[Clock(event.words["clock"])].lower())
    return HAPPENED[event.kind] + (f": {', '.join(more)}" if more else "")


def giver_of(ref: str) -> str:
    """Whose advice a ref names: its letter of regulation 6(1), and its number where there are several.

    Of a school that was consulted nothing but that number is known.
    """
    number = f"({ref[1:]})" if ref[1:] not in ("", "1") else ""
    return f"{ADVICE_OF.get(ref[:1], '')} {number}".strip()


def limits_of(plan: Plan, today: date) -> tuple[list[Limit], list[Limit]]:
    """Clocks that still run, the nearest first, and those that are met or over."""
    running = [each for each in plan.clocks if each.open and not _is_over(each, today)]
    settled = [each for each in plan.clocks if each not in running]
    return [_limit(each, today) for each in running], [_limit(each, today) for each in settled]


def _is_over(running: Running, today: date) -> bool:
    """Time that was left to somebody, with nothing on record that could meet it.

    Nor is the council late with saying that there will be no plan (reg 10(1)) while it goes on writing one.
    """
    left = running.clock in (*NOBODY_IS_LATE, Clock.NOTIFY_NO_PLAN) or not running.answerable
    return left and running.due is not None and running.due < today


def _limit(running: Running, today: date) -> Limit:
    about = giver_of(running.ref) if running.ref else ""
    title = LIMITS[running.clock] + (f": {about}" if about else "")
    guidance = running.source.startswith(GUIDANCE)
    return Limit(title, running.due, _tag(running, today), _why(running), running.source, guidance)


def _tag(running: Running, today: date) -> tuple[str, str]:
    if running.met:
        late = running.due and running.met > running.due
        return ("void" if late else "signed"), f"Done {day(running.met)}{', late' if late else ''}"
    if running.ended:
        return "empty", "No longer needed"
    if running.due is None:
        return "wait", "Not known yet"
    left = (running.due - today).days
    if left < 0:
        return ("empty", "Over") if _is_over(running, today) else ("void", f"{number_word(-left, 'day')} late")
    return "wait", f"{number_word(left, 'day')} left" if left else "Today is the last day"


def _why(running: Running) -> tuple[str, ...]:
    started = HAPPENED[running.event.kind]
    counted = f"{running.length[:1].upper()}{running.length[1:]}, counted from {day(running.starts)}."
    lawful = f"The law lets it be later: {SAID[running.exempt]}." if running.exempt else ""
    said = (f"{started}.", counted, COUNTED[running.counting], MORE.get(running.clock, ""), lawful)
    return tuple(each for each in said if each)


def story_of(plan: Plan, today: date) -> list[str]:
    """Where the case stands, in sentences for somebody who has never read a regulation."""
    case, found = plan.case, stage(plan.case)
    told = []
    if found is Stage.REQUESTED:
        told.append(_must(plan, Clock.DECIDE_TO_ASSESS, "decide whether to assess", today))
    asked, waits = len(case.of(Kind.ADVICE_REQUESTED)), len(outstanding(case))
    if found is Stage.ASSESSING and asked:
        came = "all of it has come" if not waits else f"{asked - waits} came so far"
        told.append(f"The council asked for {number_word(asked, 'piece')} of advice; {came}.")
    if found in (Stage.ASSESSING, Stage.DRAFTING):
        told += [_must(plan, each, "finish the plan, if there is to be one,", today) for each in FINALS]
    told.append(_in_force_elsewhere(plan) if holds_elsewhere(plan) else ENDED.get(found, ""))
    if found in (Stage.MAINTAINED, Stage.REVIEWING):
        told += [_must(plan, each, "finish the yearly review", today) for each in YEARLY]
    if found is Stage.AMENDING:
        told.append(_must(plan, Clock.AMENDMENT_NOTICE, "send the family the changes it plans", today))
        told.append(_must(plan, Clock.AMENDED_FINAL, "issue the amended plan", today))
    return [each for each in told if each]


ENDED = {
    Stage.NOT_BEGUN: "No request for an assessment is on record here.",
    Stage.REFUSED: "The council decided not to assess. That can be appealed.",
    Stage.NO_PLAN: "The council decided not to make a plan. That can be appealed.",
    Stage.MAINTAINED: "The plan is in force.",
    Stage.REVIEWING: "The plan is in force, and is being reviewed.",
    Stage.AMENDING: "The plan is in force, and is being amended.",
    Stage.CEASING: "The council decided that the plan is to cease. It stays in force while that can be appealed.",
}


def _in_force_elsewhere(plan: Plan) -> str:
    """What holds for a child who moved in, until a plan is issued here (SEND Regs 2014 reg 15(3))."""
    if plan.case.of(Kind.PLAN_TRANSFERRED):
        return "The plan that came with the child is in force here, as if this council had made it."
    return "The plan of the other council is in force there, and is to come over."


def _must(plan: Plan, clock: Clock, what: str, today: date) -> str:
    """ "The council must decide by Monday 17 February whether to assess", or that the day has passed."""
    found = next((each for each in plan.clocks if each.clock is clock and each.open and each.due), None)
    if found is None or found.due is None:
        return ""
    if found.due < today:
        return f"The council had to {what} by {day(found.due)}, and has not yet."
    return f"The council must {what} by {day(found.due)}."


def case_json(plan: Plan) -> dict[str, Any]:
    """Events and clocks as data, by the words of the outside contract (docs/clocks.md)."""
    return {
        "plan": plan.id,
        "stage": stage(plan.case),
        "events": [{"entry": each.sequence, "kind": each.event.kind, **facts_of(each.event)} for each in plan.happened],
        "clocks": [_clock_json(each) for each in plan.clocks],
    }


def _clock_json(running: Running) -> Mapping[str, Any]:
    days = {"starts": running.starts, "due": running.due, "met": running.met}
    return {
        "clock": running.clock,
        **{name: found.isoformat() if found else None for name, found in days.items()},
        "counting": running.counting,
        "source": running.source,
        "exempt": running.exempt,
        "ref": running.ref,
        **({"ended": running.ended.kind} if running.ended else {}),
    }
