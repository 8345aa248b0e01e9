"""What a version prints of each section, and how its dates, numbers and states read on paper."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from portal.domain.agency import AGENCY_TITLES
from portal.domain.compare import as_words
from portal.domain.content import Content, Item, content_hash
from portal.domain.decision import Version, VersionSection
from portal.domain.moment import local_day
from portal.domain.plan import FINAL_KINDS
from portal.domain.standard import Field, FieldKind, Group, Needed, SectionStandard
from portal.domain.text import FORBIDDEN, blocks

PLACEMENT, SCHOOL = "placement", "name"
SHORT = 2000  # characters: a field that may be longer is set across the page, not beside its label
LARGE = 1500  # characters: about half a page


class Altered(Exception):
    """A section is not the one that the version's manifest names, so it is not printed."""


@dataclass(frozen=True)
class Printed:
    """One lettered section of one version; `line` is None when a draft leaves the section out by law."""

    standard: SectionStandard
    line: VersionSection | None
    content: Content
    is_empty: bool
    final: bool

    @property
    def verb(self) -> str:
        return "Agreed" if self.standard.needed is Needed.AGREED else "Signed"

    @property
    def is_refused(self) -> bool:
        """In a final, provision that its agency never agreed: the plan says so, and says nothing else of it."""
        return self.final and self.line is not None and not self.line.agreed

    @property
    def state(self) -> str:
        """Where the section stood on the day, in a few words."""
        needed, line = self.standard.needed, self.line
        if line is None:
            return self.standard.empty
        if needed is Needed.NOTHING:
            return "Needs no signature"
        if needed is Needed.AT_ISSUE:
            return "Settled at issue" if self.final else "Settled when the plan is issued"
        if line.sign_offs:
            return f"{self.verb} {day(max(each.by.at for each in line.sign_offs), weekday=False)}"
        if not line.agreed:
            whose = AGENCY_TITLES[self.standard.owner].lower()
            return f"{'Nothing' if self.final else 'Not yet'} agreed by {whose}"
        return f"Not {'' if self.final else 'yet '}{self.verb.lower()}"


def printed(
    standard: SectionStandard,
    version: Version,
    contents: Mapping[str, Content],
    readable: Mapping[str, Content] | None = None,
) -> Printed:
    """Raises Altered, or KeyError for a section that is missing from `contents`."""
    line, final = version.section(standard.letter), version.kind in FINAL_KINDS
    if line is None or (final and not line.agreed):
        return Printed(standard, line, Content(), True, final)
    content = contents[standard.letter]
    if content_hash(standard.letter, content) != line.hash:
        raise Altered(f"section {standard.letter} is not what was issued")
    content = content if readable is None else readable[standard.letter]
    shown = without_school(content) if version.cover.hidden_address else content
    return Printed(standard, line, shown, content.is_empty, final)


def without_school(content: Content) -> Content:
    """A child whose address is hidden can be found at school, so the type of school alone is printed."""
    items = tuple(
        replace(each, slots={**each.slots, SCHOOL: replace(each.slots[SCHOOL], value="")})
        if each.group == PLACEMENT
        else each
        for each in content.items
    )
    return replace(content, items=items)


def runs(group: Group, item: Item, names: dict[str, str], but: str) -> list[tuple[bool, list[Field]]]:
    """The fields to print, all but one, in order and cut where long ones (true) and short ones meet."""
    shown = [each for each in group.fields if each.name != but and (_is_exact(group) or as_words(each, item, names))]
    return [(is_long, list(fields)) for is_long, fields in groupby(shown, _is_long)]


def is_large(item: Item) -> bool:
    """Whether an item may be cut by the end of a page; a smaller one is kept in one piece."""
    return sum(len(str(slot.value)) for slot in item.slots.values()) > LARGE


def _is_long(field: Field) -> bool:
    return field.kind is FieldKind.TEXT and field.limit > SHORT


def _is_exact(group: Group) -> bool:
    """Whether each field is printed, filled or not: provision must be specific, and a gap in it must show."""
    return group.name == PLACEMENT or any(field.kind is FieldKind.AMOUNT for field in group.fields)


def visible(value: object) -> object:
    """Control and reordering characters as a visible sign: what is printed reads as what is stored and signed."""
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", value) if type(value) is str else value


def paragraphs(text: str) -> Iterator[tuple[bool, str, tuple[str, ...]]]:
    """(is a list, its direction, its lines); where lines run in both directions, a paragraph is cut."""
    for block in blocks(text):
        if block.is_list:
            yield True, direction(block.lines[0]), block.lines
        else:
            yield from ((False, way, tuple(lines)) for way, lines in groupby(block.lines, direction))


def direction(text: str) -> str:
    """Taken from the first letter that has one: right to left in Arabic, Urdu and Hebrew."""
    strong = (each for each in map(unicodedata.bidirectional, text) if each in ("L", "R", "AL"))
    return "ltr" if next(strong, "L") == "L" else "rtl"


def day(value: date | datetime, weekday: bool = True) -> str:
    """As in Friday 3 March 2027: always with its year, because paper is read years later."""
    given = local_day(value) if isinstance(value, datetime) else value
    return f"{f'{given:%A} ' if weekday else ''}{given.day} {given:%B} {given.year}"


def nhs_number(digits: str) -> str:
    """Grouped 3-3-4, as the NHS prints it."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}" if len(digits) == 10 else digits


def grouped(digits: str) -> str:
    """In fours, for reading aloud."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def possessive(name: str) -> str:
    return f"{name}’" if name.endswith("s") else f"{name}’s"
