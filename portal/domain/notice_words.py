"""What a notice says: what and by when, and never a word of whom it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.contact import Unconfirmed
from portal.domain.notice import NoticeKind

LIST, CHOICES = "/worklist", "/preferences/contact"
ONE: Mapping[NoticeKind, str] = {
    NoticeKind.WAITS: "Something waits for you in Golden Thread{by}. Sign in to see it.",
    NoticeKind.DRAFT: "A draft was shared with you in Golden Thread.{until} Sign in to read it.",
    NoticeKind.FINAL: "A final plan was issued to you in Golden Thread. Sign in to read it, and what you can do next.",
    NoticeKind.LETTER: "The council wrote you a letter in Golden Thread. Sign in to read it.",
    NoticeKind.ANSWERED: "The council answered what you said, in Golden Thread. Sign in to read it.",
    NoticeKind.AMENDMENT: "Changes to a plan were proposed to you in Golden Thread.{until} Sign in to read them.",
    NoticeKind.ALERT: "Somebody opened a plan in an emergency. Sign in to Golden Thread to see to it.",
    NoticeKind.REMINDER: "Something still waits in Golden Thread{by}. Sign in to see it.",
    NoticeKind.LATE: "A legal date has passed in Golden Thread, and something still waits. Sign in to see it.",
    NoticeKind.UNTOLD: "Somebody could not be told of something in Golden Thread. Sign in to see whom.",
}
MANY = "{count} things wait for you in Golden Thread{by}. Sign in to see them."
NOBODY_NAMED = "This message names nobody, so that only you can see what it is about."


@dataclass(frozen=True)
class Words:
    """A message's subject, its `text` for an email or a letter, and the same `short` for a telephone."""

    subject: str
    text: str
    short: str


def words_of(told: Sequence[tuple[NoticeKind, date | None]], today: date, url: str) -> Words:
    """One message for one or more things; `url` is the portal's own address."""
    due = min((day for _, day in told if day), default=None)
    sentence = _one(told[0][0], due, today) if len(told) == 1 else _many(len(told), due, today)
    footer = f"{NOBODY_NAMED}\nChoose how we tell you: {url}{CHOICES}"
    return Words(sentence.partition(".")[0], f"{sentence}\n\n{url}{LIST}\n\n{footer}\n", f"{sentence} {url}")


def code_words(unconfirmed: Unconfirmed, url: str) -> Words:
    """The code that shows that an email address is somebody's own."""
    code = f"Your code for Golden Thread is {unconfirmed.aloud}."
    text = f"{code}\n\nType it at {url}{CHOICES} within two hours. If you did not ask for it, there is nothing to do.\n"
    return Words("Your code for Golden Thread", text, code)


def _one(kind: NoticeKind, due: date | None, today: date) -> str:
    day = _day(due, today) if due else ""
    by, until = (f" by {day}", f" You have until {day} to say what you think.") if day else ("", "")
    return ONE[kind].format(by=by, until=until)


def _many(count: int, due: date | None, today: date) -> str:
    return MANY.format(count=count, by=f", the first by {_day(due, today)}" if due else "")


def _day(day: date, today: date) -> str:
    return f"{day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")
