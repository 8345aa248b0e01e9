"""A section over HTTP: read it, open one item in place, save it, take one out; by page and by fragment."""

from dataclasses import replace
from typing import Any

import pytest

from portal.domain.actor import Role
from portal.domain.identifier import new_request_id
from portal.operations import people
from portal.store import drafts
from tests.blueprints.page import Page, bytes_of
from tests.world import World

NOBODY = "nmr-0000000000000000"
HTMX = {"HX_Request": "true"}


def sequence(world: World) -> int:
    return world.plan().sequence


def text(world: World, letter: str, item: str, field: str) -> str:
    found = world.plan().sections[letter].content.item(item)
    assert found is not None
    return found.text(field)


def test_a_section_is_a_whole_page_with_its_words_and_who_wrote_them(shared: World) -> None:
    page = Page(shared.client("caseworker").get(f"/plans/{shared.plan_id}/sections/B"))
    assert page.is_whole
    assert "Being understood" in page.words
    assert any("Chris Doyle" in each and "today at" in each for each in page.said_in(".gt-by"))


def test_htmx_gets_the_section_alone_and_everyone_else_the_page(shared: World) -> None:
    browser = shared.client("caseworker")
    path = f"{browser.base}/sections/B"
    fragment = Page(browser.get(path, HX_Request="true"))
    assert not fragment.is_whole
    assert [each.get("id") for each in fragment.soup.find_all(recursive=False)] == ["section"]
    for headers in ({}, {"HX_Boosted": "true"}, {"HX_History_Restore_Request": "true"}):
        assert Page(browser.get(path, **headers, **(HTMX if headers else {}))).is_whole, headers


def test_the_fragment_stands_word_for_word_in_the_page(shared: World) -> None:
    browser = shared.client("caseworker")
    whole = Page(browser.get(f"{browser.base}/sections/B"))
    fragment = Page(browser.get(f"{browser.base}/sections/B", HX_Request="true"))
    found = whole.soup.find(id="section")
    assert found is not None
    assert Page(str(found)).words == fragment.words


def test_every_shape_of_a_section_tells_caches_what_it_varies_by(shared: World) -> None:
    browser = shared.client("caseworker")
    for headers in ({}, HTMX, {"Accept": "application/json"}):
        vary = browser.get(f"{browser.base}/sections/B", **headers).headers["Vary"]
        assert {"HX-Request", "HX-Boosted", "HX-History-Restore-Request", "Accept", "Cookie"} <= set(vary.split(", "))


def test_an_item_opens_as_a_form_in_place_with_its_words_in_it(world: World) -> None:
    ids = world.write_a_little()
    browser = world.client("caseworker")
    answer = browser.get(f"{browser.base}/sections/B/items/needs/{ids['need']}")
    form = Page(answer).form("Save")
    assert answer.status_code == 200
    assert form.action == form.htmx == f"{browser.base}/sections/B/items/needs/{ids['need']}"
    assert form.fields["need"] == ["Being understood"]
    assert form.fields["area"] == ["communication"]
    assert form.fields["revision"] == [str(world.plan().sections["B"].revision)]


def test_a_plain_save_goes_on_to_the_item_in_its_section(world: World) -> None:
    browser = world.client("parent")
    answer = browser.save("A", "people", "people", words="My brother")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{browser.base}/sections/A#item-people"
    assert "My brother" in Page(browser.get(f"{browser.base}/sections/A")).words


def test_a_save_by_htmx_gets_the_section_back_and_the_address_to_show(world: World) -> None:
    browser = world.client("parent")
    sent = {"revision": "0", "request_id": new_request_id(), "words": "My brother"}
    answer = browser.post(f"{browser.base}/sections/A/items/people/people", sent, **HTMX)
    page = Page(answer)
    assert answer.status_code == 200
    assert answer.headers["HX-Push-Url"] == f"{browser.base}/sections/A"
    assert "HX-Request" in answer.headers["Vary"]
    assert not page.is_whole
    assert "My brother" in page.words
    assert page.soup.select("#item-people [data-focus]")


def test_a_new_item_added_by_htmx_is_the_one_that_gets_the_focus(world: World) -> None:
    world.write_a_little()
    browser = world.client("caseworker")
    sent = {
        "revision": str(world.plan().sections["B"].revision),
        "area": "semh",
        "need": "Worry",
        "effect": "At night.",
    }
    page = Page(browser.post(f"{browser.base}/sections/B/items/needs/new", sent, **HTMX))
    added = world.plan().sections["B"].content.items[-1]
    assert added.text("need") == "Worry"
    assert page.soup.select(f"#item-{added.id} [data-focus]")


