"""What each connection sends: saves and reads of the product and of the floor, with every answer checked."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bench.load import WrongAnswer
from bench.plans import EFFECT, STRENGTHS
from bench.prose import Writer
from bench.seed import Written

ANEW = "#anew"  # after an address: it is asked for without the memory of the pages
REQUEST_IDS = "0123456789abcdefghjkmnpqrstvwxyz"


def get(path: str, cookie: str = "", accept: str = "application/json") -> bytes:
    fresh = ["Cache-Control: no-cache"] if path.endswith(ANEW) else []
    return _message("GET", path.removesuffix(ANEW), cookie, [f"Accept: {accept}", *fresh])


def post(path: str, form: dict[str, str], cookie: str = "") -> bytes:
    body = urlencode(form).encode()
    headers = ["HX-Request: true", "Accept: */*", "Content-Type: application/x-www-form-urlencoded"]
    return _message("POST", path, cookie, headers, body)


def patch(path: str, etag: str, facts: dict[str, Any]) -> bytes:
    headers = [f'If-Match: "{etag}"', "Accept: application/json", "Content-Type: application/json"]
    return _message("PATCH", path, "", headers, json.dumps(facts).encode())


def _message(method: str, path: str, cookie: str, headers: Sequence[str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    if cookie:
        lines.append(f"Cookie: golden_thread_session={cookie}")
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join((*lines, "", "")).encode() + body


def must_be(status: int, body: bytes, words: bytes) -> None:
    if status != 200 or words not in body:
        raise WrongAnswer(f"Answered {status} without {words!r}: {body[:300]!r}")


@dataclass
class Words:
    """The 600 words of each save, made beforehand; every save begins with a mark of its own."""

    seed: int
    mark: str = ""
    made: int = 0

    def __post_init__(self) -> None:
        writer = Writer(self.seed)
        self.effect, self.strengths = writer.text(EFFECT), writer.text(STRENGTHS)
        self._random = random.Random(self.seed)

    def next(self) -> dict[str, str]:
        """The fields of the next save."""
        self.made += 1
        self.mark = f"mark-{self.seed}-{self.made}"
        return {"effect": f"{self.mark} {self.effect}", "strengths": f"{self.mark} {self.strengths}"}

    def request_id(self) -> str:
        return "".join(self._random.choices(REQUEST_IDS, k=20))


@dataclass
class ProductSave:
    """Saves a need of section B as the page does, of one plan after the other."""

    port: int
    cookie: str
    token: str
    plans: list[Written]
    words: Words
    saved: int = 0

    def __post_init__(self) -> None:
        self._revisions = [each.revision for each in self.plans]

    def request(self) -> bytes:
        at = self.saved % len(self.plans)
        plan = self.plans[at]
        form = {"csrf_token": self.token, "request_id": self.words.request_id(), "revision": str(self._revisions[at])}
        fields = {"area": "communication", "need": "Being understood by others", **self.words.next()}
        return post(f"/plans/{plan.id}/sections/B/items/needs/{plan.need}", {**form, **fields}, self.cookie)

    def answered(self, status: int, body: bytes) -> None:
        must_be(status, body, self.words.mark.encode())
        self._revisions[self.saved % len(self.plans)] += 1
        self.saved += 1


@dataclass
class FloorSave:
    """The same words to the bare transaction."""

    port: int
    plans: list[Written]
    words: Words
    saved: int = 0

    def __post_init__(self) -> None:
        self._revisions = [each.revision for each in self.plans]

    def request(self) -> bytes:
        at = self.saved % len(self.plans)
        form = {"request_id": self.words.request_id(), "revision": str(self._revisions[at]), **self.words.next()}
        return post(f"/plans/{self.plans[at].id}/save", form)

    def answered(self, status: int, body: bytes) -> None:
        at = self.saved % len(self.plans)
        must_be(status, body, f'"revision":{self._revisions[at] + 1}'.encode())
        self._revisions[at] += 1
        self.saved += 1


@dataclass
class EveSave:
    """The same words to Eve: a PATCH with If-Match of one item in one section."""

    port: int
    plans: list[Written]
    etags: dict[str, str]
    words: Words
    saved: int = 0

    def request(self) -> bytes:
        plan = self.plans[self.saved % len(self.plans)]
        fields = {"area": "communication", "need": "Being understood by others", **self.words.next()}
        return patch(f"/plans/{plan.id}", self.etags[plan.id], {"section_b": {plan.need: fields}})

    def answered(self, status: int, body: bytes) -> None:
        must_be(status, body, b'"_status": "OK"')
        self.etags[self.plans[self.saved % len(self.plans)].id] = json.loads(body)["_etag"]
        self.saved += 1


@dataclass
class Read:
    """Reads one address after the other; each answer must hold the words that belong to its address.

    With ANEW after its address, a request asks past the memory of the pages (Cache-Control: no-cache).
    """

    port: int
    requests: list[bytes]
    words: list[bytes]
    done: int = 0

    def request(self) -> bytes:
        return self.requests[self.done % len(self.requests)]

    def answered(self, status: int, body: bytes) -> None:
        must_be(status, body, self.words[self.done % len(self.words)])
        self.done += 1


def dealt(items: Sequence[Any], hands: int) -> list[list[Any]]:
    """The items dealt to so many connections, none to two of them."""
    return [list(items[at::hands]) for at in range(hands)]
