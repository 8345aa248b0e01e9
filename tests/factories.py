"""Builders of domain objects: a blank plan, people in their roles, and single steps of a plan's life, all in memory."""

import itertools
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, settings

from portal.domain import issue as issuing
from portal.domain import sign_off
from portal.domain.actor import Actor, Grant, Role
from portal.domain.content import Content, Item, Mark, Slot, blank_item
from portal.domain.edit import ItemEdit, edit_item
from portal.domain.hashing import Value
from portal.domain.moment import Moment, local_day
from portal.domain.plan import Child, Plan, SignOff, blank_plan
from portal.domain.standard import Group
from portal.domain.state import VersionKind

PLAN_ID = "nmr-0123456789abcdef"
AUTHORITY = "nmr"
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

# For tests that try many inputs: the same ones each time, so that a red build can be made again.
modest = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

_ids = itertools.count(1)


def new_id() -> str:
    """An item's id, the same shape as a real one and easy to read in a failing test."""
    return f"{next(_ids):010d}"


def at(days: float = 0) -> Moment:
    """A moment so many days after 1 March 2026, nine in the morning."""
    when = START + timedelta(days=days)
    return Moment(when, when)


def child(**changes: object) -> Child:
    facts: dict[str, object] = {"name": "Amira Rahman", "called": "Amira", "subject": "she", "born": date(2017, 3, 14)}
    return Child(**{**facts, **changes})  # type: ignore[arg-type]


def mark(person: str = "somebody", days: float = 0) -> Mark:
    return Mark(person, person.title(), "an-agency", at(days).product)


def signed(revision: int = 0, text_hash: bytes = b"", person: str = "signer", days: float = 0) -> SignOff:
    return SignOff(mark(person, days), "An agency", revision, text_hash, "I confirm.")


def grant(role: Role, person: str = "somebody", **changes: object) -> Grant:
    facts: dict[str, object] = {
        "person": person,
        "name": person.title(),
        "agency": f"agency-of-{role.value}",
        "agency_name": f"Agency of {role.value}",
        "role": role,
        "authority": AUTHORITY,
        "scope": PLAN_ID,
        "since": START - timedelta(days=365),
    }
    return Grant(**{**facts, **changes})  # type: ignore[arg-type]


def actor(role: Role, key: str = "", **changes: object) -> Actor:
    """A person in one role on the plan; `changes` are of their grant."""
    person = f"{role.value}{key}"
    return with_grants(person, grant(role, person, **changes))


def with_grants(person: str, *grants: Grant) -> Actor:
    return Actor(person, person.title(), "https://issuer.example", person, grants, day=local_day(START))


PARENT = actor(Role.PARENT)
OTHER_PARENT = actor(Role.PARENT, "-2")
SENCO = actor(Role.SENCO)
PSYCHOLOGIST = actor(Role.EDUCATIONAL_PSYCHOLOGIST)
THERAPIST = actor(Role.HEALTH_CONTRIBUTOR)
CLINICAL_OFFICER = actor(Role.DESIGNATED_CLINICAL_OFFICER)
OTHER_CLINICAL_OFFICER = actor(Role.DESIGNATED_CLINICAL_OFFICER, "-2")
SOCIAL_WORKER = actor(Role.SOCIAL_WORKER)
CASEWORKER = actor(Role.SEN_CASEWORKER)
MANAGER = actor(Role.SEN_MANAGER)
OTHER_MANAGER = actor(Role.SEN_MANAGER, "-2")

# Who gives each sign-off that a final asks for (decisions 1 and 2).
SIGNERS = {
    "A": PARENT,
    "B": MANAGER,
    "C": CLINICAL_OFFICER,
    "D": SOCIAL_WORKER,
    "E": MANAGER,
    "F": MANAGER,
    "G": CLINICAL_OFFICER,
    "H1": SOCIAL_WORKER,
    "H2": SOCIAL_WORKER,
}


def blank(**changes: object) -> Plan:
    return blank_plan(PLAN_ID, AUTHORITY, "Northmere Council", child(**changes))


