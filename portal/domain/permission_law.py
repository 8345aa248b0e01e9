"""What the law leaves of the table for one person, on one plan, on one day: age, capacity, consent, court orders."""

from collections.abc import Callable, Mapping
from datetime import date

from portal.domain.actor import FAMILY_ROLES, WHOLE_CASELOAD, Grant, Role
from portal.domain.permission_table import CASE, FOR_THE_WHOLE_CASELOAD, codes
from portal.domain.plan import Plan
from portal.domain.rights import Matter
from portal.domain.young_person import is_young_person

# The relation of a school that was sent the draft, to say whether it could take the child (Children and Families
# Act 2014 s39(2)), and its cell: drafts and proposed amendments as issued, without the advice.
CONSULTED, PACK = "consulted", "p"
# The relation of somebody who was given a part to give advice and for nothing else: they read what the child says,
# as whoever gives advice must (SEND Regs 2014 reg 6(3)), and add their own advice.
ADVISER = "adviser"
OF_AN_ADVISER: Mapping[str, str] = {"A": "V", "K": "k"}
# The section that is the young person's to agree, and the permissions that carry a decision of theirs.
VIEWS = "A"
DECIDED: Mapping[str, Matter] = {"plan:answer": Matter.DRAFT, "plan:consent": Matter.SHARING}

LAW_WORDS = (
    "A parent's part holds until the child is over compulsory school age (the last Friday of June of the school year "
    "in which they turn 16). Then the young person decides, and the parent keeps what they consent to.",
    "Where a young person lacks capacity for one decision, the deputy, attorney or parent who is recorded for it "
    "decides that one (Mental Capacity Act 2005; SEND Regulations 2014 reg 64).",
    "An advocate reads the sections that the family consents to, until the day it names or until it is taken back.",
    "A court's order keeps the sections it names from one parent.",
    "A school that is consulted sees drafts as they were issued, without section K, and nothing else.",
    "Whoever was given a part only to give advice reads section A, and adds their own advice to section K.",
    "Who keeps and destroys plans has a part in the whole caseload, not in one plan.",
)

Rule = Callable[[str, Grant, Plan, str, date], str]


def cell(grant: Grant, plan: Plan, letter: str, day: date) -> str:
    """The table's letters for this grant in a section, less what the law takes from them on that day."""
    if plan.rights.keeps_from(grant.person, letter):
        return ""
    if is_adviser(grant):
        return OF_AN_ADVISER.get(letter, "")
    said, rule = codes(grant.role, letter), LAW.get(grant.role)
    return rule(said, grant, plan, letter, day) if rule else said


def opens_case(grant: Grant, permission: str, plan: Plan, day: date) -> bool:
    """Whether the grant carries a permission over the whole plan on that day."""
    if grant.role not in CASE[permission]:
        return False
    if permission in FOR_THE_WHOLE_CASELOAD and grant.scope != WHOLE_CASELOAD:
        return False
    if permission in DECIDED:
        return decides(grant, plan, DECIDED[permission], day)
    if is_consulted(grant):
        return permission == "plan:view" and plan.draft_was_issued
    if is_adviser(grant):
        return permission == "plan:view"
    return grant.role is not Role.PARENT or any(cell(grant, plan, each, day) for each in plan.standard.letters)


def decides(grant: Grant, plan: Plan, matter: Matter, day: date) -> bool:
    """Whether a decision is this family member's: the parent's until the child is a young person, then theirs.

    Where the young person lacks capacity for it, the alternative person's (SEND Regulations 2014 reg 64).
    """
    of_age = is_young_person(plan.child.born, day)
    decider = plan.rights.decider(matter) if of_age else ""
    if decider:
        return grant.person == decider
    if all(plan.rights.keeps_from(grant.person, each) for each in plan.standard.letters):
        return False
    return grant.role is Role.YOUNG_PERSON or not of_age


def is_consulted(grant: Grant) -> bool:
    return grant.role is Role.SENCO and grant.relation == CONSULTED


def is_adviser(grant: Grant) -> bool:
    """A family member's relation to the child is in somebody's own words, and may be the same word."""
    return grant.relation == ADVISER and grant.role not in (*FAMILY_ROLES, Role.ADVOCATE)


def may_lapse(grant: Grant) -> bool:
    """Whether the law can close the whole plan to a live grant: only then must it be asked for each line of a list."""
    return grant.role is Role.PARENT or is_consulted(grant) or is_adviser(grant)


def _of_parent(said: str, grant: Grant, plan: Plan, letter: str, day: date) -> str:
    """After compulsory school age the parent keeps what the young person, or the capacity route, allows."""
    if not is_young_person(plan.child.born, day):
        return said
    if letter == VIEWS and plan.rights.decider(Matter.VIEWS) == grant.person:
        return said
    rights = plan.rights
    if not (rights.decides_something(grant.person) or rights.consents_to(grant.person, letter, day)):
        return ""
    if letter == VIEWS and rights.lets_write(grant.person, letter, day):
        return said.translate(NOT_SIGNING)
    # What is decided and agreed is not theirs; their own view beside the young person's still is.
    own = "k" if "E" in said and "k" not in said else ""
    return said.translate(NOT_DECIDING) + own


def _of_young_person(said: str, _grant: Grant, plan: Plan, letter: str, day: date) -> str:
    """They go on writing their own words; what another decides for them, they do not agree as well."""
    lacks = is_young_person(plan.child.born, day) and plan.rights.decider(Matter.VIEWS)
    return said.translate(NOT_SIGNING) if letter == VIEWS and lacks else said


def _of_advocate(said: str, grant: Grant, plan: Plan, letter: str, day: date) -> str:
    return said if plan.rights.consents_to(grant.person, letter, day) else ""


def _of_school(said: str, grant: Grant, _plan: Plan, letter: str, _day: date) -> str:
    if not is_consulted(grant):
        return said
    return PACK if said and letter != "K" else ""


def _of_auditor(said: str, grant: Grant, _plan: Plan, _letter: str, _day: date) -> str:
    """The table's R is a view for as long as a reasoned reading lasts, and nothing without one."""
    return "V" if grant.reading else said


NOT_SIGNING = str.maketrans("", "", "OW")
NOT_DECIDING = str.maketrans("", "", "EOWTx")
LAW: Mapping[Role, Rule] = {
    Role.PARENT: _of_parent,
    Role.YOUNG_PERSON: _of_young_person,
    Role.ADVOCATE: _of_advocate,
    Role.SENCO: _of_school,
    Role.AUDITOR: _of_auditor,
}
