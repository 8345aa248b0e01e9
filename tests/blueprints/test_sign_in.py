"""Signing in over HTTP: choose, begin, come back; whom we send where; and signing out."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from portal.auth.keys import ProviderUnreachable
from portal.auth.oidc import Provider
from tests.blueprints.page import Page
from tests.world import TOKEN, Browser, World

ELSEWHERE = [
    "//evil.example", "///evil.example", "////evil.example/x", "http://evil.example", "https://evil.example",
    "HTTP://evil.example", "https:evil.example", "https:/evil.example", "http:\\\\evil.example", "\\\\evil.example",
    "/\\evil.example", "\\/evil.example", "/\\/evil.example", "/\t/evil.example", "/\n/evil.example",
    "/\r\n//evil.example", "\t//evil.example", " //evil.example", "javascript:alert(1)", "JavaScript:alert(1)",
    "data:text/html,x", "vbscript:x", "mailto:a@evil.example", "ftp://evil.example", "ws://evil.example",
    "evil.example", "evil.example/plans", "@evil.example", "http:evil.example", ".evil.example", "?next=//evil.example",
    "#//evil.example", "", " ", "/\x00/evil.example", "/\u202e//evil.example", "/\u2028/evil", "/" + "a" * 600,
    "http://127.0.0.1:8999@evil.example/", "//localhost@evil.example", "/\x7f/evil.example", "http:///evil.example",
]  # fmt: skip
PLAIN = ["/worklist", "/plans/nmr-0000000000000000/sections/A?from=1&to=2", "/plans/x#item-people", "/@evil.example"]


def begun(world: World, **query: str) -> tuple[Browser, str]:
    """A browser that was sent to the families' provider, and the address there."""
    browser = Browser(world, "")
    answer = browser.http.get("/sign-in/families", query_string=query)
    assert answer.status_code == 303
    return browser, answer.headers["Location"]


def signed_on(world: World, **query: str) -> tuple[Browser, str]:
    """Sign on for real at the families' provider; answers where the portal sends the browser then."""
    browser, address = begun(world, **query)
    page = requests.get(address, timeout=10).text
    person = re.findall(r'name="person" value="([^"]+)"', page)[0]
    back = requests.post(address, data={"person": person}, allow_redirects=False, timeout=10).headers["Location"]
    parts = urlsplit(back)
    answer = browser.http.get(f"{parts.path}?{parts.query}")
    assert answer.status_code == 303, answer.text
    return browser, answer.headers["Location"]


def test_the_page_offers_four_choices_in_peoples_words(shared: World) -> None:
    page = Page(Browser(shared, "").get("/sign-in"))
    assert page.is_whole
    assert [each.split(",")[0] for each in page.said_in(".gt-choice h2")] == [
        "I’m a parent or carer",
        "I work in a school",
        "I work for the NHS",
        "I work for the council",
    ]
    providers = {each.slug for each in shared.settings.providers}
    assert {f"/sign-in/{slug}" for slug in providers} <= page.links()


def test_no_cookie_is_set_before_somebody_begins_to_sign_in(shared: World) -> None:
    assert "Set-Cookie" not in Browser(shared, "").get("/sign-in").headers


@pytest.mark.parametrize("path", ELSEWHERE)
def test_nobody_is_sent_off_this_site_by_a_link(shared: World, path: str) -> None:
    answer = Browser(shared, "").http.get("/sign-in", query_string={"next": path})
    assert answer.status_code == 200
    links = [urlsplit(each) for each in Page(answer).links() if each.startswith("/sign-in/")]
    assert links
    assert {each.query for each in links} == {""}


@pytest.mark.parametrize("path", PLAIN)
def test_a_path_of_ours_is_carried_along(shared: World, path: str) -> None:
    answer = Browser(shared, "").http.get("/sign-in", query_string={"next": path})
    links = [urlsplit(each) for each in Page(answer).links() if each.startswith("/sign-in/")]
    assert {parse_qs(each.query)["next"][0] for each in links} == {path}


def test_after_signing_on_one_stands_where_one_wanted_to_go(shared: World) -> None:
    assert signed_on(shared, next="/plans/nmr-0000000000000000")[1] == "/plans/nmr-0000000000000000"
    assert signed_on(shared)[1] == "/worklist"
    assert signed_on(shared, next="//evil.example")[1] == "/worklist"


