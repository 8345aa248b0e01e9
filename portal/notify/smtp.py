"""Email by a mail server: TLS from the first byte or by STARTTLS, without it on this machine alone."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from portal.notify.channel import Evidence, Message, Never, NotNow

TIMEOUT_S = 20
REFUSED_FOR_GOOD = 500


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over, and in whose name. `security` is "tls", "starttls" or "none"."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = ""
    authority: str = ""  # a file of the certificates that are believed, instead of the machine's own


class MailChannel:
    """A mail server says nothing of a message once it has taken it; a second copy carries the same Message-ID."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def send(self, message: Message) -> Evidence:
        mail = self._mail(message)
        try:
            with self._connect() as connection:
                if self._server.user:
                    connection.login(self._server.user, self._server.password)
                connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code = max(code for code, _ in error.recipients.values())
            raise self._refused(code) from None
        except smtplib.SMTPDataError as error:
            raise self._refused(error.smtp_code) from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow(type(error).__name__) from None
        return Evidence(str(mail["Message-ID"]))

    def taken(self, reference: str) -> Evidence | None:
        """Mail servers can't be asked: the message goes again under its own number, by which mailboxes know it."""
        del reference
        return None

    def has_arrived(self, number: str) -> bool:
        return bool(number)

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=self._context())
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
        if server.security == "starttls":
            try:
                connection.starttls(context=self._context())
            except BaseException:
                connection.close()
                raise
        return connection

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._server.authority or None)

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = self._server.sender, message.to, message.subject
        mail["Message-ID"] = f"<{message.reference}@{self._server.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.words)
        return mail

    @staticmethod
    def _refused(code: int) -> Exception:
        return (Never if code >= REFUSED_FOR_GOOD else NotNow)(f"the mail server answered {code}")
