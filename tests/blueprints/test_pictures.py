"""The pages of pictures: who sees them, what is kept from whoever is outside the team, and what is downloaded."""

import csv
import io
import re
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

from portal.domain.actor import WHOLE_CASELOAD, Grant, Role
from portal.domain.event import EventKind
from portal.operations import case, people
from portal.operations.case import Told
from portal.store.database import Document
from tests.blueprints.page import Page
from tests.conftest import app, db, settings
from tests.world import Browser, World, now

__all__ = ["app", "db", "settings"]  # a portal of its own: what is listed and counted is a whole council's
JSON = {"Accept": "application/json"}
SEES = {"manager": 200, "other_manager": 200, "auditor": 200}


def keep(world: World, authority: str, counts: dict[tuple[str, str], int], due: str = "9999-12-31") -> None:
    """So many cases at each stage that wait for somebody, in an authority of their own."""
    about = {"school": "elm-road-primary", "worker": world.people["caseworker"], "need": "semh"}
    rows: list[Document] = [
        {"stage": stage, "waits": waits, "turns": "9999-12-31", "due": due, **about}
        for (stage, waits), count in counts.items()
        for _ in range(count)
    ]
    numbered = [{**row, "_id": f"{authority}-{at:016d}:case", "authority": authority} for at, row in enumerate(rows)]
    world.db["case_rows"].insert_many(numbered)


def signed_on(world: World, key: str, role: Role, authority: str) -> Browser:
    """Somebody with a part in the whole caseload of another authority."""
    agency = "northmere-council"
    since = datetime.now(UTC)
    people.give(world.db, Grant(world.people[key], key, agency, agency, role, authority, WHOLE_CASELOAD, since))
    return world.client(key)


def counts(answer: Any, name: str) -> dict[str, Any]:
    return {each["of"]: each["cases"] for each in answer["pictures"][name]}


def test_managers_and_who_oversees_them_see_pictures_and_nobody_else(world: World) -> None:
    found = {key: world.client(key).get("/pictures").status_code for key in world.people}
    assert found == {key: SEES.get(key, 403) for key in world.people}
    tables = {key: world.client(key).get("/pictures/stages.csv").status_code for key in world.people}
    assert tables == found


def test_another_councils_pictures_are_nobodys_to_see(world: World) -> None:
    assert world.client("manager").get("/pictures?council=sfl").status_code == 403


def test_a_picture_says_all_it_shows_in_words_and_has_a_table_behind_it(world: World) -> None:
    keep(world, "pca", {("requested", "council"): 12, ("assessing", "health"): 3}, due="2020-01-01")
    browser = signed_on(world, "stranger", Role.SEN_MANAGER, "pca")
    page = Page(browser.get("/pictures?council=pca"))
    (picture,) = page.soup.select("section[aria-labelledby=waiting] svg[role=img]")
    assert "Health: 3, 3 late." in page.said_in("#waiting-said")[0]
    assert "style" not in re.findall(r"[\w-]+(?==)", str(picture))
    ElementTree.fromstring(str(picture))
    rows = page.said_in("section[aria-labelledby=waiting] tbody tr")
    assert "The council’s SEN team 12 12" in rows
    assert "Health 3 3" in rows


def test_the_national_figure_of_a_year_stands_beside_with_its_source(world: World) -> None:
    page = world.client("manager").get("/pictures").text
    assert "46.4% of new plans issued within 20 weeks" in page or "There is nothing to show yet." in page
    case_at = Told(EventKind.REQUEST_RECEIVED, now().today, {})
    case.record(world.db, world.actor("caseworker"), world.plan_id, case_at, now())
    refused = Told(EventKind.ASSESSMENT_REFUSED, now().today, {})
    case.record(world.db, world.actor("caseworker"), world.plan_id, refused, now())
    answer: Any = world.client("manager").get("/pictures", **JSON).json
    made = {each["of"]: each["decisions"] for each in answer["pictures"]["decisions"]}
    assert made["assess.refused"] == 1


def test_pictures_can_be_of_one_school_one_caseworker_and_one_need(world: World) -> None:
    keep(world, "pcb", {("requested", "council"): 6})
    browser = signed_on(world, "stranger", Role.SEN_MANAGER, "pcb")
    worker = world.people["caseworker"]
    for query, count in (
        ("school=elm-road-primary", 6),
        ("school=hartwell-academy", 0),
        (f"worker={worker}&need=semh", 6),
        (f"worker={worker}&need=sensory", 0),
    ):
        assert counts(browser.get(f"/pictures?council=pcb&{query}", **JSON).json, "stages")["requested"] == count
    page = browser.get(f"/pictures?council=pcb&worker={worker}&need=semh").text
    assert "of Chris Doyle whose first need is social, emotional and mental health" in page
    assert f"/pictures/stages.csv?council=pcb&amp;worker={worker}&amp;need=semh" in page


def test_a_choice_that_is_none_of_the_forms_is_refused(world: World) -> None:
    for query in ("need=nothing", "school=$ne", "worker[$ne]=x", "council=northmere", "school[$gt]="):
        assert world.client("manager").get(f"/pictures?{query}").status_code == 422, query


def test_whoever_oversees_a_caseload_gets_no_small_number_no_total_and_no_part_of_it(world: World) -> None:
    keep(world, "pcc", {("requested", "council"): 4, ("assessing", "health"): 23, ("drafting", "family"): 8})
    browser = signed_on(world, "stranger", Role.AUDITOR, "pcc")
    said = browser.get("/pictures?council=pcc", **JSON).json
    found = counts(said, "stages")
    assert (found["requested"], found["assessing"], found["drafting"]) == (None, 25, 10)
    assert found["ceasing"] is None
    part = browser.get("/pictures?council=pcc&school=elm-road-primary&need=semh", **JSON).json
    assert part == said
    page = browser.get("/pictures?council=pcc").text
    assert "<select" not in page
    assert "fewer than 5" in page
    sheet = browser.get("/pictures/stages.csv?council=pcc&school=elm-road-primary").text
    assert browser.get("/pictures/waiting.csv?council=pcc").status_code == 404  # the same cases, counted otherwise
    assert ",4," not in sheet
    assert ",23," not in sheet


def test_a_table_is_downloaded_as_a_spreadsheet_of_the_same_cases(world: World) -> None:
    keep(world, "pcd", {("requested", "council"): 6, ("assessing", "health"): 2})
    browser = signed_on(world, "stranger", Role.SEN_MANAGER, "pcd")
    answer = browser.get("/pictures/waiting.csv?council=pcd&school=elm-road-primary")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="caseload-waiting.csv"'
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0] == ["Who is waited for", "Cases", "Past a legal date"]
    assert ["Health", "2", "0"] in rows
    assert browser.get("/pictures/anything.csv").status_code == 404


def test_a_family_sees_the_laws_time_beside_the_time_taken_in_plain_words(world: World) -> None:
    for kind, on in ((EventKind.REQUEST_RECEIVED, "2026-03-02"), (EventKind.ASSESSMENT_AGREED, "2026-04-20")):
        on_day = now().today.fromisoformat(on)
        case.record(world.db, world.actor("caseworker"), world.plan_id, Told(kind, on_day, {}), now())
    page = Page(world.client("parent").get(f"/plans/{world.plan_id}/case"))
    (times,) = page.said_in("section[aria-labelledby=times]")
    assert "by law by Monday 13 April; done Monday 20 April, 7 days late." in times
    assert "Issue the final plan" in times
    drawn = page.soup.select("section[aria-labelledby=times] li svg")
    assert len(drawn) == len(page.soup.select("section[aria-labelledby=times] li")) == 2
