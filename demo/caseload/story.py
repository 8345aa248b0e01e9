"""What is so of one fictional case: who the child is, at which school, and on which day each thing happened.

Everything follows from the case's number, so that the same number is the same child in every run. Shares are England's
(SEN2, reporting year 2025): decisions within six weeks, plans within twenty, review decisions within four, and needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from demo.caseload import words
from portal.domain.clocks.days import is_working_day
from portal.domain.event import EventKind as Kind
from portal.domain.hashing import Value
from portal.domain.plan import Child

NEEDS = (("communication", 53), ("semh", 21), ("cognition", 18), ("sensory", 8))
ADVICE = {"b": (14, 45), "d": (28, 85), "c": (25, 90), "e": (14, 50)}  # from and to so many days
# Of a hundred cases: the ages of their requests in days, from and to. What came of them follows from the dates.
NEW, UNDER_WAY, IN_FORCE = (0, 60), (45, 200), (170, 730)
LIVE = 300  # days after which few that came to nothing are still on a caseload
AGES = (*(12 * (NEW,)), *(28 * (UNDER_WAY,)), *(60 * (IN_FORCE,)))


@dataclass(frozen=True)
class Happening:
    """One thing put on record `on` a day, of that `day`; what is done to the plan itself is an `act` instead."""

    on: date
    day: date
    kind: Kind | None = None
    facts: Mapping[str, Value] = field(default_factory=dict)
    act: str = ""


@dataclass(frozen=True)
class Story:
    """One case. `school` is an agency's (slug, name); `worker` counts the caseworkers from 0."""

    number: int
    child: Child
    parent: str
    school: tuple[str, str]
    worker: int
    need: str
    happenings: tuple[Happening, ...]


def story_of(number: int, today: date, workers: int = len(words.CASEWORKERS)) -> Story:
    """The case of that number as it stands on a day."""
    random = Random(f"fictional case {number}")  # noqa: S311  (nothing secret is made by it)
    age = random.randint(*AGES[number * 37 % 100])
    requested = _working(today - timedelta(days=age))
    child, surname = _child(number, requested, random)
    school = _school(child, today, random)
    need = random.choices([each for each, _ in NEEDS], [share for _, share in NEEDS])[0]
    refused = random.random() < (0.25 if age < LIVE else 0.04)
    happenings = tuple(each for each in _life(requested, refused, random) if each.on <= today)
    parent = f"{random.choice(words.PARENTS)} {surname}"
    return Story(number, replace(child, school=school[1]), parent, school, number % workers, need, happenings)


def nhs_number(number: int) -> str:
    """The test range's number of that order: 999, six digits and the check digit, without those that have none."""
    digits = f"999{number:06d}"
    check = 11 - sum(int(digit) * (10 - at) for at, digit in enumerate(digits)) % 11
    return nhs_number((number + 500_000) % 1_000_000) if check == 10 else f"{digits}{check % 11}"


def _child(number: int, requested: date, random: Random) -> tuple[Child, str]:
    girl = random.random() < 0.28  # 72% of those with a plan are boys
    called, surname = random.choice(words.GIRLS if girl else words.BOYS), random.choice(words.SURNAMES)
    years = random.choices(range(3, 18), [3, 6, 8, 9, 9, 9, 9, 9, 8, 8, 7, 6, 4, 3, 2])[0]
    born = requested - timedelta(days=years * 365 + random.randint(1, 364))
    street = f"{random.randint(1, 90)} {random.choice(words.STREETS)}, Northmere"
    subject = "she" if girl else "he"
    return Child(f"{called} {surname}", called, subject, born, nhs_number(100_000 + number), address=street), surname


def _school(child: Child, today: date, random: Random) -> tuple[str, str]:
    age = child.age_on(today)
    if random.random() < 0.3:
        return random.choice(words.SPECIAL)
    if age < 11:
        return random.choice(words.PRIMARIES)
    return random.choice(words.SECONDARIES if age < 17 else words.COLLEGES)


def _life(requested: date, refused: bool, random: Random) -> list[Happening]:
    """Everything in order from the request to the end of the first yearly review, whether or not it is over."""
    decided = _after(requested, *((24, 42) if random.random() < 0.85 else (43, 70)), random)
    found = [_told(requested, Kind.REQUEST_RECEIVED)]
    if refused:
        return [*found, _told(decided, Kind.ASSESSMENT_REFUSED)]
    found.append(_told(decided, Kind.ASSESSMENT_AGREED))
    in_time = random.random() < 0.46
    issued = requested + timedelta(days=random.randint(*((118, 140) if in_time else (141, 270))))
    found += _assessment(decided, issued, random)
    if random.random() < 0.05:
        return [*found, _told(_working(decided + timedelta(days=70)), Kind.ISSUE_REFUSED)]
    drafted = _working(max(issued - timedelta(days=random.randint(26, 45)), decided + timedelta(days=20)))
    issued = _working(max(issued, drafted + timedelta(days=16)))
    found += [_done(drafted, "draft"), _done(issued, "final"), *_review(issued, random)]
    return sorted(found, key=lambda each: each.on)


def _assessment(decided: date, issued: date, random: Random) -> list[Happening]:
    """Advice, asked for the day after; what comes late may come after the draft."""
    asked, found = _after(decided, 1, 1, random), []
    for letter, (soonest, latest) in ADVICE.items():
        came = min(_after(asked, soonest, latest, random), _working(issued - timedelta(days=10)))
        found.append(_told(asked, Kind.ADVICE_REQUESTED, advice=letter))
        found.append(_told(max(came, asked), Kind.ADVICE_RECEIVED, ref=f"{letter}1"))
    if random.random() < 0.06:
        away = {"from": (asked + timedelta(days=20)).isoformat(), "to": (asked + timedelta(days=55)).isoformat()}
        found.append(_told(asked, Kind.EXEMPTION, clock="final_plan", reason="family_absent", **away))
    return found


def _review(issued: date, random: Random) -> list[Happening]:
    """The first yearly review, planned for its anniversary, and what was decided after it."""
    meeting = _after(issued, 300, 345, random)
    decided = _after(meeting, *((10, 28) if random.random() < 0.44 else (29, 80)), random)
    outcome = random.choices(("maintain", "amend", "cease"), (38, 60, 2))[0]
    amended = [_done(_after(decided, 1, 4, random), "amend"), _done(_after(decided, 30, 75, random), "amended")]
    return [
        replace(_told(meeting, Kind.REVIEW_MEETING_PLANNED), on=_working(meeting - timedelta(days=28))),
        _told(_working(meeting - timedelta(days=22)), Kind.REVIEW_NOTICE_SENT),
        _told(meeting, Kind.REVIEW_MEETING_HELD),
        _told(_after(meeting, 6, 9, random), Kind.REVIEW_REPORT_SENT),
        _told(decided, Kind.REVIEW_DECIDED, outcome=outcome),
        *(amended if outcome == "amend" else ()),
    ]


def _told(on: date, kind: Kind, **facts: Value) -> Happening:
    return Happening(on, on, kind, facts)


def _done(on: date, act: str) -> Happening:
    return Happening(on, on, act=act)


def _after(day: date, least: int, most: int, random: Random) -> date:
    return _working(day + timedelta(days=random.randint(least, most)))


def _working(day: date) -> date:
    """The day, or the last on which councils and schools were at work."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day
