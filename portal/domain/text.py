"""Plain text as people type it: normalised on the way in, and cut into paragraphs and lists on the way out."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby

BULLET = "- "
WORD = re.compile(r"\S+")
# Tab and newline are typed by people. The rest of the control characters, and the marks that
# reorder text invisibly, could make a signed sentence read otherwise than it is stored; U+FFFD
# stands for bytes that were no text.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffd]|[\ud800-\udfff]"
)


@dataclass(frozen=True)
class Block:
    """A paragraph (one line or more) or a list (its points)."""

    is_list: bool
    lines: tuple[str, ...]


def clean(text: str) -> str:
    """NFC, LF, no space at the end of a line, at most one blank line between paragraphs."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    lines = [line.rstrip() for line in text.strip().split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def has_forbidden(text: str) -> bool:
    """Whether the text holds a character that nobody types (control, surrogate, bidirectional override)."""
    return bool(FORBIDDEN.search(text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")))


def blocks(text: str) -> list[Block]:
    """Paragraphs and lists in order; a line that begins with "- " is a point of a list."""
    found: list[Block] = []
    for paragraph in filter(None, text.split("\n\n")):
        for is_list, lines in groupby(paragraph.split("\n"), lambda line: line.startswith(BULLET)):
            points = tuple(line.removeprefix(BULLET) if is_list else line for line in lines)
            found.append(Block(is_list, points))
    return found


def count_words(text: str) -> int:
    return len(WORD.findall(text))
