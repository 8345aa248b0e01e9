"""The small world of the tests: one child, one plan, and a fixed cast with a part in it or none."""

import base64
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.auth.session import ACR, AUTH_TIME, PROVIDER
from portal.config import Settings
from portal.domain.actor import WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.agency import Agency, AgencyKind
from portal.domain.content import Mark
from portal.domain.hashing import Value
from portal.domain.identifier import new_request_id, random_id
from portal.domain.moment import Moment
from portal.domain.plan import Child, Plan
from portal.domain.rights import Matter
from portal.domain.state import VersionKind
from portal.operations import people, plans, rights, sections, sign_off
from portal.operations.sections import Submission
from portal.store import people as people_store
from portal.store import plans as plans_store
from portal.store import sessions
from portal.store.database import Database
from tests.given import give_at_once, known_at_once

PASSWORDS = {name: f"{name}-of-the-tests-0123456789" for name in ("app", "migrator", "retention", "backup")}
MASTER_KEY = bytes(range(96))
TOKEN = re.compile(r'name="csrf-token" content="([^"]*)"')

AGENCIES = {
    "family": Agency("family", "Family", AgencyKind.FAMILY, ""),
    "council": Agency("northmere-council", "Northmere Council SEN team", AgencyKind.COUNCIL, "nmr"),
    "care": Agency("northmere-social-care", "Northmere Disabled Children's Team", AgencyKind.CARE, "nmr"),
    "icb": Agency("northmere-icb", "Northmere Integrated Care Board", AgencyKind.HEALTH, "nmr"),
    "health": Agency("northmere-community-health", "Northmere Community Health", AgencyKind.HEALTH, "nmr"),
    "school": Agency("elm-road-primary", "Elm Road Primary School", AgencyKind.EDUCATION, "nmr"),
    "psychology": Agency("northmere-psychology", "Northmere Psychology", AgencyKind.EDUCATION, "nmr"),
    "elsewhere": Agency("southfell-council", "Southfell Council SEN team", AgencyKind.COUNCIL, "sfl"),
}
# key: (name, role, agency, whole caseload). `stranger` is signed on and has a grant in no plan of ours.
CAST: dict[str, tuple[str, Role, str, bool]] = {
    "parent": ("Nadia Rahman", Role.PARENT, "family", False),
    "other_parent": ("Yusuf Rahman", Role.PARENT, "family", False),
    "young_person": ("Sam Adeyemi", Role.YOUNG_PERSON, "family", False),
    "advocate": ("Ivy Brandt", Role.ADVOCATE, "family", False),
    "senco": ("Anita Patel", Role.SENCO, "school", False),
    "psychologist": ("Dr Helen Ward", Role.EDUCATIONAL_PSYCHOLOGIST, "psychology", False),
    "therapist": ("Ben Carter", Role.HEALTH_CONTRIBUTOR, "health", False),
    "dco": ("Jo Mensah", Role.DESIGNATED_CLINICAL_OFFICER, "icb", False),
    "social_worker": ("Lee Grant", Role.SOCIAL_WORKER, "care", False),
    "dsco": ("Fiona Marsh", Role.DESIGNATED_SOCIAL_CARE_OFFICER, "care", False),
    "caseworker": ("Chris Doyle", Role.SEN_CASEWORKER, "council", False),
    "other_caseworker": ("Priya Nair", Role.SEN_CASEWORKER, "council", False),
    "manager": ("Maria Silva", Role.SEN_MANAGER, "council", True),
    "other_manager": ("Robert Ainsley", Role.SEN_MANAGER, "council", True),
    "auditor": ("Grace Obi", Role.AUDITOR, "council", True),
    "admin": ("Sanjay Rao", Role.PLATFORM_ADMIN, "council", True),
    "stranger": ("Olive Finch", Role.SEN_CASEWORKER, "elsewhere", True),
}
WORDS = "needs short sentences, a picture for each step, and time to answer before anybody says it again"
# For issuing over every section that nobody has signed.
REASONS = dict.fromkeys(("A", "B", "C", "D", "E", "F", "G", "H1", "H2"), "The date is here.")


