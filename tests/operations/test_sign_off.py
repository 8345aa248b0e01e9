"""Signing: it binds to exact words, any edit voids it, and taking it back adds to the record and erases nothing."""

import itertools
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain import hashing
from portal.domain.agency import Agency, AgencyKind
from portal.domain.awaited import tasks_of
from portal.domain.content import content_hash
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady, StaleRevision
from portal.domain.hashing import Value
from portal.domain.identifier import new_request_id, random_id
from portal.domain.issue import lacks
from portal.domain.plan import Plan
from portal.domain.restricted import plan_for
from portal.domain.section import SectionState, status_of
from portal.domain.state import VersionKind
from portal.domain.turn import TaskKind
from portal.operations import people, restrict, sections, sign_off, verify
from portal.operations.sections import Submission
from portal.store import caseload, chain, revisions
from portal.store import people as people_store
from portal.store.chain import Entry
from portal.store.database import Database
from portal.store.requests import Request
from tests.at_once import at_once
from tests.fresh import fresh
from tests.world import World, build_world, now

RACES = 200


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture
def world(cast: World) -> World:
    """A plan of its own for each test, with those who write and sign."""
    return fresh(cast, "parent", "other_parent", "caseworker", "therapist", "dco", "social_worker")


def newest(world: World) -> Entry:
    return chain.entries(world.db, world.plan_id, limit=1)[0]


def beside(world: World, entry: Entry) -> dict[str, Any]:
    """What is kept beside an entry: a reason, an answer, or how a signer was known."""
    kept = world.db["statements"].find_one({"authority": "nmr", "_id": f"{world.plan_id}:{entry.sequence}"})
    assert kept is not None
    return kept


def whole_chain(world: World) -> list[Entry]:
    """The whole chain, oldest first."""
    return chain.entries(world.db, world.plan_id, limit=100_000)[::-1]


def sign_seen(world: World, key: str, letter: str, seen: Plan) -> Plan:
    """Sign what a page showed when it was opened, whatever has happened since."""
    head = seen.sections[letter]
    return sign_off.sign(world.db, world.actor(key), world.plan_id, letter, head.revision, head.hash.hex(), now())


# What a sign-off binds to


def test_a_sign_off_binds_to_the_revision_and_the_hash_that_were_on_the_page(world: World) -> None:
    world.write_a_little()
    plan = world.sign("manager", "B")
    head = plan.sections["B"]
    (signed,) = head.standing
    assert (signed.revision, signed.hash) == (head.revision, content_hash("B", head.content))
    assert (signed.by.name, signed.by.agency, signed.agency_name) == (
        "Maria Silva",
        "northmere-council",
        "Northmere Council SEN team",
    )


def test_a_sign_off_keeps_the_statement_and_how_the_signer_was_known(world: World) -> None:
    signer = replace(world.actor("dco"), acr="AAL3")
    head = world.plan().sections["G"]
    plan = sign_off.sign(world.db, signer, world.plan_id, "G", head.revision, head.hash.hex(), now())
    entry = newest(world)
    statement = plan.standard.section("G").statement
    assert plan.sections["G"].standing[0].statement == statement
    assert entry.facts["facts"] == {"statement": statement}
    assert (entry.facts["section"], entry.facts["revision"], entry.facts["hash"]) == ("G", 0, head.hash.hex())
    evidence: dict[str, Value] = {
        "issuer": signer.issuer,
        "subject": signer.subject,
        "acr": "AAL3",
        "auth_time": signer.auth_time,
    }
    kept = beside(world, entry)
    assert kept["beside"] == evidence
    assert entry.facts["beside"] == hashing.leaf(f"beside/{entry.sequence}", evidence, (), bytes(kept["salt"])).hex()


def test_words_that_moved_on_since_the_page_was_opened_can_not_be_signed(world: World) -> None:
    ids = world.write_a_little()
    seen = world.plan()
    world.edit("caseworker", "B", "needs", {"effect": "Other words."}, ids["need"])
    with pytest.raises(StaleRevision):
        sign_seen(world, "manager", "B", seen)
    assert world.plan().sections["B"].sign_offs == ()


