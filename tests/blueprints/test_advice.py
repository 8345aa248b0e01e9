"""The pages of advice: asked, written, sent, read, and taken into a section, without a script."""

from io import BytesIO

import pytest

from portal.domain.advice_asked import requests
from portal.domain.awaited import tasks_of
from portal.domain.identifier import new_request_id
from portal.domain.notice import waits_for
from portal.domain.state import VersionKind
from portal.operations import advice_file, media, restrict, verify
from portal.operations.plans import reading_of
from portal.store import drafts
from portal.store import media as files
from portal.store.people import lead
from tests.operations.test_advice import HEALTH, ask, begin, elsewhere, give, some
from tests.uploads.plain import GOOD
from tests.world import REASONS, World, now


def form(world: World, **said: object) -> dict[str, object]:
    return {"seen": "0", "request_id": new_request_id(), **said}


def test_the_council_asks_step_by_step_and_the_therapist_finds_it_in_the_inbox(world: World) -> None:
    begin(world)
    council, base = world.client("caseworker"), f"/plans/{world.plan_id}/advice"
    assert "Northmere Community Health" in council.get(f"{base}/ask?kind=c").text
    assert "Ben Carter" in council.get(f"{base}/ask?kind=c&agency={HEALTH}").text
    sent = {"kind": "c", "agency": HEALTH, "person": world.people["therapist"], "words": "How does her hip tire?"}
    empty = council.post(f"{base}/ask", {**sent, "words": ""})
    assert empty.status_code == 422
    assert "Say what you want to know." in empty.text
    assert council.post(f"{base}/ask", sent).status_code == 303
    assert "Ben Carter" in council.get(base).text
    page = world.client("therapist").get("/advice").text
    assert "Amira Rahman" in page
    assert "1 piece of advice waits for you" in page
    assert world.client("senco").get("/advice").text.count("Amira Rahman") == 0


def test_what_is_typed_is_kept_and_stands_in_the_form_again(world: World) -> None:
    number = ask(world)
    therapist, page = world.client("therapist"), f"/plans/{world.plan_id}/advice/{number}/write"
    said = form(world, answer_school="She rests after every lesson.", needs_need=["A hip that tires"])
    assert therapist.post(page.replace("/write", "/draft"), said, Accept="application/json").get_json()["kept"]
    assert "She rests after every lesson." in therapist.get(page).text
    assert "Begun, kept" in therapist.get("/advice").text
    more = therapist.post(page, {**said, "then": "more"})
    assert more.status_code == 303
    assert therapist.get(more.location).text.count('name="needs_need"') == 4
    assert "She rests after every lesson." not in world.client("caseworker").get(f"/plans/{world.plan_id}").text
    drafts.drop(world.db, world.people["therapist"], world.plan_id, "advice", str(number), "")
    assert "She rests after every lesson." not in therapist.get(page).text


def test_advice_that_is_sent_is_read_by_the_council_and_its_author_is_told(world: World) -> None:
    number = ask(world)
    therapist, base = world.client("therapist"), f"/plans/{world.plan_id}/advice/{number}"
    said = form(
        world,
        answer_school="She rests.",
        provision_what=["Physiotherapy", ""],
        provision_minutes=["45", ""],
        provision_how_often=["once a week", ""],
    )
    wrong = therapist.post(f"{base}/write", {**said, "provision_minutes": ["soon", ""]})
    assert wrong.status_code == 422
    assert "Give the minutes as a whole number" in wrong.text
    assert "She rests." in wrong.text
    assert therapist.post(f"{base}/write", said).status_code == 303
    council = world.client("caseworker")
    assert "45 minutes, once a week" in council.get(f"/plans/{world.plan_id}/advice/given/{number}-1").text
    assert "Read this advice" in council.get(f"/plans/{world.plan_id}/sections/K").text
    assert "The council: first opened it" in therapist.get(f"/plans/{world.plan_id}/advice/given/{number}-1").text
    assert therapist.post(f"{base}/write", {**said, "request_id": new_request_id()}).status_code == 409


def test_its_author_is_told_which_side_has_opened_it_and_of_nobody_else(world: World) -> None:
    number = ask(world)
    world.issue("manager", VersionKind.DRAFT, **REASONS)
    give(world, number)
    page, author = f"/plans/{world.plan_id}/advice/given/{number}-1", world.client("therapist")
    assert world.client("dco").get(page).status_code == 200
    assert author.get(page).text.count("has not opened it yet") == 2
    assert world.client("parent").get(page).status_code == 200
    assert "The council: has not opened it yet" in author.get(page).text
    assert author.get(page).text.count("first opened it") == 1


