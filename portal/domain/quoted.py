"""Finds a sentence again that somebody pointed at, by its words and its neighbours, as ancestry does."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.domain.ancestry import IN_SENTENCES
from portal.domain.content import Content, Item
from portal.domain.conversation import Quote
from portal.domain.sentence import key_of, sentences
from portal.domain.standard import Field, SectionStandard


@dataclass(frozen=True)
class Whereabouts:
    """Where a sentence stands now: its item, its field, and its place among the sentences of the field."""

    item: Item
    field: Field
    at: int

    def reworded(self, wording: str) -> str:
        """The field's text with other words in the sentence's place, and the space after it as it was."""
        pieces = list(sentences(self.item.text(self.field.name)))
        old = pieces[self.at]
        pieces[self.at] = wording + old[len(old.rstrip()) :]
        return "".join(pieces)


def pointed_at(text: str, at: int) -> Quote | None:
    """The sentence of that number in a text, with its neighbours; None where there is none."""
    pieces = [each.strip() for each in sentences(text)]
    if not 0 <= at < len(pieces) or not key_of(pieces[at]):
        return None
    return Quote(pieces[at], _near(pieces, at, -1), _near(pieces, at, 1))


def whereabouts(standard: SectionStandard, content: Content, item: str, field: str, quote: Quote) -> Whereabouts | None:
    """Where the sentence stands now: in its own field before any other, and of equal ones beside its neighbours.

    It is the same sentence while its words are; moved within the section it is found there, and put back word for
    word it is found again (ancestry.py). None when it was reworded or taken out.
    """
    key = key_of(quote.sentence)
    found = [
        ((each.item.id, each.field.name) == (item, field), _beside(pieces, each.at, quote), each)
        for each, pieces in _all(standard, content)
        if key_of(pieces[each.at]) == key
    ]
    return max(found, key=lambda each: each[:2])[2] if found else None


def _all(standard: SectionStandard, content: Content) -> Iterator[tuple[Whereabouts, list[str]]]:
    for item in content.items:
        for field in standard.group(item.group).fields:
            if field.kind in IN_SENTENCES:
                pieces = [each.strip() for each in sentences(item.text(field.name))]
                yield from ((Whereabouts(item, field, at), pieces) for at in range(len(pieces)))


def _beside(pieces: list[str], at: int, quote: Quote) -> int:
    """How many of its two neighbours it still has."""
    return sum(
        bool(key_of(was)) and key_of(was) == key_of(_near(pieces, at, step))
        for was, step in ((quote.before, -1), (quote.after, 1))
    )


def _near(pieces: list[str], at: int, step: int) -> str:
    """The nearest sentence that says something, before or after."""
    at += step
    while 0 <= at < len(pieces) and not key_of(pieces[at]):
        at += step
    return pieces[at] if 0 <= at < len(pieces) else ""