def test_another_revision_or_another_hash_than_the_pages_is_not_signed(world: World) -> None:
    world.add("caseworker", "B", "needs", area="semh", need="Worry", effect="She worries.")
    right, actor = world.plan().sections["B"].hash.hex(), world.actor("manager")
    wrong = [(-1, right), (0, right), (2, right), (99, right), (1, ""), (1, "0" * 64), (1, right.upper())]
    for revision, text_hash in wrong:
        with pytest.raises(StaleRevision):
            sign_off.sign(world.db, actor, world.plan_id, "B", revision, text_hash, now())
    assert newest(world).kind == "section_edited"


def test_an_edit_voids_the_sign_off_and_keeps_it_in_sight(world: World) -> None:
    ids = world.write_a_little()
    world.sign("manager", "B")
    plan = world.edit("caseworker", "B", "needs", {"effect": "Other words."}, ids["need"])
    head = plan.sections["B"]
    assert head.standing == ()
    assert [each.by.name for each in head.void] == ["Maria Silva"]
    status = status_of(plan, "B")
    assert status.state is SectionState.VOID
    assert status.since_void == head.void[0].by


def test_putting_the_signed_words_back_does_not_bring_the_sign_off_back(world: World) -> None:
    world.edit("parent", "A", "people", {"words": "My brother"}, "people")
    world.sign("parent", "A")
    world.edit("parent", "A", "people", {"words": "Somebody else"}, "people")
    plan = world.edit("parent", "A", "people", {"words": "My brother"}, "people")
    assert plan.sections["A"].standing == ()


def test_a_save_that_changes_nothing_leaves_the_sign_off_standing(world: World) -> None:
    world.edit("parent", "A", "people", {"words": "My brother"}, "people")
    signed = world.sign("parent", "A")
    plan = world.edit("parent", "A", "people", {"words": "My brother"}, "people")
    assert plan.sections["A"].standing == signed.sections["A"].standing
    assert plan.sequence == signed.sequence


def test_an_edit_of_one_section_leaves_the_sign_offs_of_the_others_standing(world: World) -> None:
    ids = world.write_a_little()
    world.sign_all()
    plan = world.edit("caseworker", "B", "needs", {"effect": "Other words."}, ids["need"])
    standing = {letter for letter, head in plan.sections.items() if head.standing}
    assert standing == {"A", "C", "D", "E", "F", "G", "H1", "H2"}


def test_signing_the_same_words_twice_is_one_sign_off_and_one_entry(world: World) -> None:
    first = world.sign("manager", "B")
    second = world.sign("manager", "B")
    assert second == first


def test_twenty_presses_of_the_sign_button_at_once_are_one_sign_off(world: World) -> None:
    seen, actor = world.plan(), world.actor("manager")
    head, request = seen.sections["B"], Request(new_request_id(), "one digest", actor.person, now().wall)

    def press() -> None:
        text_hash = head.hash.hex()
        sign_off.sign(world.db, actor, world.plan_id, "B", head.revision, text_hash, now(), request)

    assert at_once(*[press] * 20) == []
    plan = world.plan()
    assert plan.sequence == seen.sequence + 1
    assert len(plan.sections["B"].sign_offs) == 1


def test_two_parents_sign_side_by_side_and_each_withdraws_only_their_own(world: World) -> None:
    world.edit("parent", "A", "people", {"words": "My brother"}, "people")
    world.sign("parent", "A")
    plan = world.sign("other_parent", "A")
    assert [each.by.name for each in plan.sections["A"].standing] == ["Nadia Rahman", "Yusuf Rahman"]
    plan = sign_off.withdraw(world.db, world.actor("parent"), world.plan_id, "A", "I read it again.", now())
    assert [each.by.name for each in plan.sections["A"].standing] == ["Yusuf Rahman"]


# Who signs


