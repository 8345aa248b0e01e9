"""What people meet at the demonstration's providers: the page of names, staying signed on, and signing off."""

import time
from typing import Any

import pytest
import requests
from bs4 import BeautifulSoup

from demo.identity_provider import RunningProviders
from demo.identity_provider.relying_party import PORTAL, SigningOn, answer, signing_on


def people_on(page: requests.Response) -> list[str]:
    buttons = BeautifulSoup(page.text, "html.parser").select("button[name=person]")
    return [str(button["value"]) for button in buttons]


def test_page_lists_exactly_that_issuers_people(anywhere: SigningOn, cast: list[dict[str, Any]]) -> None:
    page = anywhere.page()
    there = [person for person in cast if person["provider"] == anywhere.slug]
    assert people_on(page) == [person["key"] for person in there]
    text = BeautifulSoup(page.text, "html.parser").get_text()
    assert "Demonstration sign-on: everyone here is fictional" in text
    assert all(person["name"] in text and person["about"] in text for person in there)


def test_page_runs_no_script_and_is_not_kept(families: SigningOn) -> None:
    page = families.page()
    assert "<script" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert f"form-action 'self' {PORTAL} http://localhost:8001" in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert requests.get(families.issuer.replace("/families", "/static/provider.css"), timeout=5).ok


def test_form_as_a_browser_sends_it_signs_on(families: SigningOn) -> None:
    form = BeautifulSoup(families.page(state="ä & <b>").text, "html.parser").select_one("form")
    assert form is not None
    fields = {str(each["name"]): str(each["value"]) for each in form.select("input[type=hidden]")}
    sent = families.browser.post(str(form["action"]), data=fields | {"person": "yusuf-rahman"}, allow_redirects=False)
    answered = answer(sent)
    assert answered["state"] == "ä & <b>"
    assert families.redeem(answered["code"]).ok


def test_somebody_unknown_or_of_another_issuer_is_not_signed_on(families: SigningOn) -> None:
    for person in ("nobody", "maria-silva"):
        response = families.choose(person)
        assert response.status_code == 400
        assert "nadia-rahman" in people_on(response)


def test_going_back_without_signing_on_tells_the_client(families: SigningOn) -> None:
    response = families.browser.post(
        f"{families.issuer}/authorize", data=families.request() | {"cancel": "1"}, allow_redirects=False
    )
    assert answer(response)["error"] == "access_denied"


# Staying signed on


def test_chosen_person_comes_first_the_next_time_and_may_be_changed(families: SigningOn) -> None:
    families.choose("sam-adeyemi")
    assert list(families.browser.cookies.keys()) == ["demo_op_families"]
    page = families.page()
    assert people_on(page)[0] == "sam-adeyemi"
    assert len(people_on(page)) == 10
    assert "signed on now" in page.text
    families.choose("grace-adeyemi")
    assert people_on(families.page())[0] == "grace-adeyemi"


def test_one_issuers_sign_on_is_unknown_to_the_others(providers: RunningProviders, families: SigningOn) -> None:
    families.choose("nadia-rahman")
    council = signing_on(providers, "council")
    council.browser = families.browser
    council.choose("maria-silva")
    assert people_on(families.page())[0] == "nadia-rahman"
    assert answer(council.page(prompt="none")).keys() >= {"code"}


def test_same_person_again_keeps_session_and_time_unless_asked_anew(families: SigningOn) -> None:
    first = families.claims(families.tokens("nadia-rahman"))
    time.sleep(1.1)
    again = families.claims(families.tokens("nadia-rahman"))
    assert (again["sid"], again["auth_time"]) == (first["sid"], first["auth_time"])
    assert families.claims(families.tokens("nadia-rahman", max_age="3600"))["auth_time"] == first["auth_time"]

    for asked in ({"prompt": "login"}, {"max_age": "0"}):
        assert "asks you to sign on again" in families.page(**asked).text
        anew = families.claims(families.tokens("nadia-rahman", **asked))
        assert anew["auth_time"] > first["auth_time"]
        assert anew["sid"] != first["sid"]


def test_prompt_none_answers_at_once_for_who_is_signed_on(families: SigningOn) -> None:
    families.choose("nadia-rahman")
    code = answer(families.page(prompt="none"))["code"]
    assert families.claims(families.redeem(code).json())["sub"] == "nadia-rahman"
    time.sleep(1.1)
    assert answer(families.page(prompt="none", max_age="1"))["error"] == "login_required"


# Signing off


def signing_off(families: SigningOn, **asked: str) -> requests.Response:
    return families.browser.get(f"{families.issuer}/end-session", params=asked, allow_redirects=False)


def test_sign_off_returns_to_the_registered_address_and_forgets(families: SigningOn) -> None:
    token = families.tokens("nadia-rahman")["id_token"]
    home = f"{PORTAL}/"
    response = signing_off(families, id_token_hint=token, post_logout_redirect_uri=home, state="bye")
    assert response.headers["Location"] == f"{home}?state=bye"
    assert answer(families.page(prompt="none"))["error"] == "login_required"


def test_sign_off_by_token_ends_the_session_of_another_browser(families: SigningOn) -> None:
    token = families.tokens("nadia-rahman")["id_token"]
    requests.post(f"{families.issuer}/end-session", data={"id_token_hint": token}, timeout=5).raise_for_status()
    assert answer(families.page(prompt="none"))["error"] == "login_required"


def test_client_name_is_enough_to_return(families: SigningOn) -> None:
    response = signing_off(families, client_id="golden-thread", post_logout_redirect_uri=f"{PORTAL}/")
    assert response.headers["Location"] == f"{PORTAL}/"


@pytest.mark.parametrize("address", [PORTAL, f"{PORTAL}/plans", "http://evil.example/", "//evil.example/"])
def test_sign_off_never_redirects_elsewhere(families: SigningOn, address: str) -> None:
    token = families.tokens("nadia-rahman")["id_token"]
    for named in ({"id_token_hint": token}, {"client_id": "golden-thread"}, {}):
        response = signing_off(families, post_logout_redirect_uri=address, **named)
        assert response.status_code == 200
        assert "You have signed off" in response.text


def test_sign_off_refuses_a_token_that_is_not_its_own(providers: RunningProviders, families: SigningOn) -> None:
    foreign = signing_on(providers, "council").tokens("maria-silva")["id_token"]
    own = families.tokens("nadia-rahman")["id_token"]
    for asked in ({"id_token_hint": foreign}, {"id_token_hint": own, "client_id": "somebody-else"}):
        response = signing_off(families, post_logout_redirect_uri=f"{PORTAL}/", **asked)
        assert response.status_code == 400
        assert "Location" not in response.headers
    assert "code" in answer(families.page(prompt="none"))
