"""A browser's session: how long it lives unused, how long in all, and what its browser is called in plain words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# The first that fits: most browsers also name those that they want to be taken for.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
DEVICES = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "an Android phone or tablet"),
    ("CrOS", "a Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Limits:
    """How long a session lives without a sign of life, and how long in all."""

    idle: timedelta
    absolute: timedelta

    def left(self, started: datetime, seen: datetime, wall: datetime) -> tuple[timedelta, timedelta]:
        """(until it ends unless it is used, until it ends in any case); nothing left is zero or less."""
        return seen + self.idle - wall, started + self.absolute - wall

    def is_live(self, started: datetime, seen: datetime, wall: datetime) -> bool:
        return min(self.left(started, seen, wall)) > timedelta(0)


def device_of(user_agent: str) -> str:
    """ "Chrome on Windows": what a browser says of itself, roughly. Only our own words, so that it is safe to show."""
    browser = _first(BROWSERS, user_agent)
    device = _first(DEVICES, user_agent)
    if browser and device:
        return f"{browser} on {device}"
    return browser or (f"A browser on {device}" if device else "A browser that does not say which it is")


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((words for mark, words in names if mark in user_agent), "")