def environment(uri: str, database: str, provider_file: Path, url: str) -> dict[str, str]:
    return {
        "MONGODB_URI": uri,
        "PORTAL_DATABASE": database,
        "PORTAL_SECRET_KEY": "a secret of the tests, long enough to pass",
        "PORTAL_MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
        "PORTAL_PUBLIC_URL": url,
        "PORTAL_IDENTITY_PROVIDERS": str(provider_file),
        "PORTAL_ALLOW_HTTP_ISSUERS": "loopback",
        "PORTAL_DEMONSTRATION": "yes",
        "PORTAL_CLOCK_FILE": str(provider_file.with_name(f"clock-{database}")),
        "PORTAL_SIGN_IN_LIMIT": "off",
        "PORTAL_SAVE_LIMIT": "off",
        "PORTAL_READ_LIMIT": "off",
    }


def now() -> Moment:
    at = datetime.now(UTC)
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return Moment(at, at)


@dataclass
class World:
    """One plan and its cast. Methods act through the operations, as the routes do."""

    app: Flask
    db: Database
    settings: Settings
    plan_id: str
    people: dict[str, str] = field(default_factory=dict)

    def end_grants(self, place: dict[str, Any], until: datetime | None = None) -> int:
        """End what somebody was given, as a withdrawal does."""
        return self.db.transaction(lambda session: people_store.end(self.db, place, until or now().wall, session))

    def actor(self, key: str) -> Actor:
        """Somebody of the cast who has signed on this moment."""
        found = people.load_actor(self.db, self.people[key], now(), int(time.time()))
        assert found is not None
        return found

    def plan(self) -> Plan:
        return plans_store.load(self.db, self.plan_id)

    def edit(
        self, key: str, letter: str, group: str, values: dict[str, Value], item: str = "", revision: int = -1
    ) -> Plan:
        """Save one item; against the newest revision unless told otherwise."""
        newest = self.plan().sections[letter].revision
        sent = Submission(letter, group, item, values, newest if revision < 0 else revision)
        return sections.edit(self.db, self.actor(key), self.plan_id, sent, now())

    def add(self, key: str, letter: str, group: str, **values: Value) -> str:
        """Add an item; answers its id."""
        before = {each.id for each in self.plan().sections[letter].content.items}
        after = self.edit(key, letter, group, values)
        return next(each.id for each in after.sections[letter].content.items if each.id not in before)

    def sign(self, key: str, letter: str) -> Plan:
        head = self.plan().sections[letter]
        return sign_off.sign(self.db, self.actor(key), self.plan_id, letter, head.revision, head.hash.hex(), now())

    def sign_all(self) -> None:
        """Every sign-off a final asks for, each by whoever gives it."""
        signers = {"A": "parent", "B": "manager", "C": "dco", "D": "social_worker", "E": "manager"}
        signers |= {"F": "manager", "G": "dco", "H1": "social_worker", "H2": "social_worker"}
        for letter, key in signers.items():
            self.sign(key, letter)

    def issue(self, key: str, kind: VersionKind, **reasons: str) -> Plan:
        return plans.issue(self.db, self.actor(key), self.plan_id, kind, reasons, now())

    def write_a_little(self) -> dict[str, str]:
        """A plan with one thread from hope to provision; answers the ids by name."""
        hope = self.add("parent", "A", "aspirations", hope="That friends understand her", whose="child")
        effect = f"She {WORDS}."
        need = self.add("caseworker", "B", "needs", area="communication", need="Being understood", effect=effect)
        outcome = self.add(
            "caseworker", "E", "outcomes", what="She tells a friend a story", needs=[need], aspirations=[hope]
        )
        row = self.add("caseworker", "F", "provision", what="Speech therapy", needs=[need], outcomes=[outcome])
        health = self.add("therapist", "C", "needs", need="A hip that tires", effect="It aches after a short walk.")
        self.add("therapist", "G", "provision", what="Physiotherapy", needs=[health], outcomes=[outcome])
        return {"hope": hope, "need": need, "outcome": outcome, "provision": row, "health": health}

    def to_finalising(self) -> None:
        """Signed, issued as a draft, answered by the family, section I filled by the caseworker."""
        self.sign_all()
        self.issue("manager", VersionKind.DRAFT)
        plans.answer(self.db, self.actor("parent"), self.plan_id, "We agree with the draft.", now())
        plans.begin_finalising(self.db, self.actor("caseworker"), self.plan_id, now())
        school: dict[str, Value] = {"name": "Elm Road Primary School", "type": "Mainstream"}
        self.edit("caseworker", "I", "placement", school, "placement")

    def consent(self, by: str, to: str, *letters: str) -> Plan:
        """Somebody of the family lets an advocate, or a young person a parent, read these sections, or all."""
        chosen = letters or self.plan().standard.letters
        return rights.give_consent(self.db, self.actor(by), self.plan_id, self.people[to], chosen, None, now())

    def decides(self, key: str, *matters: Matter) -> Plan:
        """Record that somebody decides these matters, or all, instead of a young person who lacks capacity."""
        for each in matters or tuple(Matter):
            words = "Assessed by Dr Helen Ward."
            person = self.people[key]
            rights.record_capacity(self.db, self.actor("manager"), self.plan_id, each, person, words, now())
        return self.plan()

    def client(self, key: str, minutes_ago: int = 0) -> "Browser":
        """A plain HTTP client signed on as somebody, as the sign-on leaves a browser."""
        return Browser(self, key, minutes_ago)


