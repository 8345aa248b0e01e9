"""Print who may do what: the table that every page, button and save is answered from."""

import argparse
import json

from portal.commands import Add
from portal.domain.actor import ROLE_WORDS, Role
from portal.domain.permission_law import LAW_WORDS
from portal.domain.permission_table import CASE, CODE_WORDS, LETTERS, SECTIONS


def register(add: Add) -> None:
    command = add("permissions", permissions, "print who may do what to which section, and to a whole plan")
    command.add_argument("--json", action="store_true", help="as one JSON object")


def permissions(chosen: argparse.Namespace) -> int:
    print(json.dumps(_facts()) if chosen.json else _text())
    return 0


def _facts() -> dict[str, object]:
    return {
        "codes": dict(CODE_WORDS),
        "sections": {role.value: dict(cells) for role, cells in SECTIONS.items()},
        "plan": {permission: sorted(role.value for role in roles) for permission, roles in CASE.items()},
        "law": list(LAW_WORDS),
    }


def _text() -> str:
    parts = (_sections(), _codes(), _case(), "\n".join(LAW_WORDS))
    return "\n\n".join(parts)


def _sections() -> str:
    rows = [("", *LETTERS), *((ROLE_WORDS[role], *_cells(role)) for role in SECTIONS)]
    return _columns(rows)


def _cells(role: Role) -> list[str]:
    return [SECTIONS[role].get(letter) or "-" for letter in LETTERS]


def _codes() -> str:
    return _columns([(code, words) for code, words in CODE_WORDS.items()])


def _case() -> str:
    named = {permission: [ROLE_WORDS[role] for role in Role if role in roles] for permission, roles in CASE.items()}
    return "\n".join(f"{permission}: {', '.join(names)}" for permission, names in named.items())


def _columns(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(each.ljust(width) for each, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)