SIGNERS = {
    "A": {"parent", "other_parent", "young_person"},
    "B": {"manager", "other_manager"},
    "C": {"dco"},
    "D": {"social_worker", "dsco"},
    "E": {"manager", "other_manager"},
    "F": {"manager", "other_manager"},
    "G": {"dco"},
    "H1": {"social_worker", "dsco"},
    "H2": {"social_worker", "dsco"},
    "I": set(),
    "J": set(),
    "K": set(),
}


def hidden_hope(world: World, readers: tuple[str, ...] | None, item: str = "") -> str:
    """A hope in section A that only these read, or everybody again; answers its id."""
    item = item or world.add("parent", "A", "aspirations", hope="That nobody finds out where we live", whose="child")
    restrict.restrict(world.db, world.actor("caseworker"), world.plan_id, f"A/{item}", readers, "It was asked.", now())
    return item


def asked_to_agree(world: World, key: str) -> bool:
    """Whether this person's list asks them to agree section A."""
    (row,) = [each for each in caseload.rows_for(world.db, world.actor(key)) if each.plan == world.plan_id]
    kinds = {each.kind for each in row.tasks}
    assert kinds == {each.kind for each in tasks_of(world.plan(), world.actor(key))}
    return TaskKind.AGREE in kinds


def test_a_sign_off_by_somebody_from_whom_something_in_it_is_hidden_does_not_count(world: World) -> None:
    hidden_hope(world, (world.people["parent"],))
    world.sign("other_parent", "A")
    assert world.plan().sections["A"].standing == ()
    (lack,) = [each for each in lacks(world.plan(), VersionKind.DRAFT) if each.letter == "A"]
    assert "Yusuf Rahman can’t read all of it" in lack.sentence
    assert asked_to_agree(world, "parent")
    world.sign("parent", "A")
    assert [each.by.name for each in world.plan().sections["A"].standing] == ["Nadia Rahman"]
    assert [each for found in verify.everything(world.db, "nmr", world.plan_id) for each in found.problems] == []


def test_whoever_gave_it_can_not_tell_that_it_does_not_count_and_nobody_but_the_council_can(world: World) -> None:
    hidden_hope(world, (world.people["parent"],))
    world.sign("other_parent", "A")
    assert not asked_to_agree(world, "other_parent")
    states = {
        key: status_of(plan_for(world.plan(), world.actor(key)), "A").state
        for key in ("parent", "other_parent", "therapist", "dco", "caseworker")
    }
    assert states.pop("caseworker") is SectionState.WRITING
    assert set(states.values()) == {SectionState.SIGNED}
    before = world.plan().sequence
    world.sign("other_parent", "A")
    assert world.plan().sequence == before


def test_once_nothing_is_hidden_any_more_the_same_person_signs_all_of_it(world: World) -> None:
    hope = hidden_hope(world, (world.people["parent"],))
    world.sign("other_parent", "A")
    hidden_hope(world, None, hope)
    world.sign("other_parent", "A")
    assert [each.by.name for each in world.plan().sections["A"].standing] == ["Yusuf Rahman"]


def test_words_that_are_hidden_after_they_were_signed_void_no_sign_off(world: World) -> None:
    hope = hidden_hope(world, None)
    world.sign("other_parent", "A")
    hidden_hope(world, (world.people["parent"],), hope)
    assert [each.by.name for each in world.plan().sections["A"].standing] == ["Yusuf Rahman"]


def test_each_section_is_signed_by_those_the_law_and_the_owner_name_and_by_nobody_else(cast: World) -> None:
    world = cast
    able: dict[str, set[str]] = {letter: set() for letter in SIGNERS}
    blind = set()
    for key in world.people:
        for letter in SIGNERS:
            try:
                world.sign(key, letter)
            except NotAllowed:
                continue
            except NotFound:
                blind.add(key)
            else:
                able[letter].add(key)
    assert able == SIGNERS
    assert blind == {"admin", "stranger"}


