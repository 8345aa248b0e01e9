"""What a plan still waits for of the advice it asked for, by when, and who could be asked for which kind."""

from collections.abc import Mapping
from datetime import date

from portal.domain.actor import Role
from portal.domain.advice import AdviceRequest, AdviceState
from portal.domain.agency import Agency, AgencyKind
from portal.domain.case_steps import outstanding
from portal.domain.clocks.name import Clock
from portal.domain.error import NotFound
from portal.domain.plan import Plan

FAMILYS = "a"
# In which role somebody gives which kind (SEND Regs 2014 reg 6(1)); of the rest their agency tells.
ROLES: Mapping[str, Role] = {
    "b": Role.SENCO,
    "c": Role.HEALTH_CONTRIBUTOR,
    "d": Role.EDUCATIONAL_PSYCHOLOGIST,
    "e": Role.SOCIAL_WORKER,
}
ROLES_BY_AGENCY: Mapping[AgencyKind, Role] = {
    AgencyKind.EDUCATION: Role.SENCO,
    AgencyKind.HEALTH: Role.HEALTH_CONTRIBUTOR,
    AgencyKind.CARE: Role.SOCIAL_WORKER,
}
# Which agencies have people who give it; a psychologist is the council's as often as not.
AGENCIES: Mapping[str, tuple[AgencyKind, ...]] = {
    "b": (AgencyKind.EDUCATION,),
    "c": (AgencyKind.HEALTH,),
    "d": (AgencyKind.EDUCATION, AgencyKind.COUNCIL),
    "e": (AgencyKind.CARE,),
    **dict.fromkeys("fgh", tuple(ROLES_BY_AGENCY)),
}


def role_for(kind: str, agency: Agency) -> Role | None:
    """The role in which somebody of this agency gives this kind of advice; None where it gives none."""
    if agency.kind not in AGENCIES.get(kind, ()):
        return None
    return ROLES.get(kind) or ROLES_BY_AGENCY[agency.kind]


def requests(plan: Plan) -> tuple[AdviceRequest, ...]:
    """What was asked for and not taken back as a mistake, oldest first."""
    standing = {each.sequence for each in plan.happened}
    return tuple(each for each in plan.advice if each.number in standing)


def request_of(plan: Plan, number: int) -> AdviceRequest:
    """NotFound where there is none of that number."""
    for each in requests(plan):
        if each.number == number:
            return each
    raise NotFound("no such request for advice")


def waits(plan: Plan, request: AdviceRequest) -> bool:
    """Whether the council still waits for it: declined advice is waited for until somebody gives it."""
    return request.ref in outstanding(plan.case)


def asks_of(plan: Plan, request: AdviceRequest) -> bool:
    """Whether it is still theirs to answer who were asked."""
    return request.state is AdviceState.WAITED and waits(plan, request)


def asked_of(plan: Plan, person: str) -> tuple[AdviceRequest, ...]:
    """What waits for one person's advice, the oldest first."""
    return tuple(each for each in requests(plan) if each.is_of(person) and asks_of(plan, each))


def declined(plan: Plan) -> tuple[AdviceRequest, ...]:
    """What nobody gives as it was asked: the council has to ask again, or somebody else."""
    none = (AdviceState.DECLINED, AdviceState.NOT_KNOWN)
    return tuple(each for each in requests(plan) if each.state in none and waits(plan, each))


def due(plan: Plan, request: AdviceRequest) -> date | None:
    """The law's last day for it: six weeks (SEND Regs 2014 reg 8(1)), unless an exemption moves it."""
    found = (each for each in plan.clocks if each.clock is Clock.ADVICE and each.ref == request.ref)
    return next((each.due for each in found), None)
