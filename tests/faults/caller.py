"""One signed-on person at the portal's workers: kept connections, forms with their tokens, and no reply as no reply."""

import http.client
import json
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from demo.place import HOST
from portal.domain.identifier import new_request_id
from tests.world import World

REPLY_LIMIT_S = 30.0
JSON = {"Accept": "application/json", "HX-Request": "true"}  # a save is answered with the section it made
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Reply:
    """What a worker answered."""

    status: int
    text: str

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text)
        return found


class Caller:
    """A browser's tab, for one thread: asks one worker until it gives no reply, then the next."""

    def __init__(self, session_id: str, token: str, ports: Sequence[int]) -> None:
        self._session_id, self._token, self._ports = session_id, token, list(ports)
        self._connection = self._connect()

    def another_tab(self) -> "Caller":
        """The same person in the same browser."""
        return Caller(self._session_id, self._token, self._ports)

    def get(self, path: str, **headers: str) -> Reply | None:
        return self._ask("GET", path, "", {**JSON, **headers})

    def post(self, path: str, fields: Mapping[str, object], headers: Mapping[str, str] = JSON) -> Reply | None:
        """Post a form with this person's token; its request id is its own unless it brings one."""
        return self._ask("POST", path, self._form(fields), {**headers, **FORM})

    def post_unheard(self, path: str, fields: Mapping[str, object]) -> None:
        """Post a form and hang up before there is a reply."""
        self._connection.request("POST", path, self._form(fields), {**JSON, **FORM, **self._cookie})
        self.turn()

    def turn(self) -> None:
        """Go to the next worker."""
        self._connection.close()
        self._ports.append(self._ports.pop(0))
        self._connection = self._connect()

    def _ask(self, method: str, path: str, body: str, headers: Mapping[str, str]) -> Reply | None:
        """The reply, or None when there was none: whether anything was done is then unknown."""
        try:
            self._connection.request(method, path, body, {**headers, **self._cookie})
            answer = self._connection.getresponse()
            return Reply(answer.status, answer.read().decode())
        except (OSError, http.client.HTTPException):
            self.turn()
            return None

    def _form(self, fields: Mapping[str, object]) -> str:
        return urllib.parse.urlencode({"csrf_token": self._token, "request_id": new_request_id(), **fields})

    @property
    def _cookie(self) -> dict[str, str]:
        return {"Cookie": f"golden_thread_session={self._session_id}"}

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(HOST, self._ports[0], timeout=REPLY_LIMIT_S)


def signed_on(world: World, key: str, ports: Sequence[int]) -> Caller:
    """Somebody of a world's cast, as the sign-on leaves their browser."""
    browser = world.client(key)
    return Caller(browser.session_id, browser.token, ports)
