"""`portal permissions` prints the table that everything is answered from, for people and for programs."""

import json

import pytest

from portal.cli import main
from portal.domain.actor import ROLE_WORDS
from portal.domain.permission_table import CASE, SECTIONS


def test_the_table_is_printed_with_every_role_every_permission_and_what_the_letters_mean(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["permissions"]) == 0
    printed = capsys.readouterr().out
    for words in (*ROLE_WORDS.values(), *CASE, "O  sign off", "compulsory school age"):
        assert words in printed
    lines = {line.split("  ")[0]: line for line in printed.splitlines()}
    assert lines["Designated Clinical Officer"].split()[3:] == list(SECTIONS_OF_THE_OFFICER)


SECTIONS_OF_THE_OFFICER = ("V", "Vc", "VEcOWx", "f", "Vsc", "Vc", "VEcOWx", "f", "f", "Vc", "Vkh")


def test_as_json_it_is_the_table_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["permissions", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["sections"] == {role.value: dict(cells) for role, cells in SECTIONS.items()}
    assert facts["plan"]["plan:consent"] == ["parent", "young_person"]
    assert set("".join(cell for cells in facts["sections"].values() for cell in cells.values())) <= set(facts["codes"])
