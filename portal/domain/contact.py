"""How somebody can be reached: where, which way first and how often, as they alone have said."""

import re
from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.error import Invalid
from portal.domain.identifier import random_id
from portal.domain.invitation import plain

EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}")
LONGEST_EMAIL = 254
MOBILE = re.compile(r"(?:\+44|0044|0)(7[0-9]{9})")
BETWEEN_DIGITS = str.maketrans("", "", " -().\u00a0")
POSTCODE = re.compile(r"[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}")
FEWEST_LINES, MOST_LINES, LONGEST_LINE = 3, 7, 100
CODE_LENGTH = 8
CODE_LIFETIME = timedelta(hours=2)
TRIES = 5
CODES_A_DAY = 5


class Way(StrEnum):
    """One way to reach somebody, the one that reaches most people soonest first."""

    EMAIL = "email"
    TEXT = "text"
    LETTER = "letter"


WAY_WORDS = {Way.EMAIL: "Email", Way.TEXT: "Text message", Way.LETTER: "Letter"}


@dataclass(frozen=True)
class Contact:
    """`email` has been confirmed by a code; `mobile` is "+447700900123"; the last line of `address` is a postcode.

    `first` is the way to try first, None for whoever wants only what the law has us serve. `daily` asks for one
    notice a day instead of one at once.
    """

    email: str = ""
    mobile: str = ""
    address: tuple[str, ...] = ()
    first: Way | None = Way.EMAIL
    daily: bool = False

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways in which this person can be reached, in the order in which they are tried."""
        there = [each for each in Way if self.to(each)]
        return tuple(sorted(there, key=lambda each: each is not self.first))

    def only(self, ways: Container[Way]) -> "Contact":
        """The same person where no other ways than these are to be had."""
        email, mobile = (self.to(each) if each in ways else "" for each in (Way.EMAIL, Way.TEXT))
        return replace(self, email=email, mobile=mobile, address=self.address if Way.LETTER in ways else ())

    def to(self, way: Way) -> str:
        """Where that way leads, an address with a line break after each line; empty where it leads nowhere."""
        return {Way.EMAIL: self.email, Way.TEXT: self.mobile, Way.LETTER: "\n".join(self.address)}[way]


@dataclass(frozen=True)
class Unconfirmed:
    """An email address that somebody says is theirs, and the code that is sent to it."""

    email: str
    code: str
    until: datetime
    tries: int = 0
    begun: tuple[datetime, ...] = ()  # when codes were asked for in the last day

    def is_open(self, wall: datetime) -> bool:
        return wall < self.until and self.tries < TRIES

    @property
    def aloud(self) -> str:
        return f"{self.code[:4]} {self.code[4:]}".upper()

    def is_code(self, typed: str) -> bool:
        return plain(typed) == self.code


def unconfirmed(email: str, before: Unconfirmed | None, wall: datetime) -> Unconfirmed:
    """A new code for an address. Invalid for whoever has asked for many in a day: nobody's mailbox is filled by us."""
    recent = tuple(each for each in (before.begun if before else ()) if each > wall - timedelta(days=1))
    if len(recent) >= CODES_A_DAY:
        raise Invalid({"email": "You have asked for five codes since yesterday. Wait a day, or use another way."})
    return Unconfirmed(email, random_id(CODE_LENGTH), wall + CODE_LIFETIME, begun=(*recent, wall))


def email_of(typed: str) -> str:
    """An email address, empty for none; Invalid for what is none."""
    if typed and not (len(typed) <= LONGEST_EMAIL and EMAIL.fullmatch(typed) and ".." not in typed):
        raise Invalid({"email": "Write an email address, like name@example.org."})
    return typed


def mobile_of(typed: str) -> str:
    """A UK mobile number as "+447700900123", empty for none; Invalid for what is none."""
    found = MOBILE.fullmatch(typed.translate(BETWEEN_DIGITS))
    if typed and not found:
        raise Invalid({"mobile": "Write a UK mobile number, like 07700 900 123."})
    return f"+44{found[1]}" if found else ""


def address_of(typed: str) -> tuple[str, ...]:
    """The lines of a postal address, none for none; Invalid where a letter would not arrive."""
    lines = tuple(" ".join(each.split()) for each in typed.splitlines() if each.strip())
    if not lines:
        return ()
    if not FEWEST_LINES <= len(lines) <= MOST_LINES or max(map(len, lines)) > LONGEST_LINE:
        raise Invalid({"address": "Write three to seven lines: your name, street and town, and the postcode last."})
    if not POSTCODE.fullmatch(lines[-1]):
        raise Invalid({"address": "The last line must be the postcode, like NE1 4XF."})
    return lines
