"""Starts and stops the four issuers on one loopback port, in a process of their own or inside a test."""

import errno
import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Self

from joserfc.jwk import KeySet
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from demo.identity_provider.config_file import config_text
from demo.identity_provider.credentials import load_or_create
from demo.identity_provider.issued import Client
from demo.identity_provider.issuer import Issuer
from demo.identity_provider.issuers import ISSUERS
from demo.identity_provider.oauth_server import IssuerServer
from demo.identity_provider.pages import create_app
from demo.identity_provider.people import by_provider

HOST = "127.0.0.1"
CLIENT_ID = "golden-thread"


class CannotListen(RuntimeError):
    """The port is not to be had; the message is one sentence."""


class RunningProviders:
    """The issuers while they answer. As a context manager it stops them at the end."""

    def __init__(self, issuers: Mapping[str, Issuer], server: BaseWSGIServer) -> None:
        self._issuers = issuers
        self._server = server
        self._thread = Thread(target=server.serve_forever, args=(0.05,), name="demo-identity-provider", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return self._server.port

    def issuer(self, slug: str) -> str:
        return self._issuers[slug].url

    def client_secret(self, slug: str) -> str:
        return self._issuers[slug].client.client_secret

    def logout_token(self, slug: str, subject: str) -> str:
        """What an issuer tells the portal when somebody has signed out everywhere (Back-Channel Logout 1.0)."""
        return self._issuers[slug].logout_token(subject)

    def config_text(self) -> str:
        """The portal's provider file."""
        return config_text(self._issuers.values())

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def start(
    people: Iterable[Mapping[str, Any]],
    client_urls: Sequence[str],
    data_dir: Path,
    port: int = 0,
    *,
    acr: Mapping[str, str] | None = None,
    client_keys: Mapping[str, KeySet] | None = None,
) -> RunningProviders:
    """Serve the issuers until `stop()`.

    `acr` replaces what an issuer claims by its slug; `client_keys` gives an issuer the client's public key set,
    with which the client may sign on by private_key_jwt as well.
    """
    at_provider = by_provider(people)
    with _listen(port) as listening:
        port = listening.getsockname()[1]
        issuers = {
            slug: Issuer(
                profile=replace(profile, acr=(acr or {}).get(slug, profile.acr)),
                url=f"http://{HOST}:{port}/{slug}",
                people=at_provider[slug],
                credentials=(kept := load_or_create(data_dir / f"{slug}.json")),
                client=_register(slug, kept.client_secret, client_urls, (client_keys or {}).get(slug)),
            )
            for slug, profile in ISSUERS.items()
        }
        app = create_app({slug: IssuerServer(issuer) for slug, issuer in issuers.items()})
        server = make_server(HOST, port, app, threaded=True, request_handler=_Quiet, fd=listening.fileno())
    return RunningProviders(issuers, server)


def _register(slug: str, secret: str, urls: Sequence[str], keys: KeySet | None) -> Client:
    roots = [url.rstrip("/") for url in urls]
    return Client(
        client_id=CLIENT_ID,
        client_secret=secret,
        redirect_uris=tuple(f"{root}/sign-in/{slug}/callback" for root in roots),
        post_logout_redirect_uris=tuple(f"{root}/" for root in roots),
        keys=keys,
    )


def _listen(port: int) -> socket.socket:
    """Our own socket, as the server would end the whole process when its port is taken."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        why = "is already in use" if taken else f"cannot be used ({error})"
        raise CannotListen(f"The demonstration sign-on cannot start: port {port} {why}.") from error
    return listening


class _Quiet(WSGIRequestHandler):
    """Keeps codes out of the log, and closes each connection so that none outlives `stop()`."""

    protocol_version = "HTTP/1.0"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass
