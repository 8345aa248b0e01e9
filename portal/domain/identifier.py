"""Identifiers: opaque, random and never taken from anything about a child."""

import re
import secrets

# Crockford's base 32, lower case: no i, l, o or u, so that an id can be read aloud.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
PLAN_ID = re.compile(rf"[a-z]{{3}}-[{ALPHABET}]{{16}}")
ITEM_ID = re.compile(rf"[{ALPHABET}]{{10}}|[a-z][a-z-]{{2,39}}")
REQUEST_ID = re.compile(rf"[{ALPHABET}]{{20}}")


def random_id(length: int) -> str:
    """Five random bits a character."""
    bits = secrets.randbits(5 * length)
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(length))


def new_plan_id(authority: str) -> str:
    """The authority's code, then 80 random bits: a URL yields the key that shards (docs/scale.md)."""
    return f"{authority}-{random_id(16)}"


def new_item_id() -> str:
    return random_id(10)


def new_person_id() -> str:
    return random_id(16)


def new_request_id() -> str:
    """Carried by a form, so that the same submission sent twice makes one revision."""
    return random_id(20)


def authority_of(plan_id: str) -> str:
    """The code of the authority that maintains the plan."""
    return plan_id.partition("-")[0]
