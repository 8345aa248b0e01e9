"""Writes a caseload in batches, each whole or not at all, so that one that was cut short is gone on with."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from demo.caseload import words
from demo.caseload.lived import Cast, Life, Person
from demo.caseload.story import Story, story_of
from portal.domain.agency import Agency, AgencyKind
from portal.domain.moment import local_day
from portal.store import bulk, people
from portal.store.bulk import Bulk
from portal.store.database import Database

NOBODYS = "https://nobody.invalid"  # an issuer that signs nobody on
BATCH = 25
SCHOOLS = (*words.PRIMARIES, *words.SECONDARIES, *words.SPECIAL, *words.COLLEGES)
# Every second one so: the worker makes the PDFs of what was issued one after another, and the children's own first.
BETWEEN_PDFS = timedelta(seconds=30)


@dataclass(frozen=True)
class Caseload:
    """So many cases of one authority, by the cast that lives through them."""

    cast: Cast
    count: int
    schools: dict[str, Person]
    now: datetime


def plan_id(authority: str, number: int) -> str:
    """The id of a case: it sorts behind any other, and tells that it was made up."""
    return f"{authority}-zzzz{number:012d}"


def ours(authority: str) -> tuple[str, str]:
    """The first and the last id that a made-up case can have."""
    return plan_id(authority, 0), plan_id(authority, 10**12 - 1)


def caseload(db: Database, cast: Cast, count: int, now: datetime) -> Caseload:
    """Makes the schools known, each with a SENCO whom nobody signs on as."""
    schools = {}
    for slug, name in SCHOOLS:
        slug = slug if cast.writes else f"{cast.authority}-{slug}"
        people.keep_agency(db, Agency(slug, name, AgencyKind.EDUCATION, cast.authority))
        schools[name] = person(db, f"SENCO of {name}", slug, name)
    return Caseload(cast, count, schools, now)


def demonstration(db: Database, authority: str, authority_name: str, manager: Person) -> Cast:
    """The cast of the demonstration's further cases, beside the manager who is there already."""
    caseworkers = tuple(person(db, each, manager.agency, manager.agency_name) for each in words.CASEWORKERS)
    health, care = words.DESIGNATED
    return Cast(
        authority,
        authority_name,
        "Northmere Integrated Care Board",
        manager,
        caseworkers,
        person(db, health, "northmere-icb", "Northmere Integrated Care Board"),
        person(db, care, "northmere-social-care", "Northmere Disabled Children's Team"),
    )


def bare(db: Database, authority: str) -> Cast:
    """A council of its own, whose plans hold a need and what happened, and few words."""
    name = f"Fictional Council {authority.upper()}"
    agency = Agency(f"{authority}-council", f"{name} SEN team", AgencyKind.COUNCIL, authority)
    people.keep_agency(db, agency)
    manager, *caseworkers = (
        person(db, each, agency.slug, agency.name) for each in ("The SEN manager", *words.CASEWORKERS)
    )
    return Cast(authority, name, f"{name}’s Integrated Care Board", manager, tuple(caseworkers))


def person(db: Database, name: str, agency: str, agency_name: str) -> Person:
    """Somebody fictional who has no account at any provider."""
    known = people.known(db, NOBODYS, f"{agency}/{name}", name)
    return Person(known, name, agency, agency_name)


def fill(db: Database, wanted: Caseload) -> Generator[int, None, None]:
    """Write what is not there yet; answers after each batch how many cases are there, of all that are wanted."""
    today = local_day(wanted.now)
    for first in range(0, wanted.count, BATCH):
        numbers = range(first, min(first + BATCH, wanted.count))
        ids = {plan_id(wanted.cast.authority, number): number for number in numbers}
        there = bulk.there(db, list(ids))
        left = [number for each, number in ids.items() if each not in there]
        if left:
            _write(db, wanted, left, today)
        yield numbers[-1] + 1


def _write(db: Database, wanted: Caseload, numbers: list[int], today: date) -> None:
    gathered = Bulk(db)
    for number in numbers:
        story = story_of(number, today, len(wanted.cast.workers))
        parent = _parent(gathered, wanted.cast.authority, story) if wanted.cast.writes else None
        life = Life(gathered, wanted.cast, story, plan_id(wanted.cast.authority, number), parent)
        plan = life.live()
        pdf_from = wanted.now + number * BETWEEN_PDFS if wanted.cast.writes else None
        gathered.end(plan, life.grants(wanted.schools[story.school[1]]), life.blank, pdf_from)
    gathered.write()


def _parent(gathered: Bulk, authority: str, story: Story) -> Person:
    """The child's parent, by an id that the case alone gives."""
    parent = f"{authority}{story.number:013d}"
    who = {"_id": parent, "issuer": NOBODYS, "subject": parent, "name": story.parent}
    gathered["people"].insert_one({**who, "authorities": [], "standing": ""})
    return Person(parent, story.parent, "family", "Family")
