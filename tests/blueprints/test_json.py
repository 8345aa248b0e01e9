"""The same addresses as JSON: what a person can't read on the page is not in it, and errors keep their status."""

from itertools import pairwise

import pytest

from portal.domain.hashing import Value
from portal.domain.state import VersionKind
from tests.blueprints.page import Page
from tests.world import CAST, Browser, World

JSON = {"Accept": "application/json"}
NOBODY = "nmr-0000000000000000"
# One word for each section that stands nowhere else; section K has three, for its kinds of advice.
CANARIES = {
    "A": "aquamarine", "B": "bergamot", "C": "chrysalis", "D": "dulcimer", "E": "eiderdown", "F": "filigree",
    "G": "gossamer", "H1": "harlequin", "H2": "hurdygurdy", "I": "isinglass", "J": "jacaranda",
    "Kc": "kohlrabi", "Kd": "kittiwake", "Ke": "kaleidoscope",
}  # fmt: skip
ALL = [*CANARIES]
K, H = ["Kc", "Kd", "Ke"], ["H1", "H2"]
# By hand, from security.md section 3 and decisions.md 4: who reads what while it is drafted, from the first draft on,
# and once it is final.
DRAFTING: dict[str, list[str]] = {
    "parent": ["A"], "other_parent": ["A"], "young_person": ["A"], "advocate": [], "auditor": [],
    "senco": ["A", "B", "E", "F"], "psychologist": ["A", "B", "C", "E", "F"],
    "therapist": ["A", "B", "C", "E", "F", "G"], "dco": ["A", "B", "C", "E", "F", "G", "J", "Kc"],
    "social_worker": ["A", "B", "D", "E", "F", *H, "J"], "dsco": ["A", "B", "D", "E", "F", *H, "J", "Ke"],
    "caseworker": ALL, "other_caseworker": ALL, "manager": ALL, "other_manager": ALL,
}  # fmt: skip
ISSUED = {
    **DRAFTING, "parent": ALL, "other_parent": ALL, "young_person": ALL, "advocate": [*ALL[:10]],
    "psychologist": [*DRAFTING["psychologist"], *K], "therapist": [*DRAFTING["therapist"], *K],
    "social_worker": [*DRAFTING["social_worker"], *K],
}  # fmt: skip
FINAL = {
    **dict.fromkeys(DRAFTING, ALL), "auditor": [], "advocate": ALL[:10],
    "dco": [*ALL[:11], "Kc"], "dsco": [*ALL[:11], "Ke"],
}  # fmt: skip


def write_canaries(world: World) -> None:
    world.add("parent", "A", "aspirations", hope=CANARIES["A"], whose="child")
    world.add("caseworker", "B", "needs", area="semh", need=CANARIES["B"], effect="Words.")
    world.add("therapist", "C", "needs", need=CANARIES["C"])
    world.add("social_worker", "D", "needs", need=CANARIES["D"])
    world.add("caseworker", "E", "outcomes", what=CANARIES["E"])
    world.add("caseworker", "F", "provision", what=CANARIES["F"])
    world.add("therapist", "G", "provision", what=CANARIES["G"])
    world.add("social_worker", "H1", "provision", type="travel", what=CANARIES["H1"])
    world.add("social_worker", "H2", "provision", what=CANARIES["H2"])
    world.edit("caseworker", "J", "budget", {"arrangements": CANARIES["J"]}, "budget")
    for kind in "cde":
        world.add("caseworker", "K", "advice", document=CANARIES[f"K{kind}"], author="Somebody", kind=kind)


@pytest.fixture(scope="module")
def drafting(shared: World) -> World:
    write_canaries(shared)
    return shared


def shown(text: str) -> list[str]:
    return [name for name, word in CANARIES.items() if word in text]


def check(world: World, expected: dict[str, list[str]], but: str = "") -> None:
    """The plan as JSON for everybody; for those from whom something is kept, each page that might let it slip."""
    for key, letters in expected.items():
        browser, closed = world.client(key), [each for each in ALL if each not in letters]
        found = shown(browser.get(browser.base, **JSON).text)
        assert sorted(found) == sorted(set(letters) - {but}), key
        paths = ["", "/history", "/versions"] if closed else []
        paths += [f"/sections/{each[: 2 if each in H else 1]}" for each in closed]
        for path in dict.fromkeys(paths):
            # The plan's JSON above holds every section's.
            for headers in ({},) if path.startswith("/sections/") else ({}, JSON):
                slipped = set(shown(browser.get(browser.base + path, **headers).text)) & set(closed)
                assert slipped == set(), (key, path, headers)


def test_before_the_draft_everybody_has_their_own_part_in_json_and_on_the_page(drafting: World) -> None:
    check(drafting, DRAFTING, but="I")


def test_every_reader_is_in_the_table(drafting: World) -> None:
    assert set(DRAFTING) == set(CAST) - {"stranger", "admin"}


def test_after_the_draft_the_family_has_all_of_it_and_after_the_final_so_have_the_others(world: World) -> None:
    write_canaries(world)
    world.consent("parent", "advocate")
    world.to_finalising()
    school: dict[str, Value] = {"name": CANARIES["I"]}
    world.edit("caseworker", "I", "placement", school, "placement")
    check(world, ISSUED)
    world.issue("manager", VersionKind.FINAL)
    check(world, FINAL)


