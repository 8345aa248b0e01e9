"""A stale save put together with what was saved meanwhile: field by field, and a text sentence by sentence."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.content import Item, Mark
from portal.domain.hashing import Value
from portal.domain.merge_text import merge_text
from portal.domain.standard import Field, FieldKind, Group


@dataclass(frozen=True)
class Clash:
    """Two people changed the same words. `field` is edit.REMOVED when the item itself is gone.

    Of a text, `mine` and `theirs` hold all that does not clash too, so that neither choice undoes
    anything, and `both` has the two one after the other wherever they clash.
    """

    field: str
    mine: Value
    theirs: Value
    by: Mark | None
    both: str = ""


def merge(group: Group, current: Item, before: Item, mine: Mapping[str, Value]) -> tuple[dict[str, Value], list[Clash]]:
    """(values to save, clashes), three ways: mine where only I changed a field, theirs where only they did.

    A text that both changed is put together; an amount, a choice and a set of links are taken whole.
    """
    merged: dict[str, Value] = {}
    clashes: list[Clash] = []
    for name, value in mine.items():
        was, theirs = before.value(name), current.value(name)
        if value in (was, theirs):
            continue
        together = value if theirs == was else _together(group.field(name), was, value, theirs, current.changed)
        if isinstance(together, Clash):
            clashes.append(together)
        elif together != theirs:
            merged[name] = together
    return merged, clashes


def _together(field: Field, was: Value, mine: Value, theirs: Value, by: Mark | None) -> Value | Clash:
    """A text with both people's changes; a Clash of whatever can't be put together, or would be too long."""
    if field.kind is not FieldKind.TEXT or not (isinstance(mine, str) and isinstance(theirs, str)):
        return Clash(field.name, mine, theirs, by)
    merged = merge_text(str(was), mine, theirs)
    if max(len(merged.mine), len(merged.theirs)) > field.limit:
        return Clash(field.name, mine, theirs, by, f"{theirs}\n\n{mine}")
    return Clash(field.name, merged.mine, merged.theirs, by, merged.both) if merged.clashes else merged.mine
