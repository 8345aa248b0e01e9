"""Fetching what a provider publishes: its metadata and its keys, bounded in size, time and number of fetches."""

import threading
import time
from collections.abc import Callable
from typing import Any

import requests
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from portal.auth.json_object import NotAnObject, json_object

TIMEOUT_S = 5
LARGEST = 256 * 1024
PUBLIC_KINDS = ("RSA", "EC", "OKP")


class ProviderUnreachable(Exception):
    """The identity provider did not answer in time."""


class ProviderMisbehaves(ProviderUnreachable):
    """It answered, and not with what a provider answers: trying again helps nobody."""


class Bounded(HTTPAdapter):
    """Reads an answer whole, and gives up on one that is too large or only trickles in."""

    def send(self, *asked: Any, **how: Any) -> requests.Response:
        with super().send(*asked, **{**how, "stream": True, "timeout": TIMEOUT_S}) as answer:
            answer._content = _body(answer)
        return answer


def _body(answer: requests.Response) -> bytes:
    """The answer's bytes; ProviderUnreachable when there are too many or they only trickle in."""
    until = time.monotonic() + TIMEOUT_S
    body = b""
    try:
        while chunk := answer.raw.read1(LARGEST, decode_content=True):
            body += chunk
            if len(body) > LARGEST:
                raise ProviderMisbehaves("answered too much")
            if time.monotonic() > until:
                raise ProviderUnreachable("answered too slowly")
    except HTTPError:
        raise ProviderUnreachable("broke off its answer") from None
    return body


def bound(session: requests.Session) -> None:
    """From now on the session reads no answer without end."""
    session.mount("https://", Bounded())
    session.mount("http://", Bounded())


def fetch_json(url: str) -> dict[str, Any]:
    """A JSON object from a provider: no redirects, a few seconds, a quarter of a megabyte at most."""
    try:
        with requests.Session() as session:
            bound(session)
            answer = session.get(url, allow_redirects=False)
    except (requests.RequestException, OSError, ValueError) as error:
        raise ProviderUnreachable(type(error).__name__) from None
    if answer.status_code != 200:
        kind = ProviderUnreachable if answer.status_code >= 500 else ProviderMisbehaves
        raise kind(f"answered {answer.status_code}")
    try:
        return json_object(answer.content)
    except NotAnObject as error:
        raise ProviderMisbehaves(f"answered with what {error}") from None


class Published:
    """One JSON document of a provider, kept for `lifetime_s`; asked for anew out of turn once in `cooldown_s`.

    A cache and nothing more: another process that lacks it fetches its own.
    """

    def __init__(self, url: Callable[[], str], lifetime_s: float, cooldown_s: float) -> None:
        self._url, self._lifetime, self._cooldown = url, lifetime_s, cooldown_s
        self._document: dict[str, Any] | None = None
        self._fetched = self._out_of_turn = -1e9
        self._lock = threading.Lock()

    def get(self, fresh: bool = False) -> dict[str, Any]:
        """The document; `fresh` asks for a newer one if the cool-down lets it."""
        with self._lock:
            now = time.monotonic()
            again = fresh and now - self._out_of_turn > self._cooldown
            if again:
                self._out_of_turn = now
            if again or self._document is None or now - self._fetched > self._lifetime:
                self._document = fetch_json(self._url())
                self._fetched = time.monotonic()
            return self._document


def key_set(document: dict[str, Any]) -> KeySet:
    """The keys of a JWKS that can be read, as RFC 7517 has us; ProviderMisbehaves when there are none."""
    published = document.get("keys")
    keys = [key for each in (published if isinstance(published, list) else []) if (key := _key(each))]
    if not keys:
        raise ProviderMisbehaves("publishes no key that can be read")
    return KeySet(keys)


def _key(published: object) -> Any:
    """A public key for signatures, or None: a shared secret is none, whoever publishes it."""
    if not isinstance(published, dict) or published.get("kty") not in PUBLIC_KINDS:
        return None
    try:
        return import_key(dict(published))
    except (JoseError, ValueError, TypeError, KeyError):
        return None
