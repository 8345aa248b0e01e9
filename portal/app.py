"""create_app(): one line a step."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import blueprints
from portal.auth import gate, session, step_up
from portal.auth.oidc import providers_of
from portal.clock import Clock
from portal.config import Settings
from portal.store.database import Database
from portal.web import access_log, cards, errors, filters, glossary, kept, live, look, security
from portal.web.render import htmx


def create_app(settings: Settings) -> Flask:
    """The portal for one process; raises NoReplicaSet or Unavailable when there is no database fit to save in."""
    app = Flask("portal", template_folder="../templates", static_folder="static")
    app.url_map.strict_slashes = False
    app.secret_key = settings.secret_key
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies)  # type: ignore[method-assign]  # as Flask has it
    db = Database(settings.mongodb_uri, settings.database, settings.master_key)
    db.must_be_replica_set()
    app.extensions["settings"] = settings
    app.extensions["database"] = db
    app.extensions["clock"] = Clock(settings.clock_file)
    app.extensions["providers"] = providers_of(settings)
    security.register(app, settings)
    access_log.register(app)
    session.register(app, db, settings)
    htmx.init_app(app)
    filters.register(app)
    glossary.register(app)
    look.register(app)
    cards.register(app)
    kept.register(app)
    live.register(app, db, session.limits_of(settings))
    errors.register(app)
    gate.register(app, settings)
    step_up.register(app)
    blueprints.register(app)
    return app
