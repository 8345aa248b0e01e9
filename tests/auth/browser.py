"""A browser that goes from the portal to a provider and comes back as a person does."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import requests
from flask import Flask
from werkzeug.test import TestResponse

PORTAL_URL = "http://127.0.0.1:8999"
COOKIE = "golden_thread_session"
ANYBODY = {"families": "nadia-rahman", "nhs": "jo-mensah", "schools": "anita-patel", "council": "maria-silva"}


@dataclass
class Browser:
    """At the portal it is a test client, and at a provider it speaks HTTP."""

    app: Flask
    away: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.http = self.app.test_client()

    def begin(self, slug: str, go_to: str = "") -> str:
        """Press the button of a provider; answers the address the browser is sent to."""
        answer = self.http.get(f"/sign-in/{slug}", query_string={"next": go_to} if go_to else {})
        assert answer.status_code == 303, answer.status_code
        return str(answer.headers["Location"])

    def choose(self, url: str, person: str = "", **more: str) -> str:
        """Say at the provider who one is; answers the portal's own path to come back to."""
        data = {"person": person, **more} if person else more
        answer = self.away.post(url, data=data, allow_redirects=False, timeout=5)
        assert answer.status_code == 303, answer.text
        back = answer.headers["Location"]
        assert back.startswith(f"{PORTAL_URL}/sign-in/")
        return back.removeprefix(PORTAL_URL)

    def sign_on(self, slug: str, person: str = "", go_to: str = "") -> TestResponse:
        return self.http.get(self.choose(self.begin(slug, go_to), person or ANYBODY[slug]))

    @property
    def cookie(self) -> str:
        found = self.http.get_cookie(COOKIE)
        return found.value if found else ""

    def worklist(self) -> TestResponse:
        return self.http.get("/worklist", headers={"Accept": "application/json"})

    @property
    def signed_on(self) -> bool:
        return self.worklist().status_code == 200


def asked(url: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(url).query).items()}
