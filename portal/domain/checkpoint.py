"""Checkpoints: one root over the chain of every plan at a moment, and the way from one plan up to it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from portal.domain import hashing
from portal.domain.hashing import NODE, Value
from portal.domain.moment import stamp

# One byte before each kind of thing hashed, after those of hashing.py (docs/hash-format.md).
PLAN, AUTHORITY, STATEMENT = b"\x04", b"\x05", b"\x06"
# A power of two: RFC 9162 cuts a tree there, so that each full tile is a subtree of its own.
TILE = 256

# The neighbours on the way from a leaf up to the root, each with the side it stands on.
Path = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Head:
    """Where one plan's chain stood: the number of its last entry, and that entry's hash."""

    plan: str
    sequence: int
    head: bytes

    @property
    def facts(self) -> dict[str, Value]:
        return {"plan": self.plan, "sequence": self.sequence, "head": self.head.hex()}

    @property
    def leaf(self) -> bytes:
        return hashlib.sha256(PLAN + hashing.canonical(self.facts)).digest()


@dataclass(frozen=True)
class Part:
    """What one authority adds: how many plans it maintains, and the root over them in the order of their ids."""

    authority: str
    count: int
    root: bytes

    @property
    def facts(self) -> dict[str, Value]:
        return {"authority": self.authority, "count": self.count, "root": self.root.hex()}

    @property
    def leaf(self) -> bytes:
        return hashlib.sha256(AUTHORITY + hashing.canonical(self.facts)).digest()


@dataclass(frozen=True)
class Checkpoint:
    """A signed statement of what every chain was. `run` is the run that made it; only its tiles count."""

    number: int
    at: datetime
    plans: int
    root: bytes
    previous: str  # the hash of the statement before, in hexadecimal digits; empty for the first
    public_key: bytes
    signature: bytes = b""
    parts: tuple[Part, ...] = field(default=(), repr=False)
    run: str = ""

    @property
    def key(self) -> str:
        return fingerprint(self.public_key)

    @property
    def statement(self) -> dict[str, Value]:
        return {
            "format": hashing.FORMAT,
            "number": self.number,
            "at": stamp(self.at),
            "plans": self.plans,
            "root": self.root.hex(),
            "previous": self.previous,
            "key": self.key,
        }

    @property
    def message(self) -> bytes:
        """What is signed."""
        return STATEMENT + hashing.canonical(self.statement)

    @property
    def hash(self) -> str:
        """What the next checkpoint names this one by."""
        return hashlib.sha256(self.message).hexdigest()

    @property
    def facts(self) -> dict[str, Value]:
        """What goes out to whoever holds checkpoints: the statement, its signature and the key."""
        return {
            "statement": self.statement,
            "signature": self.signature.hex(),
            "public_key": self.public_key.hex(),
        }


@dataclass(frozen=True)
class Inclusion:
    """That a plan's chain is in a checkpoint: its head then, and the way up through its authority to the root."""

    checkpoint: Checkpoint
    head: Head
    path: Path
    part: Part
    authority_path: Path

    @property
    def holds(self) -> bool:
        in_part = climb(self.head.leaf, self.path) == self.part.root
        return in_part and climb(self.part.leaf, self.authority_path) == self.checkpoint.root

    @property
    def facts(self) -> dict[str, Value]:
        return {
            **self.checkpoint.facts,
            "leaf": self.head.facts,
            "path": [[side, other.hex()] for side, other in self.path],
            "authority": self.part.facts,
            "authority_path": [[side, other.hex()] for side, other in self.authority_path],
        }


def fingerprint(public_key: bytes) -> str:
    """What a key is known by: its SHA-256 in hexadecimal digits."""
    return hashlib.sha256(public_key).hexdigest()


def root_of(parts: Sequence[Part]) -> bytes:
    """The checkpoint's root: over the authorities in the order of their codes."""
    return hashing.merkle_root([each.leaf for each in parts])


def path(leaves: Sequence[bytes], index: int) -> Path:
    """The way from one leaf up to the root (RFC 9162 section 2.1.3)."""
    if len(leaves) == 1:
        return ()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if index < half:
        return (*path(leaves[:half], index), ("right", hashing.merkle_root(leaves[half:])))
    return (*path(leaves[half:], index - half), ("left", hashing.merkle_root(leaves[:half])))


def climb(found: bytes, way: Path) -> bytes:
    """The root that a leaf leads to along that way."""
    for side, other in way:
        pair = other + found if side == "left" else found + other
        found = hashlib.sha256(NODE + pair).digest()
    return found
