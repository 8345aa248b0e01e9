"""GOV.UK Notify as its API answers, on a real server: taken, refused, busy, away, broken off, and never sent twice."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from demo.inbox.kept import Mailbox
from demo.inbox.notify_api import SECRET, SERVICE, TEMPLATES
from portal.domain.contact import Way
from portal.notify import govuk_notify
from portal.notify.channel import Message, Never, NotNow
from portal.notify.govuk_notify import NotifyChannel, NotifyService
from tests.notify.faulty import FaultyNotify, refuses, says, takes_and_breaks_off

TO = {Way.EMAIL: "nadia@example.org", Way.TEXT: "+447700900123", Way.LETTER: "Nadia\n14 Larch Street\nNE1 4XF"}


@pytest.fixture
def notify() -> Iterator[FaultyNotify]:
    with FaultyNotify(Mailbox()).running() as running:
        yield running


def service(notify: FaultyNotify) -> NotifyService:
    return NotifyService(notify.url, SERVICE, SECRET, {way: TEMPLATES[way.value] for way in Way})


def message(way: Way) -> Message:
    return Message("reference-1", TO[way], "Something waits", "Something waits for you.")


@pytest.mark.parametrize("way", list(Way))
def test_each_way_is_taken_and_known_by_its_reference_afterwards(notify: FaultyNotify, way: Way) -> None:
    channel = NotifyChannel(service(notify), way)
    assert channel.taken("reference-1") is None
    evidence = channel.send(message(way))
    assert evidence.more_to_come
    assert channel.taken("reference-1") == evidence
    assert channel.has_arrived(evidence.number)
    (found,) = notify.mailbox.newest_first()
    assert (found.way, found.to, found.words) == (way.value, TO[way], "Something waits for you.")


@pytest.mark.parametrize("status", [403, 404, 413, 429, 500, 502, 503])
def test_what_is_the_services_own_fault_is_for_now(notify: FaultyNotify, status: int) -> None:
    notify.script.append(refuses(status))
    with pytest.raises(NotNow) as error:
        NotifyChannel(service(notify), Way.TEXT).send(message(Way.TEXT))
    assert str(error.value) == f"Notify answered {status}"


def test_an_address_that_notify_refuses_is_refused_for_good_and_a_wrong_setting_is_not(notify: FaultyNotify) -> None:
    wrong = replace(message(Way.TEXT), to="07")
    with pytest.raises(Never):
        NotifyChannel(service(notify), Way.TEXT).send(wrong)
    other = replace(service(notify), templates={Way.TEXT: TEMPLATES["email"]})
    with pytest.raises(NotNow):
        NotifyChannel(other, Way.TEXT).send(message(Way.TEXT))


def test_another_services_secret_is_refused(notify: FaultyNotify) -> None:
    forged = replace(service(notify), secret=SERVICE)
    with pytest.raises(NotNow, match="403"):
        NotifyChannel(forged, Way.TEXT).send(message(Way.TEXT))
    assert notify.mailbox.newest_first() == []


@pytest.mark.parametrize("words", ["", "<html>", "[]", '"x"'])
def test_an_answer_that_can_not_be_read_is_for_now(notify: FaultyNotify, words: str) -> None:
    notify.script.append(says(words))
    with pytest.raises(NotNow):
        NotifyChannel(service(notify), Way.TEXT).send(message(Way.TEXT))


def test_a_message_whose_answer_never_came_is_found_by_its_reference(notify: FaultyNotify) -> None:
    notify.script.append(takes_and_breaks_off)
    channel = NotifyChannel(service(notify), Way.TEXT)
    with pytest.raises(NotNow):
        channel.send(message(Way.TEXT))
    assert channel.taken("reference-1") is not None
    assert channel.taken("reference-2") is None


def test_an_answer_that_takes_too_long_is_for_now(notify: FaultyNotify, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(govuk_notify, "TIMEOUT_S", 0.05)
    enough = threading.Event()
    notify.script.append(lambda _, well: (enough.wait(5), well())[1])
    with pytest.raises(NotNow) as error:
        NotifyChannel(service(notify), Way.TEXT).send(message(Way.TEXT))
    enough.set()
    assert str(error.value) == "ReadTimeout"


def test_no_fault_repeats_what_notify_said_of_the_address(notify: FaultyNotify) -> None:
    for fault in (refuses(400, "ValidationError"), refuses(400), refuses(500)):
        notify.script.append(fault)
        with pytest.raises((Never, NotNow)) as error:
            NotifyChannel(service(notify), Way.TEXT).send(message(Way.TEXT))
        assert "nadia" not in str(error.value)