def test_the_form_as_the_page_gives_it_saves_what_is_typed_and_nothing_else(world: World) -> None:
    ids = world.write_a_little()
    browser = world.client("caseworker")
    here = f"{browser.base}/sections/F/items/provision/{ids['provision']}"
    form = Page(browser.get(here)).form("Save")
    amount = {"amount.minutes": "45", "amount.how_often": "every week", "amount.ratio": "one to one"}
    assert browser.post(here, form.filled(**amount)).status_code == 303
    item = world.plan().sections["F"].content.item(ids["provision"])
    assert item is not None
    assert item.value("amount") == {"minutes": 45, "how_often": "every week", "ratio": "one to one"}
    assert (item.links("needs"), item.links("outcomes")) == ((ids["need"],), (ids["outcome"],))
    assert item.text("what") == "Speech therapy"


def test_every_box_unticked_unjoins_the_item(world: World) -> None:
    ids = world.write_a_little()
    browser = world.client("caseworker")
    here = f"{browser.base}/sections/F/items/provision/{ids['provision']}"
    form = Page(browser.get(here)).form("Save")
    assert browser.post(here, form.filled(needs=[""], outcomes=[""])).status_code == 303
    item = world.plan().sections["F"].content.item(ids["provision"])
    assert item is not None
    assert (item.links("needs"), item.links("outcomes")) == ((), ())


def test_a_save_that_changes_nothing_is_answered_and_makes_no_revision(world: World) -> None:
    ids = world.write_a_little()
    browser = world.client("caseworker")
    here = f"{browser.base}/sections/B/items/needs/{ids['need']}"
    before = sequence(world)
    assert browser.post(here, Page(browser.get(here)).form("Save").fields).status_code == 303
    assert sequence(world) == before


def test_what_is_missing_is_named_beside_the_field_and_every_word_typed_is_still_there(world: World) -> None:
    browser = world.client("caseworker")
    before = sequence(world)
    sent = {"revision": "0", "area": "semh", "need": " ", "effect": "Words I typed for ten minutes."}
    for headers in ({}, HTMX):
        answer = browser.post(f"{browser.base}/sections/B/items/needs/new", sent, **headers)
        page = Page(answer)
        assert answer.status_code == 422
        assert page.is_whole is not bool(headers)
        assert "HX-Push-Url" not in answer.headers
        assert page.form("Save").fields["effect"] == ["Words I typed for ten minutes."]
        assert "Fill in “The need, in a few words”." in page.said_in("#field-need-error")[0]
        assert page.soup.select('.govuk-error-summary a[href="#field-need"]')
    assert sequence(world) == before


def test_an_item_is_taken_out_and_its_number_stays_used(world: World) -> None:
    ids = world.write_a_little()
    browser = world.client("caseworker")
    form = Page(browser.get(f"{browser.base}/sections/B/items/needs/{ids['need']}")).form("Take it out")
    answer = browser.post(form.action, form.fields)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{browser.base}/sections/B"
    assert world.plan().sections["B"].content.in_group("needs") == ()
    browser.save("B", "needs", "new", area="semh", need="Worry", effect="At night.")
    assert [each.number for each in world.plan().sections["B"].content.items] == [2]


def test_taking_out_by_htmx_gives_the_section_back_without_it(world: World) -> None:
    ids = world.write_a_little()
    browser = world.client("caseworker")
    revision = str(world.plan().sections["B"].revision)
    answer = browser.post(f"{browser.base}/sections/B/items/needs/{ids['need']}/remove", {"revision": revision}, **HTMX)
    assert (answer.status_code, answer.headers["HX-Push-Url"]) == (200, f"{browser.base}/sections/B")
    assert not Page(answer).is_whole
    assert not Page(answer).soup.select(f"#item-{ids['need']}")


def test_taking_out_what_somebody_just_changed_asks_first_and_shows_their_words(world: World) -> None:
    ids = world.write_a_little()
    seen = str(world.plan().sections["B"].revision)
    world.edit("other_caseworker", "B", "needs", {"need": "Being understood by friends"}, ids["need"])
    browser = world.client("caseworker")
    before = sequence(world)
    for headers in ({}, HTMX):
        answer = browser.post(
            f"{browser.base}/sections/B/items/needs/{ids['need']}/remove", {"revision": seen}, **headers
        )
        page = Page(answer)
        assert (answer.status_code, page.is_whole) == (409, not headers)
        assert page.form("Save").fields["need"] == ["Being understood by friends"]
    assert sequence(world) == before
    again = page.form("Take it out")
    assert browser.post(again.action, again.fields).status_code == 303
    assert world.plan().sections["B"].content.items == ()