def test_an_agency_may_ask_that_the_signer_is_not_the_last_editor(world: World) -> None:
    careful = Agency("a-careful-board", "A careful board", AgencyKind.HEALTH, "nmr", second_person=True)
    people_store.keep_agency(world.db, careful)
    issuer, officer = world.settings.providers[0].issuer, world.actor("dco").grants[0]
    person = people.signed_on(world.db, issuer, f"careful-{random_id(6)}", "Careful Officer")
    grant = replace(officer, person=person, name="Careful Officer", agency=careful.slug, scope=world.plan_id)
    people.give(world.db, replace(grant, second_person=True))
    world = replace(world, people={**world.people, "careful": person})
    world.add("careful", "C", "needs", need="A hip that tires", effect="It aches.")
    with pytest.raises(NotReady, match="second person"):
        world.sign("careful", "C")
    world.sign("dco", "C")
    world.add("therapist", "C", "needs", need="Sleep", effect="She wakes.")
    assert world.sign("careful", "C").sections["C"].standing[-1].by.person == person


def test_the_sign_offs_of_a_final_plan_can_no_longer_change_but_the_familys_own_section_lives_on(world: World) -> None:
    world.write_a_little()
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    with pytest.raises(NotReady):
        sign_off.withdraw(world.db, world.actor("manager"), world.plan_id, "B", "A mistake.", now())
    with pytest.raises(NotReady):
        world.sign("other_manager", "B")
    world.edit("parent", "A", "people", {"words": "A new friend"}, "people")
    assert world.sign("parent", "A").sections["A"].standing


# Handing over


def test_handing_over_makes_it_the_signers_turn_once(world: World) -> None:
    world.write_a_little()
    plan = sign_off.hand_over(world.db, world.actor("caseworker"), world.plan_id, "B", now())
    assert status_of(plan, "B").state is SectionState.HANDED_OVER
    again = sign_off.hand_over(world.db, world.actor("caseworker"), world.plan_id, "B", now())
    assert again.sequence == plan.sequence


def test_a_hand_over_is_for_one_revision_so_that_a_later_edit_takes_it_back(world: World) -> None:
    ids = world.write_a_little()
    sign_off.hand_over(world.db, world.actor("caseworker"), world.plan_id, "B", now())
    plan = world.edit("caseworker", "B", "needs", {"effect": "Other words."}, ids["need"])
    assert status_of(plan, "B").state is SectionState.WRITING


# Withdrawing and sending back


def test_a_withdrawal_is_a_new_entry_and_nothing_is_erased(world: World) -> None:
    world.write_a_little()
    world.sign("dco", "G")
    before = whole_chain(world)
    plan = sign_off.withdraw(world.db, world.actor("dco"), world.plan_id, "G", "The dose has changed.", now())
    after = whole_chain(world)
    assert after[:-1] == before
    assert before[-1].kind == "section_signed"
    assert after[-1].kind == "sign_off_withdrawn"
    assert after[-1].facts["who"] == world.people["dco"]
    assert after[-1].words == "The dose has changed."
    assert plan.sections["G"].sign_offs == ()
    assert plan.sections["G"].revision == 1


def test_a_withdrawn_sign_off_can_be_given_again(world: World) -> None:
    world.sign("dco", "G")
    sign_off.withdraw(world.db, world.actor("dco"), world.plan_id, "G", "Not yet.", now())
    plan = world.sign("dco", "G")
    assert len(plan.sections["G"].standing) == 1
    assert [each.kind for each in whole_chain(world)[-3:]] == ["section_signed", "sign_off_withdrawn", "section_signed"]


def test_withdrawing_what_was_never_signed_adds_nothing(world: World) -> None:
    world.sign("manager", "B")
    before = world.plan()
    after = sign_off.withdraw(world.db, world.actor("other_manager"), world.plan_id, "B", "A mistake.", now())
    assert after == before


