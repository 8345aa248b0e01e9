"""Is it up: says only whether the process runs and its database answers."""

from flask import Blueprint, Response

from portal.web import current

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def healthy() -> Response:
    current.db().command("ping")
    return Response("up\n", mimetype="text/plain")
