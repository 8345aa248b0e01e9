"""The one path of every write: decided on the plan as loaded, saved in its turn, the same form never twice."""

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.decision import Decision
from portal.domain.edit import ItemEdit, edit_item
from portal.domain.error import Invalid, NotFound, StaleRevision
from portal.domain.hashing import Value
from portal.domain.identifier import new_request_id
from portal.domain.plan import Plan
from portal.operations import retention, sections
from portal.operations.act import act
from portal.operations.sections import Submission
from portal.store import chain, drafts, revisions
from portal.store.database import Database, Session
from portal.store.drafts import Draft
from portal.store.requests import Request
from tests.at_once import at_once
from tests.fresh import fresh
from tests.world import World, build_world, now


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture
def world(cast: World) -> World:
    return fresh(cast, "parent", "other_parent", "therapist", "social_worker", "caseworker", "other_caseworker")


def request(world: World, key: str) -> Request:
    return Request(new_request_id(), "one digest", world.people[key], now().wall)


def hope(words: str = "One good friend") -> Submission:
    return Submission("A", "aspirations", "", {"hope": words}, 0)


def entries(world: World) -> list[int]:
    """The numbers of the plan's chain, which must have no gap, and one revision for each change."""
    found = chain.entries(world.db, world.plan_id, limit=1000)
    changed = sum(each.kind == "section_edited" for each in found)
    saved = sum(len(revisions.of_section(world.db, world.plan_id, letter)) for letter in world.plan().sections)
    assert changed == saved
    return sorted(each.sequence for each in found)


def test_an_item_added_by_one_form_sent_fifty_times_at_once_is_one_item_with_one_answer(world: World) -> None:
    sent, actor = request(world, "parent"), world.actor("parent")
    answers: list[Plan] = []

    def send() -> None:
        answers.append(sections.edit(world.db, actor, world.plan_id, hope(), now(), sent))

    assert at_once(*[send] * 50) == []
    assert len(answers) == 50
    assert {(each.sequence, each.head) for each in answers} == {(2, world.plan().head)}
    assert len(world.plan().sections["A"].content.in_group("aspirations")) == 1
    assert entries(world) == [1, 2]


def test_the_same_form_among_the_forms_of_others_is_saved_once_and_never_refused(world: World) -> None:
    sent, actor, other = request(world, "parent"), world.actor("parent"), world.actor("other_parent")

    def again() -> None:
        sections.edit(world.db, actor, world.plan_id, hope(), now(), sent)

    def another(words: str) -> None:
        sections.edit(world.db, other, world.plan_id, hope(words), now(), request(world, "other_parent"))

    acts = [again] * 12 + [lambda words=f"Hope {at}": another(words) for at in range(6)]
    assert at_once(*acts) == []
    hopes = [each.text("hope") for each in world.plan().sections["A"].content.in_group("aspirations")]
    assert sorted(hopes) == sorted(["One good friend", *(f"Hope {at}" for at in range(6))])
    assert entries(world) == list(range(1, 9))


def test_eight_people_who_write_eight_sections_at_once_all_succeed_with_one_entry_each(world: World) -> None:
    need: dict[str, Value] = {"need": "Being understood", "effect": "Words."}
    row: dict[str, Value] = {"what": "Help"}
    writing: dict[str, tuple[str, str, dict[str, Value]]] = {
        "A": ("parent", "aspirations", {"hope": "A friend"}),
        "B": ("caseworker", "needs", {**need, "area": "semh"}),
        "C": ("therapist", "needs", need),
        "D": ("social_worker", "needs", need),
        "E": ("other_caseworker", "outcomes", {"what": "She tells a story"}),
        "F": ("caseworker", "provision", row),
        "G": ("therapist", "provision", row),
        "H1": ("social_worker", "provision", row),
    }

    def write(letter: str) -> None:
        key, group, values = writing[letter]
        sent = Submission(letter, group, "", values, 0)
        sections.edit(world.db, world.actor(key), world.plan_id, sent, now(), request(world, key))

    assert at_once(*[lambda letter=letter: write(letter) for letter in writing]) == []
    plan = world.plan()
    assert {letter: plan.sections[letter].revision for letter in writing} == dict.fromkeys(writing, 1)
    assert entries(world) == list(range(1, 10))
    links = chain.entries(world.db, world.plan_id)
    assert [each.previous for each in links[:-1]] == [each.hash for each in links[1:]]


