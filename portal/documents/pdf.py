"""An issued version as a tagged PDF, made from what was issued and from nothing else."""

from collections.abc import Mapping
from functools import cache

from jinja2 import Environment

from portal.documents import printed
from portal.documents.typeset import as_pdf, environment, typeset
from portal.domain.agency import AGENCY_TITLES
from portal.domain.checkpoint import Checkpoint
from portal.domain.compare import as_words
from portal.domain.content import Content
from portal.domain.decision import Version
from portal.domain.plan import FINAL_KINDS
from portal.domain.reading import name_of, number_of
from portal.domain.standard import FieldKind, Needed, PlanStandard
from portal.domain.state import VERSION_WORDS


def make_pdf(
    plan_id: str,
    standard: PlanStandard,
    version: Version,
    contents: Mapping[str, Content],
    checkpoint: Checkpoint | None = None,
    readable: Mapping[str, Content] | None = None,
) -> bytes:
    """The version as PDF/UA-1, with the latest checkpoint made before it: none can cover what it is printed on.

    `contents` are the sections as issued, `readable` what one reader may read of them, where that is less.
    Raises Altered when a section's words are not those that were issued.
    """
    sections = [printed.printed(each, version, contents, readable) for each in standard.sections]
    groups = [(each.content, group) for each in sections for group in each.standard.groups]
    items = [(group, item) for content, group in groups for item in content.in_group(group.name)]
    page = (
        _environment()
        .get_template("versions/print.html")
        .render(
            reference=plan_id,
            standard=standard,
            version=version,
            child=version.cover,
            kind=VERSION_WORDS[version.kind],
            final=version.kind in FINAL_KINDS,
            sections=sections,
            checkpoint=checkpoint,
            names={item.id: name_of(group, item) for group, item in items},
            anchors={item.id: number_of(group, item) for group, item in items},
        )
    )
    return as_pdf(typeset(page, "print.css"))


@cache
def _environment() -> Environment:
    made = environment()
    made.filters.update(nhs_number=printed.nhs_number, grouped=printed.grouped, possessive=printed.possessive)
    made.globals.update(
        agency_titles=AGENCY_TITLES,
        as_words=as_words,
        is_large=printed.is_large,
        number_of=number_of,
        runs=printed.runs,
        FieldKind=FieldKind,
        Needed=Needed,
    )
    return made
