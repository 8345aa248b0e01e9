"""Settings: whatever is missing or unsafe is said, each in a sentence of its own and all of them at once."""

import base64
from pathlib import Path
from typing import Any

import pytest

from portal.config import Settings, UnsafeSettings, read_settings

SECRET = "a secret of the tests, long enough to pass"
PROVIDER: dict[str, Any] = {
    "slug": "council",
    "name": "Northmere Council sign-in",
    "agency_kind": "council",
    "issuer": "https://sign-in.northmere.example",
    "client_id": "golden-thread",
    "client_secret": "from the provider",
}


def table(**changes: Any) -> str:
    """One `[[provider]]` table; a setting changed to `...` is left out."""
    settings = {name: value for name, value in {**PROVIDER, **changes}.items() if value is not ...}
    lines = [f"{name} = {value!r}" for name, value in settings.items()]  # Python's words and lists are TOML's too
    return "\n".join(["[[provider]]", *lines, ""])


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What a deployment sets, complete and safe."""
    path = tmp_path / "providers.toml"
    path.write_text(table())
    return {
        "MONGODB_URI": "mongodb://app:secret@db.example/?replicaSet=rs0",
        "PORTAL_SECRET_KEY": SECRET,
        "PORTAL_MASTER_KEY": base64.b64encode(bytes(range(96))).decode(),
        "PORTAL_PUBLIC_URL": "https://plans.northmere.example",
        "PORTAL_IDENTITY_PROVIDERS": str(path),
    }


def problems(environment: dict[str, str]) -> list[str]:
    with pytest.raises(UnsafeSettings) as refused:
        read_settings(environment)
    return refused.value.problems


def with_providers(environment: dict[str, str], text: str) -> dict[str, str]:
    Path(environment["PORTAL_IDENTITY_PROVIDERS"]).write_text(text)
    return environment


def test_complete_settings_are_read(environment: dict[str, str]) -> None:
    settings = read_settings(environment)
    assert isinstance(settings, Settings)
    assert (settings.database, settings.idle_minutes, settings.absolute_hours) == ("golden_thread", 60, 12)
    assert settings.secure
    assert not settings.demonstration
    (provider,) = settings.providers
    assert (provider.slug, provider.signing_algorithms) == ("council", ("RS256",))
    assert (provider.client_auth_method, provider.scopes) == ("client_secret_basic", "openid profile")


def test_without_any_setting_each_that_is_missing_has_its_own_sentence_all_at_once() -> None:
    found = problems({})
    names = ["MONGODB_URI", "PORTAL_SECRET_KEY", "PORTAL_MASTER_KEY", "PORTAL_IDENTITY_PROVIDERS", "PORTAL_PUBLIC_URL"]
    assert [each.split(" ")[0] for each in found] == names
    assert all("is not set: it must be" in each and each.endswith(".") for each in found)
    with pytest.raises(UnsafeSettings) as refused:
        read_settings({})
    assert str(refused.value) == "\n".join(found)


MISSING_OR_UNSAFE = {
    ("MONGODB_URI", ""): "MONGODB_URI is not set",
    ("PORTAL_SECRET_KEY", ""): "PORTAL_SECRET_KEY is not set",
    ("PORTAL_SECRET_KEY", "x" * 31): "PORTAL_SECRET_KEY is too short",
    ("PORTAL_MASTER_KEY", ""): "PORTAL_MASTER_KEY is not set",
    ("PORTAL_MASTER_KEY", "not base 64!"): "PORTAL_MASTER_KEY must be exactly 96 bytes",
    ("PORTAL_MASTER_KEY", base64.b64encode(bytes(95)).decode()): "PORTAL_MASTER_KEY must be exactly 96 bytes",
    ("PORTAL_MASTER_KEY", base64.b64encode(bytes(97)).decode()): "PORTAL_MASTER_KEY must be exactly 96 bytes",
    ("PORTAL_PUBLIC_URL", ""): "PORTAL_PUBLIC_URL is not set",
    ("PORTAL_PUBLIC_URL", "http://plans.northmere.example"): "PORTAL_PUBLIC_URL must begin with https",
    ("PORTAL_PUBLIC_URL", "http://127.0.0.1.northmere.example"): "PORTAL_PUBLIC_URL must begin with https",
    ("PORTAL_PUBLIC_URL", "http://localhost@northmere.example"): "PORTAL_PUBLIC_URL must begin with https",
    ("PORTAL_PUBLIC_URL", "plans.northmere.example"): "PORTAL_PUBLIC_URL must begin with https",
    ("PORTAL_PUBLIC_URL", "http://["): "PORTAL_PUBLIC_URL",
    ("PORTAL_PUBLIC_URL", "https://"): "PORTAL_PUBLIC_URL",
    ("PORTAL_PUBLIC_URL", "ftp://localhost"): "PORTAL_PUBLIC_URL must begin with https",
    ("PORTAL_IDENTITY_PROVIDERS", ""): "PORTAL_IDENTITY_PROVIDERS is not set",
    ("PORTAL_IDENTITY_PROVIDERS", "/nowhere/providers.toml"): "PORTAL_IDENTITY_PROVIDERS can't be read",
    ("PORTAL_SESSION_IDLE_MINUTES", "0"): "PORTAL_SESSION_IDLE_MINUTES must be a whole number",
    ("PORTAL_SESSION_IDLE_MINUTES", "-1"): "PORTAL_SESSION_IDLE_MINUTES must be a whole number",
    ("PORTAL_SESSION_HOURS", "twelve"): "PORTAL_SESSION_HOURS must be a whole number",
    ("PORTAL_SESSION_HOURS", "1.5"): "PORTAL_SESSION_HOURS must be a whole number",
    ("PORTAL_JWKS_LIFETIME_S", "an hour"): "PORTAL_JWKS_LIFETIME_S",
    ("PORTAL_JWKS_COOLDOWN_S", "nan"): "PORTAL_JWKS_COOLDOWN_S",
}


@pytest.mark.parametrize(("setting", "sentence"), MISSING_OR_UNSAFE.items(), ids=lambda each: str(each)[:60])
def test_a_setting_that_is_missing_or_unsafe_has_a_sentence_of_its_own(
    environment: dict[str, str], setting: tuple[str, str], sentence: str
) -> None:
    name, value = setting
    (found,) = problems({**environment, name: value})
    assert found.startswith(sentence)


LIMITS = {"PORTAL_SIGN_IN_LIMIT": 120, "PORTAL_SAVE_LIMIT": 120, "PORTAL_READ_LIMIT": 600}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_a_number_a_minute_or_off_and_there_is_one_where_nothing_is_said(
    environment: dict[str, str], name: str
) -> None:
    def limit(**more: str) -> int | None:
        found: int | None = getattr(read_settings({**environment, **more}), name.removeprefix("PORTAL_").lower())
        return found

    assert (limit(), limit(**{name: "7"}), limit(**{name: "off"})) == (LIMITS[name], 7, None)
    for wrong in ("0", "-1", "none", "", "OFF", "1.5"):
        (found,) = problems({**environment, name: wrong})
        assert found == f"{name} must be a whole number of 1 or more, or off."


def test_no_secret_is_repeated_in_a_sentence(environment: dict[str, str]) -> None:
    secrets = {
        "PORTAL_SECRET_KEY": "hunter2",
        "PORTAL_MASTER_KEY": "swordfish",
        "PORTAL_PUBLIC_URL": "http://x.example",
    }
    text = "\n".join(problems({**environment, **secrets}))
    assert "hunter2" not in text
    assert "swordfish" not in text


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
def test_only_loopback_does_without_https(environment: dict[str, str], host: str) -> None:
    settings = read_settings({**environment, "PORTAL_PUBLIC_URL": f"http://{host}/"})
    assert settings.public_url == f"http://{host}"
    assert not settings.secure


# Identity providers


def test_an_issuer_without_https_is_refused_unless_tests_allow_it_and_then_only_on_loopback(
    environment: dict[str, str],
) -> None:
    for host in ("127.0.0.1:9000", "localhost:9000", "[::1]:9000"):
        with_providers(environment, table(issuer=f"http://{host}/council"))
        (found,) = problems(environment)
        assert "the issuer must begin with https" in found
        for value in ("yes", "true", "1", "LOOPBACK", "all"):
            assert len(problems({**environment, "PORTAL_ALLOW_HTTP_ISSUERS": value})) == 1
        assert read_settings({**environment, "PORTAL_ALLOW_HTTP_ISSUERS": "loopback"}).providers
    hosts = ("sign-in.example", "127.0.0.1.example", "localhost@sign-in.example", "10.0.0.1", "0.0.0.0", "")
    for host in hosts:
        with_providers(environment, table(issuer=f"http://{host}/council"))
        (found,) = problems({**environment, "PORTAL_ALLOW_HTTP_ISSUERS": "loopback"})
        assert "the issuer must begin with https" in found


@pytest.mark.parametrize("issuer", ["ftp://127.0.0.1/council", "127.0.0.1:9000/council", "//127.0.0.1/council"])
def test_what_tests_allow_on_loopback_is_http_and_nothing_else(environment: dict[str, str], issuer: str) -> None:
    with_providers(environment, table(issuer=issuer))
    (found,) = problems({**environment, "PORTAL_ALLOW_HTTP_ISSUERS": "loopback"})
    assert "the issuer must begin with https" in found


BAD_PROVIDERS = {
    "no name": (table(name=...), "An identity provider lacks name."),
    "several things missing": (table(slug=..., issuer="", client_id=...), "lacks slug, issuer, client_id."),
    "an unknown kind of agency": (table(agency_kind="police"), "agency_kind must be one of"),
    "no algorithm": (table(signing_algorithms=[]), "signing_algorithms must be among"),
    "no signature": (table(signing_algorithms=["none"]), "signing_algorithms must be among"),
    "a shared secret for a signature": (table(signing_algorithms=["HS256"]), "signing_algorithms must be among"),
    "one bad algorithm of two": (table(signing_algorithms=["RS256", "none"]), "signing_algorithms must be among"),
    "an algorithm that is a word": (table(signing_algorithms="RS256"), "signing_algorithms must be among"),
    "an unknown way to prove the client": (table(client_auth_method="none"), "client_auth_method must be"),
    "no client secret": (table(client_secret=...), "client_secret is missing"),
    "an issuer that can't be read": (table(issuer="https://["), "issuer"),
    "an issuer without a host": (table(issuer="https://"), "issuer"),
    "an algorithm that is a number": (table(signing_algorithms=256), "signing_algorithms must be among"),
}


@pytest.mark.parametrize(("text", "sentence"), BAD_PROVIDERS.values(), ids=BAD_PROVIDERS.keys())
def test_a_provider_that_is_not_whole_or_not_safe_is_named(
    environment: dict[str, str], text: str, sentence: str
) -> None:
    found = problems(with_providers(environment, table(slug="good") + text))
    assert len(found) == 1
    assert sentence in found[0]
    assert "from the provider" not in found[0]


def test_two_providers_can_not_share_a_slug(environment: dict[str, str]) -> None:
    (found,) = problems(with_providers(environment, table() + table(name="Another")))
    assert found == "PORTAL_IDENTITY_PROVIDERS names one slug twice."


NO_PROVIDERS = {
    "nothing": "",
    "another table": "[[providers]]\nslug = 'x'\n",
    "one table that is no list": table().replace("[[provider]]", "[provider]"),
    "a word": "provider = 'council'\n",
    "a list of words": "provider = ['council']\n",
    "no TOML": "[[provider]\n",
}


@pytest.mark.parametrize("text", NO_PROVIDERS.values(), ids=NO_PROVIDERS.keys())
def test_a_file_without_providers_is_said_to_be_without(environment: dict[str, str], text: str) -> None:
    (found,) = problems(with_providers(environment, text))
    assert found.startswith("PORTAL_IDENTITY_PROVIDERS")


def test_a_file_that_is_no_text_is_said_to_be_unreadable(environment: dict[str, str]) -> None:
    Path(environment["PORTAL_IDENTITY_PROVIDERS"]).write_bytes(b"\xff\xfe\x00")
    (found,) = problems(environment)
    assert found.startswith("PORTAL_IDENTITY_PROVIDERS can't be read")


def test_all_that_is_wrong_is_said_at_once(environment: dict[str, str]) -> None:
    text = table(agency_kind="police", client_secret=...) + table(slug="other", issuer="http://other.example")
    bad = {"PORTAL_SECRET_KEY": "short", "PORTAL_PUBLIC_URL": "http://x.example", "PORTAL_SESSION_HOURS": "x"}
    assert len(problems({**with_providers(environment, text), **bad})) == 6
