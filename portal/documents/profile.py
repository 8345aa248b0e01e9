"""The one-page profile as a tagged PDF: one sheet of A4, whatever is written, for a new teacher's wall."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup
from weasyprint import Document
from weasyprint.urls import URLFetcher, URLFetcherResponse

from portal.documents.typeset import as_pdf, environment, typeset
from portal.domain.media import MediaFile
from portal.domain.profile import Box, Profile, room, shortened

ICONS = Path(__file__).resolve().parents[1] / "static" / "icons.svg"
SYMBOL = re.compile(r'<symbol id="([a-z-]+)" (viewBox="[^"]*"[^>]*)>(.*?)</symbol>')
# How large the letters are, and how many characters stand in each box: fewer words first, smaller letters last.
TRIES = (
    *(("large", limit) for limit in (600, 400, 280, 200)),
    *(("middle", limit) for limit in (360, 280, 200, 140)),
    *(("small", limit) for limit in (280, 200, 140, 90, 50, 12)),
)
# Of each size: how many letters stand in a line, and the millimetres of a line and of a box without words.
MEASURES = {"large": (36, 5.8, 21.0), "middle": (41, 5.1, 19.5), "small": (48, 4.4, 17.5)}
COLUMN, PICTURE = 206.0, 16.0  # millimetres: a column, and a picture beside the title
Pictures = Mapping[str, tuple[MediaFile, bytes]]


class Given(URLFetcher):
    """Gives the pictures of this profile by their names, and fetches nothing, from the network or from disk."""

    def __init__(self, pictures: Pictures) -> None:
        super().__init__()
        self.pictures = pictures

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002  # the library's signature
        file, content = self.pictures[url.removeprefix("picture:")]
        return URLFetcherResponse(url, content, {"Content-Type": file.type})


def make_profile(profile: Profile, pictures: Pictures, authority: str, at: datetime) -> bytes:
    """The profile as PDF/UA-1 on one page. `pictures` holds each picture's bytes by the id of its item."""
    # What will not fit is told by counting, since setting a page takes a second; what fits, by setting it.
    likely = [each for each in TRIES if fits(profile, *each)] or list(TRIES[-1:])
    for size, limit in likely:
        document = _typeset(shortened(profile, limit), pictures, authority, at, size)
        if len(document.pages) == 1:
            break
    return as_pdf(document)


def fits(profile: Profile, size: str, limit: int) -> bool:
    """Whether both columns are likely to stand on one page."""
    return all(_height(column, size) <= COLUMN for column in columns(shortened(profile, limit)))


def columns(profile: Profile) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    """The boxes in their order, cut where the two halves are most alike in height."""
    boxes = profile.boxes
    heights = [_height((each,), "large") for each in boxes]
    cut = min(range(len(boxes) + 1), key=lambda at: abs(sum(heights[:at]) - sum(heights[at:])))
    return boxes[:cut], boxes[cut:]


def _height(boxes: Sequence[Box], size: str) -> float:
    """Millimetres, by counting letters."""
    letters, line, bare = MEASURES[size]
    rows = (sum(-(-room(text) // letters) for text in box.texts) for box in boxes)
    tall = (
        max(count * line * 1.4, PICTURE) if box.picture else count * line
        for box, count in zip(boxes, rows, strict=True)
    )
    return sum(tall) + len(boxes) * bare


def _typeset(profile: Profile, pictures: Pictures, authority: str, at: datetime, size: str) -> Document:
    template = _environment().get_template("profile/print.html")
    page = template.render(profile=profile, columns=columns(profile), authority=authority, at=at, size=size)
    return typeset(page, "profile.css", Given(pictures))


@cache
def _environment() -> Environment:
    made = environment()
    made.globals.update(icon=_icon)
    return made


@cache
def _icons() -> dict[str, tuple[str, str]]:
    return {name: (box, body) for name, box, body in SYMBOL.findall(ICONS.read_text(encoding="utf-8"))}


def _icon(name: str) -> Markup:
    """One of our own icons, drawn in place, under its name."""
    box, body = (Markup(each) for each in _icons()[name])  # noqa: S704  # our own file
    drawn = Markup('<svg xmlns="http://www.w3.org/2000/svg" class="icon" {}><title>{}</title>{}</svg>')
    return drawn.format(box, name.capitalize(), body)
