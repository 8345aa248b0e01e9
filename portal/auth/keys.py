"""Fetching what a provider publishes: its metadata and its keys, bounded in size, time and number of fetches."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests
from joserfc.jwk import KeySet

TIMEOUT_S = 5
LARGEST = 256 * 1024


class ProviderUnreachable(Exception):
    """The identity provider did not answer, or not with what a provider answers."""


def fetch_json(url: str) -> dict[str, Any]:
    """A JSON object from a provider: no redirects, a few seconds, a quarter of a megabyte at most."""
    try:
        with requests.get(url, timeout=TIMEOUT_S, allow_redirects=False, stream=True) as answer:
            if answer.status_code != 200:
                raise ProviderUnreachable(f"answered {answer.status_code}")
            body = _body(answer)
    except (requests.RequestException, OSError) as error:
        raise ProviderUnreachable(type(error).__name__) from None
    if len(body) > LARGEST:
        raise ProviderUnreachable("answered too much")
    try:
        found = json.loads(body)
    except ValueError:
        raise ProviderUnreachable("did not answer in JSON") from None
    if not isinstance(found, dict):
        raise ProviderUnreachable("did not answer with an object")
    return found


def _body(answer: requests.Response) -> bytes:
    """The answer's bytes, up to one more than the largest; ProviderUnreachable when they only trickle in."""
    until = time.monotonic() + TIMEOUT_S
    body = b""
    while len(body) <= LARGEST:
        chunk: bytes = answer.raw.read1(LARGEST, decode_content=True)
        if not chunk:
            return body
        body += chunk
        if time.monotonic() > until:
            raise ProviderUnreachable("answered too slowly")
    return body


class Published:
    """One JSON document of a provider, kept for `lifetime_s`; asked for anew at most once in `cooldown_s`.

    A cache and nothing more: another process that lacks it fetches its own.
    """

    def __init__(self, url: Callable[[], str], lifetime_s: float, cooldown_s: float) -> None:
        self._url, self._lifetime, self._cooldown = url, lifetime_s, cooldown_s
        self._document: dict[str, Any] | None = None
        self._fetched = -1e9
        self._lock = threading.Lock()

    def get(self, fresh: bool = False) -> dict[str, Any]:
        """The document; `fresh` asks for a newer one if the cool-down lets it."""
        with self._lock:
            age = time.monotonic() - self._fetched
            if self._document is None or age > (self._cooldown if fresh else self._lifetime):
                self._document = fetch_json(self._url())
                self._fetched = time.monotonic()
            return self._document


def key_set(document: dict[str, Any]) -> KeySet:
    """The keys of a JWKS; ProviderUnreachable when it holds none that can be read."""
    try:
        return KeySet.import_key_set({"keys": [dict(each) for each in document.get("keys", [])]})
    except Exception as error:
        raise ProviderUnreachable("published keys that can't be read") from error


def same_host(url: str, issuer: str) -> bool:
    """Whether an endpoint lives where its issuer lives: metadata may not send us elsewhere."""
    try:
        there, here = urlsplit(url), urlsplit(issuer)
    except ValueError:  # an address that can't be read leads nowhere
        return False
    return (there.scheme, there.hostname) == (here.scheme, here.hostname)
