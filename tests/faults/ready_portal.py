"""The portal, imported before its workers are forked, so that one that was killed is back at once."""

from gevent import monkey

# As the server's worker does it, before anything is imported; the parent keeps its own way of minding children.
monkey.patch_all(os=False, signal=False)

from collections.abc import Iterable  # noqa: E402
from functools import cache  # noqa: E402
from typing import TYPE_CHECKING  # noqa: E402

from flask import Flask  # noqa: E402

from portal.app import create_app  # noqa: E402
from portal.config import read_settings  # noqa: E402

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@cache
def _made() -> Flask:
    return create_app(read_settings())


def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """The product's own application, made at the first request: a connection must not be forked."""
    return _made()(environ, start_response)
