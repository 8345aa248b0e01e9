"""A mail server as small as one can be (RFC 5321): takes every message, sends none on."""

import socketserver
import ssl
import sys
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread

from demo.inbox.kept import Mailbox

HOST = "127.0.0.1"
LONGEST_LINE, LARGEST = 2_000, 1_000_000
TIMEOUT_S = 30


class MailServer(socketserver.ThreadingTCPServer):
    """Answers on loopback until `stop()`. With `tls` it offers STARTTLS, or speaks it from the first byte."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(
        self, mailbox: Mailbox, port: int = 0, tls: ssl.SSLContext | None = None, at_once: bool = False
    ) -> None:
        self.mailbox, self.tls, self.at_once = mailbox, tls, at_once
        super().__init__((HOST, port), Conversation)
        self._thread = Thread(target=self.serve_forever, args=(0.05,), name="demo-mail-server", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def answer_to(self, recipient: str) -> str:
        """The answer to RCPT: everybody has a mailbox here."""
        del recipient
        return "250 OK"

    def take(self, recipients: list[str], content: bytes) -> str:
        """Keep a whole message; answers what ends the conversation about it."""
        mail = message_from_bytes(content, policy=policy.default)
        words = str(mail.get_content()).replace("\r\n", "\n") if isinstance(mail, EmailMessage) else ""
        for each in recipients:
            self.mailbox.receive("email", each, str(mail["Subject"]), words, str(mail["Message-ID"]))
        return "250 kept"

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever does not believe our certificate breaks off: that is theirs to say."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as it came

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()


class Conversation(socketserver.StreamRequestHandler):
    """One connection. Whatever is not known is answered so, and nothing ends the server."""

    server: MailServer
    timeout = TIMEOUT_S

    def setup(self) -> None:
        if self.server.tls and self.server.at_once:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self) -> None:
        self.recipients: list[str] = []
        verbs: dict[str, Callable[[str], str]] = {
            "EHLO": self._hello,
            "HELO": lambda _: "250 hello",
            "STARTTLS": self._secure,
            "MAIL": self._from,
            "RCPT": self._to,
            "DATA": self._data,
            "RSET": self._from,
            "NOOP": lambda _: "250 OK",
        }
        self._say("220 the demonstration's mail server")
        try:
            while line := self.rfile.readline(LONGEST_LINE):
                verb, _, rest = line.decode("ascii", "replace").strip().partition(" ")
                if verb.upper() == "QUIT":
                    self._say("221 goodbye")
                    return
                self._say(verbs.get(verb.upper(), self._unknown)(rest))
        except OSError:  # whoever called has gone
            return

    def _say(self, answer: str) -> None:
        if answer:
            self.wfile.write(f"{answer}\r\n".encode())
            self.wfile.flush()

    def _hello(self, _: str) -> str:
        offers = self.server.tls and not isinstance(self.request, ssl.SSLSocket)
        return "250-hello\r\n250 STARTTLS" if offers else "250 hello"

    def _unknown(self, _: str) -> str:
        return "502 not known here"

    def _secure(self, rest: str) -> str:
        if self.server.tls is None:
            return self._unknown(rest)
        self._say("220 go on")
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb")
        return ""

    def _from(self, _: str) -> str:
        self.recipients = []
        return "250 OK"

    def _to(self, rest: str) -> str:
        recipient = rest.partition("<")[2].partition(">")[0]
        answer = self.server.answer_to(recipient)
        if answer.startswith("2"):
            self.recipients.append(recipient)
        return answer

    def _data(self, _: str) -> str:
        if not self.recipients:
            return "503 to whom?"
        self._say("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline(LONGEST_LINE)) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
            if sum(map(len, lines)) > LARGEST:
                return "552 too large"
        return self.server.take(self.recipients, b"".join(lines)) if line else ""
