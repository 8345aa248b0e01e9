"""Pinned words: what a tribunal ordered a field to say, as the plan remembers it, by a salted hash of the words."""

from dataclasses import dataclass

from portal.domain import hashing


@dataclass(frozen=True)
class Pinned:
    """`number` is the entry that pinned them, `order` the entry of the order, `place` the field: "F/x1y2/what"."""

    number: int
    order: int
    place: str
    salt: bytes
    hash: bytes

    @property
    def letter(self) -> str:
        return self.place.split("/")[0]

    def says(self, words: str) -> bool:
        return self.hash == hash_of(self.place, words, self.salt)


def hash_of(place: str, words: str, salt: bytes) -> bytes:
    return hashing.leaf(f"ordered/{place}", words, (), salt)
