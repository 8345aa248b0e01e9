"""The shape of a plan as data: a plan standard names sections, their groups of items, and each item's fields."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from portal.domain.agency import AgencyKind
from portal.domain.error import NotFound
from portal.domain.state import WRITING, PlanState


class FieldKind(StrEnum):
    """What a field holds. Every kind stores strings, integers, lists and objects only (hash format v1)."""

    TEXT = "text"  # paragraphs; a line that begins with "- " is a list item
    LINE = "line"  # one line of plain text
    CHOICE = "choice"  # the key of one of `choices`
    LINKS = "links"  # a list of item ids from the groups in `links_to`
    AMOUNT = "amount"  # minutes, how often, ratio and length: one unit, never half of one and half of another
    FILE = "file"  # what a picture, sound or film is: its type, bytes and SHA-256 (media.py)


class Voice(StrEnum):
    """Whose words a group holds, so that a child's words are never taken for a parent's (Code of Practice 9.61)."""

    CHILD = "child"
    PARENT = "parent"
    FAMILY = "family"
    AGENCY = "agency"


class Needed(StrEnum):
    """What a final plan asks of a section."""

    SIGNED = "signed"  # by the owning agency, even when the section is empty
    AGREED = "agreed"  # by the family, or its absence explained
    AT_ISSUE = "at_issue"  # settled by the manager in the act of issuing
    NOTHING = "nothing"


AMOUNT_PARTS = ("minutes", "how_often", "ratio", "how_long")


@dataclass(frozen=True)
class Field:
    """One field of an item: its `name` in the address plan/section/item/field, its label and its limits."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    hint: str = ""
    limit: int = 6000
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    links_to: tuple[str, ...] = ()

    @property
    def link_words(self) -> str:
        """What a field of links says before its items: "Which needs it meets" becomes "Meets"."""
        verb = self.label.split(" it ")[-1]
        return verb[:1].upper() + verb[1:]

    def choice_label(self, key: str) -> str:
        return dict(self.choices).get(key, "")


@dataclass(frozen=True)
class Group:
    """A group of like items: one fixed item (`repeats` false, its id is the group's name) or any number of them."""

    name: str
    title: str
    fields: tuple[Field, ...]
    repeats: bool = False
    prefix: str = ""  # printed before the number: F gives F1, F2 …; a number is given once and never used again
    voice: Voice = Voice.AGENCY
    own_items: bool = False  # each item belongs to the person who added it
    noun: str = ""
    hint: str = ""
    says: str = ""  # the field that stands for the item in a link or a list

    def field(self, name: str) -> Field:
        for each in self.fields:
            if each.name == name:
                return each
        raise NotFound(f"no field {name}")

    @property
    def holds_files(self) -> bool:
        """Whether each item stands for a file, which is sent by a form of its own."""
        return any(each.kind is FieldKind.FILE for each in self.fields)

    @property
    def title_field(self) -> str:
        return self.says or self.fields[0].name


@dataclass(frozen=True)
class SectionStandard:
    """One lettered section: who owns it, what it holds, when it may be written and what a final asks of it."""

    letter: str
    title: str
    plain: str  # what the section is for, in words a tired parent can use
    owner: AgencyKind
    groups: tuple[Group, ...]
    needed: Needed
    statement: str = ""  # what a signer states; stored with each sign-off
    empty: str = "There is nothing in this section."
    written_in: frozenset[PlanState] = WRITING
    printed_in_draft: bool = True

    def group(self, name: str) -> Group:
        for each in self.groups:
            if each.name == name:
                return each
        raise NotFound(f"no group {name}")


@dataclass(frozen=True)
class PlanStandard:
    """A kind of statutory record. `name` carries its edition, because plans outlive editions."""

    name: str
    title: str
    sections: tuple[SectionStandard, ...]
    thread: tuple[str, ...] = field(default=())  # section letters in the order the thread is followed

    @cached_property
    def by_letter(self) -> dict[str, SectionStandard]:
        return {each.letter: each for each in self.sections}

    def section(self, letter: str) -> SectionStandard:
        """The section of that letter; NotFound when the standard has none."""
        try:
            return self.by_letter[letter]
        except KeyError:
            raise NotFound(f"no section {letter}") from None

    @property
    def letters(self) -> tuple[str, ...]:
        return tuple(self.by_letter)

    def owned_by(self, kind: AgencyKind) -> Iterator[SectionStandard]:
        return (each for each in self.sections if each.owner is kind)
