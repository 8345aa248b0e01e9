"""Who wrote this, over HTTP: every sentence under the name, agency, day and revision in which it first stood."""

import pytest

from tests.blueprints.page import Page
from tests.world import World

JSON = {"Accept": "application/json"}
HTMX = {"HX_Request": "true"}


@pytest.fixture
def written(world: World) -> World:
    """Section C by two people, who each reworded nothing of the other's."""
    item = world.add("therapist", "C", "needs", need="A hip that tires", effect="It aches. She rests.")
    world.edit("dco", "C", "needs", {"effect": "It aches. New splints help. She rests."}, item)
    return world


def runs(page: Page) -> list[tuple[str, str]]:
    """(who, the words below the name) of each run, as the page says them."""
    return list(zip(page.said_in(".gt-authors dt"), page.said_in(".gt-authors dd"), strict=True))


def test_each_sentence_stands_under_who_first_wrote_it(written: World) -> None:
    page = Page(written.client("dco").get(f"/plans/{written.plan_id}/sections/C/authors"))
    found = runs(page)
    assert [who.split(" , ")[0] for who, _ in found] == ["Ben Carter", "Jo Mensah", "Ben Carter"]
    assert "Northmere Community Health" in found[0][0]
    assert found[1][0].endswith("revision 2")
    assert [words.rpartition("day ")[2] for _, words in found][1:] == ["New splints help.", "She rests."]
    assert found[0][1].endswith("A hip that tires What it means from day to day It aches.")


def test_each_name_leads_to_the_change_in_which_the_words_first_stood(written: World) -> None:
    browser = written.client("dco")
    page = Page(browser.get(f"{browser.base}/sections/C/authors"))
    link = page.soup.select(".gt-authors dt a")[1]
    assert Page(browser.get(str(link["href"]))).said_in("ins") == ["added: New splints help."]


def test_the_section_leads_there_and_back_with_and_without_script(written: World) -> None:
    browser = written.client("dco")
    here = f"{browser.base}/sections/C"
    link = Page(browser.get(here)).soup.select_one(f'a[href="{here}/authors"]')
    assert link is not None
    assert (link["hx-get"], link["hx-target"]) == (f"{here}/authors", "#section")
    fragment = Page(browser.get(f"{here}/authors", **HTMX))
    assert [each.get("id") for each in fragment.soup.find_all(recursive=False)] == ["section"]
    assert here in fragment.links()
    assert Page(browser.get(f"{here}/authors")).is_whole


def test_as_json_each_run_has_its_name_agency_time_and_revision(written: World) -> None:
    json = written.client("dco").get(f"/plans/{written.plan_id}/sections/C/authors", **JSON).json
    assert json is not None
    (item,) = json["items"]
    assert [(run["name"], run["agency"], run["revision"]) for run in item["runs"]] == [
        ("Ben Carter", "Northmere Community Health", 1),
        ("Jo Mensah", "Northmere Integrated Care Board", 2),
        ("Ben Carter", "Northmere Community Health", 1),
    ]
    assert item["runs"][1]["words"] == {"effect": "New splints help. "}


def test_no_agency_is_named_where_the_childs_address_is_hidden(hidden: World) -> None:
    hidden.add("therapist", "C", "needs", need="A hip that tires", effect="It aches.")
    browser = hidden.client("dco")
    for headers in ({}, JSON):
        text = browser.get(f"{browser.base}/sections/C/authors", **headers).text
        assert "Ben Carter" in text
        assert "Northmere Community Health" not in text


def test_whoever_may_not_read_the_working_text_is_not_told_who_wrote_it(written: World) -> None:
    for key in ("senco", "parent", "auditor", "social_worker", "stranger"):
        browser = written.client(key)
        for headers in ({}, HTMX, JSON):
            answer = browser.get(f"{browser.base}/sections/C/authors", **headers)
            assert answer.status_code == 404, key
            assert "Ben Carter" not in answer.text


def test_words_that_are_kept_from_a_reader_have_no_author_there(world: World) -> None:
    world.add("caseworker", "K", "advice", document="School report", author="Head", kind="b")
    assert "School report" in world.client("manager").get(f"/plans/{world.plan_id}/sections/K/authors").text
    text = world.client("dco").get(f"/plans/{world.plan_id}/sections/K/authors").text
    assert "School report" not in text
    assert "Chris Doyle" not in text


def test_a_section_that_is_not_there_has_no_authors(written: World) -> None:
    browser = written.client("dco")
    assert browser.get(f"{browser.base}/sections/Z/authors").status_code == 404
    page = Page(browser.get(f"{browser.base}/sections/A/authors"))
    assert page.said_in(".gt-authors") == []
