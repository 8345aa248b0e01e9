"""Why somebody may not do a thing now, and whose it is instead: made from the same table and the same law."""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.actor import Actor, Grant, Role
from portal.domain.permission import CODES, Permission, allows, grants_on
from portal.domain.permission_law import cell, is_consulted
from portal.domain.permission_table import SECTIONS, codes
from portal.domain.plan import Plan
from portal.domain.standard import Needed
from portal.domain.state import PlanState
from portal.domain.young_person import is_young_person


class Because(StrEnum):
    """A court's order is never named: what it keeps from somebody looks like what was never theirs."""

    PART = "part"  # their part does not take it in
    DRAFT = "draft"  # it comes to them with the first draft
    FINAL = "final"  # it comes to them in finals
    STAGE = "stage"  # it is theirs, and the plan's stage does not let anybody do it now
    CONSENT = "consent"  # it hangs on the family's consent
    AGE = "age"  # it was theirs until the young person could decide
    CAPACITY = "capacity"  # another person decides it for them
    CONSULTED = "consulted"  # they were sent the draft as issued, and nothing else
    REASON = "reason"  # it is read with a written reason


@dataclass(frozen=True)
class WhyNot:
    """Why, and the roles whose it is by the table; none where nobody may now."""

    because: Because
    roles: tuple[Role, ...] = ()


def why_not(actor: Actor, permission: Permission, plan: Plan, letter: str) -> WhyNot | None:
    """None where the actor may do it to this section now."""
    if allows(actor, permission, plan, letter):
        return None if _open_now(permission, plan, letter) else WhyNot(Because.STAGE)
    found = [_of_grant(each, permission, plan, letter, actor) for each in grants_on(actor, plan)]
    because = max(found, key=list(Because).index, default=Because.PART)
    return WhyNot(because, _whose(permission, letter))


def _of_grant(grant: Grant, permission: Permission, plan: Plan, letter: str, actor: Actor) -> Because:
    """What stands between one part and the permission: the law, the stage, or the table."""
    left, wanted = cell(grant, plan, letter, actor.day), _wanted(permission)
    if any(code in codes(grant.role, letter) for code in wanted) and not any(code in left for code in wanted):
        return _of_law(grant, plan, letter, actor)
    if permission is Permission.SECTION_VIEW:
        return next((because for code, because in COMES.items() if code in left), Because.PART)
    return Because.PART


def _of_law(grant: Grant, plan: Plan, letter: str, actor: Actor) -> Because:
    if plan.rights.keeps_from(grant.person, letter):
        return Because.PART
    if is_consulted(grant):
        return Because.CONSULTED
    if grant.role is Role.PARENT and is_young_person(plan.child.born, actor.day):
        return Because.AGE
    return {Role.ADVOCATE: Because.CONSENT, Role.YOUNG_PERSON: Because.CAPACITY}.get(grant.role, Because.PART)


def _wanted(permission: Permission) -> str:
    return "Vvf" if permission is Permission.SECTION_VIEW else CODES[permission]


def _whose(permission: Permission, letter: str) -> tuple[Role, ...]:
    codes_for = "V" if permission is Permission.SECTION_VIEW else CODES[permission]
    return tuple(role for role in SECTIONS if any(code in codes(role, letter) for code in codes_for))


def _open_now(permission: Permission, plan: Plan, letter: str) -> bool:
    """Whether the stage lets it be done: sections are written and signed in their stages, and read in all."""
    if permission is Permission.SECTION_VIEW:
        return True
    standard = plan.standard.section(letter)
    if plan.state not in standard.written_in:
        return False
    signing = permission in (Permission.SECTION_SIGN, Permission.SECTION_WITHDRAW)
    if signing and standard.needed not in (Needed.SIGNED, Needed.AGREED):
        return False
    return not (signing and plan.state is PlanState.FINAL and standard.needed is Needed.SIGNED)


COMES = {"v": Because.DRAFT, "f": Because.FINAL, "R": Because.REASON, "p": Because.CONSULTED}
