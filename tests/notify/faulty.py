"""A mail server and a Notify that do what they are told: refuse, break off, take and say nothing, come too late."""

import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from demo.inbox.kept import Mailbox
from demo.inbox.mail_server import HOST, MailServer
from demo.inbox.notify_api import notify_api


class FaultyMail(MailServer):
    """Answers each recipient and each message by its script, and well once that is over."""

    def __init__(self, mailbox: Mailbox, **options: Any) -> None:
        self.to: deque[str] = deque()
        self.at_the_end: deque[str] = deque()
        super().__init__(mailbox, **options)

    def answer_to(self, recipient: str) -> str:
        return self.to.popleft() if self.to else super().answer_to(recipient)

    def take(self, recipients: list[str], content: bytes) -> str:
        """`lost` keeps the message and breaks the connection off before the answer."""
        how = self.at_the_end.popleft() if self.at_the_end else ""
        if how and how != "lost":
            return how
        answer = super().take(recipients, content)
        if how == "lost":
            raise ConnectionError("broken off")
        return answer


Act = Callable[[Request, Callable[[], Response]], Response]


@dataclass
class FaultyNotify:
    """Notify with a script of what it does to the next requests that send something."""

    mailbox: Mailbox
    script: deque[Act] = field(default_factory=deque)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def app(self) -> Callable[..., Any]:
        flask = Flask("demo.inbox")
        flask.register_blueprint(notify_api(self.mailbox))

        @Request.application
        def answer(request: Request) -> Response:
            self.asked.append(f"{request.method} {request.path}")

            def well() -> Response:
                return Response.from_app(flask, request.environ)

            return self.script.popleft()(request, well) if self.script and request.method == "POST" else well()

        return answer

    @contextmanager
    def running(self) -> Iterator["FaultyNotify"]:
        server: BaseWSGIServer = make_server(HOST, 0, self.app(), threaded=True, request_handler=Quiet)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        self.url = f"http://{HOST}:{server.port}"
        yield self
        server.shutdown()
        thread.join()
        server.server_close()


def refuses(status: int, kind: str = "BadRequestError") -> Act:
    body = f'{{"status_code": {status}, "errors": [{{"error": "{kind}", "message": "nadia@example.org"}}]}}'
    return lambda _, __: Response(body, status, mimetype="application/json")


def says(words: str, status: int = 201) -> Act:
    return lambda _, __: Response(words, status, mimetype="application/json")


def takes_and_breaks_off(request: Request, well: Callable[[], Response]) -> Response:
    """The message is taken, and whoever sent it never hears of that."""
    well()
    request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return Response(status=500)


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.0"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  (as werkzeug has it)
        """Nothing: a broken connection is what a test is about."""
