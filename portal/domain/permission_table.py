"""The table of who may do what, as data: one row a role, one cell a section (README, "Who may do what").

`CODE_WORDS` says what a cell's letters mean. What the law takes from a cell is permission_law.py.
"""

from collections.abc import Mapping

from portal.domain.actor import FAMILY_ROLES, Role

CODE_WORDS: Mapping[str, str] = {
    "V": "view the working text, and every version",
    "v": "the same once a draft is issued",
    "f": "view finals only",
    "R": "read with a written reason, for a set time",
    "E": "edit",
    "T": "write down the child's own words",
    "k": "add and edit one's own items",
    "s": "suggest",
    "c": "comment",
    "O": "sign off",
    "W": "withdraw one's own sign-off",
    "x": "write it again in easier words or another language",
    "h": "of the advice only health's",
    "o": "of the advice only social care's",
}
LETTERS = ("A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K")


def _row(cells: str) -> dict[str, str]:
    return {letter: cell.strip("-") for letter, cell in zip(LETTERS, cells.split(), strict=True)}


SECTIONS: Mapping[Role, Mapping[str, str]] = {
    #                                          A     B      C      D      E      F      G      H      I     J     K
    Role.PARENT: _row("                        VEOWx vsc    vsc    vsc    vsc    vsc    vsc    vsc    vs    vsc   vk"),
    Role.YOUNG_PERSON: _row("                  VEOWx vsc    vsc    vsc    vsc    vsc    vsc    vsc    vs    vsc   vk"),
    Role.ADVOCATE: _row("                      vsc   vc     vc     vc     vc     vc     vc     vc     vc    -     -"),
    Role.SENCO: _row("                         VcTx  Vsc    f      f      Vsc    Vsc    f      f      f     f     fk"),
    Role.EDUCATIONAL_PSYCHOLOGIST: _row("      V     Vsc    V      f      Vsc    Vsc    f      f      f     f     vk"),
    Role.HEALTH_CONTRIBUTOR: _row("            V     Vc     VEcx   f      Vsc    Vc     VEcx   f      f     f     vk"),
    Role.DESIGNATED_CLINICAL_OFFICER: _row("   V     Vc     VEcOWx f      Vsc    Vc     VEcOWx f      f     Vc    Vkh"),
    Role.SOCIAL_WORKER: _row("                 V     Vc     f      VEcOWx Vsc    Vc     f      VEcOWx f     V     vk"),
    Role.DESIGNATED_SOCIAL_CARE_OFFICER: _row("V     Vc     f      VEcOWx Vsc    Vc     f      VEcOWx f     Vc    Vko"),
    Role.SEN_CASEWORKER: _row("                VsTx  VEcx   Vscx   Vscx   VEcx   VEcx   Vscx   Vscx   VEx   VEcx  VEx"),
    Role.SEN_MANAGER: _row("                   Vx    VEcOWx Vcx    Vcx    VEcOWx VEcOWx Vcx    Vcx    VEOWx VEOWx Vx"),
    Role.AUDITOR: _row("                       R     R      R      R      R      R      R      R      R     R     R"),
    Role.PLATFORM_ADMIN: _row("                -     -      -      -      -      -      -      -      -     -     -"),
}


def codes(role: Role, letter: str) -> str:
    """The table's cell; H1 and H2 share a column. A letter the table does not know gives nothing."""
    return SECTIONS[role].get("H" if letter in ("H1", "H2") else letter, "")


_COUNCIL = frozenset({Role.SEN_CASEWORKER, Role.SEN_MANAGER})
_EVERYONE_ON_THE_CASE = frozenset(Role) - {Role.PLATFORM_ADMIN}
_KEEPERS = frozenset({Role.SEN_MANAGER, Role.AUDITOR})

CASE: Mapping[str, frozenset[Role]] = {
    "plan:view": _EVERYONE_ON_THE_CASE,
    "plan:history": _EVERYONE_ON_THE_CASE,
    "plan:answer": FAMILY_ROLES,
    "plan:issue_draft": frozenset({Role.SEN_MANAGER}),
    "plan:finalise": _COUNCIL,
    "plan:issue_final": frozenset({Role.SEN_MANAGER}),
    "plan:hold": _KEEPERS,
    "plan:destroy": _KEEPERS,
    "plan:restrict": _COUNCIL,
    "plan:consent": FAMILY_ROLES,
    "plan:record_rights": frozenset({Role.SEN_MANAGER}),
    "plan:process": _COUNCIL,
    "plan:review": _COUNCIL | {Role.SENCO},
    "plan:contribute": _EVERYONE_ON_THE_CASE - {Role.ADVOCATE, Role.AUDITOR},
}
# Whether a plan is kept is a matter of the council's records: a part in one plan does not reach it.
FOR_THE_WHOLE_CASELOAD = frozenset({"plan:hold", "plan:destroy"})
