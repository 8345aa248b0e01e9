"""The signature check of a receipt, against the RFC's own vectors and against another library."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.receipt.ed25519 import L, P, pem_of, signed

# RFC 8032, section 7.1: (public key, message, signature).
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]  # fmt: skip
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_signatures_of_rfc_8032_hold(key: str, message: str, signature: str) -> None:
    assert signed(bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature))
    assert not signed(bytes.fromhex(key), bytes.fromhex(message) + b"x", bytes.fromhex(signature))


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
def test_what_another_library_signs_holds_and_with_one_bit_changed_does_not(
    seed: bytes, message: bytes, bit: int
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert signed(public, message, signature)
    other = (int.from_bytes(signature, "little") ^ 1 << bit).to_bytes(64, "little")
    assert not signed(public, message, other)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    assert not signed(bytes(length), b"words", KEY.sign(b"words"))


@pytest.mark.parametrize("length", [0, 63, 65])
def test_a_signature_of_another_length_is_refused(length: int) -> None:
    assert not signed(PUBLIC, b"words", (KEY.sign(b"words") + b"\x00")[:length])


def test_the_same_signature_written_with_a_larger_number_is_refused() -> None:
    signature = KEY.sign(b"words")
    larger = int.from_bytes(signature[32:], "little") + L
    assert not signed(PUBLIC, b"words", signature[:32] + larger.to_bytes(32, "little"))


@pytest.mark.parametrize("y", [P, P + 1, 2**255 - 1, 2])
def test_a_key_that_is_no_point_or_is_written_in_another_way_is_refused(y: int) -> None:
    assert not signed(y.to_bytes(32, "little"), b"words", KEY.sign(b"words"))


def test_the_key_is_written_as_others_read_it() -> None:
    read = load_pem_public_key(pem_of(PUBLIC.hex()))
    assert read == KEY.public_key()
