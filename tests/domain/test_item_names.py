"""How an item is named where it is linked to: by its printed number and its first words."""

from dataclasses import replace

import pytest

from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.reading import name_of
from tests.factories import item

NEEDS = EHC_PLAN.section("B").group("needs")
BEGUN = "Practice of the therapist's targets, and of saying no"


@pytest.mark.parametrize(
    ("says", "name"),
    [
        ("She stammers.", "B1 She stammers."),
        (f"{BEGUN}: alone at work", f"B1 {BEGUN} …"),
        (f"{BEGUN} when at work", f"B1 {BEGUN} when …"),
    ],
)
def test_long_words_are_cut_between_words_and_never_after_a_comma_or_a_colon(says: str, name: str) -> None:
    assert name_of(NEEDS, replace(item(NEEDS, need=says), number=1)) == name
