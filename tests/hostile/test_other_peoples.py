"""What is somebody else's is not there: another family's, an unassigned colleague's, a neighbouring authority's."""

import pytest

from portal.domain.identifier import new_request_id
from portal.domain.state import VersionKind
from portal.web.security import UNSAFE
from tests.blueprints.page import TOKEN
from tests.hostile.addresses import TYPED, addresses
from tests.hostile.conftest import neighbour
from tests.world import Browser, World

SECRET = "A word that stands in one plan alone"
ALL: tuple[dict[str, str], ...] = ({}, {"HX_Request": "true"}, {"Accept": "application/json"})


@pytest.fixture(scope="module")
def theirs(one: World) -> World:
    """A plan with everything an address may name: items, a version, an answer."""
    one.edit("parent", "A", "people", {"words": SECRET}, "people")
    one.sign_all()
    one.issue("manager", VersionKind.DRAFT)
    return one


def asked(browser: Browser, method: str, path: str, headers: dict[str, str]) -> tuple[int, str]:
    """(status, bytes without the form token, which is new on each page)."""
    if method in UNSAFE:
        answer = browser.post(path, {"request_id": new_request_id(), **TYPED}, **headers)
    else:
        answer = browser.get(path, **headers)
    return answer.status_code, TOKEN.sub("", answer.text)


def nothing(browser: Browser, theirs: World) -> int:
    """Ask every route for that plan, in every way: each answer is that for a plan which never was. Answers how many."""
    before, tried = theirs.plan(), 0
    absent = theirs.plan_id[:4] + "0" * 16
    for letter in ("A", "B", "G"):
        for _, method, path in addresses(theirs, "plan_id", letter):
            for headers in ALL:
                found = asked(browser, method, path, headers)
                # A form that nobody's page sends is refused before any plan is looked for.
                assert found[0] in ((404, 422) if method in UNSAFE else (404,)), (method, path, headers)
                assert found == asked(browser, method, path.replace(theirs.plan_id, absent), headers), (method, path)
                assert SECRET not in found[1]
                tried += 1
    assert theirs.plan() == before
    return tried


@pytest.mark.parametrize("key", ["parent", "advocate"])
def test_a_family_finds_nothing_of_another_by_any_address(theirs: World, another: World, key: str) -> None:
    assert nothing(another.client(key), theirs) > 300


@pytest.mark.parametrize("key", ["caseworker", "therapist"])
def test_a_colleague_without_a_part_finds_nothing_by_any_address(theirs: World, another: World, key: str) -> None:
    assert nothing(another.client(key), theirs) > 300


def test_a_neighbouring_authority_finds_nothing_by_any_address(theirs: World) -> None:
    south = neighbour(theirs)
    assert nothing(theirs.client("stranger"), theirs) > 300
    assert nothing(south.client("manager"), south) > 300
    assert south.client("south").get(f"/plans/{south.plan_id}").status_code == 200


def test_an_id_of_another_plan_is_nothing_under_ones_own(theirs: World, another: World) -> None:
    """The plan is one's own, the item, version or number is the other's."""
    browser = another.client("manager")
    item, mine = theirs.plan().sections["B"].content.items[0].id, another.plan()
    base = f"{browser.base}/sections/B/items/needs/{item}"
    for headers in ALL:
        for path in (base, f"{browser.base}/versions/1", f"{browser.base}/versions/1.pdf", f"{browser.base}/as-at/900"):
            assert browser.get(path, **headers).status_code == 404, path
    caseworker = another.client("caseworker")
    for path in (base, f"{base}/remove"):
        answer = caseworker.post(path, {**TYPED, "request_id": new_request_id()})
        assert answer.status_code in (404, 422), path
        assert SECRET not in answer.text
    assert another.plan() == mine
