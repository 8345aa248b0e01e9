"""Whether the plan gives what advice asked for: quantities held against each other, row by row."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from portal.domain.advice import Taken
from portal.domain.advice_form import as_words
from portal.domain.frequency import (
    A_SCHOOL_YEAR,
    A_YEAR,
    SCHOOL_WEEKS,
    Frequency,
    Length,
    Span,
    frequency_of,
    length_of,
)
from portal.domain.plan import Plan

Amount = Mapping[str, object]
_RATIO = re.compile(r"(\d{1,2})\s*(?::|to)\s*(\d{1,2})")


class Strength(StrEnum):
    """What the plan says of a quantity, beside what the advice says of it."""

    MISSING = "missing"
    WEAKER = "weaker"
    UNCLEAR = "unclear"  # both are said, in ways that can't be held against each other
    EQUAL = "equal"
    STRONGER = "stronger"


NEEDS_A_REASON = (Strength.MISSING, Strength.WEAKER, Strength.UNCLEAR)


@dataclass(frozen=True)
class AdvisedRow:
    """One row of provision that newest advice asks for: of which request, at which address of it."""

    request: int
    row: str
    section: str  # where it belongs while nothing was made of it
    what: str
    amount: Amount
    source: str  # "health professional, 3 March"


@dataclass(frozen=True)
class Flag:
    """A quantity of advice that the plan lacks or weakens; `item` is empty where nothing was made of the row."""

    advised: AdvisedRow
    section: str
    item: str
    number: str
    planned: str
    strength: Strength

    @property
    def key(self) -> str:
        """ "12-3": the third row of provision of the request that is entry 12."""
        return f"{self.advised.request}-{self.advised.row.rpartition('/')[2]}"

    @property
    def reason_key(self) -> str:
        """What the reason for it is sent under."""
        return f"advice_{self.key}"

    @property
    def sentence(self) -> str:
        """What a version says of it before the reason: both quantities."""
        place = f"{self.number}: " if self.item else ""
        planned = f"this plan says {self.planned}" if self.planned else "this plan says none"
        return f"{place}The advice ({self.advised.source}) says {self.wanted} of “{self.advised.what}”; {planned}."

    @property
    def wanted(self) -> str:
        return as_words(self.advised.amount)


def strength(advised: Amount, planned: Amount) -> Strength | None:
    """How a planned amount stands to an advised one; None where the advice says no number."""
    if not _numbers(advised):
        return None
    found = [each for each in (_how_much(advised, planned), _how_many(advised, planned)) if each]
    for worst in NEEDS_A_REASON:
        if worst in found:
            return worst
    return Strength.STRONGER if Strength.STRONGER in found else Strength.EQUAL


def _numbers(amount: Amount) -> bool:
    return any((_minutes(amount), _often(amount), _long(amount), _ratio(amount)))


def _minutes(amount: Amount) -> int:
    said = str(amount.get("minutes") or "")
    return int(said) if said.isdecimal() else 0


def _often(amount: Amount) -> Frequency | None:
    return frequency_of(str(amount.get("how_often") or ""))


def _long(amount: Amount) -> Length | None:
    return length_of(str(amount.get("how_long") or ""))


def _ratio(amount: Amount) -> Fraction | None:
    """Grown-ups for each child: 1:4 is a quarter."""
    found = _RATIO.fullmatch(str(amount.get("ratio") or "").strip())
    return Fraction(int(found[1]), int(found[2])) if found and int(found[2]) else None


def _how_many(advised: Amount, planned: Amount) -> Strength | None:
    wanted, given = _ratio(advised), _ratio(planned)
    if wanted is None:
        return None
    return Strength.MISSING if given is None else _compared(wanted, given)


def _how_much(advised: Amount, planned: Amount) -> Strength | None:
    """Minutes by how often by how long: more often for less long may come to the same."""
    wanted, given = (_minutes(advised), _often(advised)), (_minutes(planned), _often(planned))
    if any(asked and not said for asked, said in zip(wanted, given, strict=True)):
        return Strength.MISSING
    if _long(advised) and not _long(planned):
        return Strength.MISSING
    totals = _totals(wanted, given)
    if totals is None:
        return Strength.UNCLEAR
    lasting = _lasting(_long(advised), _long(planned))
    return _compared(totals[0] * lasting[0], totals[1] * lasting[1]) if any(wanted) or _long(advised) else None


def _totals(wanted: tuple[int, Frequency | None], given: tuple[int, Frequency | None]) -> tuple[int, int] | None:
    """Both amounts in one measure, by what the advice says; None where no stretch of time counts both."""
    minutes = (wanted[0], given[0]) if wanted[0] else (1, 1)
    if wanted[1] is None or given[1] is None:
        return minutes
    for measure in ({wanted[1].span: 1}, {Span.DAY: 7, Span.SCHOOL_DAY: 5, Span.WEEK: 1}, A_SCHOOL_YEAR, A_YEAR):
        if wanted[1].span in measure and given[1].span in measure:
            return (
                minutes[0] * wanted[1].times * measure[wanted[1].span],
                minutes[1] * given[1].times * measure[given[1].span],
            )
    return None


def _lasting(wanted: Length | None, given: Length | None) -> tuple[int, int]:
    """For how many weeks; advice that names no end is for the school year at least."""
    if given is None:
        return 1, 1
    return (wanted.weeks if wanted else SCHOOL_WEEKS), (given.weeks if wanted else min(given.weeks, SCHOOL_WEEKS))


def _compared(wanted: int | Fraction, given: int | Fraction) -> Strength:
    if given == wanted:
        return Strength.EQUAL
    return Strength.STRONGER if given > wanted else Strength.WEAKER


def flags(plan: Plan, taken: Iterable[Taken], advised: Iterable[AdvisedRow]) -> tuple[Flag, ...]:
    """Every advised quantity that the plan lacks or gives less of, in the order of the advice.

    Where several items were made of one row, the strongest counts.
    """
    links = tuple(taken)
    found = (_best(plan, links, each) for each in advised if _numbers(each.amount))
    return tuple(each for each in found if each.strength in NEEDS_A_REASON)


ORDER = tuple(Strength)


def _best(plan: Plan, taken: tuple[Taken, ...], advised: AdvisedRow) -> Flag:
    made = [each for each in taken if (each.request, each.row) == (advised.request, advised.row)]
    best = Flag(advised, advised.section, "", "", "", Strength.MISSING)
    for each in made:
        item = plan.sections[each.section].content.item(each.item)
        if item is None:
            continue
        amount = item.amount("amount")
        found = strength(advised.amount, amount) or Strength.EQUAL
        prefix = plan.standard.section(each.section).group(item.group).prefix
        flag = Flag(advised, each.section, item.id, f"{prefix}{item.number}", as_words(amount), found)
        if not best.item or ORDER.index(found) > ORDER.index(best.strength):
            best = flag
    return best


def unexplained(found: Iterable[Flag], reasons: Mapping[str, str]) -> dict[str, str]:
    """What is said beside each flag for which a version has no reason."""
    lacking = (each for each in found if not reasons.get(each.reason_key, "").strip())
    return {f"reason.{each.reason_key}": "Say why the plan gives less than the advice." for each in lacking}


def explained(given: Mapping[str, str], found: Iterable[Flag], reasons: Mapping[str, str]) -> dict[str, str]:
    """The reasons that a version carries, by section: its own, and one for each quantity that it weakens."""
    told = dict(given)
    for each in found:
        said = f"{each.sentence} {reasons[each.reason_key].strip()}"
        told[each.section] = "\n".join(filter(None, (told.get(each.section, ""), said)))
    return told
