"""Issued versions: each opens exactly as issued, as a page and as a tagged PDF; any two can be compared."""

from flask import Blueprint, Response, request

from portal.auth.gate import needs
from portal.domain.compare import compare
from portal.domain.content import Content
from portal.domain.error import NotFound
from portal.domain.permission import Permission
from portal.domain.reading import name_of
from portal.domain.state import VERSION_WORDS, VersionKind
from portal.operations import plans as operations
from portal.operations.paper import pdf_for
from portal.operations.plans import VersionReading
from portal.store import outbox
from portal.web import current
from portal.web.files import give_pdf
from portal.web.forms import CompareQuery, load
from portal.web.json import changes_json, version_json, version_line_json
from portal.web.render import render

blueprint = Blueprint("versions", __name__, url_prefix="/plans/<plan_id>/versions")


@blueprint.get("")
@needs(Permission.PLAN_VIEW)
def index(plan_id: str) -> Response:
    reading = current.open_plan(plan_id)
    return render(
        "versions/index.html",
        json=lambda: {"plan": plan_id, "versions": [version_line_json(each) for each in reading.versions]},
        reading=reading,
        plan=reading.plan,
        lines=reading.versions,
        kinds=VERSION_WORDS,
    )


@blueprint.get("/<int:number>")
@needs(Permission.PLAN_VIEW)
def show(plan_id: str, number: int) -> Response:
    opened = _open(plan_id, number)
    return render(
        "versions/show.html",
        json=lambda: version_json(opened.plan, opened.version, opened.contents),
        opened=opened,
        plan=opened.plan,
        version=opened.version,
        contents=opened.contents,
        names=_names(opened),
        kinds=VERSION_WORDS,
        made=outbox.document(current.db(), plan_id, number) is not None,
    )


@blueprint.get("/<int:number>.pdf")
@needs(Permission.PLAN_VIEW)
def pdf(plan_id: str, number: int) -> Response:
    """The version as a PDF, for those who may read every section of it."""
    opened = _open(plan_id, number)
    if not opened.whole:
        raise NotFound("a part of this is kept from this reader")
    content = pdf_for(current.db(), opened)
    if content is None:
        return render("versions/not_yet.html", status=202, plan=opened.plan, number=number)
    operations.take_copy(current.db(), opened.plan, current.actor(), f"pdf:{number}", current.moment())
    return give_pdf(content, f"plan-version-{number}")


@blueprint.get("/compare")
@needs(Permission.PLAN_VIEW)
def compare_two(plan_id: str) -> Response:
    """What changed from one version to another, section by section."""
    asked = load(CompareQuery(), request.args)
    old, new = (_open(plan_id, asked[name]) for name in ("before", "after"))
    names = {**_names(old), **_names(new)}
    standard = new.plan.standard
    changes = []
    for letter in standard.letters:
        # What the reader could not read in one of the two is neither new nor gone.
        if _comparable(old, letter) and _comparable(new, letter):
            before, after = (each.contents.get(letter, Content()) for each in (old, new))
            section = standard.section(letter)
            changes.append((section, compare(section, before, after, names)))
    return render(
        "versions/compare.html",
        json=lambda: {"sections": {section.letter: changes_json(found) for section, found in changes}},
        plan=new.plan,
        old=old,
        new=new,
        changes=changes,
        kinds=VERSION_WORDS,
    )


def _comparable(opened: VersionReading, letter: str) -> bool:
    left_open = opened.version.kind is VersionKind.PROPOSED_AMENDMENT  # a place is named in the plan as amended alone
    return letter in opened.contents or (opened.version.section(letter) is None and not left_open)


def _open(plan_id: str, number: int) -> VersionReading:
    return operations.open_version(current.db(), current.actor(), plan_id, number, current.moment())


def _names(opened: VersionReading) -> dict[str, str]:
    standard = opened.plan.standard
    return {
        item.id: name_of(standard.section(letter).group(item.group), item)
        for letter, content in opened.contents.items()
        for item in content.items
    }
