"""Restrictions: one thing of a plan, and who alone may read it beside the council that holds it."""

from dataclasses import dataclass

CHILD = "child"
# The facts of the child's cover that can be kept from somebody: what tells where the child can be found.
FACTS = {"address": "Address", "school": "School or college now"}


@dataclass(frozen=True)
class Restriction:
    """`place` is "child/address", "I/placement/name" (a field) or "K/x1y2" (a whole item).

    `readers` holds the ids of the people and agencies named; the council's SEN team need not be. `words` holds
    what stood there in earlier revisions and versions, so that they are kept back too.
    """

    place: str
    readers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def is_item(self) -> bool:
        return self.place.count("/") == 1 and not self.place.startswith(f"{CHILD}/")


def place_of(letter: str, item: str, field: str = "") -> str:
    """The address of an item, or of one field of it."""
    return f"{letter}/{item}/{field}" if field else f"{letter}/{item}"
