"""Each cell of the table that says no, opened in turn: the expectations written by hand must notice."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import pytest

from portal.domain import permission_law, permission_table
from portal.domain.actor import WHOLE_CASELOAD, Role
from portal.domain.permission import Permission, allows, sees_version
from portal.domain.permission_table import CASE, FOR_THE_WHOLE_CASELOAD, LETTERS, SECTIONS
from portal.domain.plan import Plan
from tests.factories import grant, with_grants
from tests.permissions.test_matrix import ACTS, STATES, VERSIONS, expected, expected_case, plan_in, somebody

VERBS: Mapping[str, str] = {
    "V": "view",
    "E": "edit",
    "s": "suggest",
    "c": "comment",
    "O": "sign",
    "W": "withdraw",
    "x": "twin",
}


@dataclass(frozen=True)
class OpenCell:
    """A cell, and the letter that it is given although the table says no; or a permission over the whole plan."""

    role: Role
    where: str
    code: str = ""


def open_cells() -> list[OpenCell]:
    sections = [
        OpenCell(role, letter, code)
        for role, cells in SECTIONS.items()
        for letter in LETTERS
        for code in VERBS
        if code not in cells.get(letter, "")
    ]
    return sections + [OpenCell(role, each) for role in Role for each in CASE if role not in CASE[each]]


@contextmanager
def opened(cell: OpenCell) -> Iterator[None]:
    """The product with one no turned into a yes."""
    with pytest.MonkeyPatch.context() as patch:
        if cell.code:
            said = SECTIONS[cell.role].get(cell.where, "")
            row = {**SECTIONS[cell.role], cell.where: cell.code + said}
            patch.setattr(permission_table, "SECTIONS", {**SECTIONS, cell.role: row})
        else:
            wider = {**CASE, cell.where: CASE[cell.where] | {cell.role}}
            patch.setattr(permission_law, "CASE", wider)
        yield


def disagrees(role: Role, where: str) -> bool:
    """Whether what a role may in a section, or on the whole plan, is not what was written by hand."""
    return any(_wrong(role, where, state) for state in range(len(STATES)))


def _wrong(role: Role, where: str, number: int) -> bool:
    plan, actor = _plan(number), somebody("assigned", role)
    if where in CASE:
        if where in FOR_THE_WHOLE_CASELOAD:
            actor = with_grants("reader", grant(role, "reader", scope=WHOLE_CASELOAD))
        return allows(actor, Permission(where), plan) != (expected_case()[role.value, where] != "no")
    letter, told = ("H1" if where == "H" else where), expected()
    answers = {
        STATES[number].view: allows(actor, Permission.SECTION_VIEW, plan, letter),
        "edit": allows(actor, Permission.SECTION_EDIT, plan, letter),
        **{verb: allows(actor, permission, plan, letter) for verb, permission in ACTS.items()},
        **{verb: any(sees_version(actor, plan, letter, kind) for kind in kinds) for verb, kinds in VERSIONS.items()},
    }
    # One's own advice is an item's matter, not a section's: no part of it opens the section's text.
    shown = {verb: told[role.value, letter, verb] not in ("no", "own") or verb == "edit" for verb in answers}
    wanted = {verb: shown[verb] and told[role.value, letter, verb] != "no" for verb in answers}
    return answers != wanted or _wider_edit(role, letter)


def _wider_edit(role: Role, letter: str) -> bool:
    """Whether somebody may edit all of a section of which they are to edit their own items or the child's words."""
    cell = permission_table.codes(role, letter)
    return "E" in cell and expected()[role.value, letter, "edit"] in ("own", "child")


@cache
def _plan(number: int) -> Plan:
    return plan_in(STATES[number])


def uncaught() -> list[OpenCell]:
    """The cells that could be opened without the expectations noticing."""
    found = []
    for each in open_cells():
        with opened(each):
            if not disagrees(each.role, each.where):
                found.append(each)
    return found


def test_the_table_as_it_stands_is_what_was_written_by_hand() -> None:
    assert [(role, where) for role in Role for where in (*LETTERS, *CASE) if disagrees(role, where)] == []


def test_no_cell_that_says_no_can_be_opened_unnoticed() -> None:
    assert uncaught() == []
    assert len(open_cells()) > 600
