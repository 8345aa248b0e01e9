"""A twin fits exactly the words it was made from, is checked for exactly its own, and shows nobody what is hidden."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.actor import Actor
from portal.domain.audience import Restriction
from portal.domain.content import Content
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady, StaleRevision
from portal.domain.event import EventKind
from portal.domain.plan import Plan
from portal.domain.reading import filtered, read
from portal.domain.step_up import ACTS
from portal.domain.twin import Twin, TwinReading, TwinState, has_words, read_twin, source_of, told_parts
from portal.domain.twin_wording import WORDINGS, wording
from portal.domain.twin_write import Before, Sent, check, may_check, name_checker, write
from tests import factories as made
from tests.factories import CASEWORKER, MANAGER, OTHER_PARENT, PARENT, SENCO, THERAPIST, at, modest

UNCHECKED, CHECKED, OUT_OF_DATE = TwinState.UNCHECKED, TwinState.CHECKED, TwinState.OUT_OF_DATE


@dataclass
class Life:
    """A plan with twins of one section, lived in memory: every revision of the section and every twin is kept."""

    plan: Plan
    letter: str = "F"
    tag: str = "ur"
    twins: list[Twin] = field(default_factory=list)
    sections: dict[int, Content] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.moved(self.plan)

    def moved(self, plan: Plan) -> None:
        self.plan = plan
        head = plan.sections[self.letter]
        self.sections[head.revision] = head.content

    @property
    def twin(self) -> Twin | None:
        return self.twins[-1] if self.twins else None

    @property
    def items(self) -> list[str]:
        return [each.id for each in self.plan.sections[self.letter].content.items]

    def then(self, who: Actor) -> dict[int, Content]:
        return {number: filtered(self.plan, who, self.letter, each) for number, each in self.sections.items()}

    def read(self, who: Actor = CASEWORKER) -> TwinReading:
        return read_twin(read(self.plan, who, {}), self.letter, self.twin, self.then(who))

    def sent(self, words: Mapping[str, str], *fits: str, number: int = -1, revision: int = -1) -> Sent:
        now = self.plan.sections[self.letter].revision
        count = len(self.twins) if number < 0 else number
        return Sent(words, frozenset(fits), now if revision < 0 else revision, count)

    def write(self, words: Mapping[str, str], *fits: str, who: Actor = CASEWORKER, **seen: int) -> Twin | None:
        sent, reading = self.sent(words, *fits, **seen), read(self.plan, who, {})
        base = self.twins[sent.number - 1] if sent.number else None
        parts = [told_parts(reading, self.letter, each, self.then(who)) for each in (base, self.twin)]
        before = Before(self.sections[sent.revision], self.twin, *parts)
        written = write(self.plan, who, self.letter, self.tag, sent, before, at())
        if written is None:
            return None
        self.twins.append(written[1])
        return written[1]

    def check(self, who: Actor = MANAGER, named: frozenset[str] = frozenset()) -> None:
        assert self.twin
        seen = (self.twin.number, self.twin.hash.hex())
        checked = check(self.plan, who, self.read(who), seen, named, at())
        assert checked
        assert checked[0].event.kind in ACTS
        self.twins[-1] = replace(self.twin, check=checked[1])

    def change(self, item: str, **values: str) -> None:
        self.moved(made.write(self.plan, CASEWORKER, self.letter, "provision", item, **values))


def lived() -> Life:
    """Section F with two rows."""
    plan, _ = made.add(made.blank(), CASEWORKER, "F", "provision", what="Speech therapy", who="A therapist")
    plan, _ = made.add(plan, CASEWORKER, "F", "provision", what="A listening game", where="At home")
    return Life(plan)


def written(**more: str) -> Life:
    """The same, with a twin of both rows."""
    life = lived()
    life.write({item: f"word {number}" for number, item in enumerate(life.items)} | more)
    return life


def says(life: Life) -> dict[str, str]:
    """What every item of the section says now, in one string each."""
    standard, head = life.plan.section(life.letter)
    found = ((standard.group(each.group), each) for each in head.content.items)
    return {each.id: source_of(group, each) for group, each in found if has_words(group, each)}


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


# Who may


@pytest.mark.parametrize("who", [PARENT, SENCO, THERAPIST])
def test_whoever_does_not_write_the_section_writes_no_twin_of_it(who: Actor) -> None:
    with pytest.raises(NotAllowed):
        lived().write({}, who=who)


def test_the_council_writes_twins_of_every_section_and_the_family_of_its_own() -> None:
    plan = made.write(made.blank(), PARENT, "A", "people", "people", words="My brother")
    plan, _ = made.add(plan, THERAPIST, "C", "needs", need="A hip that tires")
    for letter, who in (("A", PARENT), ("A", OTHER_PARENT), ("A", SENCO), ("C", THERAPIST), ("C", CASEWORKER)):
        life = Life(plan, letter)
        item = next(each.id for each in plan.sections[letter].content.items if not each.is_empty)
        assert life.write({item: "word"}, who=who), (letter, who.person)


def test_an_item_that_is_not_there_is_not_written_of() -> None:
    with pytest.raises(NotFound):
        lived().write({"0000000000": "word"})


def test_it_is_checked_by_whoever_signs_the_section_or_was_named_and_reads_it() -> None:
    life = written()
    found = life.read()
    assert may_check(life.plan, MANAGER, "F", found, frozenset())
    assert not may_check(life.plan, SENCO, "F", found, frozenset())
    assert may_check(life.plan, SENCO, "F", found, frozenset({SENCO.person}))
    assert not may_check(life.plan, PARENT, "F", found, frozenset({PARENT.person}))  # before the draft
    with pytest.raises(NotAllowed):
        life.check(SENCO)
    life.check(SENCO, frozenset({SENCO.person}))
    assert life.twin
    assert life.twin.checked
    assert life.twin.checked.by.person == SENCO.person


def test_nobody_checks_what_they_wrote_what_is_out_of_date_or_what_was_written_anew_since() -> None:
    life = lived()
    life.write({life.items[0]: "word"}, who=MANAGER)
    with pytest.raises(NotReady):
        life.check(MANAGER)
    life = written()
    assert life.twin
    seen = (life.twin.number, life.twin.hash.hex())
    life.change(life.items[0], what="Swimming")
    with pytest.raises(NotReady):
        life.check()
    life.write({life.items[0]: "swim"})
    with pytest.raises(StaleRevision):
        check(life.plan, MANAGER, life.read(), seen, frozenset(), at())
    with pytest.raises(NotFound):
        check(life.plan, MANAGER, lived().read(), seen, frozenset(), at())


def test_a_check_of_other_words_does_not_hold() -> None:
    life = written()
    life.check()
    assert life.twin
    assert life.twin.check
    stolen = replace(life.twin, parts=(replace(life.twin.parts[0], words="other"), *life.twin.parts[1:]))
    assert stolen.checked is None
    life.twins.append(stolen)
    assert life.read().state is UNCHECKED


def test_only_the_council_names_a_checker_and_only_somebody_who_reads_the_section() -> None:
    plan = lived().plan
    decision = name_checker(plan, CASEWORKER, "F", "ur", SENCO.grants, at())
    assert decision.event.facts == {"tag": "ur", "person": SENCO.person}
    with pytest.raises(NotAllowed):
        name_checker(plan, SENCO, "F", "ur", SENCO.grants, at())
    for parts in (PARENT.grants, ()):
        with pytest.raises(Invalid):
            name_checker(plan, CASEWORKER, "F", "ur", parts, at())


# What is hidden from somebody


def hide(life: Life, place: str) -> None:
    life.moved(replace(life.plan, restrictions=(Restriction(place, ("nobody",)),)))


@pytest.mark.parametrize("field", ["", "/where"])
def test_a_part_made_from_words_that_are_hidden_from_a_reader_is_as_if_never_written(field: str) -> None:
    life = written()
    second = life.items[1]
    hide(life, f"F/{second}{field}")
    assert {each.item.id for each in life.read().lines if each.part} == set(life.items)
    found, bare = life.read(SENCO), lived()
    assert [each.part.words for each in found.lines if each.part] == ["word 0"]
    bare.write({bare.items[0]: "word 0"})
    hide(bare, f"F/{bare.items[1]}{field}")
    same = bare.read(SENCO)
    assert (found.state, found.missing, found.gone) == (same.state, same.missing, same.gone)


def test_it_stays_hidden_once_the_words_are_gone_from_the_plan() -> None:
    life = written()
    second = life.items[1]
    hide(life, f"F/{second}/where")
    life.change(second, where="")
    assert [each.part.words for each in life.read(SENCO).lines if each.part] == ["word 0"]
    assert len([each for each in life.read().lines if each.part]) == 2


def test_what_is_changed_in_a_hidden_place_moves_nothing_for_whom_it_is_hidden() -> None:
    life = lived()
    first, second = life.items
    hide(life, f"F/{second}/where")
    life.write({first: "word", second: "all of it"}, who=MANAGER)
    before = life.read(SENCO)
    life.change(second, where="Somewhere else")
    after = life.read(SENCO)
    assert [(each.part, each.fits) for each in after.lines] == [(each.part, each.fits) for each in before.lines]
    assert (after.gone, after.lines[1].part) == ((), None)


def test_a_text_that_tells_what_is_hidden_elsewhere_is_withheld() -> None:
    life = lived()
    life.moved(replace(life.plan, child=replace(life.plan.child, address="77 Kingfisher Wharf, Oxbow")))
    hide(life, "child/address")
    life.write(dict(zip(life.items, ("She lives at 77 Kingfisher Wharf.", "word"), strict=True)))
    assert [each.part.words for each in life.read(SENCO).lines if each.part] == ["word"]
    assert len([each for each in life.read().lines if each.part]) == 2


def test_somebody_who_sees_less_neither_reads_nor_replaces_the_words_of_somebody_who_sees_all() -> None:
    plan = made.write(made.blank(), PARENT, "A", "people", "people", words="My brother", told="We live in Oxbow")
    life = Life(plan, "A")
    life.write({"people": "all of it"}, who=PARENT)
    hide(life, "A/people/told")
    assert life.read(OTHER_PARENT).state is TwinState.UNWRITTEN
    assert life.write({"people": ""}, who=OTHER_PARENT) is None
    life.write({"people": "what I see"}, who=OTHER_PARENT)
    read_by = {who.person: life.read(who).lines[0].part for who in (CASEWORKER, OTHER_PARENT)}
    assert [each and each.words for each in read_by.values()] == ["all of it", "what I see"]


@pytest.mark.parametrize("field", ["", "/where"])
def test_nobody_checks_words_of_which_some_are_kept_from_them(field: str) -> None:
    life = written()
    hide(life, f"F/{life.items[1]}{field}")
    named = frozenset({SENCO.person})
    assert not may_check(life.plan, SENCO, "F", life.read(SENCO), named)
    with pytest.raises(NotAllowed):
        life.check(SENCO, named)
    life.check(MANAGER)
    assert life.twin
    assert life.twin.checked


def test_whoever_checks_is_shown_the_words_for_readers_who_see_less_as_well() -> None:
    plan = made.write(made.blank(), PARENT, "A", "people", "people", words="My brother", told="We live in Oxbow")
    life = Life(plan, "A")
    life.write({"people": "all of it"}, who=PARENT)
    hide(life, "A/people/told")
    life.write({"people": "what I see"}, who=OTHER_PARENT)
    found = life.read()
    assert [each.part.words for each in found.lines if each.part] == ["all of it"]
    assert [each.words for each in found.besides] == ["what I see"]
    assert (found.whole, life.read(OTHER_PARENT).whole) == (True, False)


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
