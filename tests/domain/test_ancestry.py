"""Who wrote this sentence: origins survive every edit around a sentence, and nothing but rewording moves one."""

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.ancestry import Origins, Place, Sentence, origins
from portal.domain.authors import by_author
from portal.domain.content import Content, Item
from portal.domain.decision import Revision
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.hashing import Value
from portal.domain.sentence import key_of, sentences
from tests.factories import item, mark, modest

C, F = EHC_PLAN.section("C"), EHC_PLAN.section("F")
NEEDS, PROVISION = C.group("needs"), F.group("provision")
HERE: Place = ("one", "effect")


def need(item_id: str, effect: str, **more: Value) -> Item:
    return item(NEEDS, item_id, effect=effect, **more)


def saved(*contents: Iterable[Item]) -> list[Revision]:
    """One revision for each content, by ann, ben, ann, ben …, from revision 1."""
    who = itertools.cycle(("ann", "ben"))
    return [
        Revision("C", number, Content(tuple(items)), b"", mark(next(who), number), f"Agency {number}")
        for number, items in enumerate(contents, 1)
    ]


def texts(*effects: str) -> Origins:
    """The origins after one field said these things, one after the other."""
    return origins(C, saved(*([need("one", each)] for each in effects)))


def told(found: Origins, place: Place = HERE) -> list[tuple[str, str, int]]:
    return [(each.text.strip(), each.origin.by.person, each.origin.revision) for each in found[place]]


def test_a_sentence_unchanged_through_five_revisions_keeps_its_first_author() -> None:
    around = ["", " At night.", " At night too.", " Every night.", ""]
    found = texts(*(f"She worries.{each}" for each in around))
    assert told(found) == [("She worries.", "ann", 1)]
    assert found[HERE][0].origin.agency_name == "Agency 1"


def test_rewording_moves_a_sentence_to_whoever_reworded_it_and_leaves_its_neighbours() -> None:
    found = texts("She worries. She sleeps badly. She tires.", "She worries. She sleeps very badly. She tires.")
    assert told(found) == [
        ("She worries.", "ann", 1),
        ("She sleeps very badly.", "ben", 2),
        ("She tires.", "ann", 1),
    ]


def test_other_spaces_and_another_list_dash_are_no_rewording() -> None:
    assert told(texts("She worries. At night.", "- She  worries.\n- At night.")) == [
        ("- She  worries.", "ann", 1),
        ("- At night.", "ann", 1),
    ]


def test_of_two_equal_sentences_each_has_its_own_author() -> None:
    assert told(texts("Often. Why?", "Often. Why? Often.")) == [
        ("Often.", "ann", 1),
        ("Why?", "ann", 1),
        ("Often.", "ben", 2),
    ]


def test_a_sentence_that_moves_to_another_item_or_field_takes_its_author_with_it() -> None:
    first = [need("one", "She worries. She tires."), need("two", "")]
    moved = [need("one", "She tires."), need("two", "Also: asthma. She worries.")]
    found = origins(C, saved(first, moved))
    assert told(found) == [("She tires.", "ann", 1)]
    assert told(found, ("two", "effect")) == [("Also: asthma.", "ben", 2), ("She worries.", "ann", 1)]


def test_a_sentence_that_is_copied_is_its_copiers_where_the_first_still_stands() -> None:
    found = origins(C, saved([need("one", "She worries.")], [need("one", "She worries."), need("two", "She worries.")]))
    assert told(found) == [("She worries.", "ann", 1)]
    assert told(found, ("two", "effect")) == [("She worries.", "ben", 2)]


def test_a_sentence_taken_out_and_put_back_word_for_word_is_its_first_authors_again() -> None:
    assert told(texts("She worries.", "", "Other words.", "Other words. She worries.")) == [
        ("Other words.", "ann", 3),
        ("She worries.", "ann", 1),
    ]


def test_an_item_that_is_taken_out_leaves_no_sentence_behind() -> None:
    assert origins(C, saved([need("one", "She worries.")], [])) == {}


