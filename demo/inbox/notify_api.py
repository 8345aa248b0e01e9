"""GOV.UK Notify as far as the portal asks it: takes what is sent, knows it again, and says that it was delivered."""

import re
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from demo.inbox.kept import Mailbox, Received

SERVICE, SECRET = "8f1d6a2e-0000-4000-8000-00000000d3e0", "8f1d6a2e-0000-4000-8000-00000000d3e1"
KEY = f"demonstration-{SERVICE}-{SECRET}"
TEMPLATES = {way: f"8f1d6a2e-0000-4000-8000-0000000000{at:02}" for at, way in enumerate(("email", "text", "letter"), 1)}
WAYS = {"email": "email", "sms": "text", "letter": "letter"}
DELIVERED = {"email": "delivered", "text": "delivered", "letter": "received"}
EMAIL, MOBILE = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}"), re.compile(r"\+447\d{9}")


def notify_api(mailbox: Mailbox) -> Blueprint:
    """The routes of version 2 that send and ask."""
    blueprint = Blueprint("notify", __name__, url_prefix="/v2/notifications")

    @blueprint.before_request
    def known() -> tuple[Response, int] | None:
        return None if _is_ours(request.headers.get("Authorization", "")) else _fault(403, "AuthError")

    @blueprint.post("/<any(email, sms, letter):kind>")
    def send(kind: str) -> tuple[Response, int]:
        way, sent = WAYS[kind], request.get_json()
        to, words = _recipient(way, sent), sent.get("personalisation", {})
        if sent.get("template_id") != TEMPLATES[way]:
            return _fault(400, "BadRequestError")
        if not to:
            return _fault(400, "ValidationError")
        number = mailbox.receive(way, to, words.get("subject", ""), words["words"], sent["reference"])
        return jsonify(id=str(UUID(int=number)), reference=sent["reference"]), HTTPStatus.CREATED

    @blueprint.get("")
    def find() -> Response:
        way = WAYS[request.args["template_type"]]
        number = mailbox.number_of(way, request.args["reference"])
        found = mailbox.numbered(number)
        return jsonify(notifications=[_told(number, found)] if found else [])

    @blueprint.get("/<uuid:number>")
    def one(number: UUID) -> Response | tuple[Response, int]:
        found = mailbox.numbered(number.int)
        return jsonify(_told(number.int, found)) if found else _fault(404, "NoResultFound")

    return blueprint


def _is_ours(authorization: str) -> bool:
    try:
        token = jwt.decode(authorization.removeprefix("Bearer "), OctKey.import_key(SECRET), algorithms=["HS256"])
    except (JoseError, ValueError):
        return False
    return token.claims.get("iss") == SERVICE and isinstance(token.claims.get("iat"), int)


def _recipient(way: str, sent: dict[str, Any]) -> str:
    """Where a message goes; empty where Notify would refuse it."""
    if way == "letter":
        given = sent.get("personalisation", {})
        lines = [given[name] for at in range(1, 8) if given.get(name := f"address_line_{at}")]
        return "\n".join(lines) if len(lines) >= 3 else ""
    to = str(sent.get("email_address" if way == "email" else "phone_number", ""))
    return to if (EMAIL if way == "email" else MOBILE).fullmatch(to) else ""


def _told(number: int, found: Received) -> dict[str, str]:
    return {"id": str(UUID(int=number)), "reference": found.reference, "status": DELIVERED[found.way]}


def _fault(status: int, kind: str) -> tuple[Response, int]:
    return jsonify(status_code=status, errors=[{"error": kind, "message": "refused"}]), status
