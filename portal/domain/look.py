"""How somebody likes their pages to look: each choice can be made or not, and means the same on every page."""

from collections.abc import Iterable
from enum import StrEnum


class Look(StrEnum):
    """One choice; its value is what is stored, and the end of the class that the style sheet knows."""

    LARGER = "larger"
    CALM = "calm"
    SPACED = "spaced"


LOOK_WORDS: dict[Look, tuple[str, str]] = {
    Look.LARGER: ("Larger text", "Everything is a quarter larger."),
    Look.CALM: ("Calm colours", "Softer and fewer colours, with the same contrast."),
    Look.SPACED: ("More space", "More room between letters, words and lines."),
}


def chosen(said: Iterable[str]) -> tuple[Look, ...]:
    """The choices among what was said, each once and in one order; what is no choice is passed over."""
    given = set(said)
    return tuple(each for each in Look if each.value in given)