def test_a_form_with_an_unknown_part_is_refused(world: World) -> None:
    number = ask(world)
    page = f"/plans/{world.plan_id}/advice/{number}/write"
    refused = world.client("therapist").post(page, form(world, answer_school="x", answer_secret="y"))
    assert refused.status_code == 422


@pytest.mark.parametrize("key", ["senco", "social_worker", "parent", "stranger"])
def test_advice_is_open_to_nobody_whose_list_does_not_show_it(world: World, key: str) -> None:
    number = ask(world)
    give(world, number)
    browser, base = world.client(key), f"/plans/{world.plan_id}/advice/{number}"
    absent, there = (
        browser.get(f"/plans/{world.plan_id}/advice/given/{number}-9"),
        browser.get(f"/plans/{world.plan_id}/advice/given/{number}-1"),
    )
    assert (absent.status_code, there.status_code) == (404, 404)
    assert browser.post(f"{base}/write", form(world, answer_school="x")).status_code in (403, 404)


@pytest.mark.parametrize("key", ["caseworker", "manager", "parent"])
def test_nobody_answers_in_place_of_whoever_was_asked(world: World, key: str) -> None:
    number = ask(world)
    browser, base = world.client(key), f"/plans/{world.plan_id}/advice/{number}"
    assert browser.get(base).status_code == 200
    assert browser.get(f"{base}/write").status_code == 403
    assert browser.post(f"{base}/draft", form(world)).status_code == 403
    assert browser.post(f"{base}/write", form(world, answer_school="x")).status_code == 403
    assert browser.post(f"{base}/decline", {"answer": "declined"}).status_code == 403


def test_a_therapist_who_is_not_asked_does_not_read_what_was_asked(world: World) -> None:
    number = ask(world)
    assert world.client("senco").get(f"/plans/{world.plan_id}/advice/{number}").status_code == 404
    assert "How does her hip tire?" in world.client("parent").get(f"/plans/{world.plan_id}/advice/{number}").text


def test_declining_says_why_to_the_council_and_the_family(world: World) -> None:
    number = ask(world)
    base = f"/plans/{world.plan_id}/advice/{number}"
    therapist = world.client("therapist")
    assert therapist.post(f"{base}/decline", {"answer": "declined", "words": ""}).status_code == 422
    assert therapist.post(f"{base}/decline", {"answer": "declined", "words": "She left our team."}).status_code == 303
    assert f"no_advice:{number}:0" in waits_for(world.plan(), world.actor("caseworker"))
    assert f"no_advice:{number}:0" not in waits_for(world.plan(), world.actor("manager"))
    for key in ("caseworker", "parent"):
        assert "She left our team." in world.client(key).get(base).text
    assert world.client("caseworker").post(f"{base}/chase", {"words": "Please."}).status_code == 303
    assert "Asked again once" in world.client("caseworker").get(base).text
    assert world.client("parent").post(f"{base}/chase", {}).status_code == 403


def test_why_one_parent_declines_is_not_shown_to_the_other(world: World) -> None:
    number = ask(world, kind="a", agency="", to="parent")
    base, why = f"/plans/{world.plan_id}/advice/{number}", "Her father would read it."
    assert world.client("parent").post(f"{base}/decline", {"answer": "declined", "words": why}).status_code == 303
    for key in ("parent", "caseworker"):
        assert why in world.client(key).get(base).text
    assert why not in world.client("other_parent").get(base).text


def test_where_the_address_is_hidden_the_school_that_was_asked_is_named_to_the_council_alone(hidden: World) -> None:
    number = ask(hidden, kind="b", agency="elm-road-primary", to="senco")
    base = f"/plans/{hidden.plan_id}/advice"
    for key in ("parent", "other_parent", "therapist", "caseworker", "senco"):
        told = "".join(hidden.client(key).get(path).text for path in (base, f"{base}/{number}"))
        assert "Anita Patel" in told
        assert ("Elm Road" in told) is (key in ("caseworker", "senco")), key


def test_a_lead_hands_on_without_reading_the_childs_name(world: World) -> None:
    lead(world.db, world.people["stranger"], [HEALTH])
    number = ask(world, to="")
    browser = world.client("stranger")
    page = browser.get("/advice").text
    assert "To hand on" in page
    assert "Amira" not in page
    assert browser.post(f"/advice/{world.plan_id}/{number}/hand-on", {"person": ""}).status_code == 422
    sent = {"person": world.people["therapist"]}
    assert browser.post(f"/advice/{world.plan_id}/{number}/hand-on", sent).status_code == 303
    assert requests(world.plan())[0].to.person == world.people["therapist"]
    assert world.client("senco").post(f"/advice/{world.plan_id}/{number}/hand-on", sent).status_code == 404


