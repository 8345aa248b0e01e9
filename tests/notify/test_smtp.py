"""Email by a real mail server on loopback: with TLS, refused, broken off, and never with more than was meant."""

import datetime
import ipaddress
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from demo.inbox.kept import Mailbox
from portal.notify.channel import Message, Never, NotNow
from portal.notify.smtp import MailChannel, MailServer
from tests.notify.faulty import FaultyMail

MESSAGE = Message("reference-1", "nadia@example.org", "Something waits", "Something waits.\n.\nSign in – to see it.\n")


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[FaultyMail]:
    running = FaultyMail(mailbox)
    yield running
    running.stop()


def channel(port: int, security: str = "none", certificates: str = "") -> MailChannel:
    sender = "notices@portal.example"
    return MailChannel(MailServer("127.0.0.1", port, security, sender, authority=certificates))


def test_a_message_arrives_as_it_was_written(server: FaultyMail, mailbox: Mailbox) -> None:
    evidence = channel(server.port).send(MESSAGE)
    (found,) = mailbox.newest_first()
    assert (found.to, found.subject, found.words) == (MESSAGE.to, MESSAGE.subject, MESSAGE.words)
    assert found.reference == evidence.number == "<reference-1@portal.example>"
    assert not evidence.more_to_come


def test_a_second_copy_is_known_for_one_by_its_number(server: FaultyMail, mailbox: Mailbox) -> None:
    for _ in range(2):
        channel(server.port).send(MESSAGE)
    assert len(mailbox.newest_first()) == 1
    assert mailbox.copies == 1


@pytest.mark.parametrize(("answer", "kind"), [("550 nobody", Never), ("553 bad", Never), ("450 busy", NotNow)])
def test_a_refused_recipient_is_refused_for_good_or_for_now(server: FaultyMail, answer: str, kind: type) -> None:
    server.to.append(answer)
    with pytest.raises(kind) as error:
        channel(server.port).send(MESSAGE)
    assert str(error.value) == f"the mail server answered {answer[:3]}"


@pytest.mark.parametrize(("answer", "kind"), [("552 full", Never), ("452 later", NotNow), ("lost", NotNow)])
def test_a_message_refused_or_broken_off_at_its_end_is_told_apart(server: FaultyMail, answer: str, kind: type) -> None:
    server.at_the_end.append(answer)
    with pytest.raises(kind):
        channel(server.port).send(MESSAGE)


def test_a_mail_server_that_is_not_there_is_not_there_for_now(server: FaultyMail) -> None:
    server.stop()
    with pytest.raises(NotNow) as error:
        channel(server.port).send(MESSAGE)
    assert str(error.value) == "ConnectionRefusedError"
    server.__init__(server.mailbox)  # type: ignore[misc]  # so that the fixture stops one that runs


@pytest.mark.parametrize("to", ["nadia@example.org\r\nBcc: all@example.org", "nadia@example.org\nRCPT TO:<x@y.zz>"])
def test_no_address_brings_a_header_or_a_command_of_its_own(server: FaultyMail, mailbox: Mailbox, to: str) -> None:
    with pytest.raises(ValueError, match=r"linefeed|newline"):
        channel(server.port).send(Message("r", to, "s", "w"))
    assert mailbox.newest_first() == []


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine, with its key, that nobody believes unless they are told to."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.datetime.now(datetime.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize(("security", "at_once"), [("starttls", False), ("tls", True)])
def test_both_kinds_of_tls_are_spoken_to_a_certificate_that_is_believed(
    mailbox: Mailbox, tls: ssl.SSLContext, certificate: Path, security: str, at_once: bool
) -> None:
    server = FaultyMail(mailbox, tls=tls, at_once=at_once)
    channel(server.port, security, str(certificate)).send(MESSAGE)
    assert len(mailbox.newest_first()) == 1
    with pytest.raises(NotNow) as error:
        channel(server.port, security).send(MESSAGE)
    assert str(error.value) == "SSLCertVerificationError"
    server.stop()
    assert len(mailbox.newest_first()) == 1


def test_nothing_is_sent_in_the_clear_where_starttls_was_asked_for(server: FaultyMail, mailbox: Mailbox) -> None:
    with pytest.raises(NotNow):
        channel(server.port, "starttls").send(MESSAGE)
    assert mailbox.newest_first() == []
