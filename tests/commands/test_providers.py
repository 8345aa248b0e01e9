"""`portal check-providers`: a sentence for each provider, and what the documentation shows is what the portal takes."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey

from portal import cli
from portal.config_providers import read_providers
from portal.config_table import ProviderTable
from tests.auth.at_hostile import provider_file
from tests.auth.hostile_provider import EC, HostileProvider, Script, running

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = re.findall(r"### ([^\n]+)\n\n```toml\n(.*?)```", (ROOT / "docs/providers.md").read_text(), re.DOTALL)


@pytest.fixture(scope="module")
def hostile() -> Iterator[HostileProvider]:
    with running() as provider:
        yield provider


def checked(hostile: HostileProvider, folder: Path, monkeypatch: pytest.MonkeyPatch, **tables: dict[str, Any]) -> int:
    path = provider_file(folder, hostile, tables or {"plain": {}})
    monkeypatch.setenv("PORTAL_IDENTITY_PROVIDERS", str(path))
    monkeypatch.setenv("PORTAL_ALLOW_HTTP_ISSUERS", "loopback")
    return cli.main(["check-providers"])


def test_providers_that_are_well_are_said_to_be(
    hostile: HostileProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile.play(Script())
    assert checked(hostile, tmp_path, monkeypatch, plain={}, other={}) == 0
    written = capsys.readouterr().out
    assert written == "".join(f"{slug}: It is ready: metadata and keys are good.\n" for slug in ("plain", "other"))


WRONG: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "another issuer": ({"metadata": {"issuer": "https://x.example"}}, {}, "names another issuer"),
    "an endpoint elsewhere": ({"metadata": {"jwks_uri": "https://x.example/"}}, {}, "has its jwks_uri elsewhere"),
    "no PKCE": ({"metadata": {"code_challenge_methods_supported": ["plain"]}}, {}, "does not offer PKCE with S256"),
    "no such scope": ({"metadata": {"scopes_supported": ["openid"]}}, {}, "does not offer the scopes openid profile"),
    "no such proof": (
        {"metadata": {"token_endpoint_auth_methods_supported": ["private_key_jwt"]}},
        {},
        "does not offer client_secret_basic",
    ),
    "other algorithms": (
        {"metadata": {"id_token_signing_alg_values_supported": ["HS256"]}},
        {},
        "signs ID tokens with none of the pinned",
    ),
    "no fitting key": ({}, {"signing_algorithms": ["EdDSA", "ES256"]}, "None of its keys is for EdDSA or ES256"),
    "no metadata": (
        {"answers": {".well-known/openid-configuration": lambda _: (404, {}, b"")}},
        {},
        "metadata can't be used: the provider answered 404",
    ),
    "no keys": (
        {"answers": {"jwks": lambda _: (200, {}, b"[]")}},
        {},
        "keys can't be used: the provider answered with",
    ),
    "nobody there": ({}, {"issuer": "http://127.0.0.1:1/gone"}, "the provider does not answer (ConnectionError)"),
}


@pytest.mark.parametrize(("script", "table", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_said_in_a_sentence(
    hostile: HostileProvider,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    script: dict[str, Any],
    table: dict[str, Any],
    sentence: str,
) -> None:
    hostile.play(Script(**script))
    assert checked(hostile, tmp_path, monkeypatch, plain=table) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("plain: ")
    assert sentence in line
    assert line.endswith(".")


def test_a_file_that_is_wrong_is_said_to_be_before_anything_is_fetched(
    hostile: HostileProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile.play(Script())
    assert checked(hostile, tmp_path, monkeypatch, plain={"requierd_acr": ["AAL2"]}) == 1
    assert "Identity provider plain: requierd_acr is no setting of a provider." in capsys.readouterr().err
    assert hostile.asked == []


def test_the_documentation_has_an_example_for_each_provider_that_families_and_agencies_use() -> None:
    named = " ".join(name for name, _ in EXAMPLES)
    for each in (
        "DfE Sign-in",
        "NHS CIS2",
        "NHS login",
        "GOV.UK One Login",
        "Microsoft Entra ID",
        "Google",
        "Any other",
    ):
        assert each in named


@pytest.mark.parametrize("text", [text for _, text in EXAMPLES], ids=[name for name, _ in EXAMPLES])
def test_each_example_is_read_as_it_stands(text: str, tmp_path: Path) -> None:
    for name in re.findall(r'private_key_path = "([^"]+)"', text):
        (tmp_path / name).write_bytes(EC.as_pem(private=True))
    path, problems = tmp_path / "providers.toml", list[str]()
    path.write_text(text)
    (provider,) = read_providers({"PORTAL_IDENTITY_PROVIDERS": str(path)}, problems)
    assert problems == []
    assert isinstance(provider.private_key, ECKey) is ("private_key_path" in text)


def test_every_setting_that_a_table_may_hold_is_documented() -> None:
    documented = set(re.findall(r"`([a-z_]+)`", (ROOT / "docs/providers.md").read_text()))
    assert set(ProviderTable().fields) - documented == set()
