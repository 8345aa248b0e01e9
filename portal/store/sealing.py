"""The sealing of fields that identify a child: explicit encryption, with keys that the master key wraps."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bson.binary import Binary
from bson.codec_options import CodecOptions
from pymongo import MongoClient
from pymongo.encryption import ClientEncryption

from portal.config_kms import Kms, MasterKey
from portal.memory import Memory

Document = dict[str, Any]

KEY_VAULT = "key_vault"
# One key seals facts, so that the same never look the same; the other makes tokens, which are the same every time.
IDENTITY, SEARCH = "identity", "search"
KEYS = (IDENTITY, SEARCH)
OLD = ".old"  # after a key's name while it is being replaced (rotation.py)
RANDOM = "AEAD_AES_256_CBC_HMAC_SHA_512-Random"
SAME = "AEAD_AES_256_CBC_HMAC_SHA_512-Deterministic"


class Sealing:
    """Seals and opens with the keys in one database's vault. Safe to share between threads."""

    def __init__(self, client: MongoClient[Document], name: str, master: MasterKey, also: bytes | None = None) -> None:
        """`also` is a further master key, that what is wrapped by the one can be wrapped by the other."""
        self.provider, providers = providers_of(master)
        if also is not None:
            providers |= {local_name(also): {"key": also}}
        self.master = dict(master.key) if isinstance(master, Kms) else None
        options: CodecOptions[Document] = CodecOptions(tz_aware=True)
        self.encryption: ClientEncryption[Document] = ClientEncryption(
            providers, f"{name}.{KEY_VAULT}", client, options
        )
        self._opened: Memory[dict[str, Any]] = Memory(20_000)

    def make_keys(self) -> None:
        """Make what keys there are not; done by the migrator, since the app may not write the vault."""
        for name in KEYS:
            if self.encryption.get_key_by_alt_name(name) is None:
                self.make_key(name)

    def make_key(self, name: str) -> Binary:
        return self.encryption.create_data_key(self.provider, master_key=self.master, key_alt_names=[name])

    def seal(self, facts: Mapping[str, Any]) -> Binary:
        text = json.dumps(facts, ensure_ascii=False, sort_keys=True)
        return self.encryption.encrypt(text, RANDOM, key_alt_name=IDENTITY)

    def unseal(self, sealed: Binary) -> dict[str, Any]:
        return self._opened.get(bytes(sealed), lambda: json.loads(self.encryption.decrypt(sealed)))

    def seal_bytes(self, content: bytes) -> Binary:
        return self.encryption.encrypt(Binary(content), RANDOM, key_alt_name=IDENTITY)

    def unseal_bytes(self, sealed: Binary) -> bytes:
        return bytes(self.encryption.decrypt(sealed))

    def token(self, words: str) -> Binary:
        """What the words are found by: the same for the same words, and nothing to whoever has not the key."""
        return self.encryption.encrypt(words, SAME, key_alt_name=SEARCH)

    @staticmethod
    def as_token(content: bytes) -> Binary:
        return Binary(content, 6)

    def tokens(self, words: str) -> list[Binary]:
        """Every token of the words that may stand in the database: two while the key is being replaced."""
        old = self.encryption.get_key_by_alt_name(SEARCH + OLD)
        before = [self.encryption.encrypt(words, SAME, key_id=Binary(bytes(old["_id"]), 4))] if old else []
        return [self.token(words), *before]

    def wrap_by(self, master: bytes) -> int:
        """Wrap every key in the vault by another master key; answers how many. What they seal stays as it is."""
        result = self.encryption.rewrap_many_data_key({}, provider=local_name(master))
        return result.bulk_write_result.modified_count if result.bulk_write_result else 0

    def close(self) -> None:
        self.encryption.close()


def providers_of(master: MasterKey) -> tuple[str, dict[str, Any]]:
    """The provider that wraps new keys, and all that can open old ones; our own go by a name that tells them apart."""
    if isinstance(master, Kms):
        return master.provider, {master.provider: dict(master.credentials)}
    name = local_name(master)
    return name, {"local": {"key": master}, name: {"key": master}}


def local_name(master: bytes) -> str:
    return f"local:{hashlib.sha256(master).hexdigest()[:8]}"
