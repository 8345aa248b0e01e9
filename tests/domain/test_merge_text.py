"""Two people change one text: whole sentences of either, both texts wherever they clash, and no sentence lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.merge_text import merge_text
from portal.domain.sentence import key_of, sentences
from portal.domain.text import clean
from tests.factories import modest

TEXT = "She needs 30 minutes a week. Gran helps. He likes maths.\n\n- a picture for each step\n- time to answer"


def keys(text: str) -> set[str]:
    return {key_of(each) for each in sentences(text)} - {""}


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (("30 minutes", "45 minutes"), ("Gran helps", "Gran helps at home")),
        (("Gran helps. ", ""), ("He likes", "She likes")),
        (("He likes maths.", "He likes maths. He sings."), ("Gran helps", "Grandad helps")),
        (("- a picture", "- a drawn picture"), ("- time to answer", "- time to answer\n- a quiet room")),
        (("She needs", "First things first. She needs"), ("She needs 30", "She needs 45")),
        (("- a picture for each step\n", ""), ("- time", "- more time")),
        (("Gran helps.", "Gran helps.\n\n"), ("Gran helps", "Gran always helps")),
        (("30 minutes a week", "20 minutes a day"), ("Gran helps. He likes maths.", "Gran helped. He liked maths.")),
    ],
)
def test_changes_to_different_sentences_both_go_in(mine: tuple[str, str], theirs: tuple[str, str]) -> None:
    merged = merge_text(TEXT, clean(TEXT.replace(*mine)), TEXT.replace(*theirs))
    assert not merged.clashes
    assert merged.mine == clean(TEXT.replace(*mine).replace(*theirs)) == merged.both


def test_half_a_sentence_of_each_is_never_made_into_one_that_nobody_wrote() -> None:
    merged = merge_text(TEXT, TEXT.replace("30", "45"), TEXT.replace("a week", "a day"))
    assert merged.clashes
    assert merged.mine == TEXT.replace("30", "45")
    assert merged.theirs == TEXT.replace("a week", "a day")
    assert merged.both.startswith("She needs 30 minutes a day. She needs 45 minutes a week. Gran helps.")


def test_what_does_not_clash_is_in_whichever_side_is_chosen() -> None:
    mine = TEXT.replace("30", "45").replace("maths", "music")
    theirs = TEXT.replace("30", "60").replace("time to answer", "time to think")
    merged = merge_text(TEXT, mine, theirs)
    assert merged.mine == mine.replace("time to answer", "time to think")
    assert merged.theirs == theirs.replace("maths", "music")


def test_two_additions_in_one_place_are_both_shown() -> None:
    merged = merge_text("He sings.", "He sings. He plays the drum.", "He sings. He dances.")
    assert merged.clashes
    assert merged.both == "He sings. He dances. He plays the drum."


def test_two_texts_that_have_nothing_in_common_are_both_shown_apart() -> None:
    assert merge_text("Old.", "Mine.", "Theirs.").both == "Theirs.\n\nMine."


def test_the_same_change_made_twice_goes_in_once() -> None:
    same = TEXT.replace("30", "45")
    assert merge_text(TEXT, same, same.replace("Gran helps", "Gran helped")).mine == same.replace("helps", "helped")


def test_a_sentence_that_one_took_out_and_the_other_changed_is_a_clash() -> None:
    merged = merge_text(TEXT, TEXT.replace("Gran helps. ", ""), TEXT.replace("Gran helps", "Gran always helps"))
    assert merged.clashes
    assert "Gran" not in merged.mine
    assert "Gran always helps." in merged.theirs


def test_a_text_that_one_emptied_while_the_other_wrote_is_a_clash_of_the_whole() -> None:
    merged = merge_text("Old. Older.", "Old. Newer.", "")
    assert (merged.mine, merged.theirs, merged.both) == ("Old. Newer.", "", "Old. Newer.")


def test_words_without_a_full_stop_do_not_run_into_what_follows() -> None:
    merged = merge_text("He sings.\n\nShe talks.", "He sings a lot\n\nShe talks.", "He sings. Loudly.\n\nShe talks.")
    assert keys(merged.mine) >= {"He sings a lot", "She talks."}


SENTENCES = st.sampled_from(
    ["She talks.", "He sings!", "Gran helps", "30 minutes a week.", "30 minutes a day.", "- a point", "See Dr. Ward."]
)
SPACES = st.sampled_from([" ", " ", "\n", "\n\n"])
TEXTS = st.lists(st.tuples(SENTENCES, SPACES), max_size=7).map(lambda all_: clean("".join(map("".join, all_))))
ANY = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("ab .\n-"), max_size=60).map(clean)


@modest
@given(st.one_of(st.tuples(TEXTS, TEXTS, TEXTS), st.tuples(ANY, ANY, ANY)))
def test_every_new_sentence_stands_in_the_text_or_on_its_writers_side_of_the_clash(texts: tuple[str, str, str]) -> None:
    was, mine, theirs = texts
    merged = merge_text(was, mine, theirs)
    assert keys(mine) - keys(was) <= keys(merged.mine)
    assert keys(theirs) - keys(was) <= keys(merged.theirs)
    assert keys(merged.mine) | keys(merged.theirs) <= keys(mine) | keys(theirs) | {""}
    assert keys(merged.both) == keys(merged.mine) | keys(merged.theirs)


@modest
@given(TEXTS, TEXTS)
def test_whoever_changed_nothing_takes_nothing_away(was: str, changed: str) -> None:
    for merged in (merge_text(was, changed, was), merge_text(was, was, changed)):
        if was and changed:
            assert (merged.mine.split(), merged.theirs.split()) == (changed.split(), changed.split())
