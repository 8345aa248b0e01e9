"""Who works where and who may give what: what the pages about people and their parts show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from portal.domain.access import COLLEAGUES, TWO_PEOPLE, Part, fits, hat_for, part_of, roles_to_give, sees_to
from portal.domain.actor import WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.agency import Agency, AgencyKind
from portal.domain.error import NotAllowed, NotFound
from portal.domain.invitation import Invitation, Secrets
from portal.domain.moment import Moment
from portal.domain.permission_law import is_adviser, is_consulted
from portal.domain.plan import Plan
from portal.operations.invitations import reveal
from portal.store import access, caseload, invitations, parts, people
from portal.store.access import Asked, Logged
from portal.store.database import Database

NOT_YOURS = "Only an agency’s lead, or its SEN managers, see to its people."
OFFERED = 200  # plans in one list
ANYBODY = Agency("", "", AgencyKind.FAMILY, "")


@dataclass(frozen=True)
class Member:
    """One of an agency's people with all that they hold for it; `called` names the plans that the reader may know."""

    person: str
    name: str
    parts: tuple[Grant, ...]
    called: dict[str, str]


@dataclass(frozen=True)
class Team:
    """An agency's people, and what waits or was done there."""

    people: list[Member]
    asked: list[Asked]
    invitations: list[Invitation]
    without: list[tuple[str, str]]  # (plan, the child's name where the reader may know it)
    log: list[Logged]


def agencies_of(db: Database, actor: Actor) -> list[Agency]:
    """The agencies whose people the actor sees to. NotAllowed for somebody who sees to nobody."""
    managed = {each.agency for each in actor.grants if each.role in TWO_PEOPLE}
    found = [people.agency(db, slug) for slug in sorted({*actor.leads, *managed})]
    own = [each for each in found if each and sees_to(actor, each)]
    if not own:
        raise NotAllowed(NOT_YOURS)
    return own


def chosen(own: list[Agency], slug: str) -> Agency:
    """The agency that was asked for, or the first. NotAllowed for one that is not theirs."""
    found = next((each for each in own if slug in ("", each.slug)), None)
    if found is None:
        raise NotAllowed(NOT_YOURS)
    return found


def may_see_to(actor: Actor, agency: Agency) -> bool:
    return sees_to(actor, agency)


def must_see_to(db: Database, actor: Actor, slug: str) -> Agency:
    agency = people.agency(db, slug)
    if agency is None or not sees_to(actor, agency):
        raise NotAllowed(NOT_YOURS)
    return agency


def must_see(db: Database, actor: Actor, slug: str, person: str) -> Agency:
    """The agency, for whoever sees to its people or is the person meant. NotAllowed for anybody else."""
    agency = people.agency(db, slug)
    own = actor.person == person and any(each.agency == slug for each in actor.grants)
    if agency is None or agency.kind is AgencyKind.FAMILY or not (own or sees_to(actor, agency)):
        raise NotAllowed(NOT_YOURS)
    return agency


def team(db: Database, actor: Actor, agency: Agency, moment: Moment) -> Team:
    held, called = parts.people_of(db, agency, moment.wall), _called(db, actor)
    persons = dict.fromkeys(each.person for each in held)
    members = [_member(person, [each for each in held if each.person == person], called) for person in persons]
    without = []
    if agency.kind is AgencyKind.COUNCIL:
        left = parts.without(db, agency, Role.SEN_CASEWORKER, moment.wall)
        without = [(each, called.get(each, "")) for each in left]
    return Team(
        sorted(members, key=lambda each: each.name),
        access.waiting(db, agency.authority, agency.slug),
        invitations.of_agency(db, agency.authority, agency.slug),
        without,
        access.logged(db, agency.authority, agency.slug),
    )


def _called(db: Database, actor: Actor) -> dict[str, str]:
    """The children whose names the reader may know, by plan: those on their own list."""
    return {each.plan: each.name for each in caseload.rows_for(db, actor)}


def _member(person: str, held: list[Grant], called: dict[str, str]) -> Member:
    return Member(person, held[-1].name, tuple(held), {each.scope: called.get(each.scope, "") for each in held})


def member(db: Database, actor: Actor, slug: str, person: str, moment: Moment) -> tuple[Agency, Member]:
    """One of an agency's people. NotAllowed for who does not see to them, NotFound for nobody who works there."""
    agency = must_see(db, actor, slug, person)
    held = parts.parts_of(db, agency.authority, slug, person, moment.wall)
    if not held:
        raise NotFound("no such person")
    return agency, _member(person, held, _called(db, actor))


