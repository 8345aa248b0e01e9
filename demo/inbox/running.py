"""Starts and stops the mail server, and the page with the stand-in for GOV.UK Notify beside it."""

from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

from flask import Flask, Response, render_template
from werkzeug.serving import WSGIRequestHandler, make_server

from demo.inbox.kept import Mailbox
from demo.inbox.mail_server import HOST, MailServer
from demo.inbox.notify_api import KEY, TEMPLATES, notify_api

SENDER = "notices@golden-thread.example"
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class RunningInbox:
    """Both while they answer. As a context manager it stops them at the end."""

    def __init__(self, mailbox: Mailbox, mail_port: int = 0, page_port: int = 0) -> None:
        self.mailbox = mailbox
        self._mail = MailServer(mailbox, mail_port)
        self._page = make_server(HOST, page_port, create_app(mailbox), threaded=True, request_handler=_Quiet)
        self._thread = Thread(target=self._page.serve_forever, args=(0.05,), name="demo-inbox", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._page.port}"

    @property
    def settings(self) -> dict[str, str]:
        """What the portal's processes are told, as in production from the environment."""
        return settings_of(self._mail.port, self._page.port)

    def stop(self) -> None:
        self._mail.stop()
        self._page.shutdown()
        self._thread.join()
        self._page.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def settings_of(mail_port: int, page_port: int) -> dict[str, str]:
    """Emails by the mail server, texts and letters by Notify."""
    return {
        "PORTAL_SMTP_URL": f"smtp://{HOST}:{mail_port}",
        "PORTAL_MAIL_FROM": SENDER,
        "PORTAL_NOTIFY_URL": f"http://{HOST}:{page_port}",
        "PORTAL_NOTIFY_KEY": KEY,
        "PORTAL_NOTIFY_TEXT_TEMPLATE": TEMPLATES["text"],
        "PORTAL_NOTIFY_LETTER_TEMPLATE": TEMPLATES["letter"],
    }


def start(path: Path | None = None, mail_port: int = 0, page_port: int = 0) -> RunningInbox:
    """Take mail until `stop()`; what came before is read from the file."""
    return RunningInbox(Mailbox(path), mail_port, page_port)


def create_app(mailbox: Mailbox) -> Flask:
    app = Flask("demo.inbox")
    app.register_blueprint(notify_api(mailbox))

    @app.get("/")
    def page() -> str:
        return render_template("inbox.html", messages=mailbox.newest_first())

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return app


class _Quiet(WSGIRequestHandler):
    """Says nothing of each request, and closes each connection so that none outlives `stop()`."""

    protocol_version = "HTTP/1.0"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass
