"""A sentence that somebody pointed at is found again whatever is written round it, and not once it is reworded."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.content import Content, Slot
from portal.domain.conversation import Quote
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.quoted import Whereabouts, pointed_at, whereabouts
from portal.domain.sentence import sentences
from tests.factories import item, modest

B = EHC_PLAN.section("B")
NEEDS = B.group("needs")
SENTENCE = "She needs a picture."
OTHERS = st.lists(st.sampled_from(["He waits.", "It is loud there!", "Who comes?", "- A point", "Twice."]), max_size=6)


def section(*texts: str) -> Content:
    """A section with a need for each text, the first of which is `need-0`."""
    return Content(tuple(item(NEEDS, f"need-{at}", effect=text) for at, text in enumerate(texts)))


def found(content: Content, quote: Quote) -> Whereabouts | None:
    return whereabouts(B, content, "need-0", "effect", quote)


def pointed(text: str, at: int) -> Quote:
    quote = pointed_at(text, at)
    assert quote is not None
    return quote


@modest
@given(OTHERS, OTHERS, OTHERS, OTHERS)
def test_a_sentence_is_found_whatever_is_written_round_it(
    before: list[str], after: list[str], now_before: list[str], now_after: list[str]
) -> None:
    quote = pointed("\n".join([*before, SENTENCE, *after]), len(before))
    assert quote.sentence == SENTENCE
    stands = found(section("\n".join([*now_before, SENTENCE, *now_after])), quote)
    assert stands is not None
    assert sentences(stands.item.text("effect"))[stands.at].strip() == SENTENCE
    assert stands.reworded("She likes one.") == "\n".join([*now_before, "She likes one.", *now_after])


@modest
@given(OTHERS, st.sampled_from(["She needs two pictures.", "", "She needs a picture of it."]))
def test_a_sentence_that_was_reworded_or_taken_out_is_not(around: list[str], instead: str) -> None:
    quote = pointed(SENTENCE, 0)
    assert found(section("\n".join([*around, instead, *around])), quote) is None


def test_it_is_found_again_once_it_is_put_back_and_where_it_was_moved_to() -> None:
    quote = pointed(f"He waits. {SENTENCE}", 1)
    moved = found(section("He waits.", SENTENCE), quote)
    assert moved is not None
    assert moved.item.id == "need-1"
    assert found(section("He waits.", "Twice."), quote) is None
    back = found(section(f"{SENTENCE} He waits.", SENTENCE), quote)
    assert back is not None
    assert (back.item.id, back.at) == ("need-0", 0)


def test_of_two_equal_sentences_it_is_the_one_beside_its_neighbours() -> None:
    text = f"He waits. {SENTENCE} Twice. It is loud there! {SENTENCE} Who comes?"
    quote = pointed(text, 4)
    stands = found(section(f"Now. {text}"), quote)
    assert stands is not None
    assert stands.at == 5


def test_there_is_no_sentence_of_a_number_that_a_text_does_not_have() -> None:
    assert pointed_at(SENTENCE, 1) is None
    assert pointed_at("", 0) is None


def test_words_that_are_withheld_are_never_found() -> None:
    content = section(SENTENCE)
    hidden = replace(content.items[0], slots={**content.items[0].slots, "effect": Slot("", b"")})
    assert found(Content((hidden,)), pointed(SENTENCE, 0)) is None