def test_taking_out_what_somebody_took_out_already_is_fine(world: World) -> None:
    ids = world.write_a_little()
    seen = str(world.plan().sections["B"].revision)
    here = f"/plans/{world.plan_id}/sections/B/items/needs/{ids['need']}/remove"
    assert world.client("other_caseworker").post(here, {"revision": seen}).status_code == 303
    before = sequence(world)
    assert world.client("caseworker").post(here, {"revision": seen}).status_code == 303
    assert sequence(world) == before


def test_a_heading_of_the_standard_is_never_taken_out(world: World) -> None:
    browser = world.client("parent")
    before = sequence(world)
    answer = browser.post(f"{browser.base}/sections/A/items/people/people/remove", {"revision": "0"})
    assert answer.status_code == 404
    assert sequence(world) == before


def test_an_item_that_is_gone_gives_the_words_back_to_be_added_again_as_new(world: World) -> None:
    ids = world.write_a_little()
    browser = world.client("caseworker")
    here = f"{browser.base}/sections/B/items/needs/{ids['need']}"
    mine = Page(browser.get(here)).form("Save").filled(effect="Words that took me an hour.")
    gone = {"revision": str(world.plan().sections["B"].revision)}
    assert world.client("other_caseworker").post(f"{here}/remove", gone).status_code == 303
    answer = browser.post(here, mine)
    form = Page(answer).form("Add it again as new")
    assert answer.status_code == 409
    assert form.fields["effect"] == ["Words that took me an hour."]
    assert browser.post(form.action, form.fields).status_code == 303
    added = world.plan().sections["B"].content.items
    assert [(each.text("effect"), each.number) for each in added] == [("Words that took me an hour.", 2)]


@pytest.mark.parametrize("path", ["", "/items/people/people", "/history", "/compare"])
def test_a_stranger_reading_gets_the_same_bytes_as_for_a_plan_that_is_not_there(shared: World, path: str) -> None:
    browser = shared.client("stranger")
    real, unreal = (browser.get(f"/plans/{plan}/sections/A{path}") for plan in (shared.plan_id, NOBODY))
    assert (real.status_code, unreal.status_code) == (404, 404)
    assert bytes_of(real) == bytes_of(unreal)


@pytest.mark.parametrize("act", ["", "/remove", "/discard"])
@pytest.mark.parametrize("headers", [{}, HTMX, {"Accept": "application/json"}], ids=["page", "htmx", "json"])
def test_a_stranger_saving_gets_the_same_bytes_as_for_a_plan_that_is_not_there(
    shared: World, act: str, headers: dict[str, str]
) -> None:
    browser = shared.client("stranger")
    sent = {} if act == "/discard" else {"revision": "0"}
    place = f"sections/A/items/people/people{act}"
    real, unreal = (browser.post(f"/plans/{plan}/{place}", sent, **headers) for plan in (shared.plan_id, NOBODY))
    assert (real.status_code, unreal.status_code) == (404, 404)
    assert bytes_of(real) == bytes_of(unreal)
    assert real.headers["Vary"] == unreal.headers["Vary"]


READERS = [
    ("manager", "A", "people", "people", "words"),
    ("caseworker", "A", "history", "history", "words"),
    ("senco", "B", "needs", "new", "need"),
    ("parent", "B", "needs", "new", "need"),
    ("caseworker", "C", "needs", "new", "need"),
    ("therapist", "D", "needs", "new", "need"),
    ("social_worker", "G", "provision", "new", "what"),
    ("auditor", "A", "people", "people", "words"),
    ("advocate", "A", "people", "people", "words"),
    ("manager", "K", "advice", "new", "document"),
]


