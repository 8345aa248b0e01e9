"""Identity providers, as a TOML file of `[[provider]]` tables describes them; an unknown setting is refused."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from marshmallow import ValidationError

from portal.config_table import SHORTHANDS, ProviderTable

LOOPBACK = ("127.0.0.1", "localhost", "::1")
REQUIRED_OF_A_PROVIDER = ("slug", "name", "agency_kind", "issuer", "client_id")
PrivateKey = RSAKey | ECKey | OKPKey


@dataclass(frozen=True)
class IdentityProvider:
    """One OpenID Connect provider. Algorithms are pinned here and never taken from its metadata.

    `required` holds the values of which a claim must have one, by the claim's name or its path (`organisation.urn`);
    `request` what is asked beyond the protocol; `max_age` is in seconds, None when it is not asked.
    """

    slug: str
    name: str
    agency_kind: str
    issuer: str
    client_id: str
    client_auth_method: str = "client_secret_basic"
    client_secret: str = field(default="", repr=False)
    private_key: PrivateKey | None = field(default=None, repr=False)
    private_key_id: str = ""
    assertion_algorithm: str = ""
    assertion_audience: str = ""
    scopes: str = "openid profile"
    signing_algorithms: tuple[str, ...] = ("RS256",)
    endpoint_hosts: tuple[str, ...] = ()
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    max_age: int | None = None
    request: Mapping[str, str] = field(default_factory=dict)
    name_claims: tuple[str, ...] = ("name",)
    userinfo: str = "when_needed"
    logout_at_provider: bool = True
    backchannel_logout: bool = True
    suspended: bool = False

    @property
    def origins(self) -> tuple[str, ...]:
        """Where a browser may be sent: the issuer's own origin, and the others that its endpoints may have."""
        scheme, _, rest = self.issuer.partition("://")
        return tuple(f"{scheme}://{host}" for host in (rest.split("/")[0], *self.endpoint_hosts))


def read_providers(env: Mapping[str, str], problems: list[str]) -> tuple[IdentityProvider, ...]:
    """The providers that people may sign on at; a sentence is added to `problems` for each that is wrong."""
    path = env.get("PORTAL_IDENTITY_PROVIDERS", "")
    if not path:
        problems.append(
            "PORTAL_IDENTITY_PROVIDERS is not set: it must be the path of a TOML file of [[provider]] tables."
        )
        return ()
    try:
        tables = tomllib.loads(Path(path).read_text(encoding="utf-8")).get("provider", [])
    except (OSError, ValueError) as error:  # of UTF-8 or of TOML
        problems.append(f"PORTAL_IDENTITY_PROVIDERS can't be read: {error}.")
        return ()
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        tables = []
    allow_http = env.get("PORTAL_ALLOW_HTTP_ISSUERS", "") == "loopback"
    found = [each for table in tables if (each := _provider(table, Path(path).parent, allow_http, problems))]
    slugs = [str(table.get("slug")) for table in tables]
    if len(set(slugs)) != len(slugs):
        problems.append("PORTAL_IDENTITY_PROVIDERS names one slug twice.")
    if not tables:
        problems.append("PORTAL_IDENTITY_PROVIDERS holds no usable [[provider]] table.")
    return tuple(each for each in found if not each.suspended)


def is_safe_address(url: str, allow_http: bool) -> bool:
    """Whether an address has a host and begins with https, or with http on loopback where that is allowed."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (parts.scheme == "https" and bool(parts.hostname)) or (
        allow_http and parts.scheme == "http" and parts.hostname in LOOPBACK
    )


def _provider(table: Mapping[str, Any], folder: Path, allow_http: bool, problems: list[str]) -> IdentityProvider | None:
    missing = [key for key in REQUIRED_OF_A_PROVIDER if not table.get(key)]
    if missing:
        problems.append(f"An identity provider lacks {', '.join(missing)}.")
        return None
    settings: dict[str, Any] = {}
    found = list(_problems(table, allow_http))
    try:
        settings = ProviderTable().load(table)
    except ValidationError as error:
        found.extend(_sentences(error.messages_dict))
    key, key_problem = _private_key(folder, settings.pop("private_key_path", ""))
    found.extend([key_problem] if key_problem else [])
    problems.extend(f"Identity provider {table['slug']}: {each}" for each in found)
    return None if found else IdentityProvider(**_gathered(settings), private_key=key)


def _sentences(messages: Mapping[Any, Any], setting: str = "") -> Iterator[str]:
    """marshmallow's messages, which may lie in one another, as a sentence for each setting."""
    for name, told in messages.items():
        whole = setting if isinstance(name, int) else f"{setting}.{name}".lstrip(".")
        if isinstance(told, Mapping):
            yield from _sentences(told, whole)
        else:
            yield f"{whole} {told[0]}"


def _gathered(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings as the provider holds them: what is required and what is asked, each in one place."""
    required = settings.pop("required_claims", {})
    required |= {name: settings.pop(f"required_{name}") for name in SHORTHANDS if f"required_{name}" in settings}
    request = settings.pop("request_parameters", {})
    if acr_values := settings.pop("acr_values", ()):
        request["acr_values"] = " ".join(acr_values)
    if vtr := settings.pop("vtr", ()):
        request["vtr"] = vtr[0] if vtr[0].startswith("[") else json.dumps(vtr, separators=(",", ":"))
    if prompt := settings.pop("prompt", ""):
        request["prompt"] = prompt
    settings["scopes"] = " ".join(settings.pop("scopes", ("openid", "profile")))
    settings["name_claims"] = settings.pop("claims", {}).get("name", ("name",))
    return {**settings, "required": required, "request": request}


def _private_key(folder: Path, path: str) -> tuple[PrivateKey | None, str]:
    """(the key in a PEM file, what is wrong with it); a path is seen from the folder of the providers' file."""
    if not path:
        return None, ""
    try:
        pem = (folder / path).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None, "private_key_path can't be read."
    for kind in (RSAKey, ECKey, OKPKey):
        try:
            key: PrivateKey = kind.import_key(pem)
        except (JoseError, ValueError, TypeError):
            continue
        return (key, "") if key.is_private else (None, "private_key_path holds a public key.")
    return None, "private_key_path holds no private key in PEM."


def _problems(table: Mapping[str, Any], allow_http: bool) -> Iterator[str]:
    """What one setting alone can't say."""
    if not is_safe_address(str(table["issuer"]), allow_http):
        yield "the issuer must begin with https (PORTAL_ALLOW_HTTP_ISSUERS=loopback is for tests)."
    proof = "private_key_path" if table.get("client_auth_method") == "private_key_jwt" else "client_secret"
    if not table.get(proof):
        yield f"{proof} is missing."
    if "openid" not in table.get("scopes", "openid"):
        yield "scopes must hold openid."
