"""Headers, cookies and the token that says a form is ours and whose words it carries."""

from functools import cache
from typing import cast
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.config import Settings
from portal.web import current

TOKEN_LIFETIME = 7 * 86_400
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
HEADER, FIELD = "X-CSRF-Token", "csrf_token"
LARGEST_FORM = 256 * 1024


def register(app: Flask, settings: Settings) -> None:
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME="__Host-session" if settings.secure else "golden_thread_session",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    policy = _policy(settings)

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)  # a person's file has a stricter one
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if settings.secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response


def _policy(settings: Settings) -> str:
    """No inline, no eval; forms may end at the providers, since signing out and stepping up redirect there."""
    origins = sorted({origin for each in settings.providers for origin in each.origins})
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "media-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            f"form-action 'self' {' '.join(origins)}".strip(),
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


@cache
def _serializer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="form")


def csrf_token() -> str:
    """A signed token that names the person the form was made for; nobody else's form passes for it."""
    actor = current.maybe_actor()
    return _serializer(current.settings().secret_key).dumps(actor.person if actor else "")


def author_of_form() -> str | None:
    """The id of the person whose form this is, or None when the token is missing, forged or too old."""
    token = request.headers.get(HEADER) or request.form.get(FIELD, "")
    try:
        return cast(str, _serializer(current.settings().secret_key).loads(token, max_age=TOKEN_LIFETIME))
    except BadSignature:
        return None


def from_elsewhere() -> bool:
    """Whether the browser itself says that another site sent this."""
    origin = request.headers.get("Origin")
    own = current.settings().public_url
    if origin and origin != own and origin != request.host_url.rstrip("/"):
        return True
    return request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")


def let_in(largest: int) -> None:
    """Let this one request hold so many bytes, where it brings files; words alone are held to what words need."""
    if request.mimetype == "multipart/form-data":
        request.max_content_length = largest


def not_text() -> bool:
    """Whether a form's bytes are no UTF-8: read leniently, they would be saved as something that nobody typed."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return False
    try:
        unquote_to_bytes(request.get_data(cache=True)).decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False
