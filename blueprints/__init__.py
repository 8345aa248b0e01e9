"""Routes by journey. Each route declares what it needs; each write calls one operation."""

from flask import Flask

from blueprints import answers, health, home, issue, plans, sections, sign_in, sign_off, versions, worklist

JOURNEYS = (health, home, sign_in, worklist, plans, sections, sign_off, answers, issue, versions)


def register(app: Flask) -> None:
    for journey in JOURNEYS:
        app.register_blueprint(journey.blueprint)
