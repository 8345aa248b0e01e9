"""Routes by journey. Each route declares what it needs; each write calls one operation."""

from flask import Flask

from blueprints import (
    access,
    alerts,
    answers,
    audience,
    authors,
    emergency,
    health,
    home,
    invitations,
    issue,
    openings,
    parts,
    past,
    plans,
    receipts,
    retention,
    rights,
    search,
    sections,
    sessions,
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
    sessions,
    worklist,
    search,
    plans,
    parts,
    access,
    invitations,
    unread,
    past,
    sections,
    audience,
    authors,
    sign_off,
    answers,
    issue,
    versions,
    receipts,
    retention,
    rights,
    openings,
    emergency,
    alerts,
)


def register(app: Flask) -> None:
    for journey in JOURNEYS:
        app.register_blueprint(journey.blueprint)
