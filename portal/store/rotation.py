"""Replacing the keys: whatever an old key sealed, in any collection, is sealed by the new one, in guarded steps."""

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from typing import Any

from bson import decode
from bson.binary import Binary
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument

from portal.store.database import Database, Document, Session
from portal.store.sealing import IDENTITY, KEY_VAULT, KEYS, OLD, RANDOM, SAME, SEARCH

SEALED, UUID = 6, 4  # BSON's subtypes of what is encrypted, and of a key's id
NEXT = ".next"
# A process looks a key up by its name and goes on using it for a minute (libmongocrypt's cache); twice that is safe.
SETTLED = timedelta(seconds=120)


def begin(migrator: Database) -> None:
    """Make new keys and give them the names; the old ones are kept under a name that says so. Done again: nothing."""
    vault = migrator[KEY_VAULT]
    for name in KEYS:
        if vault.find_one({"keyAltNames": name + OLD}) is None:
            if vault.find_one({"keyAltNames": name + NEXT}) is None:
                migrator.sealing.make_key(name + NEXT)
            migrator.transaction(lambda session, name=name: _swap(migrator, name, session))  # type: ignore[misc]


def _swap(migrator: Database, name: str, session: Session) -> None:
    vault = migrator[KEY_VAULT]
    vault.update_one({"keyAltNames": name}, {"$set": {"keyAltNames": [name + OLD]}}, session=session)
    named = {"$set": {"keyAltNames": [name]}, "$currentDate": {"updateDate": True}}
    vault.update_one({"keyAltNames": name + NEXT}, named, session=session)


def is_under_way(migrator: Database) -> bool:
    return bool(_old(migrator))


def settles_at(migrator: Database) -> datetime:
    """When no process can still be sealing with an old key: then what is found is all there will be."""
    named: dict[str, Any] = {"keyAltNames": {"$in": list(KEYS)}}
    found: datetime = max(each["updateDate"] for each in migrator[KEY_VAULT].find(named))
    return found + SETTLED


def reseal(migrator: Database) -> Generator[str, None, None]:
    """Seal by the new keys what an old one sealed; the collection of each document, once it is done.

    Each document is one guarded write: what somebody changed meanwhile is met again in the next pass.
    """
    old = _old(migrator)
    for name in _collections(migrator):
        for document in _sealed_by(migrator, name, old):
            if _reseal(migrator, name, document, old):
                yield name


def finish(migrator: Database) -> bool:
    """Remove the old keys; False when anything is still sealed by one of them, and nothing is removed."""
    old = _old(migrator)
    if any(True for name in _collections(migrator) for _ in _sealed_by(migrator, name, old)):
        return False
    for each in old:
        migrator.sealing.encryption.delete_key(Binary(each, UUID))
    return True


def _collections(migrator: Database) -> list[str]:
    """All but the vault, where a key is kept by its id."""
    return sorted(set(migrator.collections()) - {KEY_VAULT})


def _old(migrator: Database) -> tuple[bytes, ...]:
    named = {"keyAltNames": {"$in": [name + OLD for name in KEYS]}}
    return tuple(bytes(each["_id"]) for each in migrator[KEY_VAULT].find(named, {"_id": 1}))


def _sealed_by(migrator: Database, name: str, keys: tuple[bytes, ...]) -> Iterator[Document]:
    """The documents whose bytes name one of these keys: a key's id is 16 random bytes, and stands nowhere else."""
    raw: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)
    for each in migrator[name].with_options(codec_options=raw).find({}):
        content = bytes(each.raw)  # a view of memory finds no run of bytes in itself
        if any(key in content for key in keys):
            yield decode(content, CodecOptions(tz_aware=True))


def _reseal(migrator: Database, name: str, document: Document, old: tuple[bytes, ...]) -> bool:
    found = [(path, value) for path, value in _binaries(document) if bytes(value)[1:17] in old]
    place: Document = {field: document[field] for field in ("authority", "_id") if field in document}
    fresh = {path: _fresh(migrator, value) for path, value in found}
    return migrator[name].update_one({**place, **dict(found)}, {"$set": fresh}).modified_count == 1


def _fresh(migrator: Database, sealed: Binary) -> Binary:
    """The same, sealed by the new key of its kind; by its id, since its name may be remembered for the old one."""
    algorithm, name = (SAME, SEARCH) if bytes(sealed)[0] == 1 else (RANDOM, IDENTITY)
    key = migrator.sealing.encryption.get_key_by_alt_name(name)
    if key is None:
        raise LookupError(f"there is no key {name}")
    plain = migrator.sealing.encryption.decrypt(sealed)
    return migrator.sealing.encryption.encrypt(plain, algorithm, key_id=Binary(bytes(key["_id"]), UUID))


def _binaries(value: Any, path: str = "") -> Iterator[tuple[str, Binary]]:
    """(path, sealed value) of everything sealed in a document, however deep."""
    if isinstance(value, Binary) and value.subtype == SEALED:
        yield path, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in pairs:
        yield from _binaries(each, f"{path}.{key}" if path else str(key))
