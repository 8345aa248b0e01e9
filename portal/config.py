"""Settings, read once from the environment; the portal stops with one sentence for each that is missing or unsafe."""

import base64
import binascii
import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")
AGENCY_KINDS = ("family", "education", "health", "council")
REQUIRED_OF_A_PROVIDER = ("slug", "name", "agency_kind", "issuer", "client_id")
ALGORITHMS = {"RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"}


class UnsafeSettings(Exception):
    """`problems` holds a sentence for each setting that is missing or unsafe."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class IdentityProvider:
    """One OpenID Connect provider. Algorithms are pinned here and never taken from its metadata."""

    slug: str
    name: str
    agency_kind: str
    issuer: str
    client_id: str
    client_auth_method: str = "client_secret_basic"
    client_secret: str = ""
    scopes: str = "openid profile"
    signing_algorithms: tuple[str, ...] = ("RS256",)


@dataclass(frozen=True)
class Settings:
    """Everything the portal needs to know of where it runs."""

    mongodb_uri: str
    database: str
    secret_key: str
    master_key: bytes  # 96 bytes: the local master key that wraps the key of identifying fields
    public_url: str
    providers: tuple[IdentityProvider, ...]
    demonstration: bool = False
    idle_minutes: int = 60
    absolute_hours: int = 12

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; raises UnsafeSettings with every problem at once."""
    env = os.environ if environment is None else environment
    problems: list[str] = []
    public_url = env.get("PORTAL_PUBLIC_URL", "").rstrip("/")
    settings = Settings(
        mongodb_uri=_required(env, "MONGODB_URI", "the address of a MongoDB replica set", problems),
        database=env.get("PORTAL_DATABASE", "golden_thread"),
        secret_key=_secret(env, problems),
        master_key=_master_key(env, problems),
        public_url=public_url,
        providers=_providers(env, problems),
        demonstration=env.get("PORTAL_DEMONSTRATION", "") == "yes",
        idle_minutes=_whole(env, "PORTAL_SESSION_IDLE_MINUTES", 60, problems),
        absolute_hours=_whole(env, "PORTAL_SESSION_HOURS", 12, problems),
    )
    _check_public_url(public_url, problems)
    for name in ("PORTAL_JWKS_LIFETIME_S", "PORTAL_JWKS_COOLDOWN_S"):
        _check_seconds(env, name, problems)
    if problems:
        raise UnsafeSettings(problems)
    return settings


def _required(env: Mapping[str, str], name: str, what: str, problems: list[str]) -> str:
    if not env.get(name):
        problems.append(f"{name} is not set: it must be {what}.")
    return env.get(name, "")


def _secret(env: Mapping[str, str], problems: list[str]) -> str:
    secret = _required(env, "PORTAL_SECRET_KEY", "a random text of 32 characters or more", problems)
    if secret and len(secret) < 32:
        problems.append("PORTAL_SECRET_KEY is too short: use 32 random characters or more.")
    return secret


def _master_key(env: Mapping[str, str], problems: list[str]) -> bytes:
    text = _required(env, "PORTAL_MASTER_KEY", "96 random bytes in base64", problems)
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if text and len(key) != 96:
        problems.append("PORTAL_MASTER_KEY must be exactly 96 bytes in base64.")
    return key


def _whole(env: Mapping[str, str], name: str, default: int, problems: list[str]) -> int:
    text = env.get(name, str(default))
    if not text.isdecimal() or int(text) < 1:
        problems.append(f"{name} must be a whole number of 1 or more.")
        return default
    return int(text)


def _check_seconds(env: Mapping[str, str], name: str, problems: list[str]) -> None:
    """A number of seconds that auth/oidc.py reads for itself; it may have a fraction."""
    try:
        good = 0 <= float(env.get(name, "0")) < math.inf
    except ValueError:
        good = False
    if not good:
        problems.append(f"{name} must be a number of seconds.")


def is_safe_address(url: str, allow_http: bool) -> bool:
    """Whether an address has a host and begins with https, or with http on loopback where that is allowed."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (parts.scheme == "https" and bool(parts.hostname)) or (
        allow_http and parts.scheme == "http" and parts.hostname in LOOPBACK
    )


def _check_public_url(url: str, problems: list[str]) -> None:
    if not url:
        problems.append("PORTAL_PUBLIC_URL is not set: it must be the address people type, with https.")
    elif not is_safe_address(url, allow_http=True):
        problems.append("PORTAL_PUBLIC_URL must begin with https: only loopback may do without.")


def _providers(env: Mapping[str, str], problems: list[str]) -> tuple[IdentityProvider, ...]:
    path = _required(env, "PORTAL_IDENTITY_PROVIDERS", "the path of a TOML file of [[provider]] tables", problems)
    if not path:
        return ()
    try:
        tables = tomllib.loads(Path(path).read_text(encoding="utf-8")).get("provider", [])
    except (OSError, ValueError) as error:  # of UTF-8 or of TOML
        problems.append(f"PORTAL_IDENTITY_PROVIDERS can't be read: {error}.")
        return ()
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        tables = []
    allow_http = env.get("PORTAL_ALLOW_HTTP_ISSUERS", "") == "loopback"
    found = [_provider(table, allow_http, problems) for table in tables]
    slugs = [each.slug for each in found if each]
    if len(set(slugs)) != len(slugs):
        problems.append("PORTAL_IDENTITY_PROVIDERS names one slug twice.")
    if not slugs:
        problems.append("PORTAL_IDENTITY_PROVIDERS holds no usable [[provider]] table.")
    return tuple(each for each in found if each)


def _provider(table: Mapping[str, object], allow_http: bool, problems: list[str]) -> IdentityProvider | None:
    missing = [key for key in REQUIRED_OF_A_PROVIDER if not table.get(key)]
    if missing:
        problems.append(f"An identity provider lacks {', '.join(missing)}.")
        return None
    named = table.get("signing_algorithms", ["RS256"])
    algorithms = tuple(str(each) for each in named) if isinstance(named, list) else ()
    provider = IdentityProvider(
        **{key: str(table[key]) for key in REQUIRED_OF_A_PROVIDER},
        client_auth_method=str(table.get("client_auth_method", "client_secret_basic")),
        client_secret=str(table.get("client_secret", "")),
        scopes=str(table.get("scopes", "openid profile")),
        signing_algorithms=algorithms,
    )
    problems.extend(_provider_problems(provider, allow_http))
    return provider


def _provider_problems(provider: IdentityProvider, allow_http: bool) -> list[str]:
    named = f"Identity provider {provider.slug}"
    found = []
    if not is_safe_address(provider.issuer, allow_http):
        found.append(f"{named}: the issuer must begin with https (PORTAL_ALLOW_HTTP_ISSUERS=loopback is for tests).")
    if provider.agency_kind not in AGENCY_KINDS:
        found.append(f"{named}: agency_kind must be one of {', '.join(AGENCY_KINDS)}.")
    if not provider.signing_algorithms or not ALGORITHMS.issuperset(provider.signing_algorithms):
        found.append(f"{named}: signing_algorithms must be among {', '.join(sorted(ALGORITHMS))}.")
    if provider.client_auth_method not in ("client_secret_basic", "client_secret_post"):
        found.append(f"{named}: client_auth_method must be client_secret_basic or client_secret_post.")
    if not provider.client_secret:
        found.append(f"{named}: client_secret is missing.")
    return found
