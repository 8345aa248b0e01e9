"""What is told of a plan while it is open: as JSON for whoever asks, as server-sent events for whoever listens."""

import json
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, cast

from flask import Flask, Response, current_app, request

from portal.domain.browser_session import Limits
from portal.domain.error import NotFound
from portal.domain.presence import Neighbour
from portal.operations.listener import Listener, Over
from portal.operations.listening import Listening
from portal.operations.live import News
from portal.stopping import Stop
from portal.store.database import Database, DatabaseError

EVENTS = "text/event-stream"
# A line now and then keeps proxies from hanging up, and finds out that nobody listens any longer.
HEARTBEAT_S, HEARTBEAT = 15.0, ": still here\n\n"
ESTABLISHED = b"\x01"  # the state of a TCP connection, as Linux numbers it
AGAIN_MS = 1000  # after which a browser that was cut off comes back


def register(app: Flask, db: Database, limits: Limits) -> None:
    stop = Stop().beside_the_server()
    app.extensions["listening"] = Listening(db, limits, lambda: datetime.now(UTC), stop)


def listening() -> Listening:
    return cast(Listening, current_app.extensions["listening"])


def wants_events() -> bool:
    """Whether a browser listens; whoever does not say so is answered once."""
    return request.accept_mimetypes.best_match(["text/html", "application/json", EVENTS]) == EVENTS


def last_heard(after: int | None) -> int | None:
    """The number that a browser heard last, which it says itself when it comes back; else the one in the address."""
    said = request.headers.get("Last-Event-ID", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else after


def hung_up() -> Callable[[], bool]:
    """Tells, for as long as this request goes on, whether its browser has hung up; never, where that can't be seen."""
    connection = request.environ.get("gunicorn.socket")
    if connection is None or connection.family == socket.AF_UNIX or not hasattr(socket, "TCP_INFO"):
        return lambda: False

    def is_gone() -> bool:
        try:
            return bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1) != ESTABLISHED)
        except OSError:  # closed on our side too
            return True

    return is_gone


def stream(page: Listener) -> Response:
    """Events until the page is closed, or its person may listen no longer."""
    response = Response(_events(listening(), page), mimetype=EVENTS)
    response.headers["X-Accel-Buffering"] = "no"  # a proxy that saves them up would tell nothing
    return response


def _events(everybody: Listening, page: Listener) -> Iterator[str]:
    """Joined only when the first event is asked for: a stream that nobody began has nothing to leave."""
    try:
        yield f"retry: {AGAIN_MS}\n\n"
        everybody.join(page)
        while not isinstance(said := page.next(HEARTBEAT_S), Over):
            yield HEARTBEAT if said is None else _event(said)
    except (NotFound, DatabaseError):  # the browser comes back, and is answered what is the matter
        return
    finally:
        everybody.leave(page)


def _event(said: News | tuple[Neighbour, ...]) -> str:
    """One event. Only what was saved carries a number, from which a browser that was cut off goes on."""
    if isinstance(said, News):
        return f"id: {said.sequence}\nevent: saved\ndata: {json.dumps(news_json(said))}\n\n"
    return f"event: here\ndata: {json.dumps(here_json(said))}\n\n"


def news_json(news: News) -> dict[str, Any]:
    return asdict(news)


def here_json(neighbours: Iterable[Neighbour]) -> list[dict[str, Any]]:
    return [asdict(each) for each in neighbours]
