"""Who was refused, signed on or signed out: the route's name and the person's id, and no word of what was sent."""

import logging

from flask import Flask, Response, g, request, session

log = logging.getLogger("portal.access")
# Logged whatever their answer is.
SIGNING = {"sign_in.callback", "sign_in.leave", "sign_in.ended_there", "sessions.end", "sessions.end_others"}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
CLASH = 409  # two people wrote at once: nobody was refused anything
NOBODY = "nobody"


def register(app: Flask) -> None:
    @app.before_request
    def asked_by() -> None:
        g.asked_by = session.get("_user_id")  # signing out forgets it

    @app.after_request
    def note(response: Response) -> Response:
        status = response.status_code
        if request.endpoint in SIGNING or (400 <= status < 500 and status != CLASH):
            method = request.method if request.method in METHODS else "other"
            person = session.get("_user_id") or g.get("asked_by") or NOBODY
            log.info("%d %s %s by %s", status, method, request.endpoint or "nowhere", person)
        return response
