"""What an item is joined to, as one reader may see it: what it serves, what serves it, what is missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from portal.domain.content import Item
from portal.domain.plan import Plan
from portal.domain.standard import FieldKind, Group
from portal.domain.thread import Break, Knot, Thread


@dataclass(frozen=True)
class Join:
    """One kind of link of one item: what it is called, and where it leads.

    `gone` counts items that are no longer in the plan, `dark` those in a part that this reader can't read.
    """

    words: str
    knots: tuple[Knot, ...]
    gone: int = 0
    dark: int = 0


@dataclass(frozen=True)
class Joins:
    """All joins of a plan for one reader. `placed` holds the items they may see, by id."""

    plan: Plan
    placed: Mapping[str, Knot]
    thread: Thread
    whole: bool  # every part of the thread is the reader's to see, so that they can judge all its breaks

    def of(self, group: Group, item: Item) -> tuple[Join, ...]:
        """What the item leads to by its own links, in the order of its fields."""
        fields = [each for each in group.fields if each.kind is FieldKind.LINKS and item.links(each.name)]
        found = (self._of_field(each.link_words, item.links(each.name)) for each in fields)
        return tuple(each for each in found if each.knots or each.gone or each.dark)

    def to(self, item: Item) -> tuple[Join, ...]:
        """What leads to the item: outcomes that grow from it, provision that meets or serves it."""
        return tuple(Join(words, tuple(knots)) for words, knots in self._leading.get(item.id, {}).items())

    def breaks_at(self, letter: str, item: Item) -> tuple[str, ...]:
        """What is missing on the thread at this item, of what the reader can judge."""
        return tuple(each.sentence.rstrip(".") for each in self._breaks.get(item.id, ()) if self.judges(each, letter))

    def judges(self, found: Break, letter: str) -> bool:
        """Whether a break would show in the parts this reader sees: what is unseen may well join it."""
        return self.whole or found.rule == "Q2" or (found.rule == "Q11" and letter != "E")

    def _of_field(self, words: str, ids: tuple[str, ...]) -> Join:
        knots = tuple(self.placed[each] for each in ids if each in self.placed)
        dark = sum(1 for each in ids if each not in self.placed and each in self._known)
        return Join(words, knots, gone=len(ids) - len(knots) - dark, dark=dark)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(item.id for head in self.plan.sections.values() for item in head.content.items)

    @cached_property
    def _leading(self) -> dict[str, dict[str, list[Knot]]]:
        found: dict[str, dict[str, list[Knot]]] = {}
        for words, knot, field in self._links():
            for target in knot.item.links(field):
                found.setdefault(target, {}).setdefault(words, []).append(knot)
        return found

    def _links(self) -> Iterator[tuple[str, Knot, str]]:
        outcomes, provision = self.thread.outcomes, self.thread.provision
        yield from (("Worked towards by", each, "aspirations") for each in outcomes)
        yield from (("Leads to", each, "needs") for each in outcomes)
        yield from (("Met by", each, "needs") for each in provision)
        yield from (("Served by", each, "outcomes") for each in provision)

    @cached_property
    def _breaks(self) -> dict[str, list[Break]]:
        found: dict[str, list[Break]] = {}
        for each in self.thread.breaks:
            found.setdefault(each.knot.item.id, []).append(each)
        return found
