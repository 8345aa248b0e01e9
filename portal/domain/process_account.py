"""What a chain tells of representations, consultations and ordered words, to be held against what the plan says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from portal.domain.consultation import Consulted
from portal.domain.event import EventKind
from portal.domain.pinned import Pinned
from portal.domain.representation import Representation

Facts = Mapping[str, Any]
OF_A_CONSULTATION = ("person", "role", "relation", "until", "pack", "listed")  # beside what the clocks read


@dataclass(frozen=True)
class Process:
    """Without the school's agency and the salt of ordered words: neither is on the chain."""

    representations: tuple[Representation, ...] = ()
    consulted: tuple[Consulted, ...] = ()
    ordered: tuple[Pinned, ...] = ()

    @property
    def nameless(self) -> "Process":
        """The same as the chain can tell it."""
        return replace(
            self,
            consulted=tuple(replace(each, agency="") for each in self.consulted),
            ordered=tuple(replace(each, salt=b"") for each in self.ordered),
        )


def told_by(before: Process, facts: Facts) -> Process:
    """Where one more entry leads."""
    tell = TELL.get(facts["kind"])
    return tell(before, facts["sequence"], facts["facts"]) if tell else before


def _made(before: Process, number: int, said: Facts) -> Process:
    one = Representation(number, said["about"], said["person"], said["version"])
    return replace(before, representations=(*before.representations, one))


def _answered(before: Process, number: int, said: Facts) -> Process:
    points = before.representations
    found = tuple(replace(each, answer=number) if each.number == said["representation"] else each for each in points)
    return replace(before, representations=found)


def _consulted(before: Process, number: int, said: Facts) -> Process:
    if not {"person", "listed"} & set(said):  # put on record as an event alone
        return before
    on = date.fromisoformat(said["on"])
    one = Consulted(number, said["ref"], on, said.get("person", ""), "", tuple(said.get("pack", ())))
    return replace(before, consulted=(*before.consulted, one))


def _replied(before: Process, number: int, said: Facts) -> Process:
    asked = said["consultation"]
    known = next((each for each in before.consulted if each.number == asked), None)
    found = known or Consulted(asked, said["ref"], date.fromisoformat(said["asked"]))
    after = replace(found, reply=number, replied=date.fromisoformat(said["on"]))
    others = (each for each in before.consulted if each.number != asked)
    return replace(before, consulted=tuple(sorted((*others, after), key=lambda each: each.number)))


def _corrected(before: Process, _: int, said: Facts) -> Process:
    left = tuple(each for each in before.consulted if each.number != said["corrects"])
    return replace(before, consulted=left)


def _pinned(before: Process, number: int, said: Facts) -> Process:
    one = Pinned(number, said["order"], said["place"], b"", bytes.fromhex(said["ordered"]))
    others = (each for each in before.ordered if each.place != one.place)
    return replace(before, ordered=(*others, one))


def _set_aside(before: Process, _: int, said: Facts) -> Process:
    return replace(before, ordered=tuple(each for each in before.ordered if each.number != said["pinned"]))


TELL = {
    EventKind.REPRESENTATION_MADE: _made,
    EventKind.REPRESENTATION_ANSWERED: _answered,
    EventKind.SETTING_CONSULTED: _consulted,
    EventKind.SETTING_REPLIED: _replied,
    EventKind.EVENT_CORRECTED: _corrected,
    EventKind.ORDERED_WORDS_PINNED: _pinned,
    EventKind.ORDERED_WORDS_SET_ASIDE: _set_aside,
}
