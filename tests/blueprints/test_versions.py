"""Issued versions over HTTP: each exactly as it was, for each reader their part; the PDF; and two compared."""

import pytest

from portal.domain.state import VersionKind
from portal.store import outbox
from tests.blueprints.page import Page, bytes_of
from tests.world import World

NOBODY = "nmr-0000000000000000"
HTMX = {"HX_Request": "true"}


@pytest.fixture(scope="module")
def issued(shared: World) -> World:
    """A plan with a draft and a final, and words in section B that are newer than the draft."""
    shared.sign_all()
    shared.issue("manager", VersionKind.DRAFT)
    shared.client("parent").post(f"/plans/{shared.plan_id}/answer", {"words": "We agree."})
    shared.client("caseworker").post(f"/plans/{shared.plan_id}/issue/finalise")
    shared.client("caseworker").save("I", "placement", "placement", name="Elm Road Primary School")
    need = shared.plan().sections["B"].content.items[0].id
    shared.edit("caseworker", "B", "needs", {"effect": "Strangers understand one word in five."}, need)
    shared.sign("other_manager", "B")
    shared.issue("manager", VersionKind.FINAL)
    return shared


def test_the_list_holds_every_version_newest_first(issued: World) -> None:
    browser = issued.client("parent")
    answer = browser.get(f"{browser.base}/versions")
    page = Page(answer)
    assert page.said_in(".gt-card h2") == ["Final plan, version 2", "Draft plan, version 1"]
    assert "HX-Request" in answer.headers["Vary"]
    json = browser.get(f"{browser.base}/versions", Accept="application/json").json
    assert json is not None
    assert [(each["number"], each["kind"]) for each in json["versions"]] == [(2, "final"), (1, "draft")]


def test_a_version_opens_as_it_was_issued_whatever_was_written_since(issued: World) -> None:
    browser = issued.client("manager")
    draft, final = (Page(browser.get(f"{browser.base}/versions/{number}")) for number in (1, 2))
    assert "needs short sentences" in draft.words
    assert "one word in five" not in draft.words
    assert "one word in five" in final.words
    assert "needs short sentences" not in final.words


def test_a_draft_has_no_section_i_and_a_final_names_the_school(issued: World) -> None:
    browser = issued.client("parent")
    draft, final = (Page(browser.get(f"{browser.base}/versions/{number}")) for number in (1, 2))
    assert "Elm Road Primary School" not in draft.words
    assert "Left empty in a draft, by law." in draft.words
    assert "Elm Road Primary School" in final.words


def test_a_version_says_who_signed_each_part_and_on_which_day(issued: World) -> None:
    browser = issued.client("parent")
    signed = Page(browser.get(f"{browser.base}/versions/2")).said_in(".gt-doc__signed")
    assert len(signed) == 9
    assert sum("Jo Mensah for Northmere Integrated Care Board" in each for each in signed) == 2
    assert sum("Lee Grant" in each for each in signed) == 3
    assert sum(each.startswith("Agreed by Nadia Rahman on") for each in signed) == 1


def test_each_reader_sees_their_part_of_a_draft_and_all_of_a_final(issued: World) -> None:
    seen = {"senco": "ABEF", "dco": "ABCEFG", "social_worker": "ABDEFHH"}
    for key, letters in seen.items():
        browser = issued.client(key)
        json = browser.get(f"{browser.base}/versions/1", Accept="application/json").json
        assert json is not None
        shown = "".join(
            each["section"][0] for each in json["sections"] if "items" in each and each["section"] not in "JK"
        )
        assert shown == letters, key
        page = Page(browser.get(f"{browser.base}/versions/1"))
        assert "This part of the version is not yours to read." in page.words
        assert "The PDF is for those who read all of it." in page.words
        final = Page(browser.get(f"{browser.base}/versions/2"))
        assert "A hip that tires" in final.words


def test_the_pdf_waits_for_the_worker_and_then_comes_with_a_name_that_tells_nothing(issued: World) -> None:
    browser = issued.client("parent")
    waiting = browser.get(f"{browser.base}/versions/1.pdf")
    assert waiting.status_code == 202
    assert "The PDF is being made" in Page(waiting).words
    outbox.keep_document(issued.db, issued.plan_id, 1, b"%PDF-1.7 made", "digest")
    answer = browser.get(f"{browser.base}/versions/1.pdf")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"%PDF-1.7 made", "application/pdf")
    assert answer.headers["Content-Disposition"] == 'inline; filename="plan-version-1.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "key", ["senco", "dco", "social_worker", "therapist", "advocate", "auditor", "stranger", "admin"]
)
def test_the_pdf_is_not_there_for_anybody_from_whom_a_part_is_kept(issued: World, key: str) -> None:
    browser = issued.client(key)
    real, unreal = (browser.get(f"/plans/{plan}/versions/1.pdf") for plan in (issued.plan_id, NOBODY))
    assert (real.status_code, unreal.status_code) == (404, 404)
    assert bytes_of(real) == bytes_of(unreal)


