"""Forms from the plan standard: strict about what they take, plain about what to do, exact about what they keep."""

import pytest
from werkzeug.datastructures import MultiDict

from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.error import Invalid
from portal.domain.hashing import Value
from portal.domain.standard import FieldKind, Group
from portal.web.forms import (
    FORBIDDEN,
    UNKNOWN,
    AnswerForm,
    CompareQuery,
    HistoryQuery,
    ReasonForm,
    SignForm,
    item_schema,
    item_values,
    load,
)

ROW = EHC_PLAN.section("F").group("provision")
NEED = EHC_PLAN.section("B").group("needs")
HOPE = EHC_PLAN.section("A").group("aspirations")
ABOUT = EHC_PLAN.section("A").group("people")
ID, OTHER = "0123456789", "abcdefghjk"


def sent(*pairs: tuple[str, str]) -> MultiDict[str, str]:
    return MultiDict([("revision", "0"), *pairs])


def values(group: Group, *pairs: tuple[str, str], adding: bool = False) -> dict[str, Value]:
    return item_values(group, load(item_schema(group), sent(*pairs)), adding)


def errors(group: Group, *pairs: tuple[str, str], adding: bool = False) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        values(group, *pairs, adding=adding)
    return refused.value.errors


def test_an_amount_is_one_value_with_its_minutes_as_a_number() -> None:
    typed = [
        ("amount.minutes", "45"),
        ("amount.how_often", " every  week "),
        ("amount.ratio", ""),
        ("amount.how_long", "x"),
    ]
    assert values(ROW, *typed) == {"amount": {"minutes": 45, "how_often": "every week", "how_long": "x"}}


def test_an_amount_of_which_nothing_is_typed_is_an_empty_amount() -> None:
    parts = [(f"amount.{part}", "") for part in ("minutes", "how_often", "ratio", "how_long")]
    assert values(ROW, *parts) == {"amount": {}}


def test_an_amount_that_was_not_in_the_form_is_left_as_it_is() -> None:
    assert values(ROW, ("where", "In class")) == {"where": "In class"}


def test_minutes_are_whole_numbers() -> None:
    for minutes in ("1", "45", "045", "10000"):
        assert values(ROW, ("amount.minutes", minutes)) == {"amount": {"minutes": int(minutes)}}


def test_minutes_that_are_not_say_what_to_type() -> None:
    says = {"amount.minutes": "Give the minutes as a whole number, like 45."}
    for minutes in (
        "0",
        "-1",
        "4.5",
        "4,5",
        "45m",
        "forty",
        "10001",
        "1e3",
        "٤٥",
        "４５",
        "²",
        "+5",
        "9" * 150,
        "0x10",
    ):
        assert errors(ROW, ("amount.minutes", minutes)) == says, minutes


def test_a_part_of_an_amount_that_is_too_long_is_named() -> None:
    assert errors(ROW, ("amount.ratio", "x" * 201)) == {
        "amount.ratio": "This is 201 characters. Shorten it to 200 or fewer."
    }


def test_links_are_a_sorted_list_without_doubles_and_without_the_empty_one() -> None:
    assert values(ROW, ("needs", ""), ("needs", OTHER), ("needs", ID), ("needs", ID)) == {"needs": [ID, OTHER]}


def test_all_boxes_unticked_are_an_empty_list_and_no_boxes_at_all_change_nothing() -> None:
    assert values(ROW, ("needs", "")) == {"needs": []}
    assert values(ROW) == {}


@pytest.mark.parametrize("link", ["$ne", "B.needs", "x" * 50, "0123456789\n", " 0123456789", "a.b", "Ω", "<b>"])
def test_a_link_that_is_no_id_is_refused(link: str) -> None:
    assert set(errors(ROW, ("needs", link))) == {"needs"}


def test_sixty_links_are_taken_and_one_more_is_not() -> None:
    many = [("needs", f"{number:010d}") for number in range(61)]
    assert len(values(ROW, *many[:60])["needs"]) == 60  # type: ignore[arg-type]
    assert set(errors(ROW, *many)) == {"needs"}


def test_a_choice_is_one_of_its_keys_and_says_so() -> None:
    assert values(NEED, ("area", "semh")) == {"area": "semh"}
    assert values(HOPE, ("whose", "")) == {"whose": ""}
    for wrong in ("", "SEMH", "$ne", "Social, emotional and mental health"):
        assert errors(NEED, ("area", wrong)) == {"area": "Choose one for “Area of need”."}


def test_what_is_required_is_asked_for_by_its_label() -> None:
    assert errors(NEED, ("need", " \n ")) == {"need": "Fill in “The need, in a few words”."}
    assert errors(NEED, adding=True) == {
        "area": "Fill in “Area of need”.",
        "need": "Fill in “The need, in a few words”.",
    }
    assert values(NEED, ("effect", "Words")) == {"effect": "Words"}


