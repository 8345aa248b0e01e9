"""A letter as a tagged PDF, made from what was sent and from nothing else."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML

from portal.documents import printed
from portal.documents.pdf import TEMPLATES, Refusing
from portal.domain import hashing
from portal.domain.letter import Letter
from portal.domain.moment import stamp

STYLES = Path(__file__).with_name("letter.css")


def make_letter(letter: Letter) -> bytes:
    """The letter as PDF/UA-1 on A4."""
    page = _environment().get_template("letters/print.html").render(letter=letter)
    nothing = Refusing()
    styles = CSS(string=STYLES.read_text(encoding="utf-8"), url_fetcher=nothing)
    return bytes(HTML(string=page, url_fetcher=nothing).write_pdf(stylesheets=[styles], pdf_variant="pdf/ua-1"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=printed.visible,
    )
    environment.filters.update(day=printed.day, direction=printed.direction, stamp=stamp, short_hash=hashing.short)
    return environment
