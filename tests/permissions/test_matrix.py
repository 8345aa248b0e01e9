"""Who may do what: the whole table, in process, against expectations written by hand from the two design documents."""

import csv
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from portal.domain.actor import CASELOAD_ROLES, WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.compare import as_words
from portal.domain.content import Content, Item, empty_value
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.permission import Permission, allows, may_edit_item, sees_version
from portal.domain.permission_table import CASE
from portal.domain.plan import Plan, VersionLine
from portal.domain.reading import PlanReading, Reach, SectionReading, filtered, read
from portal.domain.rights import Consent, Rights
from portal.domain.standard import FieldKind, Group
from portal.domain.state import PlanState, VersionKind
from tests.factories import AUTHORITY, PLAN_ID, START, at, blank, grant, item, mark, with_grants

HERE = Path(__file__).parent
LETTERS = ("A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K")
VIEWS = ("view_before_draft", "view_after_draft")
VERSIONS = {
    "view_final_version": (VersionKind.FINAL, VersionKind.AMENDED_FINAL, VersionKind.TRIBUNAL_ORDERED),
    "view_draft_version": (VersionKind.DRAFT, VersionKind.PROPOSED_AMENDMENT),
}
ACTS = {
    "suggest": Permission.SECTION_SUGGEST,
    "comment": Permission.SECTION_COMMENT,
    "sign": Permission.SECTION_SIGN,
    "withdraw": Permission.SECTION_WITHDRAW,
    "twin": Permission.SECTION_TWIN,
}
VERBS = (*VIEWS, *VERSIONS, "edit", *ACTS)

# The seven headings of the PRSB About Me standard (domain.md 5.2) hold the child's own words; pictures, sounds and
# films are another way of saying them, and what others like about the child is gathered with the child.
CHILDS_OWN = {"most-important", "people", "communication", "wellness", "do-and-dont", "support", "also"}
CHILDS_OWN |= {"pictures", "admired"}
OWN_ITEMS = {("K", "advice")}
# "Keep child's and parents' voices distinguishable" and "edit own voice" (domain.md 1 and 4).
ONLY_ITS_AUTHOR = "parent-views"
# Section K's items in every plan of this test, by the kind of advice (regulation 6): the reader's own, and three more.
KINDS = {"own": "d", "health": "c", "care": "e", "school": "b"}
SHOWN = {
    "yes": set(KINDS),
    "own": {"own"},
    "health": {"own", "health"},
    "care": {"own", "care"},
    "no": set[str](),
}

# Whoever turned 16 in the school year that ended with June 2025: over compulsory school age when the tests are.
OF_AGE = date(2009, 5, 2)


@dataclass(frozen=True)
class State:
    """A plan's stage, with the rows of the table that hold in it and the sections that can be written in it."""

    name: str
    plan: PlanState
    versions: tuple[VersionKind, ...]
    view: str
    open: frozenset[str]


STATES = (
    State("before draft", PlanState.DRAFTING, (), VIEWS[0], frozenset(LETTERS) - {"I"}),
    State("after draft", PlanState.DRAFT_ISSUED, (VersionKind.DRAFT,), VIEWS[1], frozenset(LETTERS) - {"I"}),
    State("final", PlanState.FINAL, (VersionKind.DRAFT, VersionKind.FINAL), VIEWS[1], frozenset("A")),
)


def live(*grants: Grant) -> tuple[Grant, ...]:
    return tuple(each for each in grants if each.live_at(at().wall))


RELATIONS: dict[str, Callable[[Role, str], tuple[Grant, ...]]] = {
    "assigned": lambda role, person: live(grant(role, person)),
    "same agency, not on this plan": lambda role, person: live(grant(role, person, scope="nmr-fedcba9876543210")),
    "another authority": lambda role, person: live(
        grant(role, person, authority="sfl", scope=WHOLE_CASELOAD), grant(role, person, authority="sfl", scope=PLAN_ID)
    ),
    "grant expired": lambda role, person: live(grant(role, person, until=START)),
    "after transition": lambda role, person: live(grant(role, person)),
    "no grant": lambda _role, _person: (),
}


@dataclass(frozen=True)
class Cell:
    """One question put to the product, what the documents answer and what the product does."""

    relation: str
    state: str
    role: str
    section: str
    verb: str
    expected: str
    got: str


@cache
def expected() -> dict[tuple[str, str, str], str]:
    with (HERE / "expected.csv").open() as file:
        return {(row["role"], row["section"], row["verb"]): row["may"] for row in csv.DictReader(file)}


@cache
def expected_case() -> dict[tuple[str, str], str]:
    with (HERE / "expected_case.csv").open() as file:
        return {(row["role"], row["permission"]): row["may"] for row in csv.DictReader(file)}