def test_a_line_is_one_line_and_a_text_keeps_its_paragraphs() -> None:
    assert values(NEED, ("need", " a \n b\tc ")) == {"need": "a b c"}
    assert values(NEED, ("effect", "a  \r\n\r\n\r\n\r\nb\tc ")) == {"effect": "a\n\nb c"}


def test_what_nobody_types_is_refused_with_what_to_do() -> None:
    for each in "\x00\x1b\x7f\u202e\u2066\ufeff\ufff9":
        assert errors(ABOUT, ("words", f"a{each}b")) == {"words": FORBIDDEN}
        assert errors(NEED, ("need", f"a{each}b")) == {"need": FORBIDDEN}


@pytest.mark.parametrize("revision", ["", "-1", "1.5", "x", "1000001", "9" * 5000, "NaN", "true"])
def test_a_revision_is_a_number_that_can_be(revision: str) -> None:
    with pytest.raises(Invalid) as refused:
        load(item_schema(ABOUT), MultiDict({"revision": revision}))
    assert set(refused.value.errors) == {"revision"}


def test_a_form_without_its_revision_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        load(item_schema(ABOUT), MultiDict({"words": "Words"}))
    assert set(refused.value.errors) == {"revision"}


def test_an_unknown_name_is_refused_and_never_repeated() -> None:
    assert errors(ABOUT, ("surprise", "1")) == {"form": UNKNOWN}
    assert errors(ABOUT, ("$where", "1"), ("a.b", "2")) == {"form": UNKNOWN}


def test_a_name_twice_is_refused_unless_it_is_a_list() -> None:
    assert errors(ABOUT, ("words", "a"), ("words", "b")) == {"words": UNKNOWN}


def test_a_name_that_is_unknown_and_twice_is_never_repeated_either() -> None:
    assert "surprise" not in errors(ABOUT, ("surprise", "1"), ("surprise", "2"))


@pytest.mark.parametrize("request_id", ["", "0123456789abcdefghjk"])
def test_a_request_id_is_twenty_letters_of_ours_or_nothing(request_id: str) -> None:
    assert load(item_schema(ABOUT), sent(("request_id", request_id)))["request_id"] == request_id


@pytest.mark.parametrize("request_id", ["x", "0123456789abcdefghjk0", "0123456789abcdefghjk\n", "$ne", "ilou" * 5])
def test_a_request_id_of_another_shape_is_refused(request_id: str) -> None:
    with pytest.raises(Invalid):
        load(item_schema(ABOUT), sent(("request_id", request_id)))


def test_every_field_of_the_standard_has_its_place_in_its_form() -> None:
    for section in EHC_PLAN.sections:
        for group in section.groups:
            names = {field.data_key or name for name, field in item_schema(group).fields.items()}
            for each in group.fields:
                if each.kind is FieldKind.FILE:  # it comes from the worker, and no form may name it
                    assert each.name not in names
                    continue
                wanted = {f"{each.name}.minutes"} if each.kind is FieldKind.AMOUNT else {each.name}
                assert wanted <= names, (section.letter, group.name)


def test_no_form_takes_a_list_or_an_object_where_words_belong() -> None:
    for form in (ReasonForm(), AnswerForm(), SignForm(), CompareQuery(), HistoryQuery()):
        for name, field in form.fields.items():
            assert type(field).__name__ not in ("Dict", "Raw", "List", "Nested"), name


def test_a_reason_and_an_answer_say_what_is_missing() -> None:
    for form, name, says in (
        (ReasonForm(), "reason", "Say why, so that they know what to do."),
        (AnswerForm(), "words", "Write what you think of the draft."),
    ):
        for missing in (MultiDict({name: " "}), MultiDict[str, str]()):
            with pytest.raises(Invalid) as refused:
                load(form, missing)
            assert refused.value.errors == {name: says}


def test_a_query_has_defaults_and_limits() -> None:
    assert load(CompareQuery(), MultiDict({"from": "2", "to": "3"})) == {"before": 2, "after": 3}
    assert load(CompareQuery(), MultiDict()) == {"before": 0, "after": 0}
    assert load(HistoryQuery(), MultiDict()) == {"before": 0}
    for wrong in ({"before": "1"}, {"from": "-1"}, {"to": "1000001"}):
        with pytest.raises(Invalid):
            load(CompareQuery(), MultiDict(wrong))


def test_a_signature_names_a_revision_and_a_whole_hash() -> None:
    assert load(SignForm(), MultiDict({"revision": "3", "text_hash": "a" * 64}))["revision"] == 3
    for wrong in ("a" * 63, "a" * 65, "A" * 64, "g" * 64, "a" * 64 + "\n", ""):
        with pytest.raises(Invalid):
            load(SignForm(), MultiDict({"revision": "3", "text_hash": wrong}))
