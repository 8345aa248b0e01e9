"""Who writes a twin and who checks it, and that it shows nobody what is hidden from them."""

from dataclasses import replace

import pytest

from portal.domain.actor import Actor
from portal.domain.audience import Restriction
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady, StaleRevision
from portal.domain.twin import TwinState
from portal.domain.twin_write import check, may_check, name_checker
from tests import factories as made
from tests.domain.lived_twin import Life, lived, written
from tests.factories import CASEWORKER, MANAGER, OTHER_PARENT, PARENT, SENCO, THERAPIST, at

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
    assert life.read().state is TwinState.UNCHECKED


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
