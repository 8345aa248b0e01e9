"""A plan's way from the first page to the final: what each step asks for, and that what was issued never changes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain import hashing
from portal.domain.actor import Actor
from portal.domain.content import Content, Mark, content_hash
from portal.domain.decision import Version
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady
from portal.domain.identifier import new_request_id
from portal.domain.issue import manifest
from portal.domain.moment import Moment
from portal.domain.plan import Child, Plan
from portal.domain.state import PlanState, VersionKind
from portal.operations import plans, sections, sign_off
from portal.operations.plans import VersionReading
from portal.operations.sections import Submission
from portal.store import caseload, chain, revisions, versions
from portal.store.database import Database
from portal.store.requests import Request
from tests.at_once import at_once
from tests.fresh import fresh
from tests.world import World, build_world, now

REASON = "The statutory date is here and the family asked us not to wait."


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture
def world(cast: World) -> World:
    """A plan of its own for each test, with those who write, sign and answer."""
    return fresh(cast, "parent", "other_parent", "senco", "caseworker", "therapist", "dco", "social_worker", "dsco")


def days_later(days: int) -> Moment:
    moment = now()
    return replace(moment, product=moment.product + timedelta(days=days))


def opened(world: World, number: int, key: str = "manager") -> VersionReading:
    return plans.open_version(world.db, world.actor(key), world.plan_id, number, now())


def texts(content: Content, field: str) -> list[str]:
    return [each.text(field) for each in content.items]


def kinds(world: World) -> list[str]:
    return [each.kind for each in chain.entries(world.db, world.plan_id, limit=1000)[::-1]]


def issued(world: World, number: int) -> tuple[Version, Mapping[str, Content]]:
    version = versions.find(world.db, world.plan_id, number)
    return version, revisions.contents(world.db, world.plan_id, version.revisions)


# Starting


def start(world: World) -> Plan:
    child = Child("Theo Marsh", "Theo", "he", date(2014, 9, 1))
    by = Mark(world.people["manager"], "Maria Silva", "northmere-council", now().product)
    return plans.start(world.db, "nmr", "Northmere Council", child, by, "Northmere Council SEN team")


def test_a_new_plan_holds_every_section_blank_and_the_first_link_of_its_chain(world: World) -> None:
    plan = plans.open_plan(world.db, world.actor("manager"), start(world).id, now()).plan
    assert list(plan.sections) == ["A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K"]
    assert all(head.content.is_empty and head.revision == 0 for head in plan.sections.values())
    (entry,) = chain.entries(world.db, plan.id)
    assert (entry.kind, entry.sequence, entry.previous) == ("plan_started", 1, b"")
    assert (plan.sequence, plan.head) == (1, entry.hash)
    assert revisions.of_section(world.db, plan.id, "A") == []


def test_a_new_plan_stands_on_the_lists_of_the_authoritys_managers_from_its_first_moment(world: World) -> None:
    plan = start(world)
    for key in ("manager", "other_manager", "auditor"):
        assert plan.id in {row.plan for row in caseload.rows_for(world.db, world.actor(key))}


# From the first words to the final


def test_a_plan_goes_from_its_first_words_over_the_draft_and_the_answer_to_the_final(world: World) -> None:
    world.write_a_little()
    assert world.plan().state is PlanState.DRAFTING
    world.to_finalising()
    assert world.plan().state is PlanState.FINALISING
    plan = world.issue("manager", VersionKind.FINAL)
    assert plan.state is PlanState.FINAL
    assert [(each.number, each.kind) for each in plan.versions] == [(1, VersionKind.DRAFT), (2, VersionKind.FINAL)]
    assert kinds(world) == [
        "plan_started",
        *["section_edited"] * 6,
        *["section_signed"] * 9,
        "draft_served",
        "representations_received",
        "finalising_begun",
        "section_edited",
        "final_issued",
    ]
    final = opened(world, 2)
    assert texts(final.contents["I"], "name") == ["Elm Road Primary School"]
    assert texts(final.contents["G"], "what") == ["Physiotherapy"]
    signed = {each.letter for each in final.version.sections if each.sign_offs}
    assert signed == {"A", "B", "C", "D", "E", "F", "G", "H1", "H2"}
    for number in (1, 2):
        job = world.db["jobs"].find_one({"authority": "nmr", "_id": f"{world.plan_id}:pdf:v{number}"})
        assert job is not None
        assert (job["kind"], job["number"], job["done"]) == ("pdf", number, False)


def test_an_issued_version_is_bound_to_the_chain_and_to_each_sections_words(world: World) -> None:
    world.write_a_little()
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    for entry in chain.entries(world.db, world.plan_id, limit=1000):
        if entry.kind in ("draft_served", "final_issued"):
            version, contents = issued(world, entry.facts["facts"]["version"])
            assert version.head == entry.hash
            assert version.hash.hex() == entry.facts["hash"]
            assert version.hash == hashing.version(manifest(world.plan_id, version))
            assert all(content_hash(each.letter, contents[each.letter]) == each.hash for each in version.sections)


def test_every_issued_version_opens_exactly_as_issued_after_later_edits(world: World) -> None:
    ids = world.write_a_little()
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    draft = opened(world, 1)
    world.edit("caseworker", "B", "needs", {"need": "Other words"}, ids["need"])
    sent = Submission("F", "provision", ids["provision"], {}, world.plan().sections["F"].revision, remove=True)
    sections.edit(world.db, world.actor("caseworker"), world.plan_id, sent, now())
    world.sign("manager", "B")
    world.sign("manager", "F")
    plans.answer(world.db, world.actor("parent"), world.plan_id, "Thank you.", now())
    plans.begin_finalising(world.db, world.actor("manager"), world.plan_id, now())
    world.edit("caseworker", "I", "placement", {"type": "Mainstream"}, "placement")
    world.issue("manager", VersionKind.FINAL)
    final = opened(world, 2)
    world.edit("parent", "A", "aspirations", {"hope": "To sing on a stage"}, ids["hope"])
    for was in (draft, final):
        again = opened(world, was.version.number)
        assert (again.version, again.contents) == (was.version, was.contents)
    assert texts(draft.contents["B"], "need") == ["Being understood"]
    assert texts(final.contents["B"], "need") == ["Other words"]
    assert texts(draft.contents["F"], "what") == ["Speech therapy"]
    assert texts(final.contents["F"], "what") == []
    assert "I" not in draft.contents


# The draft


def test_only_a_manager_issues_a_draft(world: World) -> None:
    for key in ("caseworker", "parent", "dco", "senco", "auditor"):
        with pytest.raises(NotAllowed):
            world.issue(key, VersionKind.DRAFT, A=REASON)
    for key in ("stranger", "admin"):
        with pytest.raises(NotFound):
            world.issue(key, VersionKind.DRAFT, A=REASON)
    assert world.plan().versions == ()


def test_a_draft_that_the_family_has_not_agreed_says_why_it_is_issued_and_keeps_the_reason(world: World) -> None:
    for blank in ({}, {"A": ""}, {"A": " \n "}, {"B": REASON}):
        with pytest.raises(Invalid) as refused:
            world.issue("manager", VersionKind.DRAFT, **blank)
        assert list(refused.value.errors) == ["reason.A"]
    world.issue("manager", VersionKind.DRAFT, A=f" {REASON} ")
    (section,) = (each for each in opened(world, 1, "parent").version.sections if each.letter == "A")
    assert section.reason == REASON
    newest = chain.entries(world.db, world.plan_id, limit=1)[0]
    assert newest.facts["facts"] == {"version": 1, "kind": "draft", "issued_past": ["A"]}
    link = world.db["chain"].find_one({"authority": "nmr", "_id": f"{world.plan_id}:{newest.sequence}"})
    assert REASON not in repr(link)


def test_a_draft_shows_health_provision_that_is_not_agreed_yet_and_says_so(world: World) -> None:
    world.write_a_little()
    world.sign("parent", "A")
    world.issue("manager", VersionKind.DRAFT)
    draft = opened(world, 1)
    section = draft.version.section("G")
    assert section is not None
    assert (section.agreed, section.sign_offs) == (False, ())
    assert texts(draft.contents["G"], "what") == ["Physiotherapy"]


def test_a_second_draft_is_not_issued_while_one_is_with_the_family(world: World) -> None:
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    with pytest.raises(NotReady):
        world.issue("manager", VersionKind.DRAFT)
    with pytest.raises(NotReady):
        world.issue("manager", VersionKind.FINAL)
    assert len(world.plan().versions) == 1


def test_the_same_issue_sent_twice_makes_one_version(world: World) -> None:
    world.sign_all()
    actor = world.actor("manager")
    request = Request(new_request_id(), "one digest", actor.person, now().wall)
    for _ in range(2):
        plan = plans.issue(world.db, actor, world.plan_id, VersionKind.DRAFT, {}, now(), request)
    assert len(plan.versions) == 1


# The family's answer and their fifteen days


def test_the_familys_answer_is_kept_with_the_version_they_had_before_them(world: World) -> None:
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    plans.answer(world.db, world.actor("parent"), world.plan_id, "Please add swimming.", now())
    plan = plans.answer(world.db, world.actor("other_parent"), world.plan_id, "I agree.", now())
    assert [(each.by.name, each.words, each.version) for each in plan.answers] == [
        ("Nadia Rahman", "Please add swimming.", 1),
        ("Yusuf Rahman", "I agree.", 1),
    ]
    newest = chain.entries(world.db, world.plan_id, limit=1)[0]
    assert (newest.kind, newest.words, newest.facts["facts"]) == (
        "representations_received",
        "I agree.",
        {"version": 1},
    )
    assert "I agree." not in repr(newest.facts)


def test_an_answer_asks_for_a_draft_for_words_and_for_the_family(world: World) -> None:
    with pytest.raises(NotReady):
        plans.answer(world.db, world.actor("parent"), world.plan_id, "Hello", now())
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    with pytest.raises(Invalid):
        plans.answer(world.db, world.actor("parent"), world.plan_id, " \n ", now())
    for key in ("caseworker", "manager", "senco"):
        with pytest.raises(NotAllowed):
            plans.answer(world.db, world.actor(key), world.plan_id, "Hello", now())


def test_finalising_waits_for_the_answer_or_until_the_fifteen_days_are_over(world: World) -> None:
    world.sign_all()
    served = world.issue("manager", VersionKind.DRAFT)
    for days in (0, 7, 14):  # the day it was served is the first of the fifteen
        with pytest.raises(NotReady):
            plans.begin_finalising(world.db, world.actor("caseworker"), world.plan_id, days_later(days))
    plan = plans.begin_finalising(world.db, world.actor("caseworker"), world.plan_id, days_later(15))
    assert (plan.state, plan.sequence) == (PlanState.FINALISING, served.sequence + 1)


def test_a_late_answer_is_taken_while_the_plan_is_being_finalised(world: World) -> None:
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    plans.begin_finalising(world.db, world.actor("caseworker"), world.plan_id, days_later(15))
    plan = plans.answer(world.db, world.actor("parent"), world.plan_id, "We were away.", days_later(16))
    assert [each.words for each in plan.answers] == ["We were away."]


# The final


def test_a_final_must_name_a_school_or_a_type_of_school(world: World) -> None:
    world.to_finalising()
    world.edit("caseworker", "I", "placement", {"name": "", "type": ""}, "placement")
    with pytest.raises(NotReady, match="name a school"):
        world.issue("manager", VersionKind.FINAL)


def test_whoever_changed_b_f_or_i_last_does_not_issue_the_final(world: World) -> None:
    world.to_finalising()
    world.edit("manager", "I", "placement", {"name": "Hartwell Academy"}, "placement")
    with pytest.raises(NotReady, match="last change to section I"):
        world.issue("manager", VersionKind.FINAL)
    assert world.issue("other_manager", VersionKind.FINAL).state is PlanState.FINAL


def test_a_void_sign_off_is_issued_past_only_with_a_reason_that_the_familys_copy_carries(world: World) -> None:
    ids = world.write_a_little()
    world.to_finalising()
    world.edit("caseworker", "E", "outcomes", {"now": "One word at a time."}, ids["outcome"])
    sign_off.withdraw(world.db, world.actor("social_worker"), world.plan_id, "D", "I read it again.", now())
    with pytest.raises(Invalid) as refused:
        world.issue("manager", VersionKind.FINAL)
    assert sorted(refused.value.errors) == ["reason.D", "reason.E"]
    with pytest.raises(Invalid) as refused:
        world.issue("manager", VersionKind.FINAL, D=REASON)
    assert list(refused.value.errors) == ["reason.E"]
    world.issue("manager", VersionKind.FINAL, D=REASON, E="The words were put right.", B="Nobody asked for this one.")
    version = opened(world, 2, "parent").version
    reasons = {each.letter: each.reason for each in version.sections if each.reason}
    assert reasons == {"D": REASON, "E": "The words were put right."}
    lines = manifest(world.plan_id, version)["sections"]
    assert isinstance(lines, list)
    for each, line in zip(version.sections, lines, strict=True):
        leaf = hashing.leaf(f"{each.letter}/reason", each.reason, (), each.reason_salt).hex() if each.reason else ""
        assert line["reason"] == leaf
    newest = chain.entries(world.db, world.plan_id, limit=1)[0]
    assert newest.facts["facts"] == {"version": 2, "kind": "final", "issued_past": ["D", "E"]}


def finalise_by(world: World, actor: Actor) -> None:
    plans.issue(world.db, actor, world.plan_id, VersionKind.FINAL, {}, now())


def test_two_managers_who_finalise_at_once_make_one_version(world: World) -> None:
    world.to_finalising()
    actors = [world.actor("manager"), world.actor("other_manager")]
    before = world.plan()
    raised = at_once(*[lambda actor=actor: finalise_by(world, actor) for actor in actors * 4])
    plan = world.plan()
    assert [type(each) for each in raised] == [NotReady] * 7
    assert len(plan.versions) == 2
    assert plan.sequence == before.sequence + 1
    assert kinds(world).count("final_issued") == 1
    assert world.db["versions"].count_documents({"authority": "nmr", "plan": world.plan_id}) == 2
    assert world.db["jobs"].count_documents({"authority": "nmr", "plan": world.plan_id}) == 2


# Section G, which health must agree


def finalise_past_health(world: World) -> VersionReading:
    with pytest.raises(Invalid) as refused:
        world.issue("manager", VersionKind.FINAL)
    assert list(refused.value.errors) == ["reason.G"]
    world.issue("manager", VersionKind.FINAL, G=REASON)
    return opened(world, 2, "parent")


def to_finalising_with_g(world: World, agreed: bool) -> str:
    """Everything signed but G, unless agreed; answers the id of G's row."""
    health = world.write_a_little()["health"]
    if agreed:
        world.to_finalising()
    else:
        for letter, key in {"A": "parent", "B": "manager", "C": "dco", "D": "dsco", "E": "manager"}.items():
            world.sign(key, letter)
        for letter, key in {"F": "manager", "H1": "dsco", "H2": "dsco"}.items():
            world.sign(key, letter)
        world.issue("manager", VersionKind.DRAFT)
        plans.answer(world.db, world.actor("parent"), world.plan_id, "We agree.", now())
        plans.begin_finalising(world.db, world.actor("caseworker"), world.plan_id, now())
        world.edit("caseworker", "I", "placement", {"type": "Mainstream"}, "placement")
    (row,) = world.plan().sections["G"].content.items
    assert health in row.links("needs")
    return row.id