@pytest.mark.parametrize("number", ["0", "3", "99999999999999999999", "-1", "1.0", "one", "1.pdf.pdf", "$ne", "%00"])
def test_a_version_that_was_never_issued_is_not_there(issued: World, number: str) -> None:
    browser = issued.client("manager")
    for path in (f"/versions/{number}", f"/versions/{number}.pdf"):
        assert browser.get(browser.base + path).status_code == 404, path


@pytest.mark.parametrize("key", ["stranger", "admin"])
@pytest.mark.parametrize("path", ["", "/1", "/1.pdf", "/compare?from=1&to=2"])
def test_a_stranger_gets_the_same_bytes_as_for_a_plan_that_is_not_there(issued: World, key: str, path: str) -> None:
    browser = issued.client(key)
    for headers in ({}, HTMX, {"Accept": "application/json"}):
        real, unreal = (browser.get(f"/plans/{plan}/versions{path}", **headers) for plan in (issued.plan_id, NOBODY))
        assert (real.status_code, unreal.status_code) == (404, 404)
        assert bytes_of(real) == bytes_of(unreal)


def test_an_auditor_reads_no_version_and_is_not_told_of_any(issued: World) -> None:
    browser = issued.client("auditor")
    assert browser.get(f"{browser.base}/versions/1").status_code == 404
    assert Page(browser.get(f"{browser.base}/versions")).said_in(".gt-card") == []
    json = browser.get(browser.base, Accept="application/json").json
    assert json is not None
    assert json["versions"] == []


def test_two_versions_are_compared_word_by_word_section_by_section(issued: World) -> None:
    browser = issued.client("parent")
    page = Page(browser.get(f"{browser.base}/versions/compare?from=1&to=2"))
    assert page.said_in("h2.gt-area") == ["Special educational needs (section B)", "School or college (section I)"]
    assert "added: Strangers understand one word in five." in " ".join(page.said_in("ins"))
    assert "needs short sentences" in " ".join(page.said_in("del"))
    same = Page(browser.get(f"{browser.base}/versions/compare?from=2&to=2"))
    assert "no words that you can read are different" in same.words


def test_a_comparison_never_calls_new_what_the_reader_only_could_not_read_before(issued: World) -> None:
    browser = issued.client("senco")
    page = Page(browser.get(f"{browser.base}/versions/compare?from=1&to=2"))
    assert "Health needs (section C)" not in page.said_in("h2.gt-area")
    assert "A hip that tires" not in " ".join(page.said_in("ins"))


@pytest.mark.parametrize("query", ["", "?from=1", "?to=1", "?from=0&to=1", "?from=1&to=3", "?from=9&to=9"])
def test_a_comparison_with_a_version_that_is_not_there_is_not_there(issued: World, query: str) -> None:
    browser = issued.client("manager")
    assert browser.get(f"{browser.base}/versions/compare{query}").status_code == 404


def test_before_anything_is_issued_the_page_says_so(world: World) -> None:
    page = Page(world.client("parent").get(f"/plans/{world.plan_id}/versions"))
    assert "Nothing has been issued yet." in page.words


def test_a_draft_marks_health_provision_that_is_not_agreed(world: World) -> None:
    world.write_a_little()
    world.sign("parent", "A")
    world.issue("manager", VersionKind.DRAFT)
    page = Page(world.client("parent").get(f"/plans/{world.plan_id}/versions/1"))
    assert "Not yet agreed by health" in page.words
    assert "Physiotherapy" in page.words


def to_final(world: World) -> Page:
    """Issue the final past whatever health has not agreed."""
    browser = world.client("manager")
    form = Page(browser.get(f"{browser.base}/issue")).form("Issue the final plan")
    answer = browser.post(form.action, form.filled(**{"reason.G": "Health has not answered in time."}))
    assert answer.status_code == 303
    return Page(world.client("parent").get(answer.headers["Location"]))


def test_a_final_prints_no_health_provision_that_was_never_agreed(world: World) -> None:
    world.write_a_little()
    world.to_finalising()
    world.client("dco").post(
        f"/plans/{world.plan_id}/sections/G/sign-off/withdraw", {"reason": "Funding fell through."}
    )
    page = to_final(world)
    assert "Physiotherapy" not in page.words
    assert "No health provision has been agreed by" in page.words
    assert "Health has not answered in time." in page.words
    json = world.client("parent").get(f"/plans/{world.plan_id}/versions/2", Accept="application/json")
    assert "Physiotherapy" not in json.text


def test_a_final_prints_health_provision_as_it_was_last_agreed(world: World) -> None:
    world.write_a_little()
    world.to_finalising()
    row = world.plan().sections["G"].content.items[0].id
    world.edit("therapist", "G", "provision", {"what": "Physiotherapy and a wheelchair"}, row)
    page = to_final(world)
    assert "wheelchair" not in page.words
    assert "Physiotherapy" in page.words
    assert "Health has not answered in time." in page.words
    json = world.client("parent").get(f"/plans/{world.plan_id}/versions/2", Accept="application/json")
    assert "wheelchair" not in json.text
