"""Makes the cast known and lives through each fictional child's file, in a database that has no plan yet."""

import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from demo import children, contacts, letters
from demo.caseload import filling
from demo.caseload.lived import Person
from portal.config_providers import IdentityProvider
from portal.domain.actor import WHOLE_CASELOAD, Grant, Role
from portal.domain.agency import Agency, AgencyKind
from portal.operations import people
from portal.store import people as store
from portal.store.database import Database

FOLDER = Path(__file__).parent
CAST = FOLDER / "people.toml"
CHILDREN = FOLDER / "children"
AUTHORITY_NAME = "Northmere Council"
BEFORE = timedelta(days=400)  # the council's people were there before any of the children's plans


def seed(db: Database, providers: Iterable[IdentityProvider], only: Iterable[str] = (), cases: int = 0) -> str:
    """Load everybody (or the children named by `only`), and so many further cases; answers what was loaded."""
    if db["plans"].find_one({"authority": "nmr"}):
        return "There are children already; nothing was loaded."
    now = datetime.now(UTC)
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    actors = make_known(db, {each.slug: each.issuer for each in providers}, now)
    contacts.give(db, actors)
    letters.give(db, actors, now - BEFORE, now)
    files = sorted(each for each in CHILDREN.glob("*.toml") if not only or each.stem in set(only))
    plans = [children.live(db, each, actors, AUTHORITY_NAME, now) for each in files]
    for _ in filling.fill(db, _further(db, actors, cases, now)) if cases else ():
        pass
    steps = sum(plan.sequence for plan in plans)
    more = f", and {cases} cases round them" if cases else ""
    return f"Loaded {len(plans)} fictional children with {steps} steps of history{more}."


def _further(db: Database, actors: dict[str, str], cases: int, now: datetime) -> filling.Caseload:
    """The rest of the council's caseload, of which Maria is the manager."""
    manager = Person(actors["maria-silva"], "Maria Silva", "northmere-council", "Northmere Council SEN team")
    cast = filling.demonstration(db, "nmr", AUTHORITY_NAME, manager)
    return filling.caseload(db, cast, cases, now)


def make_known(db: Database, issuers: dict[str, str], now: datetime) -> dict[str, str]:
    """Agencies, people and caseload grants; answers each person's key with their id (and key:name with their name)."""
    cast = tomllib.loads(CAST.read_text(encoding="utf-8"))
    agencies = {each["slug"]: _agency(each) for each in cast["agency"]}
    for each in agencies.values():
        store.keep_agency(db, each)
    actors: dict[str, str] = {}
    for person in cast["person"]:
        issuer = issuers[person["provider"]]
        actors[person["key"]] = people.signed_on(db, issuer, person["key"], person["name"])
        actors[f"{person['key']}:name"] = person["name"]
        if "leads" in person:
            store.lead(db, actors[person["key"]], person["leads"])
    for facts in cast["grant"]:
        agency = agencies[facts["agency"]]
        key = facts["person"]
        people.give(
            db,
            Grant(
                person=actors[key],
                name=actors[f"{key}:name"],
                agency=agency.slug,
                agency_name=agency.name,
                role=Role(facts["role"]),
                authority=agency.authority,
                scope=WHOLE_CASELOAD,
                since=now - BEFORE,
                given_by="demonstration",
            ),
        )
    return actors


def _agency(facts: dict[str, str]) -> Agency:
    kind = AgencyKind(facts["kind"])
    return Agency(facts["slug"], facts["name"], kind, facts.get("authority", ""), bool(facts.get("second_person")))
