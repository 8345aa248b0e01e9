"""Where somebody is signed in: they see it and can end it, nobody else can, and what ended is over at once."""

import re
from datetime import timedelta

import pytest

from portal.operations import sessions as operations
from portal.store import people, sessions
from portal.store.database import Session
from tests.auth.browser import Browser as SignOn
from tests.blueprints.page import Page, bytes_of
from tests.world import Browser, World, now

HTMX = {"HX_Request": "true"}
JSON = {"Accept": "application/json"}
KINDS = {"page": {}, "fragment": HTMX, "json": JSON}
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Mobile Safari/604.1"
NOT_SIGNED_IN = 401
END_ALL = "End all but this one"


def handle(browser: Browser) -> str:
    return sessions.key_of(browser.session_id)[:16]


def listed(browser: Browser) -> list[str]:
    """The handles on somebody's page, as a program reads it."""
    answer = browser.get("/sessions", **JSON)
    assert answer.status_code == 200
    return [each["session"] for each in (answer.json or {})["sessions"]]


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/worklist", **JSON).status_code == 200


def age(world: World, browser: Browser, **moved: timedelta) -> None:
    """Move a session's beginning or its last sign of life into the past."""
    times = {name: now().wall - by for name, by in moved.items()}
    world.db["sessions"].update_one({"_id": sessions.key_of(browser.session_id)}, {"$set": times})


def test_a_person_sees_each_browser_in_which_they_are_signed_in(world: World) -> None:
    mine, other = world.client("senco"), world.client("senco")
    page = Page(mine.get("/sessions"))
    assert page.title == "Where you are signed in – Golden Thread"
    assert [each.endswith("(this one)") for each in page.said_in(".gt-session h2")] == [True, False]
    assert listed(mine) == [handle(mine), handle(other)]
    provider = world.settings.providers[0].name
    used = re.compile(rf"Signed in today at \d\d:\d\d through {provider} , last used today at \d\d:\d\d\.")
    assert [each for each in page.said_in(".gt-session p") if not used.fullmatch(each)] == []


def test_a_browser_is_called_what_it_was_at_sign_on(world: World) -> None:
    visitor = SignOn(world.app)
    visitor.http.environ_base["HTTP_USER_AGENT"] = PHONE
    visitor.sign_on("families", "nadia-rahman")
    assert "Safari on an iPhone (this one)" in Page(visitor.http.get("/sessions")).said_in(".gt-session h2")
    found = sessions.find(world.db, visitor.cookie)
    assert found is not None
    assert PHONE not in repr(found)


def test_the_page_is_one_link_away_where_the_name_stands(world: World) -> None:
    page = Page(world.client("senco").get("/worklist"))
    assert page.said_in('.gt-nav a[href="/sessions"]') == ["Anita Patel : where you are signed in"]
    assert "/sessions" not in Page(Browser(world, "").get("/help")).links()


