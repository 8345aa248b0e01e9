"""Calendar files (RFC 5545): all-day entries that say that something is due, and never about whom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

SAID = "Golden Thread: something is due"
OPENS = "Golden Thread: something may be done from today"
LONGEST_LINE = 75  # octets, RFC 5545 3.1
# A calendar must hold at least one component (RFC 5545 3.6); without entries it holds this one.
NOTHING = (
    "BEGIN:VTIMEZONE", "TZID:Etc/UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One day and what it is; `key` tells it from others and is never shown, `url` is where to go."""

    key: str
    day: date
    said: str
    url: str


def calendar_file(entries: Iterable[Entry], made: datetime) -> str:
    """The whole file, each line ended by CR LF; `made` is an aware datetime."""
    events = [line for each in entries for line in _event(each, made)]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Golden Thread//Dates//EN", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", "X-WR-CALNAME:Golden Thread", *(events or NOTHING), "END:VCALENDAR"]
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(entry: Entry, made: datetime) -> Iterator[str]:
    """`UID` is the same whenever the same thing is due, so that a calendar moves it instead of showing it twice."""
    yield "BEGIN:VEVENT"
    yield f"UID:{sha256(entry.key.encode()).hexdigest()[:40]}@golden-thread"
    yield f"DTSTAMP:{made.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(entry.said)}"
    yield f"DESCRIPTION:{escaped(f'Sign in to see it: {entry.url}')}"
    yield f"URL:{entry.url}"
    yield "TRANSP:TRANSPARENT"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """Text as a value (RFC 5545 3.3.11)."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """A line in pieces of 75 octets at most, each but the first begun by a space; no character is cut."""
    piece, size = "", 0
    for each in line:
        octets = len(each.encode())
        if size + octets > LONGEST_LINE:
            yield piece
            piece, size = " ", 1
        piece, size = piece + each, size + octets
    yield piece