@pytest.mark.parametrize(("key", "letter", "group", "item", "field"), READERS)
def test_a_reader_who_does_not_write_this_is_refused_and_nothing_is_saved(
    shared: World, key: str, letter: str, group: str, item: str, field: str
) -> None:
    before = sequence(shared)
    sent: dict[str, Any] = (
        {field: "Words"} | ({"area": "semh"} if letter == "B" else {}) | ({"author": "Me"} if letter == "K" else {})
    )
    answer = shared.client(key).save(letter, group, item, **sent)
    assert answer.status_code == 403
    assert "Someone else writes it." in Page(answer).words
    assert sequence(shared) == before


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_reader_gets_no_form_and_takes_nothing_out(world: World, headers: dict[str, str]) -> None:
    ids = world.write_a_little()
    browser = world.client("senco")
    place = f"{browser.base}/sections/B/items/needs/{ids['need']}"
    opened = browser.get(place, **headers)
    removed = browser.post(f"{place}/remove", {"revision": str(world.plan().sections["B"].revision)}, **headers)
    assert (opened.status_code, removed.status_code) == (403, 403)
    assert Page(opened).is_whole is not bool(headers)
    assert world.plan().sections["B"].content.item(ids["need"]) is not None


def test_a_reader_is_refused_before_their_form_is_judged(shared: World) -> None:
    answer = shared.client("senco").save("B", "needs", "new", need="", area="no such area")
    assert answer.status_code == 403


def test_words_whose_place_is_closed_now_can_still_be_read_and_thrown_away(world: World) -> None:
    browser = world.client("caseworker")
    browser.http.delete_cookie("golden_thread_session")
    browser.save("B", "needs", "new", 0, area="semh", need="Kept for me")
    first = next(each for each in world.actor("caseworker").grants if each.scope == world.plan_id)
    world.end_grants({"authority": "nmr", "person": world.people["caseworker"], "scope": world.plan_id})
    people.give(world.db, replace(first, role=Role.SENCO))
    browser.sign_on("caseworker")
    page = Page(browser.get(browser.base))
    assert "Kept for me" in page.words
    form = page.form("Throw these words away")
    assert browser.post(form.action, form.fields).status_code == 303
    assert drafts.of_person(world.db, world.people["caseworker"], world.plan_id) == []


def test_throwing_unsent_words_away_forgets_ones_own_and_nobody_elses(world: World) -> None:
    for key, revision in (("caseworker", 0), ("other_caseworker", 0)):
        browser = world.client(key)
        browser.http.delete_cookie("golden_thread_session")
        browser.save("B", "needs", "new", revision, area="semh", need=f"Kept for {key}")
    browser = world.client("caseworker")
    here = f"{browser.base}/sections/B/items/needs/new"
    form = Page(browser.get(here)).form("Throw these words away")
    answer = browser.post(form.action, form.fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{browser.base}/sections/B")
    left = drafts.of_person(world.db, world.people["other_caseworker"], world.plan_id)
    assert drafts.of_person(world.db, world.people["caseworker"], world.plan_id) == []
    assert [each.fields["need"] for each in left] == [["Kept for other_caseworker"]]


def test_earlier_words_are_listed_newest_first_with_who_changed_them(world: World) -> None:
    world.edit("parent", "A", "people", {"words": "My brother"}, "people")
    world.edit("senco", "A", "people", {"words": "My brother and my teacher"}, "people")
    page = Page(world.client("parent").get(f"/plans/{world.plan_id}/sections/A/history"))
    events = page.said_in(".gt-event")
    assert ["Anita Patel" in events[0], "Nadia Rahman" in events[1]] == [True, True]
    assert ["revision 2" in events[0], "revision 1" in events[1]] == [True, True]


def test_two_revisions_are_compared_word_by_word(world: World) -> None:
    world.edit("parent", "A", "people", {"words": "My brother Adam"}, "people")
    world.edit("parent", "A", "people", {"words": "My brother Adam and Gran"}, "people")
    browser = world.client("parent")
    page = Page(browser.get(f"{browser.base}/sections/A/compare?from=1&to=2"))
    assert page.said_in("ins") == ["added: and Gran"]
    assert page.said_in("del") == []
    newest = Page(browser.get(f"{browser.base}/sections/A/compare"))
    assert newest.said_in("ins") == ["added: and Gran"]
    first = Page(browser.get(f"{browser.base}/sections/A/compare?from=0&to=1"))
    assert first.said_in("ins") == ["added: My brother Adam"]


def test_earlier_words_of_a_section_that_is_not_open_to_a_reader_are_not_there(shared: World) -> None:
    for key in ("parent", "advocate", "auditor"):
        browser = shared.client(key)
        for page in ("history", "compare"):
            assert browser.get(f"{browser.base}/sections/B/{page}").status_code == 404, (key, page)