def told(relation: str, role: Role, section: str, verb: str) -> str:
    return expected()[role.value, section, verb] if carries(relation, role) else "no"


def carries(relation: str, role: Role) -> bool:
    """Whether the table holds at all: for whoever is on the plan, but for the parent of a young person."""
    return relation == "assigned" or (relation == "after transition" and role is not Role.PARENT)


def somebody(relation: str, role: Role) -> Actor:
    return with_grants("reader", *RELATIONS[relation](role, "reader"))


def content_of(letter: str, words: str) -> Content:
    """Every group filled with the same words: in one that repeats, the reader's own item and one of somebody else."""
    made: list[Item] = []
    for group in EHC_PLAN.section(letter).groups:
        if letter == "K":
            owners = {"own": "reader"}
            made += [
                replace(item(group, name, owners.get(name, "author"), document=words, kind=kind), number=1)
                for name, kind in KINDS.items()
            ]
        elif group.repeats:
            made += [filled(group, f"{group.name}-{whose}", whose, words) for whose in ("reader", "another")]
        else:
            made.append(filled(group, group.name, "", words))
    return Content(tuple(made))


def filled(group: Group, item_id: str, owner: str, words: str) -> Item:
    values = {each.name: words for each in group.fields if each.kind in (FieldKind.TEXT, FieldKind.LINE)}
    return item(group, item_id, owner if group.own_items else "", **values)


def plan_in(state: State, words: str = "working", relation: str = "assigned", role: Role = Role.ADVOCATE) -> Plan:
    """A plan at a stage. The family consents to the reader as their advocate, and not to a young person's parent."""
    of_age = relation == "after transition"
    plan = blank(born=OF_AGE) if of_age else blank()
    consents = () if of_age and role is Role.PARENT else (Consent("reader", LETTERS, mark()),)
    plan = replace(plan, state=state.plan, rights=Rights(consents))
    lines = tuple(VersionLine(number, kind, mark(), b"") for number, kind in enumerate(state.versions, 1))
    for letter in LETTERS:
        plan = plan.with_section(letter, content=content_of(letter, words))
    return replace(plan, versions=lines)


def finals_of(state: State) -> dict[str, Content]:
    return {letter: content_of(letter, "as issued") for letter in LETTERS} if state.plan is PlanState.FINAL else {}


def shown(letter: str, content: Content) -> str:
    """The table's word for what of a section's items can be seen."""
    seen = {each.id for each in content.items}
    if letter == "K":
        return next((word for word, ids in SHOWN.items() if ids == seen), f"odd: {sorted(seen)}")
    everything = {each.id for each in content_of(letter, "").items}
    return "yes" if seen == everything else "no" if not seen else f"odd: {sorted(seen)}"


def words_in(content: Content) -> set[str]:
    return {
        slot.value
        for each in content.items
        for name, slot in each.slots.items()
        if isinstance(slot.value, str) and name != "kind" and slot.value
    }


def editable(actor: Actor, plan: Plan, letter: str) -> str:
    """The table's word for what of a section's items can be changed, and whether allows() says the same."""
    probes: dict[tuple[str, str], bool] = {}
    for group in EHC_PLAN.section(letter).groups:
        mine = item(group, "mine", actor.person)
        for whose, found in (("new", None), ("own", mine), ("another's", replace(mine, owner="another"))):
            probes[group.name, whose] = may_edit_item(actor, plan, letter, group, found)
    may = {probe for probe, yes in probes.items() if yes}
    words = {
        "no": set[tuple[str, str]](),
        "yes": set(probes) - {(ONLY_ITS_AUTHOR, "another's")},
        "child": {probe for probe in probes if probe[0] in CHILDS_OWN},
        "own": {probe for probe in probes if (letter, probe[0]) in OWN_ITEMS and probe[1] != "another's"},
    }
    word = next((word for word, allowed in words.items() if allowed == may), f"odd: {sorted(may)}")
    if allows(actor, Permission.SECTION_EDIT, plan, letter) != (word != "no"):
        return f"{word}, and allows() says otherwise"
    return word


def readable(actor: Actor, plan: Plan, section: SectionReading) -> str:
    """The table's word for the working text that can be read, and whether allows() says the same."""
    if section.reach is Reach.FINAL:
        return "no"
    word = shown(section.letter, section.content)
    if allows(actor, Permission.SECTION_VIEW, plan, section.letter) != (word not in ("no", "own")):
        return f"{word}, and allows() says otherwise"
    return word


