"""Who may do what: one table as data and one `allows()` that answers pages, buttons and saves alike."""

from enum import StrEnum

from portal.domain.actor import WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.content import Item
from portal.domain.permission_table import CASE, FOR_THE_WHOLE_CASELOAD, SECTIONS
from portal.domain.plan import FINAL_KINDS, Plan
from portal.domain.standard import Group, Voice
from portal.domain.state import VersionKind


class Permission(StrEnum):
    """Who may. Whether now is the noun's own business (sign_off.py, issue.py, edit.py)."""

    PLAN_VIEW = "plan:view"
    PLAN_HISTORY = "plan:history"
    PLAN_ANSWER = "plan:answer"
    PLAN_ISSUE_DRAFT = "plan:issue_draft"
    PLAN_FINALISE = "plan:finalise"
    PLAN_ISSUE_FINAL = "plan:issue_final"
    PLAN_HOLD = "plan:hold"
    PLAN_DESTROY = "plan:destroy"
    SECTION_VIEW = "section:view"
    SECTION_EDIT = "section:edit"
    SECTION_SUGGEST = "section:suggest"
    SECTION_COMMENT = "section:comment"
    SECTION_SIGN = "section:sign"
    SECTION_WITHDRAW = "section:withdraw"


# The table's letters for each permission over a section. V, v and f are views of differing reach;
# E edits all of a section, T writes down the child's own words, k edits one's own items.
CODES = {
    Permission.SECTION_EDIT: "ETk",
    Permission.SECTION_SUGGEST: "s",
    Permission.SECTION_COMMENT: "c",
    Permission.SECTION_SIGN: "O",
    Permission.SECTION_WITHDRAW: "W",
}


def codes(role: Role, letter: str) -> str:
    """The table's cell; H1 and H2 share a column. A letter the table does not know gives nothing."""
    return SECTIONS[role].get("H" if letter in ("H1", "H2") else letter, "")


def allows(actor: Actor, permission: Permission, plan: Plan, letter: str = "") -> bool:
    """Whether any live grant of the actor on this plan carries the permission; closed unless opened."""
    return any(_grant_allows(grant, permission, plan, letter) for grant in grants_on(actor, plan))


def grants_on(actor: Actor, plan: Plan) -> tuple[Grant, ...]:
    return actor.grants_on(plan.id, plan.authority)


def grants_for(actor: Actor, permission: Permission, plan: Plan, letter: str) -> tuple[Grant, ...]:
    """The grants by which the actor may do this: they say for which agency it is done."""
    return tuple(each for each in grants_on(actor, plan) if _grant_allows(each, permission, plan, letter))


def _grant_allows(grant: Grant, permission: Permission, plan: Plan, letter: str) -> bool:
    if permission in CASE:
        reaches = grant.scope == WHOLE_CASELOAD or permission not in FOR_THE_WHOLE_CASELOAD
        return reaches and grant.role in CASE[permission]
    cell = codes(grant.role, letter)
    if permission is Permission.SECTION_VIEW:
        return "V" in cell or ("v" in cell and plan.draft_was_issued)
    return any(code in cell for code in CODES[permission])


def sees_version(actor: Actor, plan: Plan, letter: str, kind: VersionKind) -> bool:
    """Whether a section may be read in an issued version: V and v in any, f in finals alone."""
    cells = [codes(grant.role, letter) for grant in grants_on(actor, plan)]
    return any("V" in cell or "v" in cell or ("f" in cell and kind in FINAL_KINDS) for cell in cells)


def sees_item(actor: Actor, plan: Plan, letter: str, item: Item, kind: VersionKind | None = None) -> bool:
    """Whether an item's audience includes the actor, and whether an advice list shows it to their role.

    `kind` is the version's when an issued version is read, None for the plan as it stands.
    """
    if not in_audience(actor, plan, item.audience):
        return False
    if letter != "K" or item.owner == actor.person:
        return True
    # The table's V(health) and V(care): the Designated Officers read their own kind of advice (reg 6(1)(c), (e)).
    # A part that does not open the list to its holder opens nothing for another part of theirs.
    cells = [codes(grant.role, letter) for grant in grants_on(actor, plan)]
    limits = [_advice_limit(cell) for cell in _opening(cells, plan, kind)]
    return any(not limit or item.text("kind") == limit for limit in limits)


def _opening(cells: list[str], plan: Plan, kind: VersionKind | None) -> list[str]:
    """The cells that open a section's text: one kind of version, or the plan as it stands, else its last final."""
    if kind:
        return [cell for cell in cells if "V" in cell or "v" in cell or ("f" in cell and kind in FINAL_KINDS)]
    working = [cell for cell in cells if "V" in cell or ("v" in cell and plan.draft_was_issued)]
    return working or [cell for cell in cells if "f" in cell and plan.last_version(*FINAL_KINDS)]


def _advice_limit(cell: str) -> str:
    return {"h": "c", "o": "e"}.get(cell[-1], "")


def in_audience(actor: Actor, plan: Plan, audience: tuple[str, ...]) -> bool:
    """Nobody named: all who have the right. Otherwise the people and agencies named, and the council that holds it."""
    if not audience or actor.person in audience:
        return True
    grants = grants_on(actor, plan)
    return any(each.agency in audience or each.role in (Role.SEN_CASEWORKER, Role.SEN_MANAGER) for each in grants)


def may_edit_item(actor: Actor, plan: Plan, letter: str, group: Group, item: Item | None) -> bool:
    """Whether the actor may change this item (None: add one) of a section that they may edit."""
    cells = [codes(each.role, letter) for each in grants_for(actor, Permission.SECTION_EDIT, plan, letter)]
    mine = item is None or item.owner == actor.person
    if item and not in_audience(actor, plan, item.audience):
        return False
    if "E" in "".join(cells):
        # Each parent's own view is theirs alone; an advice list is the council's to keep in order.
        return mine or group.voice is not Voice.PARENT
    if any("T" in cell for cell in cells):
        return group.voice is Voice.CHILD
    return any("k" in cell for cell in cells) and group.own_items and mine
