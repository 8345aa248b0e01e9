"""Two people's changes to one text, put together in whole sentences; where both changed one, both are told."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, chain

from merge3 import Merge3

from portal.domain.sentence import sentences
from portal.domain.text import BULLET

PLACE = "\0"  # begins a mark between sentences: no text holds it (text.py)


@dataclass(frozen=True)
class MergedText:
    """The text as it stands with both people's changes; `theirs` differs from `mine` only where the two clash.

    `both` holds their words and then mine at each clash, for the writer to edit.
    """

    mine: str
    theirs: str
    both: str

    @property
    def clashes(self) -> bool:
        return self.mine != self.theirs


@dataclass(frozen=True)
class Part:
    """Sentences that follow one another, each with the space before it, as either would have them."""

    mine: Sequence[str]
    theirs: Sequence[str]

    @property
    def clashes(self) -> bool:
        return self.mine != self.theirs


def merge_text(was: str, mine: str, theirs: str) -> MergedText:
    """Three ways, aligned by words. A sentence is taken whole from one of the two or is a clash of both.

    Half a sentence of each would be words that nobody wrote: "30 minutes a week" made 45 by one and
    "a day" by the other is for people to settle. Different spaces and lines alone never clash.
    """
    if not mine.strip() or not theirs.strip():  # one emptied what the other changed: nothing of it is taken as settled
        return MergedText(mine, theirs, f"{theirs}\n\n{mine}".strip())
    merge = Merge3(_marked(was, was), _marked(was, mine), _marked(was, theirs))
    parts = [_part(*map(_unmarked, group)) for group in _groups(merge)]
    alone = all(each.clashes for each in parts if each.mine or each.theirs)
    return MergedText(
        _joined(piece for part in parts for piece in part.mine),
        _joined(piece for part in parts for piece in part.theirs),
        _joined(piece for part in parts for piece in (_both(part, alone) if part.clashes else part.mine)),
    )


def _groups(merge: "Merge3[str]") -> Iterator[tuple[Sequence[str], Sequence[str], Sequence[str]]]:
    """(was, mine, theirs) of each stretch that the library settled, all alike, and of each clash it reports."""
    for kind, *groups in merge.merge_groups():
        was, mine, theirs = groups if kind == "conflict" else groups * 3
        yield was, mine, theirs


def _pieces(text: str) -> list[str]:
    """The sentences of a text, each with the space before it; joined they are the text, but for space at its end."""
    found: list[str] = []
    space = ""
    for sentence in sentences(text):
        words = sentence.rstrip()
        if words:
            found.append(space + words)
        space = sentence[len(words) :] if words else space + sentence
    return found


def _marked(was: str, text: str) -> list[str]:
    """The sentences with a mark where one of `was` ends or begins, so that what lies between is merged apart."""
    pieces = _pieces(text)
    marks: dict[int, list[str]] = defaultdict(list)
    for place, at in sorted(_aligned(_pieces(was), pieces).items()):
        # What is put in between two sentences stands between the end of the one and the beginning of the other.
        marks[min(at)].append(f"{PLACE}{place} ends")
        marks[max(at)].append(f"{PLACE}{place} begins")
    tokens = list(marks[0])
    for number, piece in enumerate(pieces, 1):
        tokens += [piece, *marks[number]]
    return tokens


def _aligned(was: list[str], text: list[str]) -> dict[int, set[int]]:
    """After how many sentences of the text each end of a sentence of `was` lies: found by sentences and by words."""
    found = {0: {0}, len(was): {len(text)}}
    for old, new in _matched([each.split() for each in was], [each.split() for each in text]):
        found.setdefault(old, set()).add(new)
    return found


def _matched(was: list[list[str]], text: list[list[str]]) -> Iterator[tuple[int, int]]:
    yield from _same(list(map(tuple, was)), list(map(tuple, text)))
    old, new = ({end: place for place, end in enumerate([0, *accumulate(map(len, each))])} for each in (was, text))
    for start, at in _same(list(chain(*was)), list(chain(*text))):
        if start in old and at in new:
            yield old[start], new[at]


def _same(was: Sequence[Hashable], text: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """The places in both that lie at or between what is the same in both."""
    for start, at, size in SequenceMatcher(None, was, text, autojunk=False).get_matching_blocks()[:-1]:
        yield from ((start + each, at + each) for each in range(size + 1))


def _unmarked(tokens: Sequence[str]) -> list[str]:
    return [each for each in tokens if not each.startswith(PLACE)]


def _part(was: list[str], mine: list[str], theirs: list[str]) -> Part:
    """A stretch as either would have it; a clash of nothing but spaces is settled, with those that somebody changed."""
    words, my_words, their_words = ("".join(each).split() for each in (was, mine, theirs))
    if mine != theirs and my_words in (words, their_words):
        mine = theirs = _spaced(was, mine, theirs)
    elif mine != theirs and their_words == words:
        mine = theirs = _spaced(was, theirs, mine)
    return Part(mine, theirs)


def _spaced(was: list[str], spaces: list[str], words: list[str]) -> list[str]:
    """The words of one, with the space before them that the other changed."""
    if not (was and spaces and words) or _space(spaces[0]) == _space(was[0]):
        return words
    return [_space(spaces[0]) + words[0].lstrip(), *words[1:]]


def _both(part: Part, alone: bool) -> list[str]:
    """Their words and then mine; a blank line between where the clash is all there is."""
    if not (part.mine and part.theirs and alone):
        return [*part.theirs, *part.mine]
    return [*part.theirs, "\n\n" + part.mine[0].lstrip(), *part.mine[1:]]


def _space(piece: str) -> str:
    return piece[: len(piece) - len(piece.lstrip())]


def _joined(pieces: Iterable[str]) -> str:
    """One text, in which each piece is still a sentence of its own."""
    text, last = "", ""
    for piece in pieces:
        words = piece.lstrip()
        space = _space(piece) or ("\n" if words.startswith(BULLET) else " ")
        if last and len(sentences(last + space + words)) != 2:
            space = "\n"  # the one before has no full stop, or this begins in lower case
        text += space + words if last else words
        last = words
    return text
