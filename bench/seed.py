"""Fills a database through the product's own store: people, their grants and sessions, and plans with a cast."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bench.plans import revisions_of, written_plan
from bench.prose import Writer
from portal.auth.session import ACR, AUTH_TIME
from portal.domain.actor import WHOLE_CASELOAD, Grant, Role
from portal.domain.agency import Agency, AgencyKind
from portal.domain.content import Mark
from portal.domain.decision import Decision
from portal.domain.event import Event, EventKind
from portal.domain.plan import Plan
from portal.operations import people as people_operations
from portal.store import caseload, ledger, people, sessions
from portal.store.database import Database, Session

AUTHORITY = "nmr"
COUNCIL = Agency("northmere-council", "Northmere Council SEN team", AgencyKind.COUNCIL, AUTHORITY)
# Who has a part in each plan, beside the council's whole team.
CAST = {
    "Nadia": Role.PARENT,
    "Yusuf": Role.PARENT,
    "Anita": Role.SENCO,
    "Helen": Role.EDUCATIONAL_PSYCHOLOGIST,
    "Ben": Role.HEALTH_CONTRIBUTOR,
    "Jo": Role.DESIGNATED_CLINICAL_OFFICER,
    "Lee": Role.SOCIAL_WORKER,
}
LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
BY = Mark("council", "Maria Silva", COUNCIL.slug, LONG_AGO)


@dataclass(frozen=True)
class Person:
    """Somebody with a live session; `cookie` is what their browser sends."""

    id: str
    cookie: str


@dataclass(frozen=True)
class Written:
    """A plan that is there: its id, its first need, and the revision and sequence it was left at."""

    id: str
    need: str
    revision: int
    sequence: int


def caseworkers(db: Database, count: int, authority: str = AUTHORITY) -> list[Person]:
    """Caseworkers over an authority's whole caseload, each signed on."""
    people.keep_agency(db, COUNCIL)
    return [_signed_on(db, f"caseworker-{number}", authority) for number in range(count)]


def manager(db: Database, authority: str = AUTHORITY) -> Person:
    """An SEN manager over an authority's whole caseload, signed on."""
    people.keep_agency(db, COUNCIL)
    return _signed_on(db, "manager", authority, Role.SEN_MANAGER)


def plans(db: Database, writer: Writer, count: int, authority: str = AUTHORITY) -> list[Written]:
    """Plans of about 40 KB, each with its own chain, its cast's grants and its rows on their lists."""
    cast = {name: people.known(db, "http://127.0.0.1:9/council", name, name) for name in CAST}
    return [left_at(begin(db, each, cast)) for each in texts(writer, count, authority)]


def texts(writer: Writer, count: int, authority: str = AUTHORITY) -> Iterator[Plan]:
    """The plans that `plans` saves: two writers with one seed make the same words, for the peers."""
    for _ in range(count):
        yield written_plan(writer.plan_id(authority), authority, writer, BY)


def with_own_plans(db: Database, writer: Writer, count: int, name: str = "own") -> tuple[Person, list[str]]:
    """A caseworker who has a part in so many plans, one grant each, and in no whole caseload; and those plans' ids."""
    person = people.known(db, "http://127.0.0.1:9/council", name, name)
    ids = [begin(db, each, {}).id for each in texts(writer, count)]
    for each in ids:
        people_operations.give(db, _grant(person, name, Role.SEN_CASEWORKER, each, AUTHORITY))
    return session_of(db, person), ids


def begin(db: Database, plan: Plan, cast: dict[str, str]) -> Plan:
    """Save a plan as begun, and give the cast their part in it."""
    started = Decision(plan, Event(EventKind.PLAN_STARTED), BY, COUNCIL.name, revisions_of(plan, BY))
    begun = ledger.begin(db, plan, started)

    def give_parts(session: Session) -> None:
        for name, person in cast.items():
            people.give(db, _grant(person, name, CAST[name], plan.id, plan.authority), session)
            caseload.add_reader(db, begun, person, CAST[name], session)

    db.transaction(give_parts)
    return begun


def left_at(plan: Plan) -> Written:
    head = plan.sections["B"]
    return Written(plan.id, head.content.items[0].id, head.revision, plan.sequence)


def _signed_on(db: Database, name: str, authority: str, role: Role = Role.SEN_CASEWORKER) -> Person:
    person = people.known(db, "http://127.0.0.1:9/council", f"{name}-{authority}", name)
    people_operations.give(db, _grant(person, name, role, WHOLE_CASELOAD, authority))
    return session_of(db, person)


def session_of(db: Database, person: str) -> Person:
    """A session as signing on leaves it."""
    cookie = sessions.new_session_id()
    data = {"_user_id": person, "_fresh": True, AUTH_TIME: 0, ACR: ""}
    sessions.keep(db, cookie, data, datetime.now(UTC), timedelta(hours=12))
    return Person(person, cookie)


def _grant(person: str, name: str, role: Role, scope: str, authority: str) -> Grant:
    return Grant(person, name, COUNCIL.slug, COUNCIL.name, role, authority, scope, LONG_AGO)
