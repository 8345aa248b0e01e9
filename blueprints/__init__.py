"""Routes by journey. Each route declares what it needs; each write calls one operation."""

from flask import Flask

from blueprints import (
    access,
    alerts,
    answers,
    audience,
    authors,
    drafts,
    emergency,
    health,
    home,
    invitations,
    issue,
    openings,
    parts,
    past,
    plans,
    preferences,
    receipts,
    retention,
    rights,
    search,
    sections,
    sessions,
    sign_in,
    sign_off,
    summary,
    unread,
    versions,
    worklist,
)

JOURNEYS = (
    health,
    home,
    sign_in,
    sessions,
    preferences,
    worklist,
    search,
    plans,
    summary,
    parts,
    access,
    invitations,
    unread,
    past,
    sections,
    drafts,
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
