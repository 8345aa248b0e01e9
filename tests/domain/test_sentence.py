"""Sentences: the pieces give the text back, marks that end nothing end nothing, and every script has its own."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.domain.sentence import key_of, sentences
from tests.factories import modest

ENDS = [
    ". ",
    "! ",
    "? ",
    "… ",
    "... ",
    "؟ ",
    "。",
    "！",
    "\n",
    "\n\n",
    "\n- ",
    '." ',
    ".) ",
    " ",
    "Dr. ",
    "e.g. ",
    "3.5 ",
]
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(["She", "he", "Él", "7", "我", "هي", *ENDS]), max_size=30).map("".join),
)


@modest
@given(TEXTS)
@example("")
@example("\n\n a")
def test_the_sentences_joined_are_the_text(text: str) -> None:
    assert "".join(sentences(text)) == text
    assert all(sentences(text))


@modest
@given(TEXTS)
def test_no_sentence_goes_over_the_end_of_a_line(text: str) -> None:
    assert not [each for each in sentences(text) if "\n" in each.rstrip("\n")]


@modest
@given(TEXTS)
def test_a_line_above_changes_no_sentence_below_it(text: str) -> None:
    below = text.lstrip("\n")
    assert sentences(f"She needs time\n{below}") == ("She needs time\n", *sentences(below))


APART = {
    "She needs time. He waits! Why? Because … so.": ["She needs time.", "He waits!", "Why?", "Because … so."],
    "Wait... What now? I know... what it is.": ["Wait...", "What now?", "I know... what it is."],
    "See Dr. Ward and Mrs. Patel. They know.": ["See Dr. Ward and Mrs. Patel.", "They know."],
    "Use pictures, e.g. Widgit, i.e. Symbols. Then wait.": ["Use pictures, e.g. Widgit, i.e. Symbols.", "Then wait."],
    "It takes approx. 30 minutes. At 9 a.m. Monday.": ["It takes approx. 30 minutes.", "At 9 a.m. Monday."],
    "She lives in St. Helens (near St. Ann). Yes.": ["She lives in St. Helens (near St. Ann).", "Yes."],
    "J. Smith wrote 3.5 pages. 4 more came.": ["J. Smith wrote 3.5 pages.", "4 more came."],
    "He said “No.” She said “Yes!” (Twice.) Then quiet.": [
        "He said “No.”",
        "She said “Yes!”",
        "(Twice.)",
        "Then quiet.",
    ],
    "- swings\n- slides\nBoth": ["- swings", "- slides", "Both"],
    "1. Swings\n2. Slides. Often.": ["1. Swings", "2. Slides.", "Often."],
    "هل تحب اللعب؟ نعم، كثيرا.": ["هل تحب اللعب؟", "نعم، كثيرا."],
    "她喜欢猫。她的猫叫饼干！真的吗？": ["她喜欢猫。", "她的猫叫饼干！", "真的吗？"],
    "यह उसकी बिल्ली है। वह खुश है।": ["यह उसकी बिल्ली है।", "वह खुश है।"],
    "Élan first. Étude next.": ["Élan first.", "Étude next."],
}


@pytest.mark.parametrize("text", APART)
def test_a_text_comes_apart_where_a_reader_would_pause(text: str) -> None:
    assert [each.strip() for each in sentences(text)] == APART[text]


def test_two_sentences_are_the_same_whatever_the_space_between_their_words() -> None:
    assert key_of("She  likes\u00a0swings. ") == key_of("She likes swings.")
    assert key_of("- swings\n") == key_of("swings")
    assert key_of("Cafe\u0301.") == key_of("Café.")
    assert key_of("She likes swings.") != key_of("She liked swings.")
