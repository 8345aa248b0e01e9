"""A plan as it stood: the words and the sign-offs of that moment, for each reader as far as they may read it now."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.actor import Actor
from portal.domain.error import NotFound
from portal.domain.plan import Plan
from portal.domain.reading import Reach, filtered
from portal.domain.state import VersionKind
from portal.operations import people, plans, sections, sign_off
from portal.operations.past import Past, as_at
from portal.operations.sections import Submission
from portal.store.database import Database
from tests.fresh import fresh
from tests.world import CAST, World, build_world, now


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


def past(world: World, actor: Actor, sequence: int) -> Past:
    return as_at(world.db, plans.reading_of(world.db, world.plan(), actor), sequence)


def lived(world: World) -> list[Plan]:
    """A plan that was written, signed, changed, taken back and issued: as it stood after each entry of its chain."""
    db, ids, stood = world.db, world.write_a_little(), list[Plan]()
    caseworker, manager = world.actor("caseworker"), world.actor("manager")
    acts: list[Callable[[], object]] = [
        lambda: sign_off.hand_over(db, caseworker, world.plan_id, "B", now()),
        lambda: sign_off.send_back(db, manager, world.plan_id, "B", "Say more.", now()),
        lambda: world.sign("manager", "B"),
        lambda: world.sign("other_manager", "B"),
        lambda: world.edit("caseworker", "B", "needs", {"effect": "New words."}, ids["need"]),
        lambda: world.sign("manager", "B"),
        lambda: sign_off.withdraw(db, manager, world.plan_id, "B", "Not yet.", now()),
        lambda: world.sign("other_manager", "B"),
        lambda: world.add("caseworker", "F", "provision", what="A quiet place"),
        lambda: remove(world, "F", "provision", ids["provision"]),
        lambda: world.sign("parent", "A"),
        lambda: world.sign("other_parent", "A"),
        lambda: sign_off.withdraw(db, world.actor("parent"), world.plan_id, "A", "No.", now()),
        lambda: world.sign("parent", "A"),
    ]
    for act in acts:
        act()
        stood.append(world.plan())
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    return [*stood, world.plan()]


def remove(world: World, letter: str, group: str, item: str) -> Plan:
    gone = Submission(letter, group, item, {}, world.plan().sections[letter].revision, remove=True)
    return sections.edit(world.db, world.actor("caseworker"), world.plan_id, gone, now())


@pytest.fixture(scope="module")
def old(cast: World) -> tuple[World, list[Plan]]:
    world = fresh(cast, *(key for key, (_, _, _, whole) in CAST.items() if not whole))
    return world, lived(world)


@pytest.mark.parametrize("key", ["parent", "dco", "caseworker", "manager", "senco", "social_worker", "auditor"])
def test_words_and_sign_offs_are_those_of_that_moment_for_whoever_reads_the_working_text(
    old: tuple[World, list[Plan]], key: str
) -> None:
    world, stood = old
    actor, reading = world.actor(key), plans.reading_of(world.db, world.plan(), world.actor(key))
    working = {letter for letter, each in reading.sections.items() if each.reach is Reach.WORKING}
    for plan in stood:
        found = past(world, actor, plan.sequence)
        assert (found.entry.sequence, found.entry.hash) == (plan.sequence, plan.head)
        assert set(found.contents) == set(found.numbers) == set(found.signed) == working
        for letter in working:
            head = plan.sections[letter]
            assert found.numbers[letter] == head.revision
            assert found.contents[letter] == filtered(world.plan(), actor, letter, head.content)
            signers = sorted((each.facts["who"], each.at) for each in found.signed[letter])
            assert signers == sorted((each.by.person, each.by.at) for each in head.standing), (letter, plan.sequence)


def test_at_its_first_entry_nothing_was_written_or_signed(old: tuple[World, list[Plan]]) -> None:
    world, _ = old
    found = past(world, world.actor("manager"), 1)
    assert all(each.is_empty for each in found.contents.values())
    assert set(found.numbers.values()) == {0}
    assert set(found.signed.values()) == {()}


@pytest.mark.parametrize("sequence", [0, -1, 10_000, 2**31, 2**63 - 1, 2**63, 10**40])
def test_an_entry_that_the_chain_has_not_is_not_found(old: tuple[World, list[Plan]], sequence: int) -> None:
    world, _ = old
    with pytest.raises(NotFound):
        past(world, world.actor("manager"), sequence)


def test_what_is_kept_from_a_reader_is_kept_from_them_in_the_past_too(cast: World) -> None:
    world = fresh(cast, "caseworker", "therapist", "dco")
    need = world.add("caseworker", "B", "needs", area="semh", need="Worry", effect="What only health may read.")
    with_audience(world, need)
    sequence = world.plan().sequence
    world.edit("caseworker", "B", "needs", {"need": "Worrying"}, need)
    for key, reads in (("dco", True), ("caseworker", True), ("therapist", False)):
        item = past(world, world.actor(key), sequence + 1).contents["B"].item(need)
        assert item is not None
        assert (item.text("effect") != "") == reads, key


def with_audience(world: World, need: str) -> None:
    """From the next save on, the need's effect is for one agency, as a later part of the product will withhold it."""
    items = world.plan().sections["B"].content.items
    at = next(number for number, each in enumerate(items) if each.id == need)
    only = {f"sections.B.content.items.{at}.slots.effect.a": ["northmere-icb"]}
    world.db["plans"].update_one({"authority": "nmr", "_id": world.plan_id}, {"$set": only})
    world.db.plans.forget(world.plan_id)


def test_whoever_sees_the_working_text_only_since_the_draft_sees_before_it_no_more_than_now(cast: World) -> None:
    world = fresh(cast, "parent", "caseworker", "therapist", "dco", "social_worker")
    world.write_a_little()
    before = world.plan().sequence
    assert set(past(world, world.actor("parent"), before).contents) == {"A"}
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    assert set(past(world, world.actor("parent"), before).contents) > {"A", "B", "F"}


def test_a_reader_whose_part_ended_reads_no_past(cast: World) -> None:
    world = fresh(cast, "parent")
    people.give(
        world.db, replace(world.actor("parent").grants[0], person=world.people["stranger"], scope=world.plan_id)
    )
    assert past(world, world.actor("stranger"), 1).contents != {}
    place = {"authority": "nmr", "person": world.people["stranger"], "scope": world.plan_id}
    world.end_grants(place)
    assert past(world, world.actor("stranger"), 1).contents == {}
