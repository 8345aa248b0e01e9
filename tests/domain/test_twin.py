"""A twin fits exactly the words it was made from, and writing it loses nobody's words."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.error import NotFound, StaleRevision
from portal.domain.event import EventKind
from portal.domain.twin import TwinState
from portal.domain.twin_wording import WORDINGS, wording
from portal.domain.twin_write import Before, write
from tests import factories as made
from tests.domain.lived_twin import Life, lived, says, written
from tests.factories import CASEWORKER, MANAGER, at, modest

UNCHECKED, CHECKED, OUT_OF_DATE = TwinState.UNCHECKED, TwinState.CHECKED, TwinState.OUT_OF_DATE


# How it stands to its source

VALUES = st.sampled_from(["Speech therapy", "A listening game", "Swimming", ""])
CHANGE = st.tuples(st.sampled_from(["what", "who", "where"]), st.integers(0, 3), VALUES)
STEPS = st.lists(st.one_of(CHANGE, st.just("add"), st.just("remove")), max_size=8)


@given(STEPS)
@modest
def test_any_edit_puts_it_out_of_date_and_the_very_same_words_bring_it_back(
    steps: list[str | tuple[str, int, str]],
) -> None:
    life = written()
    life.check()
    before = says(life)
    for step in steps:
        if step == "add":
            life.moved(made.add(life.plan, CASEWORKER, "F", "provision", what="Swimming")[0])
        elif step == "remove" and len(life.items) > 2:
            life.moved(made.remove(life.plan, CASEWORKER, "F", "provision", life.items[-1]))
        elif isinstance(step, tuple):
            name, number, value = step
            life.change(life.items[number % len(life.items)], **{name: value})
        assert (life.read().state is OUT_OF_DATE) == (says(life) != before)
        assert (life.read().state is CHECKED) == (says(life) == before)


def test_only_the_part_whose_source_moved_is_marked_and_it_stays_readable() -> None:
    life = written()
    first, second = life.items
    life.change(first, what="Swimming")
    found = {each.item.id: each for each in life.read().lines}
    assert (found[first].fits, found[second].fits) == (False, True)
    assert [each.part.words for each in found.values() if each.part] == ["word 0", "word 1"]
    assert life.read().since == at().product


def test_links_to_other_parts_of_the_plan_are_no_words() -> None:
    plan = made.written()
    life = Life(plan)
    (row,) = life.items
    life.write({row: "speech"})
    life.moved(made.write(plan, CASEWORKER, "F", "provision", row, needs=[]))
    assert life.plan.sections["F"].revision == 2
    assert life.read().state is UNCHECKED


def test_what_was_taken_out_of_the_plan_stays_readable_and_marked() -> None:
    life = written()
    gone = life.items[-1]
    life.moved(made.remove(life.plan, CASEWORKER, "F", "provision", gone))
    found = life.read()
    assert found.state is OUT_OF_DATE
    assert [(each.item, each.words) for each in found.gone] == [(gone, "word 1")]


def test_what_is_left_out_knowingly_is_missing_and_not_out_of_date() -> None:
    life = lived()
    first, _ = life.items
    life.write({first: "word", life.items[1]: ""})
    assert (life.read().state, life.read().missing) == (UNCHECKED, 1)
    life.check()
    assert life.read().state is CHECKED
    life.moved(made.add(life.plan, CASEWORKER, "F", "provision", what="Swimming")[0])
    assert life.read().state is OUT_OF_DATE


def test_words_that_still_fit_are_said_to_fit_by_their_writer_and_never_by_saving_something_else() -> None:
    life = written()
    first, second = life.items
    life.change(first, who="Two therapists")
    life.write({first: "word 0", second: "other words"})
    assert life.read().state is OUT_OF_DATE
    life.write({first: "word 0", second: "other words"}, first)
    assert life.read().state is UNCHECKED
    assert life.write({first: "word 0", second: "other words"}, first) is None


def test_words_written_from_a_section_that_moved_meanwhile_are_out_of_date_from_the_start() -> None:
    life = lived()
    seen = life.plan.sections["F"].revision
    first, second = life.items
    life.change(first, what="Swimming")
    life.write({first: "word", second: "word"}, revision=seen)
    assert [each.fits for each in life.read().lines] == [False, True]


# Writing


def test_writing_again_makes_it_unchecked_and_keeps_what_was_written_before() -> None:
    life = written()
    life.check()
    first = life.items[0]
    life.write({first: "better"})
    assert life.read().state is UNCHECKED
    assert [each.number for each in life.twins] == [1, 2]
    assert [[part.words for part in each.parts] for each in life.twins] == [["word 0", "word 1"], ["better", "word 1"]]


def test_nothing_changed_makes_no_revision() -> None:
    life = written()
    assert life.write(dict(zip(life.items, ("word 0", "word 1"), strict=True))) is None
    assert life.write({}) is None


def test_emptied_words_are_taken_out() -> None:
    life = written()
    life.write({life.items[0]: ""})
    assert [part.words for part in life.twins[-1].parts] == ["word 1"]


def test_two_people_who_write_different_parts_are_both_kept() -> None:
    life = written()
    first, second = life.items
    life.write({first: "mine", second: "word 1"}, number=1)
    life.write({first: "word 0", second: "theirs"}, who=MANAGER, number=1)
    assert [part.words for part in life.twins[-1].parts] == ["mine", "theirs"]


def test_two_people_who_write_the_same_part_are_merged_by_sentence_or_shown_both_texts() -> None:
    life = written()
    first, second = life.items
    life.write({first: "One. Two. Three."})
    life.write({first: "One more. Two. Three."}, number=2)
    life.write({first: "One. Two. Three more."}, who=MANAGER, number=2)
    assert [each.words for each in life.twins[-1].parts if each.item == first] == ["One more. Two. Three more."]
    with pytest.raises(StaleRevision) as stale:
        life.write({first: "Another one. Two. Three.", second: "new"}, number=2)
    (clash,) = stale.value.clashes
    assert (clash.field, clash.by) == (first, life.twins[-1].by)
    assert clash.theirs == "One more. Two. Three more."
    assert str(clash.mine).startswith("Another one.")
    assert stale.value.merged == {second: "new"}


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 3), st.sampled_from("abcdef")), max_size=6))
@modest
def test_no_words_that_were_sent_are_lost(steps: list[tuple[int, int, str]]) -> None:
    """Each stands in some revision, or in a clash that its writer was shown."""
    life = written()
    sent: list[str] = []
    shown: list[str] = []
    for number, back, letter in steps:
        words = f"The word {letter} {len(sent)}."
        sent.append(words)
        try:
            life.write({life.items[number]: words}, number=max(0, len(life.twins) - back))
        except StaleRevision as stale:
            shown += [str(each.mine) for each in stale.clashes]
    kept = [part.words for each in life.twins for part in each.parts] + shown
    assert [each for each in sent if not any(each in words for words in kept)] == []


def test_the_chain_tells_of_it_without_a_word() -> None:
    life = lived()
    sent = life.sent({life.items[0]: "a secret word"})
    decided = write(life.plan, CASEWORKER, "F", "ur", sent, Before(life.sections[2], None, {}, {}), at())
    assert decided
    decision, twin = decided
    head = life.plan.sections["F"]
    assert decision.event.kind is EventKind.TWIN_WRITTEN
    assert decision.event.facts == {"tag": "ur", "number": 1, "twin": twin.hash.hex()}
    assert (decision.event.revision, decision.event.hash) == (head.revision, head.hash)
    assert decision.plan is life.plan
    assert "secret" not in repr(decision.event)


def test_its_hash_hangs_on_every_word_its_source_its_place_and_its_salt() -> None:
    twin = written().twin
    assert twin
    part = replace(twin.parts[0], words="other")
    others = [
        replace(twin, parts=(part, *twin.parts[1:])),
        replace(twin, parts=(replace(twin.parts[0], made_from=("x",)), *twin.parts[1:])),
        replace(twin, tag="ar"),
        replace(twin, number=2),
        replace(twin, letter="G"),
        replace(twin, salt=b"another salt"),
    ]
    assert len({each.hash for each in (twin, *others)}) == 7
    assert twin.hash == replace(twin).hash


# In whose words


def test_every_wording_has_a_plain_tag_of_its_own_and_words_run_as_its_script_does() -> None:
    assert len({each.tag for each in WORDINGS}) == len({each.name for each in WORDINGS}) == len(WORDINGS) > 20
    for each in WORDINGS:
        assert each.tag.replace("-", "").isalpha()
        assert each.tag == each.tag.lower()
        first = unicodedata.bidirectional(each.own[0])
        assert (each.direction == "rtl") == (first in ("R", "AL")), each.name
        assert wording(each.tag) is each
    names = {"Welsh", "Polish", "Romanian", "Urdu", "Arabic", "Bengali", "Punjabi", "Gujarati", "Somali", "Turkish"}
    names |= {"Ukrainian", "Persian", "Portuguese", "Tamil", "French", "Spanish"}
    assert names <= {each.name for each in WORDINGS}


def test_a_wording_that_is_not_on_the_list_is_not_there() -> None:
    for tag in ("", "xx", "UR", "ur-PK", "easy"):
        with pytest.raises(NotFound):
            wording(tag)