def item(group: Group, item_id: str = "", owner: str = "", /, **values: Value) -> Item:
    """An item with these values, and nothing in the rest of its slots."""
    made = blank_item(group, item_id or new_id(), owner)
    slots = {name: Slot(values.get(name, slot.value), slot.salt) for name, slot in made.slots.items()}
    unknown = set(values) - set(slots)
    assert not unknown, f"{group.name} has no {unknown}"
    return Item(made.id, made.group, slots, made.salt, owner=owner)


def submission(
    base: Content, group: str, item_id: str, values: Mapping[str, Value] | None = None, remove: bool = False
) -> ItemEdit:
    return ItemEdit(group, item_id, values or {}, base, remove)


def write(plan: Plan, who: Actor, letter: str, group: str, item_id: str, /, **values: Value) -> Plan:
    """The plan after one save against its newest words; the same plan when the save changes nothing."""
    edit = submission(plan.sections[letter].content, group, item_id, values)
    decision = edit_item(plan, who, letter, edit, at(), new_id())
    return decision.plan if decision else plan


def add(plan: Plan, who: Actor, letter: str, group: str, /, **values: Value) -> tuple[Plan, str]:
    """The plan with one item more, and its id."""
    after = write(plan, who, letter, group, "", **values)
    return after, after.sections[letter].content.items[-1].id


def remove(plan: Plan, who: Actor, letter: str, group: str, item_id: str) -> Plan:
    edit = submission(plan.sections[letter].content, group, item_id, remove=True)
    decision = edit_item(plan, who, letter, edit, at())
    return decision.plan if decision else plan


def sign(plan: Plan, who: Actor, letter: str, days: float = 0) -> Plan:
    """The plan after somebody signs the newest words of a section."""
    head = plan.sections[letter]
    decision = sign_off.sign(plan, who, letter, head.revision, head.hash.hex(), at(days))
    return decision.plan if decision else plan


def sign_all(plan: Plan, but: str = "") -> Plan:
    for letter, who in SIGNERS.items():
        if letter != but:
            plan = sign(plan, who, letter)
    return plan


def issue(plan: Plan, kind: VersionKind, who: Actor = MANAGER, days: float = 0, **reasons: str) -> Plan:
    return issuing.issue(plan, who, kind, reasons, at(days)).plan


def written() -> Plan:
    """A plan with one thread from hope to provision."""
    plan, hope = add(blank(), PARENT, "A", "aspirations", hope="That friends understand her", whose="child")
    plan, need = add(plan, CASEWORKER, "B", "needs", area="communication", need="Being understood")
    plan, outcome = add(
        plan, CASEWORKER, "E", "outcomes", what="She tells a friend a story", needs=[need], aspirations=[hope]
    )
    plan, _ = add(plan, CASEWORKER, "F", "provision", what="Speech therapy", needs=[need], outcomes=[outcome])
    plan, health = add(plan, THERAPIST, "C", "needs", need="A hip that tires")
    plan, _ = add(plan, THERAPIST, "G", "provision", what="Physiotherapy", needs=[health], outcomes=[outcome])
    return plan


def with_draft(plan: Plan | None = None, days: float = 0) -> Plan:
    """A draft served on the family, with every sign-off given."""
    return issue(sign_all(plan or written()), VersionKind.DRAFT, days=days)


def finalising(plan: Plan | None = None) -> Plan:
    """Answered by the family and opened for the placement, which nobody has named yet."""
    answered = issuing.answer(with_draft(plan), PARENT, "We agree with the draft.", at(1)).plan
    return issuing.begin_finalising(answered, CASEWORKER, at(2)).plan


def placed(plan: Plan | None = None) -> Plan:
    """Ready for a final: the caseworker has named the school."""
    return write(plan or finalising(), CASEWORKER, "I", "placement", "placement", name="Elm Road", type="Mainstream")


def final(plan: Plan | None = None) -> Plan:
    return issue(plan or placed(), VersionKind.FINAL, days=4)