def in_version(actor: Actor, plan: Plan, letter: str, kinds: tuple[VersionKind, ...]) -> str:
    """The table's word for what can be read of a section once a version of one of these kinds is issued."""
    content, answers = content_of(letter, "as issued"), set[str]()
    for kind in kinds:
        issued = replace(plan, versions=(*plan.versions, VersionLine(len(plan.versions) + 1, kind, mark(), b"")))
        seen = sees_version(actor, issued, letter, kind)
        answers.add(shown(letter, filtered(issued, actor, letter, content, kind)) if seen else "no")
    return answers.pop() if len(answers) == 1 else f"some kinds: {sorted(answers)}"


@cache
def cells() -> tuple[Cell, ...]:
    return tuple(ask_everything())


def readings() -> Iterator[tuple[str, State, Role, PlanReading]]:
    for relation in RELATIONS:
        for state in STATES:
            finals = finals_of(state)
            for role in Role:
                plan = plan_in(state, relation=relation, role=role)
                yield relation, state, role, read(plan, somebody(relation, role), finals)


def ask_everything() -> Iterator[Cell]:
    for relation, state, role, reading in readings():
        for letter in LETTERS:
            for verb, want, got in questions(relation, state, role, reading, letter):
                yield Cell(relation, state.name, role.value, letter, verb, want, got)


def questions(
    relation: str, state: State, role: Role, reading: PlanReading, letter: str
) -> Iterator[tuple[str, str, str]]:
    plan, actor, section = reading.plan, reading.actor, reading.sections[letter]
    in_final = told(relation, role, letter, "view_final_version")
    view = told(relation, role, letter, state.view)
    if view == "own" and in_final != "no" and state.plan is PlanState.FINAL:
        view = "no"  # the final holds their own item too, and is what they are shown
    yield state.view, view, readable(actor, plan, section)
    for verb, kinds in VERSIONS.items():
        yield verb, told(relation, role, letter, verb), in_version(actor, plan, letter, kinds)
    yield "edit", told(relation, role, letter, "edit"), editable(actor, plan, letter)
    for verb, permission in ACTS.items():
        yield verb, told(relation, role, letter, verb), "yes" if allows(actor, permission, plan, letter) else "no"


def test_the_product_agrees_with_every_cell_of_the_table_written_by_hand() -> None:
    assert disagreements() == []
    # A stranger and 5 relations, 3 states, 13 roles, 12 sections, 9 verbs: of the two views of working text, a state
    # has one.
    assert len(cells()) == 6 * 3 * 13 * 12 * 9 == 25_272


def disagreements() -> list[Cell]:
    return [each for each in cells() if each.expected != each.got]


def test_a_cell_that_says_less_than_the_design_says_why() -> None:
    with (HERE / "expected.csv").open() as file:
        told = {(row["role"], row["section"], row["verb"]) for row in csv.DictReader(file) if row["why"]}
    authors = ("senco", "educational_psychologist", "health_contributor", "social_worker")
    assert told == {(role, "K", verb) for role in authors for verb in ("sign", "withdraw")}


def test_a_case_is_seen_answered_and_issued_by_those_whom_the_table_names() -> None:
    answers = [
        (relation, state.name, role.value, permission, may if carries(relation, role) else "no", got)
        for relation in RELATIONS
        for state in STATES
        for (role_name, permission), may in expected_case().items()
        for role in [Role(role_name)]
        for plan in [plan_in(state, relation=relation, role=role)]
        for got in ["yes" if allows(somebody(relation, role), Permission(permission), plan) else "no"]
    ]
    assert [each for each in answers if (each[4] == "yes") != (each[5] == "yes")] == []
    assert len(answers) == 6 * 3 * 13 * len(CASE)


def test_what_the_table_gives_to_the_caseload_needs_a_part_in_all_of_it() -> None:
    """Whether a plan is kept or destroyed is not for somebody who was let into one plan, whatever their role there."""
    answers = [
        (state.name, role.value, permission, "no" if may == "no" else "yes", got)
        for state in STATES
        for (role_name, permission), may in expected_case().items()
        for role in [Role(role_name)]
        if role in CASELOAD_ROLES
        for reader in [with_grants("reader", grant(role, "reader", scope=WHOLE_CASELOAD))]
        for got in ["yes" if allows(reader, Permission(permission), plan_in(state)) else "no"]
    ]
    assert [each for each in answers if each[3] != each[4]] == []
    assert len(answers) == 3 * 6 * len(CASE)


def test_the_expectations_name_every_role_section_and_verb_once() -> None:
    assert list(expected()) == [(role.value, letter, verb) for role in Role for letter in LETTERS for verb in VERBS]
    assert set(expected().values()) == {"yes", "no", "own", "child", "health", "care"}
    case = {each.value for each in Permission if each.value.startswith("plan:")}
    assert set(expected_case()) == {(role.value, permission) for role in Role for permission in case}
    assert EHC_PLAN.letters == LETTERS


