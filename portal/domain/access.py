"""Who may give what: which roles fit which agency, and what each giver may give, in one table as data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.domain.actor import CASELOAD_ROLES, FAMILY_ROLES, WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.agency import Agency, AgencyKind
from portal.domain.error import Invalid, NotAllowed

FAMILY = FAMILY_ROLES | {Role.ADVOCATE}
# An educational psychologist works for the council as often as for a service of their own.
ROLES_OF: Mapping[AgencyKind, frozenset[Role]] = {
    AgencyKind.FAMILY: FAMILY,
    AgencyKind.EDUCATION: frozenset({Role.SENCO, Role.EDUCATIONAL_PSYCHOLOGIST}),
    AgencyKind.HEALTH: frozenset({Role.HEALTH_CONTRIBUTOR, Role.DESIGNATED_CLINICAL_OFFICER}),
    AgencyKind.CARE: frozenset({Role.SOCIAL_WORKER, Role.DESIGNATED_SOCIAL_CARE_OFFICER}),
    AgencyKind.COUNCIL: frozenset(
        {Role.SEN_CASEWORKER, Role.SEN_MANAGER, Role.AUDITOR, Role.PLATFORM_ADMIN, Role.EDUCATIONAL_PSYCHOLOGIST}
    ),
}
# Through which kinds of identity provider each kind of agency's people sign on: social workers are the council's.
PROVIDERS_OF: Mapping[AgencyKind, frozenset[str]] = {
    AgencyKind.FAMILY: frozenset({"family"}),
    AgencyKind.EDUCATION: frozenset({"education", "council"}),
    AgencyKind.HEALTH: frozenset({"health"}),
    AgencyKind.CARE: frozenset({"council"}),
    AgencyKind.COUNCIL: frozenset({"council"}),
}
COLLEAGUES = frozenset(
    {
        Role.SENCO,
        Role.EDUCATIONAL_PSYCHOLOGIST,
        Role.HEALTH_CONTRIBUTOR,
        Role.DESIGNATED_CLINICAL_OFFICER,
        Role.SOCIAL_WORKER,
        Role.DESIGNATED_SOCIAL_CARE_OFFICER,
    }
)
# A grant of these roles lives only once a second person has confirmed it.
TWO_PEOPLE = frozenset({Role.SEN_MANAGER})
LEAD = "lead"  # no role: an agency's lead sees to its people, and reads no plan by that


@dataclass(frozen=True)
class Gift:
    """What one kind of giver may give: these roles, for their own agency alone or for any that the role fits.

    `caseload`: over a whole caseload too, not only over one plan. `ends`: whether they may also end it.
    """

    giver: str
    roles: frozenset[Role]
    own_agency: bool
    caseload: bool = False
    ends: bool = True


# A caseworker brings a family in; that a parent no longer reads their child's plan, a manager decides.
GIFTS = (
    Gift(LEAD, frozenset(Role) - FAMILY, own_agency=True, caseload=True),
    Gift(Role.SEN_MANAGER, frozenset({Role.SEN_CASEWORKER, Role.SEN_MANAGER}), own_agency=True, caseload=True),
    Gift(Role.SEN_MANAGER, COLLEAGUES, own_agency=False),
    Gift(Role.SEN_MANAGER, FAMILY, own_agency=False),
    Gift(Role.SEN_CASEWORKER, COLLEAGUES, own_agency=False),
    Gift(Role.SEN_CASEWORKER, FAMILY, own_agency=False, ends=False),
)


@dataclass(frozen=True)
class Part:
    """What is given: a role for an agency, over one plan (its id) or the whole caseload of an authority."""

    role: Role
    agency: Agency
    scope: str
    authority: str


def fits(role: Role, agency: Agency) -> bool:
    """Whether an agency of this kind has people in this role."""
    return role in ROLES_OF[agency.kind]


def unfit(role: Role, agency: Agency) -> str:
    """Why a role does not fit an agency, in a sentence that says which kind of agency has it."""
    kinds = " or ".join(kind.value for kind, roles in ROLES_OF.items() if role in roles)
    return (
        f"a grant of the role {role.value!r} comes from a {kinds} agency, and {agency.slug!r} is {agency.kind.value}."
    )


def part_of(grant: Grant, agency: Agency) -> Part:
    return Part(grant.role, agency, grant.scope, grant.authority)


def hat_for(actor: Actor, part: Part, ending: bool = False) -> tuple[str, str] | None:
    """The agency (slug, name) for which the actor may give this part, or end it; None when they may not."""
    rows = [each for each in GIFTS if part.role in each.roles and (each.ends or not ending)]
    for gift in rows:
        if part.scope == WHOLE_CASELOAD and not gift.caseload:
            continue
        for slug, name in _hats(actor, gift, part):
            if not gift.own_agency or slug == part.agency.slug:
                return slug, name
    return None


def _hats(actor: Actor, gift: Gift, part: Part) -> Iterable[tuple[str, str]]:
    """The agencies for which the actor is such a giver, as far as this part's plan or caseload."""
    if gift.giver == LEAD:
        mine = part.agency.slug in actor.leads and part.agency.authority == part.authority
        return [(part.agency.slug, part.agency.name)] if mine else []
    reach = [each for each in actor.grants if each.role == gift.giver and each.covers(part.scope, part.authority)]
    reach = [each for each in reach if not each.reading]  # whoever may read for an hour gives nothing
    return [(each.agency, each.agency_name) for each in reach]


