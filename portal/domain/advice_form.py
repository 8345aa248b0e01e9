"""The form of advice as data: the questions of each kind, the rows of needs, provision and outcomes, and its hash."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain import hashing
from portal.domain.hashing import Value
from portal.domain.media import MediaFile
from portal.domain.standard import AMOUNT_PARTS

MOST_ROWS = 30


class Table(StrEnum):
    NEEDS = "needs"
    PROVISION = "provision"
    OUTCOMES = "outcomes"


@dataclass(frozen=True)
class Part:
    """One box of the form: a question, or a column of a table. `line` is one line of text."""

    name: str
    label: str
    hint: str = ""
    limit: int = 6000
    line: bool = False


PARTS: Mapping[Table, tuple[Part, ...]] = {
    Table.NEEDS: (
        Part("need", "The need, in a few words", limit=200, line=True),
        Part("effect", "What it means from day to day", "The difficulty, not only a diagnosis"),
    ),
    Table.PROVISION: (
        Part("what", "What should happen", limit=2000),
        Part("who", "Who does it", "Role, qualification and training", 300, True),
        Part("minutes", "Minutes each time", limit=5, line=True),
        Part("how_often", "How often", "Like: twice a week", 200, True),
        Part("ratio", "With how many", "Like: 1:1", 200, True),
        Part("how_long", "For how long", "Like: all school year", 200, True),
        Part("where", "Where", limit=200, line=True),
    ),
    Table.OUTCOMES: (
        Part("what", "What will be different", "A difference for the child, not a service", 2000),
        Part("by_when", "By when", limit=120, line=True),
    ),
}
TITLES: Mapping[Table, str] = {
    Table.NEEDS: "Needs",
    Table.PROVISION: "The help that is needed",
    Table.OUTCOMES: "What the help should lead to",
}
NOUNS: Mapping[Table, str] = {Table.NEEDS: "need", Table.PROVISION: "help", Table.OUTCOMES: "outcome"}

_KNOWN = Part("known", "How you know the child", "Since when, how often, and when you last saw them")
_STRENGTHS = Part("strengths", "Strengths, and what goes well")
_MORE = Part("more", "Anything else the council should know")
QUESTIONS: Mapping[str, tuple[Part, ...]] = {
    "a": (
        Part("now", "How things are now", "At home, at school, with friends: in your own words"),
        Part("worries", "What worries you most"),
        Part("hopes", "What you hope for", "Soon, and when your child is grown up"),
        Part("helps", "What has helped, and what has not"),
        _MORE,
    ),
    "b": (
        _KNOWN,
        _STRENGTHS,
        Part("attainment", "Where the child is in learning", "Attainment and progress, with dates"),
        Part("tried", "What was tried, and what came of it", "Assess, plan, do and review so far"),
        Part("attendance", "Attendance, and how the child is in school"),
        _MORE,
    ),
    "c": (
        _KNOWN,
        Part("diagnoses", "Diagnoses, and who made them"),
        _STRENGTHS,
        Part("treatment", "Treatment, therapy and medicines now"),
        Part("school", "What health means for learning and for the school day"),
        _MORE,
    ),
    "d": (
        Part("how", "How you assessed", "Observation, conversation, tests: with dates"),
        Part("consulted", "Whom you talked with, and what they said"),
        _STRENGTHS,
        Part("learning", "Cognition and learning"),
        Part("communication", "Communication and interaction"),
        Part("feelings", "Social, emotional and mental health"),
        Part("body", "Sensory and physical"),
        _MORE,
    ),
    "e": (
        _KNOWN,
        Part(
            "plans", "Plans and orders there are", "Child in need, child protection, looked after: what and since when"
        ),
        _STRENGTHS,
        Part("home", "Life at home, and the family’s own needs"),
        Part("assessed", "What you assessed, and under which law"),
        _MORE,
    ),
    "f": (_KNOWN, _STRENGTHS, Part("advice", "Your advice"), _MORE),
    "g": (
        _KNOWN,
        Part("work", "Work and education after school"),
        Part("living", "Living as independently as possible"),
        Part("community", "Friends, and being part of the community"),
        Part("health", "Keeping healthy as an adult"),
        _MORE,
    ),
    "h": (_KNOWN, _STRENGTHS, Part("advice", "Your advice"), _MORE),
}
DOCUMENTS: Mapping[str, str] = {
    "a": "What the family says",
    "b": "Advice of the school, college or nursery",
    "c": "Health advice",
    "d": "Educational psychologist’s advice",
    "e": "Social care advice",
    "f": "Advice that the council asked for",
    "g": "Advice on preparing for adulthood",
    "h": "Advice that the family asked for",
}
Row = Mapping[str, str]


@dataclass(frozen=True)
class Advice:
    """What somebody submitted: answers by question, rows by table, and a document of theirs where they sent one."""

    kind: str
    role: str
    answers: Mapping[str, str]
    rows: Mapping[Table, tuple[Row, ...]]
    file: MediaFile | None = None

    @property
    def is_empty(self) -> bool:
        return not (any(self.answers.values()) or any(self.rows.values()) or self.file)

    @property
    def value(self) -> dict[str, Value]:
        rows: dict[str, Value] = {each.value: [dict(row) for row in self.rows.get(each, ())] for each in Table}
        file = self.file.value if self.file else ""
        return {"kind": self.kind, "role": self.role, "answers": dict(self.answers), "rows": rows, "file": file}

    def hash(self, request: int, number: int, salt: bytes) -> bytes:
        """The salted hash of all of it, as the plan's chain has it."""
        return hashing.leaf(f"advice/{request}/{number}", self.value, (), salt)

    def texts(self) -> Iterator[tuple[str, Part, str]]:
        """(address, question, answer) of each question that was answered; an address names it for good."""
        for part in QUESTIONS[self.kind]:
            if self.answers.get(part.name):
                yield f"answers/{part.name}", part, self.answers[part.name]

    def table(self, table: Table) -> Iterator[tuple[str, Row]]:
        """(address, row) of each row of a table: "provision/2" is the second."""
        for number, row in enumerate(self.rows.get(table, ()), 1):
            yield f"{table.value}/{number}", row

    def row(self, address: str) -> Row | None:
        """A row by its address, or a question's answer as a row of its own; None where there is none."""
        for found, part, text in self.texts():
            if found == address:
                return {"question": part.label, "text": text}
        return next((row for table in Table for found, row in self.table(table) if found == address), None)


def amount_of(row: Row) -> dict[str, Value]:
    """How much help a row of provision asks for, as a row of the plan holds it."""
    said: dict[str, Value] = {name: row[name] for name in AMOUNT_PARTS if name != "minutes" and row.get(name)}
    return {"minutes": int(row["minutes"]), **said} if row.get("minutes") else said


def as_words(amount: Mapping[str, object]) -> str:
    """ "45 minutes, once a week, 1:1, all school year"; empty where nothing is said."""
    said = {**amount, "minutes": f"{amount['minutes']} minutes" if amount.get("minutes") else ""}
    return ", ".join(str(said[name]) for name in AMOUNT_PARTS if said.get(name))
