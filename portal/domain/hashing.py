"""Hash format v1: canonical JSON, salted leaves, Merkle roots and the plan's chain (docs/hash-format.md)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias, Union

Value: TypeAlias = Union[str, int, bool, Sequence["Value"], Mapping[str, "Value"]]

FORMAT = "v1"
SALT_BYTES = 16
EMPTY = hashlib.sha256(b"").digest()
# One byte before each kind of thing hashed, so that none can be passed off as another (RFC 9162 section 2.1).
LEAF, NODE, ENTRY, VERSION = b"\x00", b"\x01", b"\x02", b"\x03"


def canonical(value: Value) -> bytes:
    """RFC 8785 JSON of strings, integers, booleans, lists and objects; no null, no float.

    Of these types the standard library's compact, sorted JSON is canonical; a test holds it against RFC 8785's own.
    """
    _must_be_v1(value)
    return _write(value).encode()


_write = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _must_be_v1(value: object) -> None:
    """TypeError for what the format has no place for: floats differ between languages, and null says nothing."""
    if isinstance(value, str):
        return
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) and key.isascii() for key in value):
            raise TypeError("keys are ASCII strings")
        for each in value.values():
            _must_be_v1(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _must_be_v1(each)
    elif not isinstance(value, int) or abs(value) >= 2**53:  # beyond which languages disagree
        raise TypeError(f"no place for {type(value).__name__}")


def leaf(address: str, value: Value, audience: Sequence[str], salt: bytes) -> bytes:
    """The hash of one field of one revision; without its salt nobody can guess what was written."""
    slot: Value = {"address": address, "audience": list(audience), "value": value}
    return hashlib.sha256(LEAF + salt + canonical(slot)).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The tree hash of RFC 9162 section 2.1.1 over leaf hashes that are already made."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(NODE + merkle_root(leaves[:half]) + merkle_root(leaves[half:])).digest()


def entry(previous: bytes, facts: Mapping[str, Value]) -> bytes:
    """One link of a plan's chain: the previous link and what happened."""
    return hashlib.sha256(ENTRY + previous + canonical(facts)).digest()


def version(manifest: Mapping[str, Value]) -> bytes:
    """The hash of an issued version: of its manifest, which holds each section's revision and hash."""
    return hashlib.sha256(VERSION + canonical(manifest)).digest()


def digest(value: Value) -> str:
    """A plain hash of what a form sent, to tell the same submission sent twice from another one."""
    return hashlib.sha256(canonical(value)).hexdigest()


def short(full: bytes) -> str:
    """Twelve hexadecimal digits in groups of four, for print and for reading aloud."""
    text = full.hex()[:12]
    return " ".join(text[at : at + 4] for at in range(0, 12, 4))
