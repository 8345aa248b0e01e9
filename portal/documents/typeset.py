"""How every document is set: by our own templates, as tagged PDF, with nothing fetched that was not handed over."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML, Document
from weasyprint.urls import URLFetcher

from portal.documents import printed
from portal.domain import hashing
from portal.domain.moment import stamp

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
TAGGED = "pdf/ua-1"


class Refusing(URLFetcher):
    """Fetches nothing, from the network or from disk: everything a page needs is handed to it as text."""

    def fetch(self, url: str, headers: object = None) -> None:  # noqa: ARG002  # the library's signature
        raise ValueError("nothing is fetched while a document is made")


def environment() -> Environment:
    """Templates that fail on what they were not given and print every character so that it can be seen."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=printed.visible,
    )
    made.filters.update(day=printed.day, direction=printed.direction, stamp=stamp, short_hash=hashing.short)
    made.globals.update(paragraphs=printed.paragraphs)
    return made


def typeset(page: str, styles: str, fetcher: URLFetcher | None = None) -> Document:
    """A page of our own HTML, set in what every document has and in the styles of this name, beside this file."""
    given = fetcher or Refusing()
    texts = (Path(__file__).with_name(each).read_text(encoding="utf-8") for each in ("paper.css", styles))
    sheets = [CSS(string=each, url_fetcher=given) for each in texts]
    return HTML(string=page, url_fetcher=given).render(stylesheets=sheets, pdf_variant=TAGGED)


def as_pdf(document: Document) -> bytes:
    return bytes(document.write_pdf(pdf_variant=TAGGED))
