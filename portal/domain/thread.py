"""The golden thread: what a child hopes for, the needs in the way, the outcomes sought and the help to get there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from portal.domain.content import Item

NEED_SECTIONS = ("B", "C", "D")
PROVISION_SECTIONS = ("F", "G", "H1", "H2")


@dataclass(frozen=True)
class Knot:
    """One item on the thread, with the letter of the section where it stands."""

    letter: str
    item: Item


@dataclass(frozen=True)
class Strand:
    """One outcome with what it grows from and what serves it; or an item that nothing joins yet."""

    hopes: tuple[Knot, ...] = ()
    needs: tuple[Knot, ...] = ()
    outcomes: tuple[Knot, ...] = ()
    provision: tuple[Knot, ...] = ()
    breaks: tuple[str, ...] = ()  # which of the four is missing, by name

    @property
    def holds(self) -> bool:
        return not self.breaks


@dataclass(frozen=True)
class Break:
    """A broken thread, in the quality rules' numbering (README, glossary): Q1, Q2 or Q11."""

    rule: str
    knot: Knot
    sentence: str


@dataclass(frozen=True)
class Thread:
    """The thread over the items somebody may see: hopes, needs, outcomes and provision, each in plan order."""

    hopes: tuple[Knot, ...]
    needs: tuple[Knot, ...]
    outcomes: tuple[Knot, ...]
    provision: tuple[Knot, ...]

    @cached_property
    def strands(self) -> tuple[Strand, ...]:
        """One for each outcome, then one for each need, provision row and hope that no outcome joins."""
        return tuple([self._strand(each) for each in self.outcomes] + list(self._loose()))

    def _strand(self, outcome: Knot) -> Strand:
        hopes = _chosen(self.hopes, outcome.item.links("aspirations"))
        needs = _chosen(self.needs, outcome.item.links("needs"))
        serving = tuple(each for each in self.provision if outcome.item.id in each.item.links("outcomes"))
        breaks = tuple(name for name, found in (("needs", needs), ("provision", serving)) if not found)
        return Strand(hopes, needs, (outcome,), serving, breaks)

    def _loose(self) -> Iterator[Strand]:
        joined = {link for each in self.outcomes for link in each.item.links("needs") + each.item.links("aspirations")}
        outcomes = {each.item.id for each in self.outcomes}
        needs = {each.item.id for each in self.needs}
        for need in self.needs:
            if need.item.id not in joined:
                meeting = tuple(each for each in self.provision if need.item.id in each.item.links("needs"))
                yield Strand(needs=(need,), provision=meeting, breaks=() if meeting else ("outcomes", "provision"))
        for row in self.provision:
            if not outcomes & set(row.item.links("outcomes")) and not needs & set(row.item.links("needs")) - joined:
                yield Strand(needs=_chosen(self.needs, row.item.links("needs")), provision=(row,), breaks=("outcomes",))
        for hope in self.hopes:
            if hope.item.id not in joined:
                yield Strand(hopes=(hope,), breaks=("outcomes",))

    @cached_property
    def breaks(self) -> tuple[Break, ...]:
        """Q1: a need in B that no row of F meets. Q2: a row of F that meets none. Q11: an outcome or row left alone."""
        return tuple(self._breaks())

    def _breaks(self) -> Iterator[Break]:
        education = [each for each in self.provision if each.letter == "F"]
        met = {link for each in education for link in each.item.links("needs")}
        served = {link for each in self.provision for link in each.item.links("outcomes")}
        needs = {each.item.id for each in self.needs}
        outcomes = {each.item.id for each in self.outcomes}
        for need in self.needs:
            if need.letter == "B" and need.item.id not in met:
                yield Break("Q1", need, "No provision in section F meets this need yet.")
        for row in education:
            if not needs & set(row.item.links("needs")):
                yield Break("Q2", row, "This provision is not joined to any need.")
        for outcome in self.outcomes:
            if outcome.item.id not in served:
                yield Break("Q11", outcome, "No provision serves this outcome yet.")
        for row in self.provision:
            if not outcomes & set(row.item.links("outcomes")):
                yield Break("Q11", row, "This provision does not serve any outcome.")

    @property
    def holding(self) -> int:
        return sum(1 for each in self.strands if each.holds)

    @property
    def broken(self) -> int:
        return len(self.strands) - self.holding


def thread_of(items: Mapping[str, tuple[Item, ...]]) -> Thread:
    """The thread over items by section letter, as one reader may see them."""
    return Thread(
        tuple(Knot("A", each) for each in items.get("A", ()) if each.group == "aspirations"),
        _knots(items, NEED_SECTIONS),
        _knots(items, ("E",)),
        _knots(items, PROVISION_SECTIONS),
    )


def _knots(items: Mapping[str, tuple[Item, ...]], letters: tuple[str, ...]) -> tuple[Knot, ...]:
    return tuple(Knot(letter, each) for letter in letters for each in items.get(letter, ()))


def _chosen(knots: tuple[Knot, ...], ids: tuple[str, ...]) -> tuple[Knot, ...]:
    return tuple(each for each in knots if each.item.id in ids)
