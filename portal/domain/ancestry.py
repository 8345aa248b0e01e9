"""Who wrote each sentence: derived from a section's revisions, surviving edits around it, and never stored."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from portal.domain.compare import Difference
from portal.domain.content import Content, Item, Mark
from portal.domain.conversation import Remark
from portal.domain.decision import Revision
from portal.domain.hashing import Value
from portal.domain.sentence import key_of, sentences
from portal.domain.standard import Field, FieldKind, SectionStandard

Place = tuple[str, str]  # an item's id and the name of one of its fields
IN_SENTENCES = (FieldKind.TEXT, FieldKind.LINE)


@dataclass(frozen=True)
class Origin:
    """Who first wrote a sentence, for which agency, and the revision of the section in which it first stood.

    Words that somebody suggested are theirs; `taken_in` is then who took them into the section, and when.
    """

    by: Mark
    agency_name: str
    revision: int
    taken_in: Mark | None = None


@dataclass(frozen=True)
class Sentence:
    """A sentence with the space after it and where it comes from; a choice, an amount or a set of links has no text."""

    text: str
    origin: Origin

    @property
    def key(self) -> str:
        return key_of(self.text)


Origins = Mapping[Place, tuple[Sentence, ...]]


def origins(
    standard: SectionStandard, revisions: Iterable[Revision], suggested: Mapping[int, Remark] | None = None
) -> Origins:
    """Each filled field's sentences with their origins, from every revision, oldest first.

    A sentence keeps its origin while its words stand in its field, whatever is written around it; when it moves within
    the section; and when it was taken out and is put back word for word. Rewording it makes a new one. Of two equal
    sentences each has its own origin. A choice, an amount and a set of links are whoever's set them last. What
    `suggested` names by the number of a revision was somebody's suggestion, and is theirs.
    """
    ancestry = _Ancestry(standard, suggested or {})
    for revision in revisions:
        ancestry.grow(revision)
    return ancestry.standing


class _Ancestry:
    """The section as far as it has been read: the sentences that stand in it, and those that did once."""

    def __init__(self, standard: SectionStandard, suggested: Mapping[int, Remark]) -> None:
        self.standing: dict[Place, tuple[Sentence, ...]] = {}
        self._fields = {group.name: group.fields for group in standard.groups}
        self._gone: defaultdict[str, list[Origin]] = defaultdict(list)
        self._before = Content()
        self._suggested = suggested

    def _origin(self, revision: Revision) -> Origin:
        suggestion = self._suggested.get(revision.number)
        if suggestion is None:
            return Origin(revision.by, revision.agency_name, revision.number)
        return Origin(suggestion.by, suggestion.agency_name, revision.number, revision.by)

    def grow(self, revision: Revision) -> None:
        new = self._origin(revision)
        wanting: dict[Place, list[Sentence | str]] = {}
        for place, field, value in self._changed(revision.content):
            old = self.standing.pop(place, ())
            if field.kind in IN_SENTENCES:
                wanting[place] = self._kept(old, str(value))
            elif value:
                self.standing[place] = (Sentence("", new),)
        # Only now is it known what is gone from every field, and so what has moved to another.
        for place, pieces in wanting.items():
            found = tuple(each if isinstance(each, Sentence) else self._found(each, new) for each in pieces)
            if found:
                self.standing[place] = found
        self._before = revision.content

    def _changed(self, content: Content) -> Iterator[tuple[Place, Field, Value]]:
        """The fields whose value is not what it was, with what it is now (empty where the item is gone)."""
        was = {item.id: item for item in self._before.items}
        for item in content.items:
            yield from self._differing(was.pop(item.id, None), item)
        for item in was.values():
            yield from (((item.id, field.name), field, "") for field in self._fields[item.group])

    def _differing(self, before: Item | None, item: Item) -> Iterator[tuple[Place, Field, Value]]:
        for field in self._fields[item.group]:
            value = item.value(field.name)
            if before is None or before.value(field.name) != value:
                yield (item.id, field.name), field, value

    def _kept(self, old: tuple[Sentence, ...], text: str) -> list[Sentence | str]:
        """The new text's sentences: with their origin where they stood in this field before, in the same order."""
        pieces: list[Sentence | str] = [each for each in sentences(text) if key_of(each)]
        keys = [key_of(str(each)) for each in pieces]
        left = set(range(len(old)))
        matcher = Difference([each.key for each in old], keys)
        for a, b, size in matcher.get_matching_blocks():
            for step in range(size):
                pieces[b + step] = Sentence(str(pieces[b + step]), old[a + step].origin)
                left.discard(a + step)
        for at in left:
            self._gone[old[at].key].append(old[at].origin)
        return pieces

    def _found(self, text: str, new: Origin) -> Sentence:
        """A sentence that did not stand in this field: its first author's when it stood elsewhere or earlier."""
        earlier = self._gone[key_of(text)]
        if not earlier:
            return Sentence(text, new)
        first = min(earlier, key=lambda each: each.revision)
        earlier.remove(first)
        return Sentence(text, first)
