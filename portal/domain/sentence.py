"""Where one sentence ends and the next begins, in plain text as people type it."""

import re
import unicodedata

from portal.domain.text import BULLET

# A line with its end, so that joining the pieces gives the text back exactly.
LINE = re.compile(r"[^\n]*\n+|[^\n]+")
# An end mark, quotes and brackets that close after it, and the space before the next word (Chinese needs none).
# A run of marks is looked at from its first one alone: from each of them, a line of dots would take seconds.
END = re.compile(r"(?P<mark>(?<![.!?…؟۔।॥])[.!?…؟۔।॥]+)[\"'”’»)\]]*\s+(?=\S)|[。！？｡]+[」』”’）]*\s*")
BEFORE = re.compile(r"[^\s(\[\"'“‘«]*\Z")
ABBREVIATIONS = frozenset({"dr", "mr", "mrs", "ms", "prof", "rev", "st", "approx", "vs", "e.g", "i.e", "a.m", "p.m"})


def sentences(text: str) -> tuple[str, ...]:
    """The sentences in order, each with the space after it; joined they are the text. A line's end always ends one."""
    return tuple(piece for line in LINE.findall(text) for piece in _of_line(line))


def key_of(sentence: str) -> str:
    """What makes two sentences the same: their words, whatever the spaces, a list's dash or how é was typed."""
    return " ".join(unicodedata.normalize("NFC", sentence).split()).removeprefix(BULLET)


def _of_line(line: str) -> list[str]:
    pieces, start = [], 0
    for found in END.finditer(line):
        if _ends(line, start, found):
            pieces.append(line[start : found.end()])
            start = found.end()
    return [*pieces, line[start:]] if start < len(line) else pieces


def _ends(line: str, start: int, found: re.Match[str]) -> bool:
    """Whether the mark ends a sentence: not inside one ("Wait ... what"), nor after "Dr", an initial or "1."."""
    following = line[found.end() : found.end() + 1]
    if following.islower():
        return False
    if found["mark"] != ".":
        return True
    before = BEFORE.findall(line[start : found.start()])[0]
    is_initial = len(before) == 1 and before.isalpha()
    is_number_of_point = line[start : found.start()].strip(" -").isdecimal()
    return not (is_initial or is_number_of_point or before.casefold() in ABBREVIATIONS)