def test_a_form_that_would_be_refused_by_now_is_answered_with_the_plan_where_it_was_saved_before(world: World) -> None:
    ids, sent = world.write_a_little(), request(world, "caseworker")
    mine = Submission("B", "needs", ids["need"], {"effect": "Mine."}, 1)
    sections.edit(world.db, world.actor("caseworker"), world.plan_id, mine, now(), sent)
    world.edit("other_caseworker", "B", "needs", {"effect": "Theirs."}, ids["need"])
    assert sections.edit(world.db, world.actor("caseworker"), world.plan_id, mine, now(), sent) == world.plan()
    with pytest.raises(StaleRevision):
        sections.edit(world.db, world.actor("caseworker"), world.plan_id, mine, now(), request(world, "caseworker"))
    item = world.plan().sections["B"].content.item(ids["need"])
    assert item is not None
    assert item.text("effect") == "Theirs."


def test_an_item_removed_by_one_form_sent_twenty_times_at_once_is_removed_once(world: World) -> None:
    ids, sent = world.write_a_little(), request(world, "caseworker")
    before = entries(world)
    gone = Submission("F", "provision", ids["provision"], {}, 1, remove=True)

    def send() -> None:
        sections.edit(world.db, world.actor("caseworker"), world.plan_id, gone, now(), sent)

    assert at_once(*[send] * 20) == []
    assert entries(world) == [*before, before[-1] + 1]


def test_a_reason_sent_fifty_times_at_once_is_one_hold(world: World) -> None:
    sent, manager = request(world, "manager"), world.actor("manager")

    def hold() -> None:
        retention.hold(world.db, manager, world.plan_id, "A claim is open.", now(), sent)

    assert at_once(*[hold] * 50) == []
    assert entries(world) == [1, 2]


# What goes with a save


def test_unsent_words_go_with_the_save_that_sends_them_and_also_when_there_is_nothing_to_save(world: World) -> None:
    parent = world.actor("parent")
    for words in ("My brother", "My brother"):  # the second time the words are there already
        kept = Draft(world.plan_id, "A", "people", "people", {"words": [words]}, 0, now().wall)
        drafts.keep(world.db, parent.person, kept)
        revision = world.plan().sections["A"].revision
        sent = Submission("A", "people", "people", {"words": words}, revision)
        sections.edit(world.db, parent, world.plan_id, sent, now())
        assert drafts.of_person(world.db, parent.person, world.plan_id) == []
    assert entries(world) == [1, 2]


def test_unsent_words_stay_when_the_save_is_refused_or_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = world.actor("parent")
    kept = Draft(world.plan_id, "A", "people", "people", {"words": ["Mine"]}, 0, now().wall)
    drafts.keep(world.db, parent.person, kept)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    never = Submission("A", "people", "people", {"words": "Mine"}, 99)
    with pytest.raises(Invalid):
        sections.edit(world.db, parent, world.plan_id, never, now())
    monkeypatch.setattr("portal.store.caseload.refresh", fail)
    with pytest.raises(RuntimeError):
        sections.edit(world.db, parent, world.plan_id, Submission("A", "people", "people", {"words": "Mine"}, 0), now())
    assert drafts.of_person(world.db, parent.person, world.plan_id) == [kept]
    assert entries(world) == [1]


def test_what_goes_with_a_save_is_written_once_although_the_decision_is_made_again(world: World) -> None:
    written: list[str] = []

    def also(session: Session) -> None:
        place = {"authority": "nmr", "_id": f"{world.plan_id}:also"}
        world.db["drafts"].insert_one({**place, "plan": world.plan_id, "person": "nobody"}, session=session)

    def decide(plan: Plan) -> Decision | None:
        written.append(plan.sections["A"].content.items[0].id)
        if len(written) == 1:  # between this decision and its save somebody else saves
            world.edit("other_parent", "A", "people", {"words": "Theirs"}, "people")
        edit = ItemEdit("aspirations", "", {"hope": "A friend"}, plan.sections["A"].content)
        return edit_item(plan, world.actor("parent"), "A", edit, now(), "0123456789")

    act(world.db, world.actor("parent"), world.plan_id, decide, also=also)
    assert len(written) == 2
    assert world.db["drafts"].count_documents({"authority": "nmr", "plan": world.plan_id}) == 1
    assert entries(world) == [1, 2, 3]


def test_a_plan_seen_a_moment_ago_is_only_where_the_first_decision_is_made(world: World) -> None:
    seen = world.plan()
    world.edit("other_parent", "A", "people", {"words": "Theirs"}, "people")
    sent = Submission("A", "aspirations", "", {"hope": "A friend"}, 0)
    plan = sections.edit(world.db, world.actor("parent"), world.plan_id, sent, now(), seen=seen)
    item = plan.sections["A"].content.item("people")
    assert item is not None
    assert item.text("words") == "Theirs"
    assert entries(world) == [1, 2, 3]


def test_whoever_sees_a_plan_that_is_not_theirs_is_told_that_there_is_none(world: World) -> None:
    with pytest.raises(NotFound):
        sections.edit(world.db, world.actor("stranger"), world.plan_id, hope(), now(), seen=world.plan())