def test_an_amount_a_choice_and_links_are_whoevers_set_them_last() -> None:
    def row(minutes: int, links: list[Value]) -> Item:
        return item(PROVISION, "row", what="Speech therapy.", amount={"minutes": minutes}, needs=links)

    found = origins(F, saved([row(45, ["x"])], [row(30, ["x"])], [row(45, ["x"])], [row(45, ["x", "y"])]))
    assert {name: each[0].origin.revision for (_, name), each in found.items()} == {"what": 1, "amount": 3, "needs": 4}


def test_the_words_are_set_out_in_runs_of_one_revision() -> None:
    contents = [[need("one", "She worries.", need="Calm")], [need("one", "She worries. At night. Often.", need="Calm")]]
    revisions = saved(*contents)
    (authored,) = by_author(C, revisions[-1].content, origins(C, revisions), {})
    assert [
        (run.origin.by.person, [(field.name, text.strip()) for field, text in run.words]) for run in authored.runs
    ] == [
        ("ann", [("need", "Calm"), ("effect", "She worries.")]),
        ("ben", [("effect", "At night. Often.")]),
    ]


def test_a_field_that_is_kept_from_the_reader_has_no_run_and_an_empty_item_is_left_out() -> None:
    revisions = saved([need("one", "She worries.", need="Calm"), need("two", "")])
    visible = replace(revisions[0], content=Content((need("one", "", need="Calm"), need("two", ""))))
    (authored,) = by_author(C, visible.content, origins(C, [visible]), {})
    assert [text for run in authored.runs for _, text in run.words] == ["Calm"]


# Any history at all

WORDS = st.lists(st.sampled_from(["She worries.", "At night.", "Often.", "She tires.", "Why?"]), max_size=5)
STEPS = st.lists(st.dictionaries(st.sampled_from(["one", "two", "three"]), WORDS.map(" ".join)), min_size=1, max_size=8)


def history(steps: list[dict[str, str]]) -> list[Revision]:
    return saved(*([need(name, text) for name, text in sorted(step.items())] for step in steps))


def counted(revision: Revision) -> Counter[str]:
    return Counter(key_of(each) for found in revision.content.items for each in sentences(found.text("effect")))


def standing(found: Origins) -> list[Sentence]:
    return [each for pieces in found.values() for each in pieces]


@modest
@given(STEPS)
def test_the_sentences_of_a_field_joined_are_its_text(steps: list[dict[str, str]]) -> None:
    revisions = history(steps)
    found = origins(C, revisions)
    for each in revisions[-1].content.items:
        assert "".join(one.text for one in found.get((each.id, "effect"), ())) == each.text("effect")


@modest
@given(STEPS)
def test_a_sentence_comes_from_the_revision_in_which_there_were_more_of_it_than_ever_before(
    steps: list[dict[str, str]],
) -> None:
    """Each time more of equal sentences stand than ever did, those are new; every other one had been written before."""
    revisions = history(steps)
    born: Counter[tuple[str, int]] = Counter()
    most: Counter[str] = Counter()
    for each in revisions:
        now = counted(each)
        born += Counter({(key, each.number): count - most[key] for key, count in now.items() if count > most[key]})
        most |= now
    assert Counter((one.key, one.origin.revision) for one in standing(origins(C, revisions))) <= born


@modest
@given(STEPS, WORDS.map(" ".join))
def test_a_sentence_that_nobody_touches_never_changes_its_origin(steps: list[dict[str, str]], text: str) -> None:
    alone = [{"zero": "Only here, and never touched.", **step} for step in steps]
    alone[-1] = {**alone[-1], "zero": f"{text} Only here, and never touched."}
    found = origins(C, history(alone))
    assert found["zero", "effect"][-1].origin.revision == 1


@modest
@given(STEPS)
def test_a_save_that_changes_nothing_moves_nothing(steps: list[dict[str, str]]) -> None:
    revisions = history(steps)
    again = replace(revisions[-1], number=len(revisions) + 1, by=mark("somebody"))
    assert origins(C, [*revisions, again]) == origins(C, revisions)