class Browser:
    """An HTTP client with a session and the form token of its person."""

    def __init__(self, world: World, key: str, minutes_ago: int = 0) -> None:
        self.world = world
        self.http: FlaskClient = world.app.test_client()
        if key:
            self.sign_on(key, minutes_ago)

    def sign_on(self, key: str, minutes_ago: int = 0) -> None:
        """A session as auth/session.py makes it; the whole sign-on at a provider is tests/auth's to try.

        `minutes_ago` is when the provider last saw them sign on.
        """
        session_id = sessions.new_session_id()
        proved = int(time.time()) - 60 * minutes_ago
        data: dict[str, Any] = {"_user_id": self.world.people[key], "_fresh": True, AUTH_TIME: proved, ACR: ""}
        data[PROVIDER] = self.world.settings.providers[0].slug
        sessions.keep(self.world.db, session_id, data, datetime.now(UTC), timedelta(hours=12))
        self.session_id = session_id
        self.http.set_cookie("golden_thread_session", session_id)
        self.token = TOKEN.findall(self.http.get("/help").text)[0]

    @property
    def base(self) -> str:
        return f"/plans/{self.world.plan_id}"

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.http.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        sent = {"csrf_token": self.token, **(data or {})}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.post(path, data=sent, headers=named)

    def save(self, letter: str, group: str, item: str, revision: int | None = None, **fields: Any) -> TestResponse:
        """Send the form of one item, as the page would."""
        newest = self.world.plan().sections[letter].revision
        data = {"revision": str(newest if revision is None else revision), "request_id": new_request_id(), **fields}
        return self.post(f"{self.base}/sections/{letter}/items/{group}/{item}", data)


def build_world(app: Flask, db: Database, settings: Settings, one_by_one: bool = False) -> World:
    """A new child with a new plan; the cast are people of their own, so that tests never share one.

    `one_by_one` has the operations themselves make each known and give each their part.
    """
    for agency in AGENCIES.values():
        if people_store.agency(db, agency.slug) != agency:
            people_store.keep_agency(db, agency)
    issuer, mark = settings.providers[0].issuer, random_id(6)
    names = {f"{key}-{mark}": facts[0] for key, facts in CAST.items()}
    sign_on_each = (people.signed_on(db, issuer, subject, name) for subject, name in names.items())
    known = dict(zip(CAST, sign_on_each if one_by_one else known_at_once(db, issuer, names), strict=True))
    child = Child("Amira Rahman", "Amira", "she", date(2017, 3, 14), "9990000018", "H801200001001", "14 Larch Street")
    started = now().product - timedelta(days=30)
    by = Mark(known["manager"], "Maria Silva", "northmere-council", started)
    plan = plans.start(db, "nmr", "Northmere Council", child, by, "Northmere Council SEN team")
    since = datetime.now(UTC) - timedelta(minutes=1)
    grants = [
        _grant(known[key], CAST[key], plan.id, since + timedelta(milliseconds=at))  # one after the other
        for at, key in enumerate(CAST)
    ]
    if one_by_one:
        for each in grants:
            people.give(db, each)
    else:
        give_at_once(db, grants)
    return World(app, db, settings, plan.id, known)


def _grant(person: str, facts: tuple[str, Role, str, bool], plan_id: str, since: datetime) -> Grant:
    name, role, employer, whole = facts
    agency = AGENCIES[employer]
    return Grant(
        person=person,
        name=name,
        agency=agency.slug,
        agency_name=agency.name,
        role=role,
        authority=agency.authority or "nmr",
        scope=WHOLE_CASELOAD if whole else plan_id,
        since=since,
        second_person=agency.second_person,
    )
