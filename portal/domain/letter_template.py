"""A council's own words for its letters: which fill-ins they may hold, and how two managers' changes come together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.content import Mark
from portal.domain.error import Invalid, NotFound, StaleRevision
from portal.domain.letter_kind import LETTERS, LetterKind
from portal.domain.letter_own import CONTACTS, as_it_comes, parts_of

LONGEST = 4000  # characters of one part
FILL = re.compile(r"\{([^{}]*)\}")
MARKUP = re.compile(r"<[A-Za-z/!?]")
# What a letter can say of its child and case; the last two only where the letter has such a day.
FILL_INS: Mapping[str, str] = {
    "name of child": "the child’s whole name",
    "child": "what the child is called",
    "date of request": "when the request counts as received",
    "date of decision": "when it was decided, or served",
    "date of this letter": "the day on which it is sent",
    "name of council": "your council",
    "last day to appeal": "the last day by which the tribunal must receive an appeal",
    "last day to answer": "the last day of the family’s 15 days",
}


@dataclass(frozen=True)
class Template:
    """One version of a council's words for a kind of letter, or for what all share. Number 0 is as it comes."""

    authority: str
    name: str
    number: int
    parts: Mapping[str, str]
    by: Mark | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The labels of parts that must be written before a letter can be sent."""
        return tuple(each.label for each in parts_of(self.name) if each.needed and not self.parts.get(each.name))


def first(authority: str, name: str) -> Template:
    return Template(authority, name, 0, as_it_comes(name))


def must_be_known(name: str) -> None:
    if name != CONTACTS and name not in LETTERS:
        raise NotFound("no such letter")


def fill_ins(name: str) -> dict[str, str]:
    """The fill-ins that a template may hold, each with what it says."""
    if name == CONTACTS:
        return {"name of council": FILL_INS["name of council"]}
    letter = LETTERS[LetterKind(name)]
    without = {each for each, there in _DAYS.items() if not getattr(letter, there)}
    return {each: said for each, said in FILL_INS.items() if each not in without}


_DAYS = {"last day to appeal": "decision", "last day to answer": "answer"}


def checked(name: str, parts: Mapping[str, str]) -> dict[str, str]:
    """The parts, of which each is plain text with known fill-ins. Raises Invalid with a message for each part."""
    wrong = {each: said for each, text in parts.items() if (said := _fault(name, text))}
    for each in parts_of(name):
        if each.needed and not parts.get(each.name):
            wrong[each.name] = "Write this. The law has every letter that can be appealed say it."
    if wrong:
        raise Invalid(wrong)
    return dict(parts)


def _fault(name: str, text: str) -> str:
    if len(text) > LONGEST:
        return f"This is {len(text):,} characters. Shorten it to {LONGEST:,} or fewer."
    if MARKUP.search(text):
        return "Write plain text: this holds a sign < as HTML does, and a letter takes none."
    known = fill_ins(name)
    unknown = next((each for each in FILL.findall(text) if each not in known), None)
    if unknown in FILL_INS:
        return f"This letter has no {{{unknown}}}. Choose from the list."
    if unknown is not None:
        return f"There is no {{{unknown}}}. Choose from the list, and type it as it stands there."
    if re.search(r"[{}]", FILL.sub("", text)):
        return "A curly bracket stands alone. Write {name of child} with both, or none."
    return ""


@dataclass(frozen=True)
class Clashing:
    """A part that two managers changed: `mine` was sent, `theirs` stands now, `by` whom."""

    part: str
    mine: str
    theirs: str
    by: Mark | None


def changed(now: Template, before: Template, sent: Mapping[str, str], by: Mark) -> Template | None:
    """The template after a form that was made from `before` is saved over `now`; None where nothing changes.

    Raises Invalid, and StaleRevision with both texts of each part that somebody else changed meanwhile, and with all
    parts as a form may go on with them (`merged`): mine where two clash.
    """
    parts = checked(now.name, sent)
    mine = {each: text for each, text in parts.items() if text != before.parts.get(each, "")}
    clashes = [
        Clashing(each, text, now.parts.get(each, ""), now.by)
        for each, text in mine.items()
        if now.parts.get(each, "") not in (before.parts.get(each, ""), text)
    ]
    if clashes:
        raise StaleRevision(clashes, {**now.parts, **mine})
    after = {**now.parts, **mine}
    return None if after == now.parts and now.number else Template(now.authority, now.name, now.number + 1, after, by)
