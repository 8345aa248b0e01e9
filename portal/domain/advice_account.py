"""What a plan's chain tells of advice, to be held against what the plan remembers of it: opaque ids, no names."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.domain.advice import AdviceRequest, AdviceState, Side, Taken
from portal.domain.event import EventKind

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class AdviceLine:
    """One request without names: who answers (nobody yet, of an agency), how, and the hash of each submission."""

    number: int
    asked_of: str
    state: str = AdviceState.WAITED.value
    chased: int = 0
    agreed: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


Lines = tuple[AdviceLine, ...]
TakenLine = tuple[str, int, int, str]  # the section, the request, the submission and its row


def lines_of(requests: tuple[AdviceRequest, ...]) -> Lines:
    return tuple(
        AdviceLine(
            each.number,
            each.to.person,
            each.state.value,
            len(each.chased),
            tuple(side.value for side in each.agreed),
            tuple(given.hash.hex() for given in each.given),
        )
        for each in requests
    )


def taken_lines(taken: tuple[Taken, ...]) -> tuple[TakenLine, ...]:
    return tuple((each.section, each.request, each.given, each.row) for each in taken)


def told(lines: Lines, link: Facts) -> Lines:
    """The lines once one more link is told; a link that has nothing to do with a request leaves them as they are."""
    said = link["facts"]
    if link["kind"] == EventKind.ADVICE_REQUESTED and "asked_of" in said:
        agreed = (Side.COUNCIL.value,) if said.get("reuses") else ()
        return (*lines, AdviceLine(link["sequence"], said["asked_of"], agreed=agreed))
    if link["kind"] == EventKind.ADVICE_TAKEN:
        return lines
    return tuple(_told(each, link["kind"], said) if each.number == said.get("asked") else each for each in lines)


def _told(line: AdviceLine, kind: str, said: Facts) -> AdviceLine:
    if kind == EventKind.ADVICE_PASSED_ON:
        return replace(line, asked_of=said["asked_of"])
    if kind == EventKind.ADVICE_CHASED:
        return replace(line, chased=line.chased + 1, state=AdviceState.WAITED.value)
    if kind == EventKind.ADVICE_DECLINED:
        return replace(line, state=said["answer"])
    if "side" in said:
        agreed = tuple(each.value for each in Side if each.value in (*line.agreed, said["side"]))
        state = AdviceState.GIVEN.value if kind == EventKind.ADVICE_RECEIVED else line.state
        return replace(line, agreed=agreed, state=state)
    return replace(line, state=AdviceState.GIVEN.value, given=(*line.given, said["advice_hash"]))


def taken_by(taken: tuple[TakenLine, ...], link: Facts) -> tuple[TakenLine, ...]:
    """What was taken into the plan's words, once one more link is told."""
    if link["kind"] != EventKind.ADVICE_TAKEN:
        return taken
    said = link["facts"]
    return (*taken, (link["section"], said["asked"], said["given"], said["row"]))
