"""Who wrote this: a section's words set out by who first wrote each sentence, on demand."""

from flask import Blueprint, Response

from portal.auth.gate import needs
from portal.domain.agency import AgencyKind
from portal.domain.permission import Permission
from portal.operations import authors as operations
from portal.web import current
from portal.web.json import authors_json
from portal.web.render import render

blueprint = Blueprint("authors", __name__, url_prefix="/plans/<plan_id>/sections/<letter>/authors")


@blueprint.get("")
@needs(Permission.SECTION_VIEW)
def show(plan_id: str, letter: str) -> Response:
    reading = current.open_plan(plan_id)
    items = operations.authors_of(current.db(), reading, letter)
    section = reading.sections[letter]
    # An agency's name would tell where a child with a hidden address lives or goes to school.
    agencies = not reading.plan.child.hidden_address and section.standard.owner is not AgencyKind.FAMILY
    return render(
        "sections/authors.html",
        "sections/_authors.html",
        json=lambda: {"plan": plan_id, "section": letter, "items": authors_json(items, agencies)},
        reading=reading,
        plan=reading.plan,
        section=section,
        items=items,
        agencies=agencies,
    )
