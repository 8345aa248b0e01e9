"""What was sent about a plan: everybody's for the SEN team, one's own for all others, and no address for anybody."""

import json
from collections.abc import Mapping

import pytest

from portal.domain.contact import Contact, Way
from portal.domain.state import VersionKind
from portal.notify.channel import Channel, Evidence, Message, Never
from portal.operations import notices
from portal.operations.delivery import Delivery
from portal.store import contacts
from tests.conftest import app, db, settings
from tests.world import REASONS, World, now

__all__ = ["app", "db", "settings"]  # a portal of this module's own: what others left in the outbox would come first


class Door:
    """Takes what is addressed to Nadia, and knows nobody else."""

    def send(self, message: Message) -> Evidence:
        if not message.to.startswith("nadia"):
            raise Never("nobody here")
        return Evidence("1")

    def taken(self, reference: str) -> Evidence | None:
        return None

    def has_arrived(self, number: str) -> bool:
        return True


@pytest.fixture
def told(world: World) -> World:
    """A draft that reached one parent and not the other."""
    contacts.keep(world.db, world.people["parent"], Contact("nadia@example.org"))
    contacts.keep(world.db, world.people["other_parent"], Contact("yusuf@example.org"))
    world.issue("manager", VersionKind.DRAFT, **REASONS)
    channels: Mapping[Way, Channel] = {Way.EMAIL: Door()}
    notices.spread(world.db, "nmr", now())
    Delivery(world.db, channels, "https://portal.example").run_once("nmr", now())
    return world


def test_the_sen_team_sees_whom_it_reached_and_whom_not(told: World) -> None:
    browser = told.client("caseworker")
    page = browser.get(f"{browser.base}/notices").text
    assert "Could not be told" in page
    lines = json.loads(browser.get(f"{browser.base}/notices", Accept="application/json").text)["notices"]
    drafts = {each["name"]: each["state"] for each in lines if each["kind"] == "draft"}
    assert drafts["Nadia Rahman"] == "sent"
    assert drafts["Yusuf Rahman"] == "failed"


def test_a_parent_sees_what_they_were_sent_and_nothing_of_the_other(told: World) -> None:
    browser = told.client("parent")
    page = browser.get(f"{browser.base}/notices").text
    assert "The draft, to" in page
    assert "Yusuf" not in page
    assert "Could not be told" not in page


@pytest.mark.parametrize("key", ["parent", "caseworker", "manager"])
def test_nobody_is_shown_an_address(told: World, key: str) -> None:
    browser = told.client(key)
    for headers in ({}, {"Accept": "application/json"}):
        page = browser.get(f"{browser.base}/notices", **headers).text
        assert "@example.org" not in page


def test_a_stranger_finds_nothing(told: World) -> None:
    browser = told.client("stranger")
    assert browser.get(f"{browser.base}/notices").status_code == 404