def colleagues_of(db: Database, agency: Agency, person: str, moment: Moment) -> list[tuple[str, str]]:
    """(id, name) of everybody else who works for the agency, by name."""
    held = {each.person: each.name for each in parts.people_of(db, agency, moment.wall) if not each.reading}
    return sorted(((key, name) for key, name in held.items() if key != person), key=lambda each: each[1])


def plans_to_give(db: Database, actor: Actor, agency: Agency, moment: Moment) -> list[tuple[str, str]]:
    """(id, words) of an agency's plans, first those that a leaver left; a child is named to those who may know."""
    left = [each for role in Role if fits(role, agency) for each in parts.without(db, agency, role, moment.wall)]
    own = (each for each in parts.people_of(db, agency, moment.wall) if not (is_consulted(each) or is_adviser(each)))
    held = [each.scope for each in own if each.scope != WHOLE_CASELOAD]
    called = _called(db, actor)
    found = tuple(dict.fromkeys((*left, *sorted(held))))[:OFFERED]
    named = {each: called.get(each) or "A child whose plan you don’t read" for each in found}
    return [(each, f"{named[each]}, without anybody now" if each in left else named[each]) for each in found]


def authority_in(key: str) -> str:
    """The authority with which an invitation's id begins: a plan's id, or the authority itself."""
    return key[:3]


def family(db: Database) -> Agency:
    """The agency for which family members have their part. NotFound where none is known."""
    found = parts.agencies(db, AgencyKind.FAMILY)
    if not found:
        raise NotFound("no family agency")
    return found[0]


def agencies(db: Database, *kinds: AgencyKind) -> list[Agency]:
    return parts.agencies(db, *kinds)


def gives_on(actor: Actor, plan: Plan) -> bool:
    """Whether the actor gives anybody a part in this plan."""
    hats = (Part(role, ANYBODY, plan.id, plan.authority) for role in COLLEAGUES)
    return any(hat_for(actor, each) for each in hats)


def roles_on_plan(actor: Actor, agency: Agency, plan: Plan) -> tuple[Role, ...]:
    return roles_to_give(actor, agency, plan.id, plan.authority)


def roles_anywhere(actor: Actor, agency: Agency) -> tuple[Role, ...]:
    """What the actor may give for an agency, be it over the whole caseload or over a plan."""
    scopes = (WHOLE_CASELOAD, f"{agency.authority}-")
    found = {role for scope in scopes for role in roles_to_give(actor, agency, scope, agency.authority)}
    return tuple(role for role in Role if role in found)


def colleagues(db: Database, agency: Agency, plan: Plan, moment: Moment) -> list[Grant]:
    """One grant for each person who works for an agency in the plan's authority, by name."""
    here = replace(agency, authority=plan.authority)
    found = {each.person: each for each in parts.people_of(db, here, moment.wall) if not each.reading}
    return sorted(found.values(), key=lambda each: each.name)


def keys_to_end(db: Database, actor: Actor, grants: Iterable[Grant]) -> dict[Grant, str]:
    """The key of each of these grants that the actor may end."""
    listed = [each for each in grants if not each.reading]
    known = {each.slug: each for each in parts.agencies(db, *AgencyKind)}
    mine = [each for each in listed if each.agency in known]
    return {
        each: people.key_of(each) for each in mine if hat_for(actor, part_of(each, known[each.agency]), ending=True)
    }


@dataclass(frozen=True)
class PlanAccess:
    """What the page of a plan's people offers whoever gives parts in it; to anybody else, nothing."""

    gives: bool = False
    keys: Mapping[Grant, str] = field(default_factory=dict)  # of the parts that the reader may end
    invitations: tuple[Invitation, ...] = ()
    shown: tuple[tuple[Invitation, Secrets], ...] = ()  # links and codes, this once


def on_plan(db: Database, actor: Actor, plan: Plan, grants: Iterable[Grant], moment: Moment) -> PlanAccess:
    if not gives_on(actor, plan):
        return PlanAccess()
    own = [each for each in grants if each.scope == plan.id]
    found = invitations.of_plan(db, plan.id)
    shown = reveal(db, actor, found, moment)
    return PlanAccess(True, keys_to_end(db, actor, own), tuple(found), tuple(shown))
