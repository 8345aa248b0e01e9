"""Checkpoints: tiles make the same tree as their leaves, and every plan has a way up to the signed root."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.checkpoint import TILE, Checkpoint, Head, Inclusion, Part, climb, path, root_of
from portal.domain.hashing import merkle_root
from portal.receipt import hashes

AT = datetime(2027, 3, 3, 2, 0, tzinfo=UTC)


def leaves(count: int) -> list[bytes]:
    return [bytes([number // 256, number % 256]) + bytes(30) for number in range(count)]


def tiles(of: list[bytes]) -> list[list[bytes]]:
    return [of[at : at + TILE] for at in range(0, len(of), TILE)]


@given(st.integers(0, 5 * TILE) | st.sampled_from([0, 1, TILE - 1, TILE, TILE + 1, 2 * TILE, 3 * TILE, 3 * TILE + 1]))
def test_the_root_over_the_roots_of_tiles_is_the_root_over_all_leaves(count: int) -> None:
    every = leaves(count)
    assert merkle_root([merkle_root(each) for each in tiles(every)]) == merkle_root(every)


@given(st.data(), st.integers(1, 3 * TILE))
def test_every_leaf_leads_to_the_root_through_its_tile_and_no_other_does(data: st.DataObject, count: int) -> None:
    every, index = leaves(count), data.draw(st.integers(0, count - 1))
    cut = tiles(every)
    way = path(cut[index // TILE], index % TILE) + path([merkle_root(each) for each in cut], index // TILE)
    assert climb(every[index], way) == merkle_root(every)
    assert climb(b"\xff" * 32, way) != merkle_root(every)
    there = [[side, other.hex()] for side, other in way]
    assert hashes.climb(every[index].hex(), there) == merkle_root(every).hex()


def included() -> Inclusion:
    heads = [Head(f"nmr-{number:016}", number + 1, bytes([number]) * 32) for number in range(5)]
    found = [each.leaf for each in heads]
    parts = (Part("nmr", 5, merkle_root(found)), Part("sfl", 0, merkle_root([])))
    checkpoint = Checkpoint(1, AT, 5, root_of(parts), "", bytes(32), bytes(64), parts)
    return Inclusion(checkpoint, heads[3], path(found, 3), parts[0], path([each.leaf for each in parts], 0))


def test_an_inclusion_holds_for_that_plan_entry_and_head_alone() -> None:
    proof = included()
    assert proof.holds
    for other in (
        replace(proof.head, plan="nmr-x"),
        replace(proof.head, sequence=5),
        replace(proof.head, head=bytes(32)),
    ):
        assert not replace(proof, head=other).holds
    assert not replace(proof, part=replace(proof.part, count=6)).holds


def test_what_is_signed_says_everything_but_the_signature() -> None:
    checkpoint = included().checkpoint
    said = checkpoint.statement
    assert said == {
        "format": "v1",
        "number": 1,
        "at": "2027-03-03T02:00:00.000Z",
        "plans": 5,
        "root": checkpoint.root.hex(),
        "previous": "",
        "key": checkpoint.key,
    }
    assert checkpoint.message == b"\x06" + hashes.canonical(said)
    assert checkpoint.hash == hashes.seal(hashes.STATEMENT, hashes.canonical(said))


@pytest.mark.parametrize("change", [{"number": 2}, {"plans": 6}, {"root": bytes(32)}, {"previous": "0" * 64}])
def test_another_statement_is_another_message(change: dict[str, object]) -> None:
    checkpoint = included().checkpoint
    assert replace(checkpoint, **change).message != checkpoint.message  # type: ignore[arg-type]
