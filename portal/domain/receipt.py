"""What a receipt shows of a revision: its tree, in which whatever the reader may not see is a hash among hashes."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias, Union

from portal.domain.content import Content, leaves
from portal.domain.hashing import Value, merkle_root

# A hash in hexadecimal digits, a leaf that is shown, or a pair of trees.
Tree: TypeAlias = Union[str, Mapping[str, Value], list["Tree"]]


def pruned(letter: str, content: Content, shown: Iterable[Content]) -> Tree:
    """The tree over a section's leaves with the values in `shown`; what is empty, kept back or redacted is folded."""
    revealed = _revealed(letter, content, shown)
    return _folded([(revealed.get(address), leaf) for address, leaf in sorted(leaves(letter, content))])


def _revealed(letter: str, content: Content, shown: Iterable[Content]) -> dict[str, dict[str, Value]]:
    """By address: every value that says something, and the place of each item that has one."""
    places = {item.id: position for position, item in enumerate(content.items)}
    found: dict[str, dict[str, Value]] = {}
    for item in (each for readable in shown for each in readable.items if not each.is_empty):
        place: Value = {"group": item.group, "number": item.number, "owner": item.owner, "position": places[item.id]}
        address = f"{letter}/{item.id}"
        found[address] = _leaf(address, place, item.audience, item.salt)
        whole = content.item(item.id)
        for name, slot in item.slots.items():
            if slot.value and whole and slot.value == whole.value(name):  # half a list of links proves nothing
                found[f"{address}/{name}"] = _leaf(f"{address}/{name}", slot.value, slot.audience, slot.salt)
    return found


def _leaf(address: str, value: Value, audience: tuple[str, ...], salt: bytes) -> dict[str, Value]:
    return {"address": address, "value": value, "audience": list(audience), "salt": salt.hex()}


def _folded(found: list[tuple[dict[str, Value] | None, bytes]]) -> Tree:
    """The tree of RFC 9162, with each part of it in which nothing is shown folded into its hash."""
    if not any(shown for shown, _ in found):
        return merkle_root([leaf for _, leaf in found]).hex()
    if len(found) == 1:
        return found[0][0] or found[0][1].hex()
    half = 1 << (len(found) - 1).bit_length() - 1
    return [_folded(found[:half]), _folded(found[half:])]
