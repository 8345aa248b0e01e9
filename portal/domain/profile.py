"""The one-page profile of a child: few words and a picture each, made from section A as one person may read it."""

from dataclasses import dataclass, replace

from portal.domain.content import Content, Item
from portal.domain.media import GROUP, LETTER, PORTRAIT, MediaKind, file_of
from portal.domain.reading import PlanReading
from portal.domain.sentence import sentences
from portal.domain.text import BULLET

NEW_LINE = 30  # letters of room that the rest of a line takes, when another begins


@dataclass(frozen=True)
class Box:
    """One thing to know: its icon, its title, what is said of it, and a picture of it where there is one."""

    name: str
    icon: str
    title: str
    texts: tuple[str, ...]
    picture: Item | None = None


@dataclass(frozen=True)
class Profile:
    called: str
    portrait: Item | None
    boxes: tuple[Box, ...]

    @property
    def pictures(self) -> tuple[Item, ...]:
        found = (self.portrait, *(each.picture for each in self.boxes))
        return tuple(each for each in found if each)


# Each box: what it is called by `shows` of a picture, its icon, its title, and the group and field of its words.
BOXES = (
    ("admired", "heart", "What people like and admire about me", "admired", "words"),
    ("most-important", "star", "What is important to me", "most-important", "words"),
    ("people", "people", "People who are important to me", "people", "words"),
    ("communication", "comment", "How I communicate", "communication", "words"),
    ("do-and-dont", "tick", "Please do", "do-and-dont", "do"),
    ("", "no", "Please don’t", "do-and-dont", "dont"),
    ("support", "hand", "How best to support me", "support", "words"),
    ("wellness", "sun", "Good days and bad days", "wellness", "words"),
    ("hopes", "thread", "What I hope for", "aspirations", "hope"),
)


def portrait_of(reading: PlanReading) -> Item | None:
    """The photograph of the child that this reader may see."""
    return _picture(reading.sections[LETTER].content, PORTRAIT)


def profile_of(reading: PlanReading) -> Profile:
    """What may be printed for this reader: an empty box is left out."""
    content = reading.sections[LETTER].content
    boxes = (
        Box(name, icon, title, _texts(content, group, field), _picture(content, name))
        for name, icon, title, group, field in BOXES
    )
    shown = tuple(each for each in boxes if each.texts or each.picture)
    return Profile(reading.plan.child.called, _picture(content, PORTRAIT), shown)


def shortened(profile: Profile, limit: int) -> Profile:
    """The profile with at most so many characters in each box, cut where a sentence or a point ends."""
    boxes = tuple(replace(each, texts=_fitting(each.texts, limit)) for each in profile.boxes)
    return replace(profile, boxes=boxes)


def _texts(content: Content, group: str, field: str) -> tuple[str, ...]:
    return tuple(text for item in content.in_group(group) if (text := item.text(field)))


def _picture(content: Content, shows: str) -> Item | None:
    """The newest picture that belongs there, of those that have their words."""
    found = [each for each in content.in_group(GROUP) if shows and each.text("shows") == shows]
    return next((each for each in reversed(found) if _is_picture(each)), None)


def _is_picture(item: Item) -> bool:
    file = file_of(item)
    return file is not None and file.kind is MediaKind.PICTURE


def room(text: str) -> int:
    """How much room a text takes, in letters of one line: a line that ends early takes as much as a full one."""
    return len(text) + NEW_LINE * text.count("\n")


def _fitting(texts: tuple[str, ...], limit: int) -> tuple[str, ...]:
    kept: list[str] = []
    for text in texts:
        left = limit - sum(NEW_LINE + room(each) for each in kept)
        if kept and room(text) > left:
            break
        kept.append(text if room(text) <= left else _cut(text, left))
    return tuple(kept)


def _cut(text: str, limit: int) -> str:
    """Whole sentences while they fit; of a first one that is too long, its first words."""
    kept = ""
    for each in sentences(text):
        if room(kept) + room(each.rstrip()) > limit:
            break
        kept += each
    return kept.rstrip() or text.partition("\n")[0][:limit].rsplit(" ", 1)[0].removeprefix(BULLET).rstrip() + " …"
