"""A letter as a tagged PDF, made from what was sent and from nothing else."""

from functools import cache

from jinja2 import Environment

from portal.documents.typeset import as_pdf, environment, typeset
from portal.domain.letter import Letter


def make_letter(letter: Letter, seal: bytes) -> bytes:
    """The letter as PDF/UA-1 on A4; `seal` is the hash of all of it, of which somebody may read less."""
    page = _environment().get_template("letters/print.html").render(letter=letter, seal=seal)
    return as_pdf(typeset(page, "letter.css"))


@cache
def _environment() -> Environment:
    return environment()
