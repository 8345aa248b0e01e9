"""A section's words set out by who wrote them: item by item, in runs that one person wrote in one revision."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from portal.domain.ancestry import Origin, Origins
from portal.domain.compare import as_words
from portal.domain.content import Content, Item
from portal.domain.standard import Field, Group, SectionStandard


@dataclass(frozen=True)
class Run:
    """Words that stand beside each other and come from one revision, by field in the order of the item."""

    origin: Origin
    words: tuple[tuple[Field, str], ...]


@dataclass(frozen=True)
class AuthoredItem:
    group: Group
    item: Item
    runs: tuple[Run, ...]


def by_author(
    standard: SectionStandard, content: Content, origins: Origins, names: Mapping[str, str]
) -> tuple[AuthoredItem, ...]:
    """Every item that says something, in the order of the section. `names` gives a linked item's printed words."""
    items = ((standard.group(item.group), item) for group in standard.groups for item in content.in_group(group.name))
    found = (AuthoredItem(group, item, _runs(group, item, origins, names)) for group, item in items)
    return tuple(each for each in found if each.runs)


def _runs(group: Group, item: Item, origins: Origins, names: Mapping[str, str]) -> tuple[Run, ...]:
    runs = []
    for origin, run in groupby(_pieces(group, item, origins, names), key=lambda piece: piece[0]):
        by_field = groupby(run, key=lambda piece: piece[1])
        runs.append(Run(origin, tuple((field, "".join(text for *_, text in said)) for field, said in by_field)))
    return tuple(runs)


def _pieces(
    group: Group, item: Item, origins: Origins, names: Mapping[str, str]
) -> Iterator[tuple[Origin, Field, str]]:
    for field in group.fields:
        for each in origins.get((item.id, field.name), ()):
            yield each.origin, field, each.text or as_words(field, item, names)