def test_an_adviser_opens_the_plan_and_their_own_advice_and_nothing_else(world: World) -> None:
    elsewhere(world, "therapist")
    number = ask(world)
    adviser = world.client("therapist")
    assert adviser.get(f"/plans/{world.plan_id}").status_code == 200
    assert adviser.get(f"/plans/{world.plan_id}/advice/{number}/write").status_code == 200
    assert adviser.get(f"/plans/{world.plan_id}/case").status_code == 403
    assert adviser.get(f"/plans/{world.plan_id}/sections/C/items/needs/new").status_code == 403


def test_a_row_is_taken_into_a_section_and_keeps_its_source_through_edits(world: World) -> None:
    number = ask(world)
    give(world, number)
    therapist, page = world.client("therapist"), f"/plans/{world.plan_id}/sections/G/advice"
    assert "Physiotherapy" in therapist.get(page).text
    sent = {"request": str(number), "row": "provision/1", "request_id": new_request_id()}
    for _ in range(2):
        assert therapist.post(page, sent).status_code == 303
    (item,) = world.plan().sections["G"].content.items
    assert item.amount("amount") == {"minutes": "45", "how_often": "once a week"}
    world.edit("therapist", "G", "provision", {"amount": {"minutes": 30, "how_often": "once a week"}}, item.id)
    section = therapist.get(f"/plans/{world.plan_id}/sections/G").text
    assert "From the advice of Health professional" in section
    assert "45 minutes, once a week" in section
    assert [each.problems for each in verify.plans(world.db, "nmr", world.plan_id)] == [[]]


def test_a_need_asks_for_its_area_when_it_is_taken_into_section_b(world: World) -> None:
    number = ask(world)
    give(world, number)
    council, page = world.client("caseworker"), f"/plans/{world.plan_id}/sections/B/advice"
    refused = council.post(page, {"request": str(number), "row": "needs/1"})
    assert refused.status_code == 422
    assert "Choose one for “Area of need”." in refused.text
    assert council.post(page, {"request": str(number), "row": "needs/1", "area": "sensory"}).status_code == 303
    assert council.post(page, {"request": str(number), "row": "provision/1", "area": "sensory"}).status_code == 404
    assert world.client("parent").get(page).status_code == 403
    assert council.get(f"/plans/{world.plan_id}/sections/K/advice").status_code == 404


def test_issuing_past_less_than_the_advice_needs_a_reason_that_the_family_reads(world: World) -> None:
    number = ask(world)
    give(world, number, advice=some())
    world.write_a_little()
    world.sign_all()
    manager, key = world.client("manager"), f"reason.advice_{number}-1"
    assert "Less than the advice asks for" in manager.get(f"/plans/{world.plan_id}/issue").text
    refused = manager.post(f"/plans/{world.plan_id}/issue/draft", {})
    assert refused.status_code == 422
    assert "Say why the plan gives less than the advice." in refused.text
    issued = manager.post(f"/plans/{world.plan_id}/issue/draft", {key: "The hip is well since June."})
    assert issued.status_code == 303
    assert "The hip is well since June." in world.client("parent").get(f"/plans/{world.plan_id}/versions/1").text


def test_a_document_is_cleaned_and_goes_with_the_advice_for_good(world: World) -> None:
    number = ask(world)
    therapist, base = world.client("therapist"), f"/plans/{world.plan_id}/advice/{number}"
    assert therapist.post(f"{base}/file", {"file": (BytesIO(b"no pdf"), "a.pdf")}).status_code == 422
    said = {"file": (BytesIO(GOOD["letter.pdf"]()), "advice.pdf"), "request_id": new_request_id()}
    assert therapist.post(f"{base}/file", said).status_code == 303
    page = therapist.get(f"{base}/write").text
    assert "We are looking at the document" in page
    name = advice_file.waiting(world.db, reading_of(world.db, world.plan(), world.actor("therapist")), number)[0].id
    early = therapist.post(f"{base}/write", form(world, upload=name))
    assert early.status_code == 422
    media.look_at(world.db, world.plan_id, name, 1)
    assert "It goes when you send your advice." in therapist.get(f"{base}/write").text
    assert "Your own document" not in therapist.get(f"/plans/{world.plan_id}/media/new").text
    sent = form(world, upload=name)
    assert [therapist.post(f"{base}/write", sent).status_code for _ in range(2)] == [303, 303]
    given = world.client("caseworker").get(f"/plans/{world.plan_id}/advice/given/{number}-1/file")
    assert given.data.startswith(b"%PDF-")
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert world.client("senco").get(f"/plans/{world.plan_id}/advice/given/{number}-1/file").status_code == 404
    assert [each.problems for each in verify.plans(world.db, "nmr", world.plan_id)] == [[]]