def test_signing_on_gives_a_new_session_that_scripts_can_not_read(shared: World) -> None:
    browser, _ = signed_on(shared)
    cookie = browser.http.get_cookie("golden_thread_session")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path, cookie.domain) == (True, "Lax", "/", "localhost")
    fresh, _ = begun(shared)
    planted = fresh.http.get_cookie("golden_thread_session")
    assert planted is not None
    assert planted.value != cookie.value


@pytest.mark.parametrize("slug", ["nothing", "families%00", "$ne", "..", "Families", "families "])
def test_an_agency_that_is_not_known_is_not_there(shared: World, slug: str) -> None:
    nobody = Browser(shared, "")
    assert nobody.get(f"/sign-in/{slug}").status_code == 404
    assert nobody.get(f"/sign-in/{slug}/callback").status_code == 404


CALLBACKS = ["", "?code=x", "?state=x", "?code=x&state=x", "?code=x&state[$ne]=1", "?error=access_denied&state=x"]
CALLBACKS += ["?code=x&state=%ED%A0%80", "?state=%00&code=%00", f"?code=x&state={'x' * 3000}", "?iss=x&state=x&code=x"]


@pytest.mark.parametrize("query", CALLBACKS)
def test_a_callback_that_this_browser_did_not_begin_is_refused_without_a_session(shared: World, query: str) -> None:
    browser = Browser(shared, "")
    answer = browser.get(f"/sign-in/families/callback{query}")
    assert answer.status_code == 403
    assert "We could not sign you in. Nothing has changed." in Page(answer).words
    assert browser.get("/worklist").status_code == 303


def test_a_callback_from_another_browser_is_refused(shared: World) -> None:
    _, address = begun(shared)
    state = parse_qs(urlsplit(address).query)["state"][0]
    other, _ = begun(shared)
    assert other.get(f"/sign-in/families/callback?code=x&state={state}").status_code == 403


def test_what_a_provider_says_of_an_error_is_not_shown(shared: World) -> None:
    browser, address = begun(shared)
    state = parse_qs(urlsplit(address).query)["state"][0]
    said = "%3Cscript%3Ealert(1)%3C/script%3E"
    answer = browser.get(f"/sign-in/families/callback?error=x&error_description={said}&state={state}")
    assert answer.status_code == 403
    assert "alert(1)" not in answer.text


def test_a_provider_that_does_not_answer_is_named_as_such(shared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object, **__: object) -> None:
        raise ProviderUnreachable("did not answer")

    monkeypatch.setattr(Provider, "begin", silent)
    answer = Browser(shared, "").get("/sign-in/families")
    assert answer.status_code == 503
    assert "The sign-in service of your agency does not answer." in Page(answer).words


def test_signing_out_ends_the_session_here_and_at_the_provider(shared: World) -> None:
    browser, _ = signed_on(shared)
    old = browser.http.get_cookie("golden_thread_session")
    assert old is not None
    form = Page(browser.get("/worklist")).form("Sign out")
    answer = browser.http.post(form.action, data=form.fields)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(shared.settings.providers[0].issuer.split("/")[0])
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    browser.http.set_cookie("golden_thread_session", old.value)
    assert browser.get("/worklist").status_code == 303


def test_signing_out_needs_the_form_of_the_person_signed_on(shared: World) -> None:
    browser = shared.client("parent")
    other = shared.client("senco")
    for token in ("", "forged", other.token):
        assert browser.http.post("/sign-out", data={"csrf_token": token}).status_code == 403
    assert browser.get(browser.base).status_code == 200
    assert browser.get("/sign-out").status_code == 405


def test_whoever_signs_on_anew_ends_the_session_they_had(world: World) -> None:
    browser = world.client("parent")
    old = browser.session_id
    answer = browser.http.get("/sign-in/families")
    page = requests.get(answer.headers["Location"], timeout=10).text
    person = re.findall(r'name="person" value="([^"]+)"', page)[0]
    back = requests.post(
        answer.headers["Location"], data={"person": person}, allow_redirects=False, timeout=10
    ).headers["Location"]
    parts = urlsplit(back)
    browser.http.get(f"{parts.path}?{parts.query}")
    assert TOKEN.findall(browser.get("/help").text)[0] != browser.token
    browser.http.set_cookie("golden_thread_session", old)
    assert browser.get(browser.base).status_code == 303