def test_a_reading_holds_words_exactly_where_the_table_lets_them_be_read() -> None:
    wrong, compared = [], 0
    for relation, state, role, reading in readings():
        for letter, section in reading.sections.items():
            compared += 1
            want, got = words_expected(relation, state, role, letter), words_in(section.content)
            if got != want or section.readable != bool(want):
                wrong.append((relation, state.name, role.value, letter, want, got))
    assert wrong == []
    assert compared == 6 * 3 * 13 * 12 == 2_808


def words_expected(relation: str, state: State, role: Role, letter: str) -> set[str]:
    view, in_final = told(relation, role, letter, state.view), told(relation, role, letter, "view_final_version")
    if view in ("no", "own") and in_final != "no" and state.plan is PlanState.FINAL:
        return {"as issued"}
    return set() if view == "no" else {"working"}


def test_a_page_offers_writing_exactly_where_the_table_and_the_stage_both_allow_it() -> None:
    wrong, compared = [], 0
    for relation, state, role, reading in readings():
        for letter, section in reading.sections.items():
            compared += 1
            want = told(relation, role, letter, "edit") != "no" and letter in state.open
            items = [reading.may_edit_item(letter, group, None) for group in section.standard.groups]
            if (section.may_edit, any(items)) != (want, want):
                wrong.append((relation, state.name, role.value, letter, want))
    assert wrong == []
    assert compared == 2_808


COUNCIL = (Role.SEN_CASEWORKER, Role.SEN_MANAGER)
AUDIENCES = [("nobody here",), ("reader",), ("agency",)]


def reader_of(role: Role) -> Actor:
    return with_grants("reader", grant(role, "reader", agency="agency", authority=AUTHORITY))


def withhold(plan: Plan, audience: tuple[str, ...], whole: bool) -> Plan:
    """The plan with each item, or else each value of it, kept for an audience."""
    for letter in LETTERS:
        content = plan.sections[letter].content
        items = tuple(
            replace(each, audience=audience)
            if whole
            else replace(each, slots={name: replace(slot, audience=audience) for name, slot in each.slots.items()})
            for each in content.items
        )
        plan = plan.with_section(letter, content=replace(content, items=items))
    return plan


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("state", STATES[:2], ids=lambda state: state.name)
def test_an_item_kept_for_others_is_absent_and_one_kept_for_the_reader_is_there(
    state: State, audience: tuple[str, ...]
) -> None:
    plan = plan_in(state)
    for role in Role:
        open_to_all = read(plan, reader_of(role), {})
        kept = read(withhold(plan, audience, whole=True), reader_of(role), {})
        named = audience != AUDIENCES[0] or role in COUNCIL
        for letter in LETTERS:
            there = {each.id for each in open_to_all.sections[letter].content.items} if named else set()
            assert {each.id for each in kept.sections[letter].content.items} == there, (role, letter)


@pytest.mark.parametrize("state", STATES[:2], ids=lambda state: state.name)
def test_a_field_kept_for_others_looks_exactly_like_an_empty_one(state: State) -> None:
    plan, empty = withhold(plan_in(state), AUDIENCES[0], whole=False), plan_in(state, "")
    compared = 0
    for role in set(Role) - set(COUNCIL):
        reading, blank_reading = (read(each, reader_of(role), {}) for each in (plan, empty))
        assert reading.names == blank_reading.names
        for letter in LETTERS:
            section = reading.sections[letter]
            for each in section.content.items:
                for field in section.standard.group(each.group).fields:
                    compared += 1
                    value = each.value(field.name)
                    assert (value, type(value)) == (empty_value(field.kind), type(empty_value(field.kind)))
                    assert as_words(field, each, reading.names) == ""
                assert each.is_empty
    assert compared > 500


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_two_parts_in_a_plan_show_nothing_that_neither_shows_alone(state: State) -> None:
    plan, finals = plan_in(state), finals_of(state)
    alone = {role: read(plan, reader_of(role), finals) for role in Role}
    more = []
    for one, other in itertools.combinations(Role, 2):
        both = read(plan, with_grants("reader", grant(one, "reader"), grant(other, "reader")), finals)
        for letter in LETTERS:
            extra = seen_in(both, letter) - seen_in(alone[one], letter) - seen_in(alone[other], letter)
            if extra:
                more.append((one.value, other.value, letter, sorted(each for each, _ in extra)))
    assert more == []


def seen_in(reading: PlanReading, letter: str) -> set[tuple[str, frozenset[str]]]:
    """(id, words) of each item of a section that a reader sees."""
    items = reading.sections[letter].content.items
    return {(each.id, frozenset(words_in(Content((each,))))) for each in items}