def test_a_document_whose_sending_was_killed_half_way_can_be_sent_again(world: World) -> None:
    number = ask(world)
    therapist, base = world.client("therapist"), f"/plans/{world.plan_id}/advice/{number}"
    said = {"file": (BytesIO(GOOD["letter.pdf"]()), "advice.pdf"), "request_id": new_request_id()}
    therapist.post(f"{base}/file", said)
    reading = reading_of(world.db, world.plan(), world.actor("therapist"))
    media.look_at(world.db, world.plan_id, advice_file.waiting(world.db, reading, number)[0].id, 1)
    (upload,) = advice_file.waiting(world.db, reading, number)
    assert upload.file is not None
    files.copy(world.db, upload, advice_file.name_of(number, 1, upload.file), now().wall)
    assert therapist.post(f"{base}/write", form(world, upload=upload.id)).status_code == 303
    assert [each.problems for each in verify.plans(world.db, "nmr", world.plan_id)] == [[]]


def test_earlier_advice_is_agreed_to_on_its_page(world: World) -> None:
    begin(world)
    line = world.add("therapist", "K", "advice", document="Report of March", kind="c", author="Ben Carter")
    council = world.client("caseworker")
    sent = {"kind": "c", "agency": HEALTH, "person": world.people["therapist"], "words": "", "reuses": line}
    assert council.post(f"/plans/{world.plan_id}/advice/ask", sent).status_code == 303
    base = f"/plans/{world.plan_id}/advice/{requests(world.plan())[0].number}"
    assert world.client("caseworker").post(f"{base}/agree", {}).status_code == 409
    for key in ("parent", "therapist"):
        assert "is the earlier advice enough" in world.client(key).get(base).text
        assert world.client(key).post(f"{base}/agree", {}).status_code == 303
    assert "Came on" in council.get(base).text


def test_who_is_asked_is_told_by_a_notice_and_again_when_they_are_chased(world: World) -> None:
    number = ask(world)
    actor, before = world.actor("therapist"), waits_for(world.plan(), world.actor("therapist"))
    assert f"advice:{number}:0" in before
    world.client("caseworker").post(f"/plans/{world.plan_id}/advice/{number}/chase", {})
    assert f"advice:{number}:1" in waits_for(world.plan(), actor)
    assert waits_for(world.plan(), world.actor("senco")).isdisjoint({f"advice:{number}:1"})
    assert [each.kind.value for each in tasks_of(world.plan(), actor)][:1] == ["advise"]
    assert "give your advice" in world.client("therapist").get(f"/plans/{world.plan_id}").text


def test_words_that_are_hidden_from_somebody_are_hidden_in_advice_too(world: World) -> None:
    world.write_a_little()
    world.edit(
        "caseworker", "F", "provision", {"where": "Saltmarsh House"}, world.plan().sections["F"].content.items[0].id
    )
    row = world.plan().sections["F"].content.items[0].id
    others = tuple(
        each.id for each in restrict.readers_of(world.db, world.plan_id, now()) if each.id != left_out(world)
    )
    restrict.restrict(world.db, world.actor("manager"), world.plan_id, f"F/{row}/where", others, "An order.", now())
    number = ask(world)
    told = {
        "tells_hidden": "yes",
        "answer_known": "We met on Monday.",
        "answer_school": "She stays at Saltmarsh House.",
    }
    base = f"/plans/{world.plan_id}/advice"
    assert world.client("therapist").post(f"{base}/{number}/write", form(world, **told)).status_code == 303
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    seen, hidden = (world.client(key).get(f"{base}/given/{number}-1") for key in ("parent", "other_parent"))
    assert "Saltmarsh" in seen.text
    assert hidden.status_code == 200
    assert "We met on Monday." in hidden.text
    assert "Saltmarsh" not in hidden.text
    assert (
        "Saltmarsh" not in world.client("other_parent").get(f"{base}/given/{number}-1", Accept="application/json").text
    )


def left_out(world: World) -> str:
    return world.people["other_parent"]
