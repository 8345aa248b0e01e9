"""What the law leaves of the table: age, consent, capacity and a court's order, against expectations by hand."""

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.actor import Actor, Role
from portal.domain.permission import Permission, allows, roles_asked, sees_version
from portal.domain.permission_law import ADVISER, CONSULTED
from portal.domain.plan import Plan, VersionLine
from portal.domain.rights import Capacity, Consent, Limit, Matter, Rights
from portal.domain.state import PlanState, VersionKind
from tests.factories import at, blank, grant, mark, with_grants
from tests.permissions.test_matrix import ACTS, LETTERS, OF_AGE, VERSIONS

WHOLE = {"view", "history", "answer", "consent", "issue_draft", "finalise", "hold", "destroy", "record_rights"}
CODES_BY_HAND = {"suggest": "s", "comment": "c", "sign": "O", "withdraw": "W", "twin": "x"}
YESTERDAY, TODAY = at().today - timedelta(days=1), at().today


def consent(*letters: str, until: object = None) -> Rights:
    return Rights((Consent("reader", letters or LETTERS, mark(), until),))  # type: ignore[arg-type]


def decides(*matters: Matter, person: str = "reader") -> Rights:
    return Rights(capacity=tuple(Capacity(each, person, mark(), "Assessed.") for each in matters))


def kept(*letters: str) -> Rights:
    return Rights(limits=(Limit("reader", letters or LETTERS, mark(), "An order."),))


# situation: the role, whether the child is over compulsory school age, what is recorded, and the relation.
SITUATIONS: dict[str, tuple[Role, bool, Rights, str]] = {
    "a parent of a child": (Role.PARENT, False, Rights(), ""),
    "a parent of a young person": (Role.PARENT, True, Rights(), ""),
    "a parent to whom a young person consented for all": (Role.PARENT, True, consent(), ""),
    "a parent to whom a young person consented for A and F": (Role.PARENT, True, consent("A", "F"), ""),
    "a parent to whom a young person consented for all and for writing with them": (
        Role.PARENT,
        True,
        Rights((Consent("reader", LETTERS, mark(), writes=True),)),
        "",
    ),
    "a parent whose consent ended yesterday": (Role.PARENT, True, consent(until=YESTERDAY), ""),
    "a parent who decides about A instead of a young person": (Role.PARENT, True, decides(Matter.VIEWS), ""),
    "a parent who answers the draft instead of a young person": (Role.PARENT, True, decides(Matter.DRAFT), ""),
    "a parent who decides who may read instead of a young person": (Role.PARENT, True, decides(Matter.SHARING), ""),
    "a parent from whom a court keeps A and F": (Role.PARENT, False, kept("A", "F"), ""),
    "a parent from whom a court keeps everything": (Role.PARENT, False, kept(), ""),
    "a parent from whom a court keeps A and to whom a young person consented for all": (
        Role.PARENT,
        True,
        replace(consent(), limits=kept("A").limits),
        "",
    ),
    "a young person": (Role.YOUNG_PERSON, True, Rights(), ""),
    "a young person for whom another decides about A": (
        Role.YOUNG_PERSON,
        True,
        decides(Matter.VIEWS, person="mother"),
        "",
    ),
    "a young person for whom another decides everything": (
        Role.YOUNG_PERSON,
        True,
        decides(*Matter, person="mother"),
        "",
    ),
    "an advocate without consent": (Role.ADVOCATE, False, Rights(), ""),
    "an advocate with consent for A and B": (Role.ADVOCATE, False, consent("A", "B"), ""),
    "an advocate with consent for everything": (Role.ADVOCATE, False, consent(), ""),
    "an advocate whose consent ended yesterday": (Role.ADVOCATE, False, consent(until=YESTERDAY), ""),
    "an advocate whose consent ends today": (Role.ADVOCATE, False, consent(until=TODAY), ""),
    "a school that is consulted": (Role.SENCO, False, Rights(), CONSULTED),
    "a therapist who was given a part to give advice": (Role.HEALTH_CONTRIBUTOR, False, Rights(), ADVISER),
    "the child's own school": (Role.SENCO, False, Rights(), ""),
}


def expected() -> dict[str, dict[str, str]]:
    with (Path(__file__).parent / "expected_law.csv").open() as file:
        return {row.pop("situation"): row for row in csv.DictReader(file)}


def somebody(situation: str, issued: bool) -> tuple[Actor, Plan]:
    role, of_age, rights, relation = SITUATIONS[situation]
    plan = replace(blank(born=OF_AGE) if of_age else blank(), rights=rights)
    if issued:
        line = VersionLine(1, VersionKind.DRAFT, mark(), b"")
        plan = replace(plan, state=PlanState.DRAFT_ISSUED, versions=(line,))
    return with_grants("reader", grant(role, "reader", relation=relation)), plan


def wanted(cell: str) -> dict[str, bool]:
    """What a cell written by hand says of each verb."""
    return {
        "view_before_draft": "V" in cell,
        "view_after_draft": bool(set(cell) & set("Vv")),
        "view_final_version": bool(set(cell) & set("Vvf")),
        "view_draft_version": bool(set(cell) & set("Vvp")),
        "edit": bool(set(cell) & set("ETk")),
        **{verb: code in cell for verb, code in CODES_BY_HAND.items()},
    }


def got(situation: str, letter: str) -> dict[str, bool]:
    (before, drafting), (after, issued) = somebody(situation, False), somebody(situation, True)
    return {
        "view_before_draft": allows(before, Permission.SECTION_VIEW, drafting, letter),
        "view_after_draft": allows(after, Permission.SECTION_VIEW, issued, letter),
        **{verb: all(sees_version(after, issued, letter, each) for each in kinds) for verb, kinds in VERSIONS.items()},
        "edit": allows(after, Permission.SECTION_EDIT, issued, letter),
        **{verb: allows(after, permission, issued, letter) for verb, permission in ACTS.items()},
    }


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_law_leaves_of_each_section_what_was_written_by_hand(situation: str) -> None:
    row = expected()[situation]
    assert {letter: got(situation, letter) for letter in LETTERS} == {each: wanted(row[each]) for each in LETTERS}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_law_leaves_of_the_whole_plan_what_was_written_by_hand(situation: str) -> None:
    actor, plan = somebody(situation, True)
    may = {each for each in WHOLE if allows(actor, Permission(f"plan:{each}"), plan)}
    assert may == set(expected()[situation]["whole plan"].split())


def test_every_situation_stands_in_the_file_once() -> None:
    assert list(expected()) == list(SITUATIONS)


def test_a_plan_waits_for_nobody_to_whom_the_law_leaves_no_decision() -> None:
    asked = {each for each in SITUATIONS if roles_asked(*somebody(each, True))}
    silent = {
        "a parent of a young person",
        "a parent to whom a young person consented for all",
        "a parent to whom a young person consented for A and F",
        "a parent to whom a young person consented for all and for writing with them",
        "a parent whose consent ended yesterday",
        "a parent who decides who may read instead of a young person",
        "a parent from whom a court keeps everything",
        "a parent from whom a court keeps A and to whom a young person consented for all",
        "a school that is consulted",
        "a therapist who was given a part to give advice",
    }
    assert asked == set(SITUATIONS) - silent


def test_somebody_of_no_known_day_has_what_a_parent_of_a_young_person_has() -> None:
    actor, plan = somebody("a parent of a child", True)
    unknown = Actor(actor.person, actor.name, actor.issuer, actor.subject, actor.grants)
    assert not any(allows(unknown, each, plan, letter) for each in Permission for letter in ("", *LETTERS))
