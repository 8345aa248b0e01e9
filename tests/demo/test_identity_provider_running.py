"""How the demonstration's providers are set up, started and stopped, and what they say when they cannot start."""

import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from demo.identity_provider import CannotListen, PeopleError, RunningProviders, start
from demo.identity_provider.relying_party import PORTAL, SigningOn, signing_on

ROOT = Path(__file__).parents[2]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        yield holder.getsockname()[1]


def run(data_dir: Path, port: int, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "demo.identity_provider", "--people", "demo/people.toml", "--client-url", PORTAL]
    command += ["--port", str(port), "--data-dir", str(data_dir), *more]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_process_serves_writes_the_provider_file_and_stops_cleanly(tmp_path: Path, how: signal.Signals) -> None:
    config = tmp_path / "new" / "providers.toml"
    with run(tmp_path / "data", 0, "--write-config", str(config), "--acr", "nhs=AAL2") as process:
        assert process.stdout is not None
        assert "Demonstration sign-on: http://127.0.0.1:" in process.stdout.readline()
        issuer = tomllib.loads(config.read_text())["provider"][1]["issuer"]
        found = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=5).json()
        assert found["acr_values_supported"] == ["AAL2"]
        process.send_signal(how)
        _, errors = process.communicate(timeout=5)
    assert (process.returncode, errors) == (0, "")
    assert config.stat().st_mode & 0o777 == 0o600


def test_taken_port_is_one_sentence(tmp_path: Path, taken_port: int) -> None:
    config = tmp_path / "providers.toml"
    with run(tmp_path / "data", taken_port, "--write-config", str(config)) as process:
        out, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert errors == f"The demonstration sign-on cannot start: port {taken_port} is already in use.\n"
    assert out == ""
    assert not config.exists()


def test_taken_port_does_not_end_the_caller(tmp_path: Path, taken_port: int) -> None:
    with pytest.raises(CannotListen, match="already in use"):
        start([], [PORTAL], tmp_path, taken_port)


def test_impossible_port_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotListen, match="port 70000 cannot be used"):
        start([], [PORTAL], tmp_path, 70000)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{"key": "a", "name": "Anna"}], "lacks provider"),
        ([{"key": "a", "name": "Anna", "provider": "bank"}], "'bank', which does not exist"),
        ([{"key": "a", "name": "Anna", "provider": "nhs"}] * 2, "two people with the key 'a'"),
    ],
)
def test_unusable_cast_is_one_sentence(tmp_path: Path, rows: list[dict[str, str]], sentence: str) -> None:
    with pytest.raises(PeopleError, match=sentence):
        start(rows, [PORTAL], tmp_path)


def test_missing_cast_is_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "demo.identity_provider", "--people", str(tmp_path / "none.toml")]
    command += ["--client-url", PORTAL, "--port", "0", "--data-dir", str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=False, env=dict(os.environ))
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "cannot be read" in ended.stderr


# In this process, as tests use them


def test_keys_secrets_and_issuers_survive_a_restart(cast: list[dict[str, Any]], tmp_path: Path) -> None:
    with start(cast, [PORTAL], tmp_path) as first:
        before = signing_on(first, "nhs")
        tokens, config, port = before.tokens("ben-carter"), first.config_text(), first.port
    with start(cast, [PORTAL], tmp_path, port) as second:
        assert second.config_text() == config
        assert signing_on(second, "nhs").claims(tokens)["sub"] == "ben-carter"
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_assurance_can_be_set_for_one_issuer(cast: list[dict[str, Any]], tmp_path: Path) -> None:
    with start(cast, [PORTAL], tmp_path, acr={"nhs": "AAL1"}) as running:
        nhs, council = signing_on(running, "nhs"), signing_on(running, "council")
        assert nhs.claims(nhs.tokens("ben-carter"))["acr"] == "AAL1"
        assert council.claims(council.tokens("maria-silva"))["acr"] == "AAL2"


def test_client_may_prove_itself_with_a_key(cast: list[dict[str, Any]], tmp_path: Path) -> None:
    key, stranger = (RSAKey.generate_key(2048, auto_kid=True) for _ in range(2))
    with start(cast, [PORTAL], tmp_path, client_keys={"nhs": KeySet([key])}) as running:
        nhs = signing_on(running, "nhs")
        assertion = signed_statement(nhs, key)
        assert redeem_by_key(nhs, assertion).status_code == 200
        assert redeem_by_key(nhs, assertion).json()["error"] == "invalid_client"  # the same statement again
        assert redeem_by_key(nhs, signed_statement(nhs, stranger)).json()["error"] == "invalid_client"


def signed_statement(at: SigningOn, key: RSAKey) -> str:
    now = int(time.time())
    claims = {"iss": "golden-thread", "sub": "golden-thread", "aud": f"{at.issuer}/token", "iat": now, "exp": now + 60}
    return jwt.encode({"alg": "RS256"}, {**claims, "jti": at.nonce}, key)


def redeem_by_key(at: SigningOn, assertion: str) -> requests.Response:
    sent = {
        "grant_type": "authorization_code",
        "code": at.code("ben-carter"),
        "redirect_uri": at.callback,
        "code_verifier": at.verifier,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
    }
    return requests.post(f"{at.issuer}/token", data=sent, timeout=5)


def test_configuration_is_the_portals_provider_file(providers: RunningProviders) -> None:
    tables = tomllib.loads(providers.config_text())["provider"]
    assert [(each["slug"], each["name"], each["agency_kind"]) for each in tables] == [
        ("families", "Northmere family sign-in", "family"),
        ("nhs", "NHS staff sign-in", "health"),
        ("schools", "Schools sign-in", "education"),
        ("council", "Northmere Council sign-in", "council"),
    ]
    for each in tables:
        assert each["issuer"] == providers.issuer(each["slug"])
        assert urlsplit(each["issuer"]).hostname == "127.0.0.1"
        assert each["client_id"] == "golden-thread"
        assert each["client_auth_method"] == "client_secret_basic"
        assert each["scopes"] == "openid profile"
        assert each["signing_algorithms"] == ["RS256"]
    assert len({each["client_secret"] for each in tables}) == 4
