"""The demonstration's providers do what a strict client of OpenID Connect expects, over real HTTP."""

import base64
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from demo.identity_provider import RunningProviders, memory
from demo.identity_provider.relying_party import PORTAL, SigningOn, answer, signing_on

SOMEBODY = {"families": "nadia-rahman", "nhs": "ada-okafor", "schools": "anita-patel", "council": "maria-silva"}


def test_code_flow_signs_somebody_on_at_each_issuer(anywhere: SigningOn) -> None:
    person = SOMEBODY[anywhere.slug]
    answered = answer(anywhere.choose(person))
    assert answered["state"] == anywhere.state
    assert answered["iss"] == anywhere.issuer

    tokens = anywhere.redeem(answered["code"]).json()
    claims = anywhere.claims(tokens)
    assert claims["iss"] == anywhere.issuer
    assert claims["aud"] == "golden-thread"
    assert claims["sub"] == person
    assert claims["nonce"] == anywhere.nonce
    assert claims["acr"] == ("AAL3" if anywhere.slug == "nhs" else "AAL2")
    assert claims["amr"]
    assert claims["sid"]
    assert claims["iat"] <= time.time() < claims["exp"]
    assert abs(claims["auth_time"] - time.time()) < 10

    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    info = requests.get(f"{anywhere.issuer}/userinfo", headers=bearer, timeout=5).json()
    assert info == {"sub": person, "name": claims["name"]}


def test_discovery_names_the_issuer_and_its_own_addresses(anywhere: SigningOn) -> None:
    found = requests.get(f"{anywhere.issuer}/.well-known/openid-configuration", timeout=5).json()
    assert found["issuer"] == anywhere.issuer
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["authorization_response_iss_parameter_supported"] is True
    addresses = [value for name, value in found.items() if name.endswith(("_endpoint", "_uri"))]
    assert len(addresses) == 5
    assert all(address.startswith(f"{anywhere.issuer}/") for address in addresses)


def test_published_keys_are_public_and_differ_between_issuers(providers: RunningProviders) -> None:
    keys = [requests.get(f"{providers.issuer(slug)}/jwks", timeout=5).json()["keys"][0] for slug in SOMEBODY]
    assert len({key["kid"] for key in keys}) == 4
    assert all(key["alg"] == "RS256" and "d" not in key for key in keys)


def test_id_token_of_one_issuer_does_not_hold_at_another(providers: RunningProviders, families: SigningOn) -> None:
    other = signing_on(providers, "council")
    with pytest.raises(Exception, match="key"):
        other.claims(families.tokens("nadia-rahman"))


def test_secret_may_travel_in_the_body(families: SigningOn) -> None:
    sent = {
        "grant_type": "authorization_code",
        "code": families.code("nadia-rahman"),
        "redirect_uri": families.callback,
        "code_verifier": families.verifier,
        "client_id": "golden-thread",
        "client_secret": families.client_secret,
    }
    assert requests.post(f"{families.issuer}/token", data=sent, timeout=5).status_code == 200


# What is refused


@pytest.mark.parametrize("verifier", ["a" * 43, ""])
def test_wrong_verifier_is_refused_and_spends_the_code(families: SigningOn, verifier: str) -> None:
    code = families.code("nadia-rahman")
    assert families.redeem(code, code_verifier=verifier).status_code == 400
    assert families.redeem(code).json()["error"] == "invalid_grant"


def test_code_works_once_and_a_replay_withdraws_the_token(families: SigningOn) -> None:
    code = families.code("nadia-rahman")
    bearer = {"Authorization": f"Bearer {families.redeem(code).json()['access_token']}"}
    assert requests.get(f"{families.issuer}/userinfo", headers=bearer, timeout=5).status_code == 200
    assert families.redeem(code).json()["error"] == "invalid_grant"
    assert requests.get(f"{families.issuer}/userinfo", headers=bearer, timeout=5).status_code == 401


def test_code_sent_by_many_at_once_works_for_one(families: SigningOn) -> None:
    code = families.code("nadia-rahman")
    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda _: families.redeem(code).status_code, range(16)))
    assert sorted(answers) == [200] + [400] * 15


def test_code_ends_after_a_minute(families: SigningOn, monkeypatch: pytest.MonkeyPatch) -> None:
    code, now = families.code("nadia-rahman"), time.monotonic()
    monkeypatch.setattr(memory, "monotonic", lambda: now + 61)
    assert families.redeem(code).json()["error"] == "invalid_grant"


def test_code_is_bound_to_the_address_it_was_sent_to(families: SigningOn) -> None:
    code = families.code("nadia-rahman")
    response = families.redeem(code, redirect_uri="http://localhost:8001/sign-in/families/callback")
    assert response.json()["error"] == "invalid_grant"


def test_code_of_one_issuer_is_nothing_to_another(providers: RunningProviders, families: SigningOn) -> None:
    council = signing_on(providers, "council")
    assert council.redeem(families.code("nadia-rahman")).json()["error"] == "invalid_grant"


def test_wrong_secret_is_refused(families: SigningOn) -> None:
    families.client_secret = "guessed"
    response = families.redeem(families.code("nadia-rahman"))
    assert response.status_code == 401
    assert response.json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        f"{PORTAL}/sign-in/families/callback/",
        f"{PORTAL}/sign-in/families/callback?next=/",
        f"{PORTAL}/sign-in/council/callback",
        "http://127.0.0.1:8000.example.org/sign-in/families/callback",
        'http://evil.example/"\\<script>',
    ],
)
def test_only_the_exact_registered_address_is_redirected_to(families: SigningOn, address: str | None) -> None:
    for response in (families.page(redirect_uri=address), families.choose("nadia-rahman", redirect_uri=address)):
        assert response.status_code == 400
        assert "Location" not in response.headers
        assert "<script>" not in response.text


def test_unknown_client_is_refused_without_redirect(families: SigningOn) -> None:
    response = families.page(client_id="somebody-else")
    assert response.status_code == 400
    assert "Location" not in response.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_refusal_returns_to_the_client_with_state_and_issuer(
    families: SigningOn, changes: dict[str, str | None], error: str
) -> None:
    for response in (families.page(**changes), families.choose("nadia-rahman", **changes)):
        answered = answer(response)
        assert answered["error"] == error
        assert answered["state"] == families.state
        assert answered["iss"] == families.issuer
        assert "code" not in answered


def test_hostile_characters_are_a_plain_refusal(families: SigningOn) -> None:
    assert families.page(response_type='"\\é').status_code == 400
    garbage = {"Authorization": "Basic " + base64.b64encode(b"\xff\xfe:x").decode()}
    assert requests.post(f"{families.issuer}/token", headers=garbage, timeout=5).status_code in {400, 401}


def test_unknown_addresses_are_not_found(providers: RunningProviders) -> None:
    root = providers.issuer("families").rpartition("/")[0]
    for path in ("/", "/elsewhere/authorize", "/families/", "/families/admin"):
        assert requests.get(root + path, timeout=5).status_code == 404