def test_a_final_prints_the_words_of_g_that_health_last_agreed(world: World) -> None:
    row = to_finalising_with_g(world, agreed=True)
    agreed = world.plan().sections["G"]
    world.edit("therapist", "G", "provision", {"what": "Physiotherapy twice a week"}, row)
    world.add("therapist", "G", "provision", what="Hydrotherapy")
    final = finalise_past_health(world)
    section = final.version.section("G")
    assert section is not None
    assert (section.revision, section.hash, section.agreed) == (agreed.revision, agreed.hash, True)
    assert [each.by.name for each in section.sign_offs] == ["Jo Mensah"]
    assert section.reason == REASON
    assert texts(final.contents["G"], "what") == ["Physiotherapy"]


def test_a_final_whose_g_was_never_agreed_prints_none_of_it(world: World) -> None:
    to_finalising_with_g(world, agreed=False)
    final = finalise_past_health(world)
    section = final.version.section("G")
    assert section is not None
    assert (section.agreed, section.sign_offs, section.reason) == (False, (), REASON)
    assert final.contents["G"].is_empty
    assert "Physiotherapy" not in repr(final.contents)


def test_a_final_whose_only_agreement_to_g_was_withdrawn_prints_none_of_it(world: World) -> None:
    to_finalising_with_g(world, agreed=True)
    sign_off.withdraw(world.db, world.actor("dco"), world.plan_id, "G", "The clinic has closed.", now())
    final = finalise_past_health(world)
    section = final.version.section("G")
    assert section is not None
    assert not section.agreed
    assert final.contents["G"].is_empty