def test_an_issued_draft_gives_each_reader_their_part_as_json_and_as_a_page(world: World) -> None:
    write_canaries(world)
    world.consent("parent", "advocate")
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    expected = {key: sorted(set(letters) - {"I"}) for key, letters in ISSUED.items()}
    for key, letters in expected.items():
        browser = world.client(key)
        for headers in ({}, JSON):
            answer = browser.get(f"{browser.base}/versions/1", **headers)
            assert sorted(shown(answer.text)) == letters, (key, headers)
            assert answer.status_code == (200 if letters else 404)


def test_a_plan_as_json_holds_what_its_page_shows(drafting: World) -> None:
    browser = drafting.client("manager")
    json = browser.get(browser.base, **JSON).json
    assert json is not None
    assert (json["plan"], json["state"]) == (drafting.plan_id, "drafting")
    assert json["child"]["name"] == "Amira Rahman"
    assert list(json["sections"]) == ["A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K"]
    assert json["head"] == drafting.plan().head.hex()


def test_json_tells_nothing_of_the_child_that_the_page_does_not(drafting: World) -> None:
    for key in ("advocate", "senco", "auditor"):
        browser = drafting.client(key)
        json, page = browser.get(browser.base, **JSON).text, Page(browser.get(browser.base)).words
        for fact in ("2017-03-14", "9990000018", "H801200001001", "14 Larch Street"):
            assert fact not in json, (key, fact)
            assert fact not in page


def test_a_section_that_is_closed_to_a_reader_gives_neither_revision_nor_hash(drafting: World) -> None:
    head = drafting.sign("dco", "C").sections["C"]
    browser = drafting.client("parent")
    for path in (browser.base, f"{browser.base}/sections/C"):
        json = browser.get(path, **JSON).json
        assert json is not None
        section = json["sections"]["C"] if "sections" in json else json
        assert (section["readable"], section["state"]) == (False, "signed")
        assert not {"revision", "hash", "items"} & set(section)
        assert head.hash.hex() not in str(section)


LISTS = ["", "/people", "/history", "/versions", "/versions/1", "/sections/B", "/sections/B/history"]
LISTS += ["/sections/B/compare", "/versions/compare?from=1&to=1"]


@pytest.mark.parametrize("path", LISTS)
def test_every_page_that_shows_a_plan_a_list_or_a_history_is_json_at_the_same_address(
    drafting: World, path: str
) -> None:
    if not drafting.plan().versions:
        drafting.issue("manager", VersionKind.DRAFT, A="Not asked yet.")
    browser = drafting.client("manager")
    answer = browser.get(browser.base + path, **JSON)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "text/html"),
        ("", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/json", "application/json"),
        ("application/json, text/html;q=0.5", "application/json"),
        ("text/html, application/json;q=0.5", "text/html"),
        ("nonsense", "text/html"),
        ("image/png", "text/html"),
    ],
)
def test_who_gets_which(drafting: World, accept: str, kind: str) -> None:
    browser = drafting.client("parent")
    assert browser.get(browser.base, Accept=accept).mimetype == kind


def test_an_error_as_json_keeps_its_status_and_says_what_the_page_says(drafting: World) -> None:
    parent, nobody = drafting.client("parent"), Browser(drafting, "")
    wanted = [
        (nobody.get(parent.base, **JSON), 401),
        (drafting.client("stranger").get(parent.base, **JSON), 404),
        (parent.get(f"{parent.base}/issue", **JSON), 403),
        (parent.get(f"{parent.base}/history?before=x", **JSON), 422),
        (parent.http.delete(parent.base, headers=JSON), 405),
        (parent.post(f"{parent.base}/sections/A/items/aspirations/new", {"revision": "0"}, **JSON), 422),
        (parent.http.post(f"{parent.base}/answer", headers=JSON), 403),
        (parent.post(f"{parent.base}/answer", {"words": "x" * 300_000}, **JSON), 413),
    ]
    for answer, status in wanted:
        assert (answer.status_code, answer.mimetype) == (status, "application/json")
        assert answer.json is not None


def test_a_program_is_told_why_its_words_were_not_saved(drafting: World) -> None:
    browser = drafting.client("caseworker")
    refused = browser.post(f"{browser.base}/sections/B/items/needs/new", {"revision": "0", "need": ""}, **JSON)
    assert refused.status_code == 422
    assert "Fill in “The need, in a few words”." in str(refused.json)


def test_a_program_whose_save_is_stale_gets_both_texts(world: World) -> None:
    ids = world.write_a_little()
    seen = str(world.plan().sections["B"].revision)
    world.edit("other_caseworker", "B", "needs", {"effect": "Theirs."}, ids["need"])
    browser = world.client("caseworker")
    sent = {"revision": seen, "effect": "Mine."}
    answer = browser.post(f"{browser.base}/sections/B/items/needs/{ids['need']}", sent, **JSON)
    assert answer.status_code == 409
    assert "Theirs." in str(answer.json)
    assert "Mine." in str(answer.json)


def test_history_as_json_can_be_checked_link_by_link_and_names_no_child(drafting: World) -> None:
    browser = drafting.client("parent")
    json = browser.get(f"{browser.base}/history", **JSON).json
    assert json is not None
    entries = json["entries"]
    assert all(new["previous"] == old["entry"] for new, old in pairwise(entries))
    assert entries[0]["entry"] == drafting.plan().head.hex()
    assert "Amira" not in str(entries)
    assert shown(str(entries)) == []


def test_a_stranger_gets_the_same_bytes_in_json(drafting: World) -> None:
    browser = drafting.client("stranger")
    for path in LISTS:
        real, unreal = (browser.get(f"/plans/{plan}{path}", **JSON) for plan in (drafting.plan_id, NOBODY))
        assert (real.status_code, real.data) == (404, unreal.data), path
