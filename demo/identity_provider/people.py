"""The fictional people of each provider, read from the cast of the demonstration."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.identity_provider.issuers import ISSUERS


class PeopleError(ValueError):
    """The cast cannot be used; the message is one sentence for the person who wrote it."""


@dataclass(frozen=True)
class Person:
    """Somebody fictional. The key is also the subject that the issuer gives out."""

    key: str
    name: str
    about: str


def read_people(path: Path) -> list[dict[str, Any]]:
    """The `[[person]]` rows of a cast file, as `start` takes them."""
    try:
        with path.open("rb") as file:
            rows = tomllib.load(file).get("person", [])
    except (OSError, ValueError) as error:
        raise PeopleError(f"The people of the demonstration cannot be read from {path}: {error}.") from error
    return list(rows)


def by_provider(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Person]]:
    """Each issuer's people by key, in the order of the cast."""
    people: dict[str, dict[str, Person]] = {slug: {} for slug in ISSUERS}
    for row in rows:
        missing = {"key", "name", "provider"} - row.keys()
        if missing:
            raise PeopleError(f"A person of the demonstration lacks {' and '.join(sorted(missing))}: {dict(row)}.")
        at_provider = people.get(row["provider"])
        if at_provider is None:
            raise PeopleError(f"{row['name']} names the provider {row['provider']!r}, which does not exist.")
        if row["key"] in at_provider:
            raise PeopleError(f"The provider {row['provider']!r} has two people with the key {row['key']!r}.")
        at_provider[row["key"]] = Person(row["key"], row["name"], row.get("about", ""))
    return people