# Who opens what


def test_a_version_opens_with_the_sections_its_reader_may_see_in_that_kind_of_version(world: World) -> None:
    world.write_a_little()
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    draft, final = (set(opened(world, number, "senco").contents) for number in (1, 2))
    assert draft == {"A", "B", "E", "F"}
    assert final == {"A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K"}
    assert not opened(world, 1, "senco").whole
    assert opened(world, 1, "caseworker").whole


def test_a_version_that_is_not_there_and_a_plan_that_is_not_theirs_look_the_same(world: World) -> None:
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    for key, number in (("manager", 2), ("manager", 0), ("stranger", 1), ("admin", 1), ("stranger", 99)):
        with pytest.raises(NotFound):
            opened(world, number, key)


def test_opening_a_plan_is_recorded_apart_from_its_chain(world: World) -> None:
    before = world.plan()
    plans.open_plan(world.db, world.actor("parent"), world.plan_id, now())
    assert world.plan() == before
    (opening,) = world.db["openings"].find({"authority": "nmr", "plan": world.plan_id})
    assert opening["person"] == world.people["parent"]


def test_an_id_that_is_no_plans_is_not_found(world: World) -> None:
    actor = world.actor("manager")
    for plan_id in ("", "nmr", "nmr-0000000000000000", world.plan_id.upper(), f"{world.plan_id}\n", "x" * 9999):
        with pytest.raises(NotFound):
            plans.open_plan(world.db, actor, plan_id, now())
