"""How dates, people and sections read on a page: full sentences, weekdays, no initials unexplained."""

from datetime import date, datetime, timedelta
from functools import lru_cache, partial

from flask import Flask, g
from markupsafe import Markup, escape

from portal.domain.compare import amount_words
from portal.domain.consult import consultations
from portal.domain.hashing import short
from portal.domain.identifier import new_request_id
from portal.domain.media import file_of
from portal.domain.moment import ENGLAND
from portal.domain.ordered import ordered_in
from portal.domain.profile import portrait_of
from portal.domain.redress import disagreement
from portal.domain.text import blocks
from portal.web import current
from portal.web.security import csrf_token


def register(app: Flask) -> None:
    app.jinja_env.filters.update(
        day=day,
        when=when,
        clock=clock,
        prose=prose,
        amount=amount_words,
        short_hash=short,
        possessive=possessive,
        initials=initials,
        file=file_of,
        portrait=portrait_of,
        number_word=number_word,
        duration=duration,
        consultations=consultations,
        disagreement=lambda plan: disagreement(plan.case),
        ordered=ordered_in,
    )
    # An address is made of its parts alone, so a process makes each once. One with a host in it would be made of what
    # the browser says, so pages take the host from the settings (`public_url`).
    address = lru_cache(50_000)(partial(app.url_for, _external=False))
    app.jinja_env.globals.update(csrf_token=csrf_token, new_request_id=request_id, url_for=address)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def everywhere() -> dict[str, object]:
        settings = current.settings()
        return {
            "actor": current.maybe_actor(),
            "demonstration": settings.demonstration,
            "clock": current.clock() if current.clock().is_movable else None,
            "public_url": settings.public_url,
        }


def request_id() -> str:
    """A new id for a form; the page that holds it is for one sending."""
    g.sent_once = True
    return new_request_id()


def local(value: datetime | date) -> date:
    return value.astimezone(ENGLAND).date() if isinstance(value, datetime) else value


def day(value: datetime | date, weekday: bool = True) -> str:
    """ "Monday 17 March", with the year when it is not this one."""
    given = local(value)
    year = "" if given.year == current.moment().today.year else f" {given.year}"
    return f"{given:%A} {given.day} {given:%B}{year}" if weekday else f"{given.day} {given:%B}{year}"


def clock(value: datetime) -> str:
    return f"{value.astimezone(ENGLAND):%H:%M}"


def when(value: datetime) -> str:
    """ "today at 14:02", "yesterday at 14:02", "on Tuesday 4 March"."""
    today = current.moment().today
    given = local(value)
    if given == today:
        return f"today at {clock(value)}"
    if given == today - timedelta(days=1):
        return f"yesterday at {clock(value)}"
    return f"on {day(value)}"


def prose(text: str, direction: str = "auto") -> Markup:
    """Plain text as paragraphs and lists, every character of it escaped; a paragraph finds its own direction."""
    parts = []
    for block in blocks(text):
        if block.is_list:
            points = Markup("").join(Markup("<li>{}</li>").format(line) for line in block.lines)
            parts.append(Markup('<ul class="govuk-list govuk-list--bullet">{}</ul>').format(points))
        else:
            lines = Markup("<br>").join(escape(line) for line in block.lines)
            parts.append(Markup('<p dir="{}">{}</p>').format(direction, lines))
    return Markup("").join(parts)


def possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def initials(name: str) -> str:
    parts = [part for part in name.split() if part not in ("Dr", "Mr", "Mrs", "Ms", "Miss")]
    return (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper() if parts else ""


def number_word(count: int, one: str, many: str = "") -> str:
    """ "1 need", "6 needs"."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def duration(minutes: int) -> str:
    """ "45 minutes", "1 hour", "17 hours 30 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = (number_word(hours, "hour") if hours else "", number_word(rest, "minute") if rest or not hours else "")
    return " ".join(each for each in parts if each)
