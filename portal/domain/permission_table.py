"""The table of who may do what, as data: one row a role, one cell a section (README, "Who may do what").

V view working text and versions; v the same once a draft is issued; f finals only; R reasoned read;
E edit; T write down the child's own words; k add and edit one's own items; s suggest; c comment;
O sign off; W withdraw one's own sign-off; h and o: only health's, only social care's advice.
"""

from collections.abc import Mapping

from portal.domain.actor import FAMILY_ROLES, Role

LETTERS = ("A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K")


def _row(cells: str) -> dict[str, str]:
    return {letter: cell.strip("-") for letter, cell in zip(LETTERS, cells.split(), strict=True)}


SECTIONS: Mapping[Role, Mapping[str, str]] = {
    #                                          A     B      C      D      E      F      G      H      I     J     K
    Role.PARENT: _row("                        VEOW  vsc    vsc    vsc    vsc    vsc    vsc    vsc    vs    vsc   vk"),
    Role.YOUNG_PERSON: _row("                  VEOW  vsc    vsc    vsc    vsc    vsc    vsc    vsc    vs    vsc   vk"),
    Role.ADVOCATE: _row("                      vsc   vc     vc     vc     vc     vc     vc     vc     vc    -     -"),
    Role.SENCO: _row("                         VcT   Vsc    f      f      Vsc    Vsc    f      f      f     f     fk"),
    Role.EDUCATIONAL_PSYCHOLOGIST: _row("      V     Vsc    V      f      Vsc    Vsc    f      f      f     f     vk"),
    Role.HEALTH_CONTRIBUTOR: _row("            V     Vc     VEc    f      Vsc    Vc     VEc    f      f     f     vk"),
    Role.DESIGNATED_CLINICAL_OFFICER: _row("   V     Vc     VEcOW  f      Vsc    Vc     VEcOW  f      f     Vc    Vkh"),
    Role.SOCIAL_WORKER: _row("                 V     Vc     f      VEcOW  Vsc    Vc     f      VEcOW  f     V     vk"),
    Role.DESIGNATED_SOCIAL_CARE_OFFICER: _row("V     Vc     f      VEcOW  Vsc    Vc     f      VEcOW  f     Vc    Vko"),
    Role.SEN_CASEWORKER: _row("                VsT   VEc    Vsc    Vsc    VEc    VEc    Vsc    Vsc    VE    VEc   VE"),
    Role.SEN_MANAGER: _row("                   V     VEcOW  Vc     Vc     VEcOW  VEcOW  Vc     Vc     VEOW  VEOW  V"),
    Role.AUDITOR: _row("                       R     R      R      R      R      R      R      R      R     R     R"),
    Role.PLATFORM_ADMIN: _row("                -     -      -      -      -      -      -      -      -     -     -"),
}

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
}
# Whether a plan is kept is a matter of the council's records: a part in one plan does not reach it.
FOR_THE_WHOLE_CASELOAD = frozenset({"plan:hold", "plan:destroy"})
