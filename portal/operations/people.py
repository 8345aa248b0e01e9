"""Sign a person on, make people known in bulk, and give them their part in a plan or a caseload."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.domain.access import fits, unfit
from portal.domain.actor import CASELOAD_ROLES, FAMILY_ROLES, UNNAMED, WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.agency import Agency, AgencyKind
from portal.domain.error import NotFound
from portal.domain.identifier import authority_of
from portal.domain.moment import Moment
from portal.operations.access import agency_named
from portal.store import caseload, people, plans
from portal.store.database import Database, Session


class BadRows(Exception):
    """Rows of an import that can't be taken; nothing of the import was done."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Known:
    """One row of an import: whom an issuer knows by a subject, the grants they are to have, the agencies they lead."""

    issuer: str
    subject: str
    name: str
    grants: tuple[Mapping[str, str], ...] = field(default=())
    leads: tuple[str, ...] = field(default=())


def signed_on(db: Database, issuer: str, subject: str, name: str) -> str:
    """The id of the person an identity provider vouches for; somebody new gets an account without any grant.

    A name that the provider gives anew is taken over; an answer without one changes nothing.
    """
    person = people.known(db, issuer, subject, name)
    if name != UNNAMED:
        people.rename(db, person, name)
    return person


def load_actor(db: Database, person_id: str, moment: Moment, auth_time: int = 0, acr: str = "") -> Actor | None:
    """The person with the grants that are live now, read anew."""
    found = people.standing(db, person_id)
    return found.actor(moment.wall, auth_time, acr, moment.today) if found else None


def give(db: Database, grant: Grant) -> None:
    """Give a grant, and put the plan it covers on the reader's list: both or neither."""

    def body(session: Session) -> None:
        people.give(db, grant, session)
        if grant.scope != WHOLE_CASELOAD:
            plans.touch(db, grant.scope, session)
            plan = plans.load(db, grant.scope, session)
            caseload.add_reader(db, plan, caseload.reader_of(grant), grant.role, session)

    db.transaction(body)


def import_agencies(db: Database, agencies: Sequence[Agency]) -> int:
    """Make agencies known, or bring their names and settings up to date; the same again changes nothing."""
    for agency in agencies:
        people.keep_agency(db, agency)
    return len(agencies)


def import_people(db: Database, rows: Sequence[Known], moment: Moment) -> int:
    """Make people known in bulk; the same rows again change nothing. Raises BadRows before anything is done."""
    problems = [f"Row {at}: {each}" for at, row in enumerate(rows, 1) for each in _problems(db, row)]
    if problems:
        raise BadRows(problems)
    for row in rows:
        person = people.known(db, row.issuer, row.subject, row.name)
        for facts in row.grants:
            give(db, _grant(db, person, row.name, facts, moment))
        if row.leads:
            people.lead(db, person, list(row.leads))
    return len(rows)


def _problems(db: Database, row: Known) -> list[str]:
    if not all(isinstance(each, str) for each in (row.issuer, row.subject, row.name)) or not _are_words(row.grants):
        return ["issuer, subject, name and everything in grants must be words."]
    found = [f"{key} is missing." for key in ("issuer", "subject", "name") if not getattr(row, key)]
    for facts in row.grants:
        found.extend(_grant_problems(db, facts))
    if not all(isinstance(each, str) for each in row.leads):
        return [*found, "leads must be a list of agencies’ slugs."]
    return [*found, *(f"nobody leads {each!r}." for each in row.leads if not _has_a_lead(db, each))]


def _has_a_lead(db: Database, slug: str) -> bool:
    """Families have no lead: their parts are given plan by plan."""
    agency = people.agency(db, slug)
    return agency is not None and agency.kind is not AgencyKind.FAMILY


def _grant_problems(db: Database, facts: Mapping[str, str]) -> list[str]:
    agency, role = people.agency(db, facts.get("agency", "")), facts.get("role", "")
    found = [] if agency else [f"there is no agency {facts.get('agency', '')!r}."]
    if role not in set(Role):
        return [*found, f"there is no role {role!r}."]
    if agency and not fits(Role(role), agency):
        found.append(unfit(Role(role), agency))
    return [*found, *_scope_problems(db, Role(role), facts.get("scope", ""))]


def _are_words(grants: Sequence[object]) -> bool:
    """Whether each grant is an object of strings: anything else could ask the database a question."""
    return all(isinstance(each, Mapping) and all(isinstance(part, str) for part in each.values()) for each in grants)


def _scope_problems(db: Database, role: Role, scope: str) -> list[str]:
    if scope == WHOLE_CASELOAD:
        if role in FAMILY_ROLES:
            return ["a family's scope must be one plan."]
        return [] if role in CASELOAD_ROLES else ["the scope of this role must be one plan."]
    try:
        plans.load(db, scope)
    except NotFound:
        return ['scope must be "authority" or the id of a plan.']
    return []


def _grant(db: Database, person: str, name: str, facts: Mapping[str, str], moment: Moment) -> Grant:
    agency = agency_named(db, facts["agency"])
    scope = facts["scope"]
    authority = agency.authority if scope == WHOLE_CASELOAD else authority_of(scope)
    return Grant(
        person=person,
        name=name,
        agency=agency.slug,
        agency_name=agency.name,
        role=Role(facts["role"]),
        authority=authority,
        scope=scope,
        since=moment.wall,
        given_by="import",
        relation=facts.get("relation", ""),
        second_person=agency.second_person,
    )