def test_ending_one_ends_it_at_its_next_request_and_no_other(world: World) -> None:
    mine, lost, third = (world.client("dsco") for _ in range(3))
    answer = mine.post("/sessions/end", {"session": handle(lost)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sessions")
    assert [is_signed_in(each) for each in (mine, lost, third)] == [True, False, True]
    assert set(listed(mine)) == {handle(mine), handle(third)}


def test_all_others_end_by_one_button(world: World) -> None:
    mine, *others = (world.client("psychologist") for _ in range(4))
    bystander = world.client("therapist")
    form = Page(mine.get("/sessions")).form(END_ALL)
    assert mine.post(form.action, form.fields).status_code == 303
    assert [is_signed_in(each) for each in (mine, *others, bystander)] == [True, False, False, False, True]
    page = Page(mine.get("/sessions"))
    assert END_ALL not in page.buttons()
    assert "You are signed in nowhere else." in page.words


@pytest.mark.parametrize("headers", KINDS.values(), ids=list(KINDS))
def test_what_is_somebody_elses_over_or_never_was_is_the_same_nothing(world: World, headers: dict[str, str]) -> None:
    mine, over, other = world.client("parent"), world.client("parent"), world.client("other_parent")
    sessions.end(world.db, over.session_id, now().wall)
    answers = [
        mine.post("/sessions/end", {"session": each}, **headers) for each in (handle(other), handle(over), "0" * 16)
    ]
    assert [each.status_code for each in answers] == [404] * 3
    assert len({bytes_of(each) for each in answers}) == 1
    assert is_signed_in(other)


@pytest.mark.parametrize("wrong", ["", "x" * 16, "0" * 15, "$ne", '{"$ne": null}', "0" * 64])
def test_a_handle_that_is_none_is_refused(world: World, wrong: str) -> None:
    mine, other = world.client("parent"), world.client("parent")
    assert mine.post("/sessions/end", {"session": wrong}).status_code == 422
    assert mine.post("/sessions/end", {"session[$ne]": ""}).status_code == 422
    assert mine.post("/sessions/end-others", {"person": world.people["manager"]}).status_code == 422
    assert is_signed_in(other)


def test_nobody_elses_browsers_are_on_the_page(world: World) -> None:
    mine, other = world.client("advocate"), world.client("dco")
    page = mine.get("/sessions")
    for word in (handle(other), other.session_id, mine.session_id, sessions.key_of(mine.session_id)):
        assert word not in page.text
    assert listed(mine) == [handle(mine)]


def test_a_session_that_is_over_by_its_age_is_on_no_page(world: World) -> None:
    mine, quiet, long = (world.client("auditor") for _ in range(3))
    age(world, quiet, seen=timedelta(minutes=61))
    age(world, long, started=timedelta(hours=13))
    assert listed(mine) == [handle(mine)]


# Row 10: an id that was given up, or whose person lost what they held, is worth nothing at the next request.


def test_after_signing_out_the_old_id_is_refused_in_every_way(world: World) -> None:
    browser = world.client("manager")
    kept = browser.session_id
    browser.post("/sign-out")
    for name, headers in KINDS.items():
        browser.http.set_cookie("golden_thread_session", kept)
        for path in (browser.base, f"{browser.base}/history", "/worklist", "/sessions"):
            assert browser.get(path, **headers).status_code in (204, 303, NOT_SIGNED_IN), (name, path)
        sent = browser.post(f"{browser.base}/issue/draft", {"reason.A": "Because"}, **headers)
        assert sent.status_code in (204, 303, 403, NOT_SIGNED_IN), name
    assert world.plan().versions == ()


def test_a_program_that_is_not_signed_in_is_told_so_and_not_led_to_a_page(world: World) -> None:
    nobody = world.client("manager")
    nobody.http.delete_cookie("golden_thread_session")
    for path in (f"/plans/{world.plan_id}", "/worklist"):
        assert nobody.get(path, **JSON).status_code == NOT_SIGNED_IN, path
    for path in (f"/plans/{world.plan_id}/sections/B/items/needs/new", f"/plans/{world.plan_id}/media"):
        assert nobody.post(path, {"need": "Sleep"}, **JSON).status_code == NOT_SIGNED_IN, path


@pytest.mark.parametrize("headers", KINDS.values(), ids=list(KINDS))
def test_a_part_that_ended_is_refused_at_the_next_request_of_an_old_session(
    world: World, headers: dict[str, str]
) -> None:
    browser, sent = world.client("caseworker"), {"revision": "0", "need": "Sleep"}
    assert browser.get(browser.base, **headers).status_code == 200
    world.end_grants({"authority": "nmr", "person": world.people["caseworker"], "scope": world.plan_id})
    assert browser.get(browser.base, **headers).status_code == 404
    assert browser.post(f"{browser.base}/sections/B/items/needs/new", sent, **headers).status_code == 404


@pytest.mark.parametrize("headers", KINDS.values(), ids=list(KINDS))
def test_a_leaver_is_signed_out_everywhere_at_the_next_request(world: World, headers: dict[str, str]) -> None:
    person, moment = world.people["other_caseworker"], now()
    browsers, bystander = [world.client("other_caseworker") for _ in range(2)], world.client("caseworker")

    def leave(session: Session) -> int:
        people.end(world.db, {"authority": "nmr", "person": person, "scope": world.plan_id}, moment.wall, session)
        return operations.end_all(world.db, person, moment, session)

    assert world.db.transaction(leave) >= 2
    for each in browsers:
        answer = each.get(each.base, **headers)
        assert (answer.status_code == 303) is (headers == {})
        assert answer.status_code in (204, 303, NOT_SIGNED_IN)
        found = sessions.find(world.db, each.session_id)
        assert found is not None
        assert found["data"] == {}
    assert is_signed_in(bystander)


def test_sessions_end_with_what_was_held_or_not_at_all(world: World) -> None:
    browser, person = world.client("social_worker"), world.people["social_worker"]

    def broken(session: Session) -> None:
        operations.end_all(world.db, person, now(), session)
        raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        world.db.transaction(broken)
    assert is_signed_in(browser)


# The warning before a session ends


def left(browser: Browser, method: str = "get") -> dict[str, int]:
    path = "/sessions/time-left" if method == "get" else "/sessions/stay"
    answer = browser.get(path, **JSON) if method == "get" else browser.post(path, None, **JSON)
    assert answer.status_code == 200
    found: dict[str, int] = answer.json or {}
    return found


def test_asking_how_long_is_left_is_no_sign_of_life_and_staying_is(world: World) -> None:
    browser = world.client("dco")
    age(world, browser, seen=timedelta(minutes=56), started=timedelta(hours=10))
    for _ in range(2):
        assert 235 <= left(browser)["unused_s"] <= 240
    assert 7195 <= left(browser)["in_any_case_s"] <= 7200
    assert left(browser, "post")["unused_s"] == 3600
    assert left(browser)["unused_s"] > 3590
    assert left(browser)["in_any_case_s"] <= 7200


def test_a_letter_or_picture_that_comes_late_is_no_sign_of_life(world: World) -> None:
    browser = world.client("dco")
    age(world, browser, seen=timedelta(minutes=56))
    assert browser.get("/static/favicon.svg").status_code == 200
    assert browser.get("/static/nothing.css").status_code == 404
    assert left(browser)["unused_s"] <= 240


def test_a_session_can_not_be_brought_back_by_staying(world: World) -> None:
    browser = world.client("dco")
    age(world, browser, seen=timedelta(minutes=60))
    assert browser.get("/sessions/time-left", **JSON).status_code == NOT_SIGNED_IN
    assert browser.post("/sessions/stay", None, **JSON).status_code == NOT_SIGNED_IN
    assert browser.get("/sessions/time-left", **JSON).status_code == NOT_SIGNED_IN


def test_every_page_tells_the_script_when_its_own_session_ends_also_where_pages_are_kept(world: World) -> None:
    first, second = world.client("manager"), world.client("manager")
    age(world, second, started=timedelta(hours=3))
    told = []
    for browser in (first, second, first, second):
        body = Page(browser.get(browser.base)).soup.body
        assert body is not None
        assert body["data-idle-minutes"] == "60"
        told.append(str(body["data-signed-in-until"]))
        found = sessions.find(world.db, browser.session_id)
        assert found is not None
        assert told[-1] == (found["started"] + timedelta(hours=12)).isoformat()
    assert told[0] == told[2] != told[1] == told[3]


def test_the_page_says_how_long_one_stays_and_that_nothing_typed_is_lost(world: World) -> None:
    words = Page(world.client("parent").get("/sessions")).words
    assert "leave Golden Thread unused for 60 minutes, and for 12 hours at most" in words
    assert "nothing that you typed is lost" in words
