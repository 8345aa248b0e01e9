"""Make a checkpoint over every plan's chain and sign it; make the key it is signed with."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from portal.domain.checkpoint import TILE, Checkpoint, Head, Part, fingerprint, root_of
from portal.domain.hashing import merkle_root
from portal.domain.identifier import random_id
from portal.store import checkpoints
from portal.store.database import Database


class NoKey(Exception):
    """The key can't be used; the message says why, in a sentence."""


def new_key(path: Path) -> str:
    """Write a new private key where there is no file yet, for its owner alone to read; answers its fingerprint."""
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
    except OSError as error:
        raise NoKey(f"{path.name} can't be written: {error.strerror}.") from None
    return fingerprint(_public(key))


def read_key(path: Path) -> Ed25519PrivateKey:
    """The private key in a PEM file; NoKey when there is none."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise NoKey(f"PORTAL_CHECKPOINT_KEY can't be read: {error.strerror}.") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise NoKey("PORTAL_CHECKPOINT_KEY must name a PEM file of a private key without a password.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKey("PORTAL_CHECKPOINT_KEY must name an Ed25519 key.")
    return key


def make(db: Database, key: Ed25519PrivateKey, clock: Callable[[], datetime]) -> Checkpoint:
    """Read every plan's head, keep them in tiles, then sign and keep what they come to.

    Its time is that of the end of the reading. A run that is killed leaves tiles that no checkpoint names.
    Raises MadeMeanwhile when another run was faster.
    """
    run = random_id(16)
    last = checkpoints.latest(db)
    parts = tuple(_part(db, code, run) for code in checkpoints.authorities(db))
    unsigned = Checkpoint(
        number=last.number + 1 if last else 1,
        at=clock(),
        plans=sum(each.count for each in parts),
        root=root_of(parts),
        previous=last.hash if last else "",
        public_key=_public(key),
        parts=parts,
        run=run,
    )
    made = replace(unsigned, signature=key.sign(unsigned.message))
    checkpoints.add(db, made)
    return made


def _part(db: Database, authority: str, run: str) -> Part:
    """One authority's plans, a tile in memory at a time."""
    roots, count = [], 0
    for index, tile in enumerate(_tiles(checkpoints.heads(db, authority))):
        checkpoints.add_tile(db, authority, run, index, tile)
        roots.append(tile_root(tile))
        count += len(tile)
    checkpoints.add_roots(db, authority, run, roots)
    return Part(authority, count, merkle_root(roots))


def tile_root(tile: list[Head]) -> bytes:
    return merkle_root([each.leaf for each in tile])


def _tiles(heads: Iterator[Head]) -> Iterator[list[Head]]:
    while tile := list(islice(heads, TILE)):
        yield tile


def is_signed(checkpoint: Checkpoint) -> bool:
    """Whether the signature is that of the checkpoint's own key over its statement."""
    try:
        Ed25519PublicKey.from_public_bytes(checkpoint.public_key).verify(checkpoint.signature, checkpoint.message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