def must_give(actor: Actor, person: str, part: Part) -> tuple[str, str]:
    """The agency for which the actor gives. Raises NotAllowed, or Invalid for a role that does not fit."""
    if person == actor.person:
        raise NotAllowed("Nobody gives a part to themselves. Ask a colleague who may.")
    hat = hat_for(actor, part)
    if hat is None and not _gives_any(actor, part):
        raise NotAllowed("You do not give parts here. The agency’s lead, or the council’s SEN team, sees to that.")
    problem = problem_with(part)
    if problem:
        raise Invalid({"role": problem})
    if hat is None:
        raise NotAllowed("This part is not yours to give.")
    return hat


def must_end(actor: Actor, part: Part) -> tuple[str, str]:
    """The agency for which the actor ends a part. Raises NotAllowed."""
    hat = hat_for(actor, part, ending=True)
    if hat is None:
        raise NotAllowed("This part is not yours to end. The agency’s lead, or an SEN manager, sees to that.")
    return hat


def sees_to(actor: Actor, agency: Agency) -> bool:
    """Whether the actor sees to an agency's people: its lead, or an SEN manager of the whole caseload for their own."""
    if agency.slug in actor.leads:
        return True
    managed = (each for each in actor.grants if each.role in TWO_PEOPLE and not each.reading)
    return any(each.agency == agency.slug and each.scope == WHOLE_CASELOAD for each in managed)


def _gives_any(actor: Actor, part: Part) -> bool:
    """Whether the actor gives anything at all in this place, so that what is wrong can be said."""
    return any(_hats(actor, gift, part) for gift in GIFTS)


def problem_with(part: Part) -> str:
    """What is wrong with a part in itself, in a sentence; empty when nothing is."""
    if not fits(part.role, part.agency):
        return unfit(part.role, part.agency)
    if part.scope == WHOLE_CASELOAD and part.role not in CASELOAD_ROLES:
        return "the scope of this role must be one plan."
    if part.scope != WHOLE_CASELOAD and part.role in TWO_PEOPLE:
        return "an SEN manager’s part is in the whole caseload."
    return ""


def roles_to_give(actor: Actor, agency: Agency, scope: str, authority: str) -> tuple[Role, ...]:
    """What the actor may give for an agency over this scope, in the order of the roles."""
    parts = (Part(role, agency, scope, authority) for role in Role)
    return tuple(each.role for each in parts if hat_for(actor, each) and not problem_with(each))


def manager_parts(actor: Actor) -> dict[str, Grant]:
    """The authorities whose SEN manager the actor is, over the whole caseload, each with the part by which."""
    return {
        each.authority: each
        for each in reversed(actor.grants)
        if each.role is Role.SEN_MANAGER and each.scope == WHOLE_CASELOAD and not each.reading
    }


def must_be_manager(actor: Actor) -> dict[str, Grant]:
    """The same of which there is at least one. Raises NotAllowed for whoever is no SEN manager."""
    found = manager_parts(actor)
    if not found:
        raise NotAllowed("This is for a council’s SEN managers.")
    return found
