"""A council's caseload in pictures: by stage, by whom it waits for, in time by month, and by what was decided."""

from typing import Any

from flask import Blueprint, Response, request
from marshmallow import fields, validate

from portal.auth.gate import SIGNED_ON, needs
from portal.domain.ehc_plan import AREAS
from portal.domain.error import NotFound
from portal.domain.identifier import ALPHABET
from portal.operations import pictures as operations
from portal.operations.pictures import Seen
from portal.store.pictures import Wanted
from portal.web import csv_file, current
from portal.web.forms import Query, load
from portal.web.pictures import cells, headings, picture_of
from portal.web.render import render

blueprint = Blueprint("pictures", __name__, url_prefix="/pictures")
ABOUT = ("school", "worker", "need")


class PicturesQuery(Query):
    """Of which cases; nothing chosen is all of them."""

    council = fields.String(load_default="", validate=validate.Regexp(r"([a-z]{3})?\Z"))
    school = fields.String(load_default="", validate=validate.Regexp(r"[a-z0-9-]{0,60}\Z"))
    worker = fields.String(load_default="", validate=validate.Regexp(rf"[{ALPHABET}]{{0,32}}\Z"))
    need = fields.String(load_default="", validate=validate.OneOf(("", *(key for key, _ in AREAS))))


@blueprint.get("")
@needs(SIGNED_ON)
def index() -> Response:
    seen = _seen()
    return render(
        "pictures/index.html",
        json=lambda: _json(seen),
        seen=seen,
        pictures=[picture_of(each) for each in seen.tables.values()],
        councils=list(operations.watched_by(current.actor())),
        needs=AREAS,
        asked={name: value for name, value in vars(seen.wanted).items() if value},
        here="pictures",
    )


@blueprint.get("/<slug>.csv")
@needs(SIGNED_ON)
def table(slug: str) -> Response:
    """The table behind one picture, of the same cases."""
    seen = _seen()
    found = seen.tables.get(slug)
    if found is None:
        raise NotFound("no such picture")
    rows = [list(cells(row, found.figure is not None)) for row in found.rows]
    return csv_file.give(f"caseload-{slug}", [list(headings(found)), *rows])


def _seen() -> Seen:
    asked = load(PicturesQuery(), request.args)
    wanted = Wanted(**{name: asked[name] for name in ABOUT})
    return operations.see(current.db(), current.actor(), asked["council"], wanted, current.moment())


def _json(seen: Seen) -> dict[str, Any]:
    return {
        "council": seen.authority,
        "exact": seen.exact,
        "pictures": {
            name: [
                {"of": row.key, **dict(zip(found.columns, row.counts, strict=True)), **_percent(row.percent)}
                for row in found.rows
            ]
            for name, found in seen.tables.items()
        },
    }


def _percent(percent: int | None) -> dict[str, int]:
    return {} if percent is None else {"percent": percent}
