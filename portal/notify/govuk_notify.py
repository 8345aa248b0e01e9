"""GOV.UK Notify, version 2 of its API: emails, texts and letters by templates that hold nothing but our words."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from joserfc import jwt
from joserfc.jwk import OctKey

from portal.domain.contact import Way
from portal.notify.channel import Evidence, Message, Never, NotNow

TIMEOUT_S = 10
TAKEN, REFUSED = 201, 400
PATHS = {Way.EMAIL: "email", Way.TEXT: "sms", Way.LETTER: "letter"}
KINDS = {Way.EMAIL: "email", Way.TEXT: "sms", Way.LETTER: "letter"}
ARRIVED = frozenset({"delivered", "sent", "received"})  # "received": a letter has been printed and posted
FAILED = frozenset(
    {"permanent-failure", "temporary-failure", "technical-failure", "virus-scan-failed", "validation-failed"}
)


@dataclass(frozen=True)
class NotifyService:
    """One service at Notify: who we are there, and the template of each way, which holds ((words)) and ((subject))."""

    url: str
    service: str
    secret: str
    templates: Mapping[Way, str]


class NotifyChannel:
    """One way through Notify. A message is known there by our reference, and is asked for before it is sent again."""

    def __init__(self, service: NotifyService, way: Way) -> None:
        self._service, self._way = service, way

    def send(self, message: Message) -> Evidence:
        facts = {"template_id": self._service.templates[self._way], "reference": message.reference}
        answer = self._ask("POST", PATHS[self._way], json={**facts, **self._to(message)})
        if answer.status_code == TAKEN:
            return Evidence(str(_object(answer).get("id", "")), more_to_come=True)
        if answer.status_code == REFUSED and "ValidationError" in _kinds(answer):
            raise Never("Notify answered 400")
        raise NotNow(f"Notify answered {answer.status_code}")

    def taken(self, reference: str) -> Evidence | None:
        asked = {"reference": reference, "template_type": KINDS[self._way]}
        answer = self._ask("GET", "", params=asked)
        if not answer.ok:
            raise NotNow(f"Notify answered {answer.status_code}")
        found = _object(answer).get("notifications")
        if not isinstance(found, list) or not found or not isinstance(found[0], dict):
            return None
        return Evidence(str(found[0].get("id", "")), more_to_come=True)

    def has_arrived(self, number: str) -> bool:
        answer = self._ask("GET", number)
        if not answer.ok:
            raise NotNow(f"Notify answered {answer.status_code}")
        status = str(_object(answer).get("status", ""))
        if status in FAILED:
            raise Never(f"Notify says {status}")
        return status in ARRIVED

    def _to(self, message: Message) -> dict[str, Any]:
        personalisation = {"subject": message.subject, "words": message.words}
        if self._way is Way.EMAIL:
            return {"email_address": message.to, "personalisation": personalisation}
        if self._way is Way.TEXT:
            return {"phone_number": message.to, "personalisation": {"words": message.words}}
        lines = {f"address_line_{at}": line for at, line in enumerate(message.to.splitlines(), 1)}
        return {"personalisation": {**personalisation, **lines}}

    def _ask(self, method: str, path: str, **what: Any) -> requests.Response:
        """Asked with a token of this moment: Notify believes one for thirty seconds."""
        claims = {"iss": self._service.service, "iat": int(time.time())}
        token = jwt.encode({"typ": "JWT", "alg": "HS256"}, claims, OctKey.import_key(self._service.secret))
        url = "/".join(filter(None, (self._service.url, "v2", "notifications", path)))
        headers = {"Authorization": f"Bearer {token}"}
        try:
            return requests.request(method, url, headers=headers, timeout=TIMEOUT_S, allow_redirects=False, **what)
        except (requests.RequestException, OSError) as error:
            raise NotNow(type(error).__name__) from None


def _object(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        raise NotNow("Notify answered with what is no JSON") from None
    if not isinstance(found, dict):
        raise NotNow("Notify answered with what is no object")
    return found


def _kinds(answer: requests.Response) -> set[str]:
    """The kinds of fault that an answer names; their messages can quote what was sent."""
    found = _object(answer).get("errors")
    errors = found if isinstance(found, list) else []
    return {str(each.get("error", "")) for each in errors if isinstance(each, dict)}
