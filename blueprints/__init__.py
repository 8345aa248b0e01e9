"""Routes by journey. Each route declares what it needs; each write calls one operation."""

from flask import Flask

from blueprints import (
    answers,
    authors,
    health,
    home,
    issue,
    past,
    plans,
    receipts,
    retention,
    sections,
    sign_in,
    sign_off,
    unread,
    versions,
    worklist,
)

JOURNEYS = (
    health,
    home,
    sign_in,
    worklist,
    plans,
    unread,
    past,
    sections,
    authors,
    sign_off,
    answers,
    issue,
    versions,
    receipts,
    retention,
)


def register(app: Flask) -> None:
    for journey in JOURNEYS:
        app.register_blueprint(journey.blueprint)
