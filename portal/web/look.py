"""How this page should look to its reader: by what they keep, or by a cookie while nobody is signed in."""

from typing import TypeVar

from flask import Flask, request
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.domain.look import Look, chosen
from portal.web import current

COOKIE = "golden_thread_look"
A_YEAR = 365 * 86_400
Answer = TypeVar("Answer", bound=BaseResponse)


def register(app: Flask) -> None:
    app.jinja_env.globals["look_now"] = look_now


def look_now() -> tuple[Look, ...]:
    """The reader's choices; pages that are kept hang on them by the stamp of their standing (store/people.py)."""
    if current.maybe_actor():
        return chosen(current_user.look)
    return _in_browser()


def _in_browser() -> tuple[Look, ...]:
    return chosen(request.cookies.get(COOKIE, "").split("."))


def keep_in_browser(response: Answer, look: tuple[Look, ...]) -> Answer:
    """The same answer, with a cookie that names the choices and nobody; none where they are what they were."""
    if look == _in_browser():
        return response
    words = ".".join(each.value for each in look)
    response.set_cookie(
        COOKIE, words, max_age=A_YEAR, secure=current.settings().secure, httponly=True, samesite="Lax", path="/"
    )
    return response
