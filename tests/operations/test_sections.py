"""Editing: one save keeps revision, chain, outbox and worklists together; nothing is overwritten or saved twice."""

import threading

import pytest

from portal.domain.content import content_hash
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady, StaleRevision
from portal.domain.hashing import Value
from portal.domain.identifier import new_request_id
from portal.operations import sections
from portal.operations.sections import Submission
from portal.store import chain, revisions
from portal.store.requests import Request
from tests.world import World, now


def test_a_save_keeps_the_words_with_who_wrote_them_for_whom_and_when(world: World) -> None:
    plan = world.edit("parent", "A", "most-important", {"words": "Biscuit, my cat"}, "most-important")
    item = plan.sections["A"].content.item("most-important")
    assert item is not None
    assert item.text("words") == "Biscuit, my cat"
    assert item.changed is not None
    assert (item.changed.name, item.changed.agency) == ("Nadia Rahman", "family")
    assert plan.sections["A"].revision == 1


def test_a_save_adds_one_revision_one_link_and_one_outbox_entry(world: World) -> None:
    before = world.plan()
    after = world.edit("parent", "A", "people", {"words": "My brother"}, "people")
    assert after.sequence == before.sequence + 1
    entry = chain.entries(world.db, world.plan_id, limit=1)[0]
    assert entry.hash == after.head
    assert entry.previous == before.head
    assert entry.facts["hash"] == after.sections["A"].hash.hex()
    assert world.db["outbox"].count_documents({"authority": "nmr", "plan": world.plan_id}) == after.sequence
    kept = revisions.find(world.db, world.plan_id, "A", 1)
    assert content_hash("A", kept.content) == after.sections["A"].hash


def test_saving_with_no_change_makes_no_revision(world: World) -> None:
    first = world.edit("parent", "A", "people", {"words": "My brother"}, "people")
    again = world.edit("parent", "A", "people", {"words": "My brother"}, "people")
    assert (again.sequence, again.sections["A"].revision) == (first.sequence, 1)


def test_an_unchanged_field_keeps_its_leaf_and_its_salt(world: World) -> None:
    first = world.edit("parent", "A", "people", {"words": "My brother", "told": "At breakfast"}, "people")
    second = world.edit("parent", "A", "people", {"words": "My brother and Gran"}, "people")
    was, now_ = (plan.sections["A"].content.item("people") for plan in (first, second))
    assert was is not None
    assert now_ is not None
    assert was.slots["told"] == now_.slots["told"]
    assert was.slots["words"].salt != now_.slots["words"].salt


def test_two_people_who_change_different_fields_of_one_item_both_keep_their_words(world: World) -> None:
    ids = world.write_a_little()
    seen = world.plan().sections["B"].revision
    world.edit("caseworker", "B", "needs", {"effect": "Strangers understand one word in three."}, ids["need"], seen)
    plan = world.edit("other_caseworker", "B", "needs", {"need": "Being understood by friends"}, ids["need"], seen)
    item = plan.sections["B"].content.item(ids["need"])
    assert item is not None
    assert item.text("effect") == "Strangers understand one word in three."
    assert item.text("need") == "Being understood by friends"


def test_two_people_who_change_the_same_field_are_both_shown_and_nothing_is_overwritten(world: World) -> None:
    ids = world.write_a_little()
    seen = world.plan().sections["B"].revision
    world.edit("caseworker", "B", "needs", {"effect": "Theirs."}, ids["need"], seen)
    with pytest.raises(StaleRevision) as stale:
        world.edit("other_caseworker", "B", "needs", {"effect": "Mine."}, ids["need"], seen)
    clash = stale.value.clashes[0]
    assert (clash.field, clash.mine, clash.theirs) == ("effect", "Mine.", "Theirs.")
    assert clash.by.name == "Chris Doyle"


def test_the_minutes_and_the_frequency_of_a_row_are_never_mixed_from_two_people(world: World) -> None:
    ids = world.write_a_little()
    seen = world.plan().sections["F"].revision
    theirs: Value = {"minutes": 45, "how_often": "weekly"}
    mine: Value = {"minutes": 30, "how_often": "daily"}
    world.edit("caseworker", "F", "provision", {"amount": theirs}, ids["provision"], seen)
    with pytest.raises(StaleRevision):
        world.edit("other_caseworker", "F", "provision", {"amount": mine}, ids["provision"], seen)