def test_sending_back_keeps_its_reason_as_content_and_only_a_salted_hash_on_the_chain(world: World) -> None:
    reason = "Say how often she needs the sling."
    world.write_a_little()
    plan = sign_off.send_back(world.db, world.actor("dco"), world.plan_id, "G", reason, now())
    entry = newest(world)
    kept = beside(world, entry)
    link = world.db["chain"].find_one({"authority": "nmr", "_id": f"{world.plan_id}:{entry.sequence}"})
    assert kept["beside"] == {"words": reason}
    assert len(kept["salt"]) == hashing.SALT_BYTES
    leaf = hashing.leaf(f"beside/{entry.sequence}", {"words": reason}, (), bytes(kept["salt"]))
    assert entry.facts["beside"] == leaf.hex()
    assert reason not in repr(link)
    assert kept["salt"].hex() not in repr(link)
    assert status_of(plan, "G").state is SectionState.SENT_BACK
    assert plan.sections["G"].sent_back is not None
    assert plan.sections["G"].sent_back.words == reason


def test_the_same_reason_given_twice_does_not_look_the_same_on_the_chain(world: World) -> None:
    for _ in range(2):
        sign_off.send_back(world.db, world.actor("dco"), world.plan_id, "G", "Please look again.", now())
    first, second = whole_chain(world)[-2:]
    assert first.words == second.words
    assert first.facts["beside"] != second.facts["beside"]


def test_sending_back_and_withdrawing_ask_for_a_reason(world: World) -> None:
    world.sign("dco", "G")
    for act, reason in itertools.product((sign_off.send_back, sign_off.withdraw), ("", "   ", "\n\t")):
        with pytest.raises(Invalid):
            act(world.db, world.actor("dco"), world.plan_id, "G", reason, now())
    assert newest(world).kind == "section_signed"


def test_whoever_does_not_sign_a_section_can_not_send_it_back_or_withdraw(world: World) -> None:
    for key in ("caseworker", "therapist", "parent"):
        for act in (sign_off.send_back, sign_off.withdraw):
            with pytest.raises(NotAllowed):
                act(world.db, world.actor(key), world.plan_id, "G", "Because.", now())


# All at once


def test_two_hundred_times_somebody_edits_while_another_signs_and_no_sign_off_is_for_other_words(world: World) -> None:
    need = world.add("caseworker", "B", "needs", area="semh", need="Worry", effect="Words 0.")
    seen, writer, signer = world.plan(), world.actor("caseworker"), world.actor("manager")
    refused = 0
    for number in range(1, RACES + 1):
        head = seen.sections["B"]

        sent = Submission("B", "needs", need, {"effect": f"Words {number}."}, head.revision)

        def edit(sent: Submission = sent) -> None:
            sections.edit(world.db, writer, world.plan_id, sent, now())

        def sign(revision: int = head.revision, text_hash: str = head.hash.hex()) -> None:
            sign_off.sign(world.db, signer, world.plan_id, "B", revision, text_hash, now())

        raised = at_once(edit, sign)
        assert [each for each in raised if not isinstance(each, StaleRevision)] == []
        refused += len(raised)
        seen = world.plan()
        assert seen.sections["B"].standing == ()  # the edit came, before the sign-off or after it

    # Read the record: each sign-off that was taken names the revision that was newest at that very moment.
    revision, text_hash, taken = 0, "", 0
    for entry in whole_chain(world):
        if entry.kind == "section_edited":
            assert entry.facts["revision"] == revision + 1
            revision, text_hash = entry.facts["revision"], entry.facts["hash"]
        elif entry.kind == "section_signed":
            assert (entry.facts["revision"], entry.facts["hash"]) == (revision, text_hash)
            kept = revisions.find(world.db, world.plan_id, "B", revision)
            assert content_hash("B", kept.content).hex() == text_hash
            taken += 1
    assert (revision, taken + refused) == (RACES + 1, RACES)
    for signed in seen.sections["B"].sign_offs:
        kept = revisions.find(world.db, world.plan_id, "B", signed.revision)
        assert content_hash("B", kept.content) == signed.hash
