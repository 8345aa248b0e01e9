"""create_app(): one line a step."""

from flask import Flask

import blueprints
from portal.auth import gate, session
from portal.auth.oidc import Provider
from portal.config import Settings
from portal.store.database import Database
from portal.web import cards, errors, filters, kept, security
from portal.web.render import htmx


def create_app(settings: Settings) -> Flask:
    """The portal for one process; raises NoReplicaSet or Unavailable when there is no database fit to save in."""
    app = Flask("portal", template_folder="../templates", static_folder="static")
    app.url_map.strict_slashes = False
    app.secret_key = settings.secret_key
    db = Database(settings.mongodb_uri, settings.database, settings.master_key)
    db.must_be_replica_set()
    app.extensions["settings"] = settings
    app.extensions["database"] = db
    app.extensions["providers"] = {each.slug: Provider(each, settings.public_url) for each in settings.providers}
    security.register(app, settings)
    session.register(app, db, settings)
    htmx.init_app(app)
    filters.register(app)
    cards.register(app)
    kept.register(app)
    errors.register(app)
    gate.register(app)
    blueprints.register(app)
    return app