def test_removing_an_item_that_somebody_just_changed_asks_first(world: World) -> None:
    ids = world.write_a_little()
    seen = world.plan().sections["B"].revision
    world.edit("caseworker", "B", "needs", {"effect": "New words."}, ids["need"], seen)
    sent = Submission("B", "needs", ids["need"], {}, seen, remove=True)
    with pytest.raises(StaleRevision):
        sections.edit(world.db, world.actor("other_caseworker"), world.plan_id, sent, now())


def test_a_number_that_was_printed_is_never_given_again(world: World) -> None:
    world.write_a_little()
    second = world.add("caseworker", "B", "needs", area="semh", need="Worry", effect="She worries.")
    revision = world.plan().sections["B"].revision
    gone = Submission("B", "needs", second, {}, revision, remove=True)
    sections.edit(world.db, world.actor("caseworker"), world.plan_id, gone, now())
    third = world.add("caseworker", "B", "needs", area="semh", need="Change", effect="She dislikes change.")
    item = world.plan().sections["B"].content.item(third)
    assert item is not None
    assert item.number == 3


def test_the_same_submission_sent_twenty_times_at_once_is_saved_once(world: World) -> None:
    request = Request(new_request_id(), "one digest", world.people["parent"], now().wall)
    sent = Submission("A", "aspirations", "", {"hope": "One good friend"}, world.plan().sections["A"].revision)
    before = world.plan().sequence
    failures: list[Exception] = []

    def send() -> None:
        try:
            sections.edit(world.db, world.actor("parent"), world.plan_id, sent, now(), request)
        except Exception as error:  # noqa: BLE001  (a thread's failure is the test's)
            failures.append(error)

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert world.plan().sequence == before + 1
    assert len(world.plan().sections["A"].content.in_group("aspirations")) == 1


def test_two_agencies_that_save_at_once_never_block_each_other(world: World) -> None:
    writers = {"parent": "A", "therapist": "C", "social_worker": "D", "caseworker": "B"}
    before = world.plan().sequence
    failures: list[Exception] = []

    def write(key: str) -> None:
        try:
            for number in range(5):
                if key == "parent":
                    world.edit(key, "A", "most-important", {"words": f"Words {number}"}, "most-important")
                elif key == "caseworker":
                    world.add(key, "B", "needs", area="semh", need=f"Need {number}", effect="Words.")
                else:
                    world.add(key, writers[key], "needs", need=f"Need {number}", effect="Words.")
        except Exception as error:  # noqa: BLE001  (a thread's failure is the test's)
            failures.append(error)

    threads = [threading.Thread(target=write, args=(key,)) for key in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert world.plan().sequence == before + 20


def test_a_school_does_not_write_the_councils_sections(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.add("senco", "B", "needs", area="semh", need="Worry", effect="Words.")


def test_a_parent_never_changes_another_parents_words(world: World) -> None:
    theirs = world.add("parent", "A", "parent-views", views="She is funny and kind.")
    with pytest.raises(NotAllowed):
        world.edit("other_parent", "A", "parent-views", {"views": "Changed"}, theirs)


def test_the_school_writes_down_the_childs_own_words_and_nothing_else_of_section_a(world: World) -> None:
    world.edit("senco", "A", "most-important", {"words": "I like swings"}, "most-important")
    with pytest.raises(NotAllowed):
        world.edit("senco", "A", "history", {"words": "The story so far"}, "history")


def test_a_stranger_is_told_that_there_is_no_such_plan(world: World) -> None:
    with pytest.raises(NotFound):
        world.edit("stranger", "A", "people", {"words": "Hello"}, "people")


def test_the_placement_can_not_be_written_while_drafting(world: World) -> None:
    with pytest.raises(NotReady):
        world.edit("caseworker", "I", "placement", {"name": "Elm Road"}, "placement")


def test_a_link_to_something_that_is_not_in_the_plan_is_refused(world: World) -> None:
    with pytest.raises(Invalid):
        world.add("caseworker", "F", "provision", what="Therapy", needs=["nothingwas"])


def test_a_revision_that_never_was_is_refused(world: World) -> None:
    with pytest.raises(Invalid):
        world.edit("parent", "A", "people", {"words": "Hello"}, "people", revision=99)
