"""The EHC plan as a plan standard: every section of the law is there, and every name in it leads somewhere."""

from collections.abc import Iterator

import pytest

from portal.domain.agency import AgencyKind
from portal.domain.ehc_plan import ADVICE_KINDS, AREAS, EHC_PLAN, H1_KINDS, STANDARDS
from portal.domain.error import NotFound
from portal.domain.identifier import ITEM_ID
from portal.domain.standard import Field, FieldKind, Group, Needed, SectionStandard, Voice
from portal.domain.state import PlanState


def groups() -> Iterator[tuple[SectionStandard, Group]]:
    return ((section, group) for section in EHC_PLAN.sections for group in section.groups)


def fields() -> Iterator[tuple[str, Field]]:
    return (
        (f"{section.letter}/{group.name}/{each.name}", each) for section, group in groups() for each in group.fields
    )


def test_every_section_from_a_to_k_is_there_in_order() -> None:
    assert EHC_PLAN.letters == ("A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K")


def test_a_standard_is_found_by_the_name_that_plans_keep() -> None:
    assert STANDARDS[EHC_PLAN.name] is EHC_PLAN


def test_every_address_is_given_once() -> None:
    addresses = [address for address, _ in fields()]
    assert len(set(addresses)) == len(addresses)
    for section in EHC_PLAN.sections:
        assert len({group.name for group in section.groups}) == len(section.groups)


def test_every_name_in_an_address_can_stand_in_a_url_and_in_the_hash() -> None:
    for section, group in groups():
        assert section.letter.isascii()
        assert ITEM_ID.fullmatch(group.name)
        assert all(field.name.isidentifier() and field.name.isascii() for field in group.fields)


def test_every_field_has_a_label_and_a_limit() -> None:
    assert [address for address, field in fields() if not field.label.strip() or field.limit <= 0] == []


def test_every_link_leads_to_a_group_that_is_there() -> None:
    for address, field in fields():
        assert bool(field.links_to) == (field.kind is FieldKind.LINKS), address
        for target in field.links_to:
            letter, _, name = target.partition(".")
            assert EHC_PLAN.section(letter).group(name).repeats, address


def test_every_choice_has_its_choices_and_each_its_words() -> None:
    for address, field in fields():
        assert bool(field.choices) == (field.kind is FieldKind.CHOICE), address
        keys = [key for key, _ in field.choices]
        assert len(set(keys)) == len(keys)
        assert all(field.choice_label(key) for key in keys)
        assert field.choice_label("no such key") == ""


def test_every_section_that_is_signed_has_a_statement_of_its_own_that_names_it() -> None:
    statements = [each.statement for each in EHC_PLAN.sections if each.needed in (Needed.SIGNED, Needed.AGREED)]
    assert all(statements)
    assert len(set(statements)) == len(statements) == 9
    for each in EHC_PLAN.sections:
        if each.needed is Needed.SIGNED:
            assert f"section {each.letter}" in each.statement
        elif each.needed is not Needed.AGREED:
            assert each.statement == ""


def test_a_final_asks_of_each_section_what_the_decisions_say() -> None:
    needed = {each.letter: each.needed for each in EHC_PLAN.sections}
    signed = [letter for letter, what in needed.items() if what is Needed.SIGNED]
    assert signed == ["B", "C", "D", "E", "F", "G", "H1", "H2"]
    assert [letter for letter, what in needed.items() if what is Needed.AT_ISSUE] == ["I", "J"]
    assert (needed["A"], needed["K"]) == (Needed.AGREED, Needed.NOTHING)


def test_health_and_social_care_own_their_needs_and_their_provision() -> None:
    assert [each.letter for each in EHC_PLAN.owned_by(AgencyKind.HEALTH)] == ["C", "G"]
    assert [each.letter for each in EHC_PLAN.owned_by(AgencyKind.CARE)] == ["D", "H1", "H2"]
    assert [each.letter for each in EHC_PLAN.owned_by(AgencyKind.FAMILY)] == ["A"]


def test_section_h1_has_the_closed_list_of_the_chronically_sick_and_disabled_persons_act() -> None:
    """domain.md section 1: home, recreation and education, travel, adaptations, holidays, meals, equipment, breaks."""
    assert [key for key, _ in H1_KINDS] == [
        "home-help",
        "recreation",
        "travel",
        "adaptations",
        "holidays",
        "meals",
        "equipment",
        "short-breaks",
    ]
    kind = EHC_PLAN.section("H1").group("provision").field("type")
    assert (kind.choices, kind.required) == (H1_KINDS, True)
    assert "overnight" in dict(H1_KINDS)["short-breaks"]
    with pytest.raises(NotFound):
        EHC_PLAN.section("H2").group("provision").field("type")


def test_needs_have_the_four_areas_and_advice_the_eight_kinds_of_regulation_6() -> None:
    assert EHC_PLAN.section("B").group("needs").field("area").choices == AREAS
    assert [key for key, _ in AREAS] == ["communication", "cognition", "semh", "sensory"]
    assert EHC_PLAN.section("K").group("advice").field("kind").choices == ADVICE_KINDS
    assert [key for key, _ in ADVICE_KINDS] == list("abcdefgh")


def test_section_i_is_left_out_of_a_draft_and_written_only_while_finalising() -> None:
    placement = EHC_PLAN.section("I")
    assert placement.written_in == {PlanState.FINALISING}
    assert [each.letter for each in EHC_PLAN.sections if not each.printed_in_draft] == ["I"]


def test_nothing_is_written_in_a_plan_that_has_ceased_and_only_the_familys_words_in_a_final() -> None:
    assert not any(PlanState.CEASED in each.written_in for each in EHC_PLAN.sections)
    assert [each.letter for each in EHC_PLAN.sections if PlanState.FINAL in each.written_in] == ["A"]


def test_an_empty_section_says_so_in_words() -> None:
    assert all(each.empty.endswith(".") and each.plain.endswith(".") for each in EHC_PLAN.sections)


def test_the_childs_and_the_parents_voices_are_kept_apart_in_groups_of_their_own() -> None:
    voices = {group.name: group.voice for group in EHC_PLAN.section("A").groups}
    assert voices["most-important"] is voices["do-and-dont"] is Voice.CHILD
    assert voices["parent-views"] is Voice.PARENT
    assert voices["aspirations"] is voices["history"] is Voice.FAMILY
    others = {group.voice for section, group in groups() if section.letter != "A"}
    assert others == {Voice.AGENCY}


def test_what_repeats_has_a_noun_and_a_field_that_stands_for_it() -> None:
    for _, group in groups():
        assert bool(group.noun) == group.repeats
        assert group.field(group.title_field)
        assert group.repeats or not group.own_items


def test_printed_numbers_never_look_alike() -> None:
    prefixes = [group.prefix for _, group in groups() if group.prefix]
    assert len(set(prefixes)) == len(prefixes)


def test_every_letter_of_the_thread_is_a_section() -> None:
    assert [EHC_PLAN.section(letter).letter for letter in EHC_PLAN.thread] == ["A", "B", "E", "F"]


def test_what_the_standard_does_not_have_is_not_found() -> None:
    with pytest.raises(NotFound):
        EHC_PLAN.section("L")
    with pytest.raises(NotFound):
        EHC_PLAN.section("B").group("outcomes")
