"""A portal whose providers are all the hostile one's, and a browser that signs on there over HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from werkzeug.test import TestResponse

from demo.mongod import EmbeddedMongod
from portal.app import create_app
from portal.config import read_settings
from tests.auth.hostile_provider import CLIENT, EC, SECRET, HostileProvider, running
from tests.conftest import uri_of
from tests.world import environment

PORTAL_URL = "http://127.0.0.1:8999"
COOKIE = "golden_thread_session"
# The tables of the portal's file: what each asks beyond a plain one.
TABLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "strict": {"required_acr": ["AAL2", "AAL3"], "max_age": 300, "acr_values": ["AAL2"]},
    "required": {
        "required_amr": ["mfa"], "required_vot": ["Cl.Cm"], "required_tid": ["ours"], "vtr": ["Cl.Cm"],
        "required_hd": ["school.example"], "prompt": "select_account", "request_parameters": {"ui_locales": "en"},
    },
    "school": {"required_claims": {"organisation.urn": ["100001"]}},
    "es256": {"signing_algorithms": ["ES256"]},
    "post": {"client_auth_method": "client_secret_post"},
    "key": {"client_auth_method": "private_key_jwt", "private_key_path": "client.pem", "client_secret": ...},
    "silent": {"backchannel_logout": False, "logout_at_provider": False},
}  # fmt: skip


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"'{name}' = {toml(each)}" for name, each in value.items()) + "}"
    return str(value).lower() if isinstance(value, bool) else repr(value)


def provider_file(folder: Path, provider: HostileProvider, tables: dict[str, dict[str, Any]]) -> Path:
    """The portal's file of these tables, each an issuer of the hostile provider."""
    (folder / "client.pem").write_bytes(EC.as_pem(private=True))
    lines = []
    for slug, more in tables.items():
        settings: dict[str, Any] = {
            "slug": slug,
            "name": slug,
            "agency_kind": "council",
            "issuer": f"{provider.url}/{slug}",
        }
        settings |= {"client_id": CLIENT, "client_secret": SECRET, **more}
        lines += ["[[provider]]", *(f"{name} = {toml(value)}" for name, value in settings.items() if value is not ...)]
    path = folder / "providers.toml"
    path.write_text("\n".join(lines))
    return path


@dataclass
class Visitor:
    """A browser at the portal that goes to the hostile provider and comes back."""

    app: Flask
    answers: list[TestResponse] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.http = self.app.test_client()

    def begin(self, slug: str, **query: str) -> str:
        """The address the browser is sent to, or empty when it is not."""
        answer = self.http.get(f"/sign-in/{slug}", query_string=query)
        self.answers.append(answer)
        return answer.headers["Location"] if answer.status_code == 303 else ""

    def away(self, url: str) -> str:
        """At the provider, who sends the browser back: to the portal's own path."""
        found = requests.get(url, allow_redirects=False, timeout=5).headers["Location"]
        return found.removeprefix(PORTAL_URL)

    def sign_on(self, slug: str, **query: str) -> TestResponse:
        """The last answer of the portal's, wherever that was."""
        url = self.begin(slug, **query)
        if url:
            self.answers.append(self.http.get(self.away(url)))
        return self.answers[-1]

    @property
    def is_signed_on(self) -> bool:
        return self.http.get("/worklist", headers={"Accept": "application/json"}).status_code == 200

    @property
    def cookie(self) -> str:
        found = self.http.get_cookie(COOKIE)
        return found.value if found else ""


def asked(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


@pytest.fixture(scope="module")
def hostile() -> Iterator[HostileProvider]:
    with running() as provider:
        yield provider


MakePortal = Callable[..., Flask]


@pytest.fixture(scope="module")
def make_portal(
    hostile: HostileProvider,
    mongod: EmbeddedMongod,
    make_database: Callable[[], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[MakePortal]:
    """Makes portals over one database, each with a file of its own tables and with its own settings."""
    name, made = make_database(), []

    def make(tables: dict[str, dict[str, Any]] | None = None, **settings: str) -> Flask:
        path = provider_file(tmp_path_factory.mktemp("hostile"), hostile, TABLES if tables is None else tables)
        env = environment(uri_of(mongod, name, "app"), name, path, PORTAL_URL)
        made.append(create_app(read_settings({**env, **settings})))
        return made[-1]

    yield make
    for each in made:
        each.extensions["database"].close()


@pytest.fixture(scope="module")
def portal(make_portal: MakePortal) -> Flask:
    """A portal that looks at metadata and keys anew each time."""
    return make_portal(PORTAL_JWKS_LIFETIME_S="0", PORTAL_JWKS_COOLDOWN_S="0")


@pytest.fixture(scope="module")
def lasting(make_portal: MakePortal) -> Flask:
    """A portal that keeps keys as long as it does unless told otherwise."""
    return make_portal()
