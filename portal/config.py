"""Settings, read once from the environment; the portal stops with one sentence for each that is missing or unsafe."""

import base64
import binascii
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.config_kms import PROVIDER, MasterKey, read_kms
from portal.config_providers import IdentityProvider, is_safe_address, read_providers

LONGEST_TRUST_S = 3600  # how long a key that a provider has withdrawn may still be believed
SIGN_IN_LIMIT = 120  # a whole school may stand behind one address
SAVE_LIMIT, READ_LIMIT = 120, 600  # a page that is typed in keeps its words every few seconds


class UnsafeSettings(Exception):
    """`problems` holds a sentence for each setting that is missing or unsafe."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Everything the portal needs to know of where it runs."""

    mongodb_uri: str
    database: str
    secret_key: str
    master_key: MasterKey  # wraps the keys of identifying fields: 96 bytes, or a service that keeps it
    public_url: str
    providers: tuple[IdentityProvider, ...]
    demonstration: bool = False
    idle_minutes: int = 60
    absolute_hours: int = 12
    jwks_lifetime_s: float = LONGEST_TRUST_S
    jwks_cooldown_s: float = 60
    sign_in_limit: int | None = None  # begun sign-ons and callbacks a minute from one address
    save_limit: int | None = None  # forms a minute from one person, in one process
    read_limit: int | None = None  # pages a minute to one person, from one process
    proxies: int = 0
    clock_file: Path | None = None  # how many days a demonstration is ahead

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
        master_key=read_kms(env, problems) or _master_key(env, problems),
        public_url=public_url,
        providers=read_providers(env, problems),
        demonstration=env.get("PORTAL_DEMONSTRATION", "") == "yes",
        idle_minutes=_whole(env, "PORTAL_SESSION_IDLE_MINUTES", 60, problems),
        absolute_hours=_whole(env, "PORTAL_SESSION_HOURS", 12, problems),
        jwks_lifetime_s=_seconds(env, "PORTAL_JWKS_LIFETIME_S", LONGEST_TRUST_S, problems, LONGEST_TRUST_S),
        jwks_cooldown_s=_seconds(env, "PORTAL_JWKS_COOLDOWN_S", 60, problems),
        sign_in_limit=_limit(env, "PORTAL_SIGN_IN_LIMIT", SIGN_IN_LIMIT, problems),
        save_limit=_limit(env, "PORTAL_SAVE_LIMIT", SAVE_LIMIT, problems),
        read_limit=_limit(env, "PORTAL_READ_LIMIT", READ_LIMIT, problems),
        proxies=_proxies(env, problems),
        clock_file=_clock_file(env, problems),
    )
    _check_public_url(public_url, problems)
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
    if env.get(PROVIDER, "local") != "local":
        return b""
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


def _seconds(env: Mapping[str, str], name: str, default: float, problems: list[str], most: float = math.inf) -> float:
    """A number of seconds, which may have a fraction."""
    try:
        found = float(env.get(name, default))
    except ValueError:
        found = math.nan
    if not (0 <= found <= most and math.isfinite(found)):
        limit = f", {most} at most" if math.isfinite(most) else ""
        problems.append(f"{name} must be a number of seconds{limit}.")
        return default
    return found


def _limit(env: Mapping[str, str], name: str, default: int, problems: list[str]) -> int | None:
    """How many a minute; None for "off"."""
    if env.get(name) == "off":
        return None
    found: list[str] = []
    limit = _whole(env, name, default, found)
    problems.extend(f"{each[:-1]}, or off." for each in found)
    return limit


def _proxies(env: Mapping[str, str], problems: list[str]) -> int:
    return 0 if env.get("PORTAL_PROXIES", "0") == "0" else _whole(env, "PORTAL_PROXIES", 0, problems)


def _clock_file(env: Mapping[str, str], problems: list[str]) -> Path | None:
    name = env.get("PORTAL_CLOCK_FILE", "")
    if name and env.get("PORTAL_DEMONSTRATION", "") != "yes":
        problems.append("PORTAL_CLOCK_FILE moves the clock, and is for a demonstration alone.")
    return Path(name) if name else None


def _check_public_url(url: str, problems: list[str]) -> None:
    if not url:
        problems.append("PORTAL_PUBLIC_URL is not set: it must be the address people type, with https.")
    elif not is_safe_address(url, allow_http=True):
        problems.append("PORTAL_PUBLIC_URL must begin with https: only loopback may do without.")
