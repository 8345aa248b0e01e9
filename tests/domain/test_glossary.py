"""Words of the field: each explained once, in words that need no explaining, and found wherever a text uses them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.glossary import BY_KEY, GLOSSARY, alphabetical, pieces, used_in

FORMS = sorted({form for each in GLOSSARY for form in (each.word, *each.forms)})
words = st.lists(st.sampled_from([*FORMS, "cake", "a", ".", ",", "sen", "-", "’s", "é", "<b>"])).map(" ".join)


@given(words | st.text())
def test_the_pieces_of_a_text_are_the_text(text: str) -> None:
    assert "".join(each.text for each in pieces(text)) == text


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_every_word_is_found_whole(form: str) -> None:
    found = [each for each in pieces(f"This is about {form}, and more.") if each.word]
    assert [each.text for each in found] == [form]
    assert form in (found[0].word.word, *found[0].word.forms) if found[0].word else False


def test_no_word_is_explained_twice_and_no_two_share_an_address() -> None:
    assert len(FORMS) == len({form.lower() for form in FORMS}) == sum(1 + len(each.forms) for each in GLOSSARY)
    assert len(BY_KEY) == len(GLOSSARY)


def test_a_meaning_is_short_and_is_a_sentence() -> None:
    for each in GLOSSARY:
        assert 20 <= len(each.means) <= 260, each.word
        assert each.means.endswith("."), each.word
        assert each.means[:1].isupper(), each.word


def test_initials_are_words_only_as_they_are_written() -> None:
    assert used_in(["Please send it to Sen."]) == ()
    assert [each.word for each in used_in(["SEND, and the SENCO."])] == ["SENCO", "SEND"]


def test_a_word_within_a_longer_one_is_not_it() -> None:
    assert used_in(["We needed a drafty, needless pre-draft."]) == ()


def test_the_longest_word_is_the_one_that_is_meant() -> None:
    assert [each.word for each in used_in(["Special educational provision."])] == ["special educational provision"]


def test_words_come_once_and_by_the_alphabet() -> None:
    assert [each.word for each in used_in(["Outcomes and needs.", "An outcome, a need, provision."])] == [
        "need",
        "outcome",
        "provision",
    ]
    assert [each.word for each in alphabetical()] == sorted((each.word for each in GLOSSARY), key=str.lower)


def test_every_section_of_the_plan_says_plainly_what_it_is_for() -> None:
    for each in EHC_PLAN.sections:
        assert each.plain.endswith("."), each.letter
        assert len(each.plain) > 30, each.letter
