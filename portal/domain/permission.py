"""Who may do what: one table as data and one `allows()` that answers pages, buttons and saves alike."""

from datetime import date
from enum import StrEnum

from portal.domain.actor import Actor, Grant, Role
from portal.domain.content import Item
from portal.domain.identifier import authority_of
from portal.domain.permission_law import PACK, VIEWS, cell, is_adviser, is_consulted, opens_case
from portal.domain.permission_table import CASE
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
    PLAN_RESTRICT = "plan:restrict"
    PLAN_CONSENT = "plan:consent"
    PLAN_RECORD_RIGHTS = "plan:record_rights"
    PLAN_PROCESS = "plan:process"
    PLAN_REVIEW = "plan:review"
    PLAN_CONTRIBUTE = "plan:contribute"
    SECTION_VIEW = "section:view"
    SECTION_EDIT = "section:edit"
    SECTION_SUGGEST = "section:suggest"
    SECTION_COMMENT = "section:comment"
    SECTION_SIGN = "section:sign"
    SECTION_WITHDRAW = "section:withdraw"
    SECTION_TWIN = "section:twin"


# The table's letters for each permission over a section. V, v and f are views of differing reach;
# E edits all of a section, T writes down the child's own words, k edits one's own items.
CODES = {
    Permission.SECTION_EDIT: "ETk",
    Permission.SECTION_SUGGEST: "s",
    Permission.SECTION_COMMENT: "c",
    Permission.SECTION_SIGN: "O",
    Permission.SECTION_WITHDRAW: "W",
    Permission.SECTION_TWIN: "x",
}


def allows(actor: Actor, permission: Permission, plan: Plan, letter: str = "") -> bool:
    """Whether any live grant of the actor on this plan carries the permission; closed unless opened."""
    return any(_grant_allows(grant, permission, plan, letter, actor.day) for grant in grants_on(actor, plan))


def could_open(actor: Actor, plan_id: str) -> bool:
    """Whether the actor holds a part by which a plan of this id might open, if there is one.

    For whoever holds none, nothing is asked of it: not even how long the answer takes tells that it is there.
    """
    parts = actor.grants_on(plan_id, authority_of(plan_id))
    return any(each.role in CASE[Permission.PLAN_VIEW] for each in parts)


def grants_on(actor: Actor, plan: Plan) -> tuple[Grant, ...]:
    return actor.grants_on(plan.id, plan.authority)


def grants_for(actor: Actor, permission: Permission, plan: Plan, letter: str) -> tuple[Grant, ...]:
    """The grants by which the actor may do this: they say for which agency it is done."""
    return tuple(each for each in grants_on(actor, plan) if _grant_allows(each, permission, plan, letter, actor.day))


def roles_asked(actor: Actor, plan: Plan) -> frozenset[Role]:
    """The roles by which a plan may wait for this person: not a parent's to whom the law leaves no decision."""
    return frozenset(
        each.role
        for each in grants_on(actor, plan)
        if not (is_consulted(each) or is_adviser(each))
        and (
            each.role is not Role.PARENT
            or _grant_allows(each, Permission.SECTION_SIGN, plan, VIEWS, actor.day)
            or _grant_allows(each, Permission.PLAN_ANSWER, plan, "", actor.day)
        )
    )


def _grant_allows(grant: Grant, permission: Permission, plan: Plan, letter: str, day: date) -> bool:
    if permission in CASE:
        return opens_case(grant, permission, plan, day)
    found = cell(grant, plan, letter, day)
    if permission is Permission.SECTION_VIEW:
        return "V" in found or ("v" in found and plan.draft_was_issued)
    return any(code in found for code in CODES[permission])


def _cells(actor: Actor, plan: Plan, letter: str) -> list[str]:
    return [cell(each, plan, letter, actor.day) for each in grants_on(actor, plan)]


def sees_version(actor: Actor, plan: Plan, letter: str, kind: VersionKind) -> bool:
    """Whether a section may be read in an issued version: V and v in any, f in finals alone, p in drafts alone."""
    return bool(_opening(_cells(actor, plan, letter), plan, kind))


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
    limits = [_advice_limit(each) for each in _opening(_cells(actor, plan, letter), plan, kind)]
    return any(not limit or item.text("kind") == limit for limit in limits)


def _opening(cells: list[str], plan: Plan, kind: VersionKind | None) -> list[str]:
    """The cells that open a section's text: one kind of version, or the plan as it stands, else its last final."""
    if kind:
        some = "f" if kind in FINAL_KINDS else PACK
        return [each for each in cells if "V" in each or "v" in each or some in each]
    working = [each for each in cells if "V" in each or ("v" in each and plan.draft_was_issued)]
    return working or [each for each in cells if "f" in each and plan.last_version(*FINAL_KINDS)]


def _advice_limit(code: str) -> str:
    return {"h": "c", "o": "e"}.get(code[-1], "")


def in_audience(actor: Actor, plan: Plan, audience: tuple[str, ...]) -> bool:
    """Nobody named: all who have the right. Otherwise the people and agencies named, and the council that holds it."""
    if not audience or actor.person in audience:
        return True
    grants = grants_on(actor, plan)
    return any(each.agency in audience or each.role in (Role.SEN_CASEWORKER, Role.SEN_MANAGER) for each in grants)


def may_edit_item(actor: Actor, plan: Plan, letter: str, group: Group, item: Item | None) -> bool:
    """Whether the actor may change this item (None: add one) of a section that they may edit."""
    cells = _cells(actor, plan, letter)
    mine = item is None or item.owner == actor.person
    if item and not in_audience(actor, plan, item.audience):
        return False
    if "E" in "".join(cells):
        # Each parent's own view is theirs alone; an advice list is the council's to keep in order.
        return mine or group.voice is not Voice.PARENT
    if any("T" in each for each in cells):
        return group.voice is Voice.CHILD
    return any("k" in each for each in cells) and group.own_items and mine
