"""JSON that a provider sent: one object, in which nothing is named twice and every number is one."""

import json
from typing import Any, NoReturn


class NotAnObject(ValueError):
    """What was sent can't be read as one object; the message says why and repeats nothing of it."""


def json_object(text: bytes | str) -> dict[str, Any]:
    """The object; NotAnObject for anything that two readers could take for two different things."""
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_refused)
    except NotAnObject:
        raise
    except (ValueError, RecursionError):
        raise NotAnObject("can't be read") from None
    if not isinstance(found, dict):
        raise NotAnObject("can't be read")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotAnObject("names something twice")
    return found


def _refused(_: str) -> NoReturn:
    raise NotAnObject("holds a number that is none")
