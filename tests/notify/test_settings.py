"""How notices leave is read strictly: a sentence for each thing that is missing or unsafe, and nothing in the clear."""

import pytest

from demo.inbox.notify_api import KEY, SECRET, SERVICE, TEMPLATES
from portal.config import UnsafeSettings
from portal.domain.contact import Way
from portal.notify.govuk_notify import NotifyChannel
from portal.notify.settings import NOTIFY_URL, read_channels
from portal.notify.smtp import MailChannel

MAIL = {"PORTAL_SMTP_URL": "smtps://user:p%40ss@mail.example.org", "PORTAL_MAIL_FROM": "notices@portal.example"}
NOTIFY = {"PORTAL_NOTIFY_KEY": KEY, "PORTAL_NOTIFY_TEXT_TEMPLATE": TEMPLATES["text"]}


def problems(environment: dict[str, str]) -> list[str]:
    with pytest.raises(UnsafeSettings) as error:
        read_channels(environment)
    return error.value.problems


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [
        ("smtps://u:p@mail.example.org", "tls", 465),
        ("smtp://u:p@mail.example.org", "starttls", 587),
        ("smtp://mail.example.org:25", "starttls", 25),
        ("smtp://127.0.0.1:2525", "none", 2525),
        ("smtp://u:p@127.0.0.1:2525", "starttls", 2525),
    ],
)
def test_a_mail_server_is_spoken_to_by_tls_but_for_one_on_this_machine(url: str, security: str, port: int) -> None:
    channel = read_channels({**MAIL, "PORTAL_SMTP_URL": url})[Way.EMAIL]
    assert isinstance(channel, MailChannel)
    assert (channel._server.security, channel._server.port) == (security, port)


def test_a_password_is_taken_out_of_the_address_as_it_was_meant() -> None:
    channel = read_channels(MAIL)[Way.EMAIL]
    assert isinstance(channel, MailChannel)
    assert (channel._server.user, channel._server.password) == ("user", "p@ss")


def test_notify_has_the_ways_for_which_there_is_a_template_and_email_goes_by_the_mail_server() -> None:
    every = {f"PORTAL_NOTIFY_{way.name}_TEMPLATE": TEMPLATES[way.value] for way in Way}
    found = read_channels({**NOTIFY, **every})
    assert {way: type(each) for way, each in found.items()} == dict.fromkeys(Way, NotifyChannel)
    assert isinstance(read_channels({**NOTIFY, **every, **MAIL})[Way.EMAIL], MailChannel)
    channel = read_channels(NOTIFY)[Way.TEXT]
    assert isinstance(channel, NotifyChannel)
    kept = channel._service
    assert (kept.url, kept.service, kept.secret) == (NOTIFY_URL, SERVICE, SECRET)


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({}, "PORTAL_SMTP_URL"),
        ({**MAIL, "PORTAL_MAIL_FROM": ""}, "PORTAL_MAIL_FROM"),
        ({**MAIL, "PORTAL_SMTP_URL": "http://mail.example.org"}, "PORTAL_SMTP_URL"),
        ({**MAIL, "PORTAL_SMTP_URL": "smtp://"}, "PORTAL_SMTP_URL"),
        ({**MAIL, "PORTAL_SMTP_URL": "smtp://mail.example.org:x"}, "PORTAL_SMTP_URL"),
        ({**NOTIFY, "PORTAL_NOTIFY_KEY": "short"}, "PORTAL_NOTIFY_KEY"),
        ({**NOTIFY, "PORTAL_NOTIFY_URL": "http://notify.example.org"}, "PORTAL_NOTIFY_URL"),
        ({**NOTIFY, "PORTAL_NOTIFY_TEXT_TEMPLATE": "text"}, "PORTAL_NOTIFY_TEXT_TEMPLATE"),
        ({"PORTAL_NOTIFY_KEY": KEY}, "PORTAL_NOTIFY_LETTER_TEMPLATE"),
    ],
)
def test_what_is_missing_or_unsafe_is_named_and_nothing_secret_is_repeated(
    environment: dict[str, str], name: str
) -> None:
    found = problems(environment)
    assert any(name in each for each in found)
    assert not any(SECRET in each or "p%40ss" in each for each in found)
