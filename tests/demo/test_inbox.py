"""The demonstration's inbox: everything that was sent, by any way, on one page that runs nothing."""

from pathlib import Path

import pytest
import requests

from demo import inbox
from demo.inbox.kept import Mailbox
from portal.domain.contact import Way
from portal.notify.channel import Message
from portal.notify.settings import read_channels

TO = {Way.EMAIL: "nadia@people.example", Way.TEXT: "+447700900123", Way.LETTER: "Nadia\n8 Tern Close\nZZ99 3WZ"}


def test_whatever_leaves_by_the_settings_it_gives_is_on_its_page() -> None:
    with inbox.start() as running:
        for way, channel in read_channels(running.settings).items():
            channel.send(Message(f"reference-{way}", TO[way], f"By {way}", "Something waits for you."))
        page = requests.get(running.url, timeout=5)
    assert page.status_code == 200
    assert page.text.count("Something waits for you.") == len(Way)
    assert "nadia@people.example" in page.text
    assert "Nadia, 8 Tern Close, ZZ99 3WZ" in page.text


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>"])
def test_what_was_sent_is_shown_as_words(words: str) -> None:
    with inbox.start() as running:
        channel = read_channels(running.settings)[Way.TEXT]
        channel.send(Message("reference", TO[Way.TEXT], "", words))
        page = requests.get(running.url, timeout=5)
    assert words not in page.text
    assert "&lt;" in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_another_start_still_shows_what_came_before(tmp_path: Path) -> None:
    first = Mailbox(tmp_path / "inbox.jsonl")
    assert first.receive("email", "a@b.co", "s", "w", "r") == 1
    again = Mailbox(tmp_path / "inbox.jsonl")
    assert again.receive("email", "a@b.co", "s", "w", "r") == 1
    assert again.receive("email", "a@b.co", "s", "w", "other") == 2
    assert (again.newest_first()[1:], again.copies) == (first.newest_first(), 1)
