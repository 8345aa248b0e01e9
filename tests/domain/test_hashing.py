"""Hash format v1: the roots are those of RFC 9162, nothing can be passed off as another thing, no null and no float."""

import hashlib
from collections.abc import Callable, Sequence

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import hashing
from portal.domain.hashing import Value
from tests.factories import modest

LEAVES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=12)
REFUSAL = (TypeError, ValueError)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.one_of(TEXT, st.integers(-(2**50), 2**50), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)),
    max_leaves=6,
)


def reference_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162 section 2.1.1 as it is written: k is the largest power of two smaller than n."""
    n = len(leaves)
    if n == 0:
        return hashlib.sha256().digest()
    if n == 1:
        return leaves[0]
    k = 1
    while k * 2 < n:
        k *= 2
    return hashlib.sha256(b"\x01" + reference_root(leaves[:k]) + reference_root(leaves[k:])).digest()


@pytest.mark.parametrize("count", range(41))
def test_the_root_is_that_of_rfc_9162(count: int) -> None:
    leaves = [hashlib.sha256(bytes([each])).digest() for each in range(count)]
    assert hashing.merkle_root(leaves) == reference_root(leaves)


@modest
@given(LEAVES, st.data())
def test_changing_any_byte_of_any_leaf_changes_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    which, byte = data.draw(st.integers(0, len(leaves) - 1)), data.draw(st.integers(0, 31))
    flipped = data.draw(st.integers(1, 255))
    changed = bytearray(leaves[which])
    changed[byte] ^= flipped
    other = [*leaves[:which], bytes(changed), *leaves[which + 1 :]]
    assert hashing.merkle_root(other) != hashing.merkle_root(leaves)


@modest
@given(LEAVES)
def test_a_leaf_more_or_less_changes_the_root(leaves: list[bytes]) -> None:
    assert hashing.merkle_root([*leaves, leaves[-1]]) != hashing.merkle_root(leaves)
    assert hashing.merkle_root(leaves[:-1]) != hashing.merkle_root(leaves)


def test_canonical_json_sorts_its_keys_and_has_no_space() -> None:
    assert hashing.canonical({"b": [1, True, "x"], "a": {}}) == b'{"a":{},"b":[1,true,"x"]}'


@modest
@given(VALUES, VALUES)
def test_values_that_differ_are_written_differently(one: Value, other: Value) -> None:
    same = hashing.canonical(one) == hashing.canonical(other)
    assert same == (repr(sorted_keys(one)) == repr(sorted_keys(other)))


V1: st.SearchStrategy[Value] = st.recursive(
    st.text(st.characters(exclude_categories=["Cs"])) | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii")), inner),
)


@modest
@given(V1)
def test_canonical_json_is_that_of_rfc_8785_for_every_value_of_the_format(value: Value) -> None:
    assert hashing.canonical(value) == rfc8785.dumps(value)


def test_every_single_character_is_written_as_rfc_8785_writes_it() -> None:
    for code in [*range(0xD800), *range(0xE000, 0x11000)]:
        assert hashing.canonical(chr(code)) == rfc8785.dumps(chr(code)), hex(code)


def sorted_keys(value: Value) -> object:
    if isinstance(value, dict):
        return "object", [(key, sorted_keys(value[key])) for key in sorted(value)]
    return [sorted_keys(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("value", [1.5, 0.0, float("nan"), {"a": [1.5]}])
def test_canonical_json_refuses_a_float(value: object) -> None:
    with pytest.raises(REFUSAL):
        hashing.canonical(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [None, {"a": [None]}])
def test_canonical_json_refuses_null(value: object) -> None:
    with pytest.raises(REFUSAL):
        hashing.canonical(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value", [b"bytes", {1: "a"}, 2**53, -(2**53), [10**30], "\ud800", "a\udc00", {"a": ["\udfff"]}, {1, 2}]
)
def test_canonical_json_refuses_what_json_does_not_hold(value: object) -> None:
    with pytest.raises(REFUSAL):
        hashing.canonical(value)  # type: ignore[arg-type]


def test_a_key_that_is_not_ascii_is_refused() -> None:
    with pytest.raises(REFUSAL):
        hashing.canonical({"é": 1})


MAKERS: list[Callable[[bytes], bytes]] = [
    lambda body: hashlib.sha256(hashing.LEAF + body).digest(),
    lambda body: hashlib.sha256(hashing.NODE + body).digest(),
    lambda body: hashlib.sha256(hashing.ENTRY + body).digest(),
    lambda body: hashlib.sha256(hashing.VERSION + body).digest(),
]


def test_each_kind_of_thing_is_hashed_in_a_domain_of_its_own() -> None:
    salt, facts = bytes(hashing.SALT_BYTES), {"a": 1}
    body = hashing.canonical({"address": "B/1/need", "audience": [], "value": "words"})
    assert hashing.leaf("B/1/need", "words", (), salt) == MAKERS[0](salt + body)
    assert hashing.merkle_root([salt * 2, salt * 2]) == MAKERS[1](salt * 4)
    assert hashing.entry(salt, facts) == MAKERS[2](salt + hashing.canonical(facts))
    assert hashing.version(facts) == MAKERS[3](hashing.canonical(facts))
    assert len({make(body) for make in MAKERS}) == 4


@modest
@given(st.binary(min_size=1, max_size=64))
def test_the_same_bytes_hash_differently_as_another_kind_of_thing(body: bytes) -> None:
    assert len({make(body) for make in MAKERS}) == len(MAKERS)


@modest
@given(TEXT, TEXT)
def test_a_leaf_depends_on_its_address_value_audience_and_salt(value: str, other: str) -> None:
    salt = b"s" * hashing.SALT_BYTES
    first = hashing.leaf("B/1/need", value, (), salt)
    assert first != hashing.leaf("B/2/need", value, (), salt)
    assert first != hashing.leaf("B/1/need", value, ("parent",), salt)
    assert first != hashing.leaf("B/1/need", value, (), b"t" * hashing.SALT_BYTES)
    assert (first == hashing.leaf("B/1/need", other, (), salt)) == (value == other)


def test_a_link_depends_on_the_one_before_it_and_on_what_happened() -> None:
    first = hashing.entry(b"", {"kind": "plan_started"})
    assert hashing.entry(first, {"kind": "x"}) != hashing.entry(b"", {"kind": "x"})
    assert hashing.entry(first, {"kind": "x"}) != hashing.entry(first, {"kind": "y"})


def test_a_short_hash_is_twelve_digits_that_can_be_read_aloud() -> None:
    assert hashing.short(bytes.fromhex("0123456789abcdef" * 4)) == "0123 4567 89ab"


def test_the_digest_of_a_form_tells_the_same_words_from_others() -> None:
    assert hashing.digest({"a": "x", "b": "y"}) == hashing.digest({"b": "y", "a": "x"})
    assert hashing.digest(["ab", "c"]) != hashing.digest(["a", "bc"])
