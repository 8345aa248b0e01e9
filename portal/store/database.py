"""The connection, the transaction, and the sealing of fields that identify a child."""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from bson.binary import Binary
from pymongo import MongoClient, ReadPreference, WriteConcern
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern

from portal.config_kms import MasterKey
from portal.domain.actor import Actor
from portal.domain.content import Content
from portal.domain.error import Refusal
from portal.domain.plan import Plan
from portal.domain.standing import Standing
from portal.memory import Memory
from portal.store.sealing import Sealing

Document = dict[str, Any]
Session = ClientSession
Result = TypeVar("Result")

LABELS = ("TransientTransactionError", "UnknownTransactionCommitResult", "RetryableWriteError")
DURABLE = WriteConcern(w="majority", j=True, wtimeout=10_000)
# Documents that one answer of the server holds where a crowd is at one plan: the rest of an answer can't be asked for
# again when a server goes away meanwhile, as a whole one can.
ONE_ANSWER = 5_000
# The server's numbers for a transaction that met another: a lock that was not given in time, a write conflict, and a
# transaction that was ended because it had waited too long.
CONTENTION = frozenset({24, 112, 251})
PATIENCE_S = 20.0  # for which one save gives way to others; the driver's own two minutes outlast anybody's browser

DatabaseError = PyMongoError


def kind_of(error: DatabaseError) -> str:
    """What went wrong, as its kind, the server's number for it and its labels: its message could quote a plan."""
    labels = sorted(each for each in LABELS if error.has_error_label(each))
    return " ".join([type(error).__name__, *([str(code)] if (code := getattr(error, "code", None)) else []), *labels])


class NoReplicaSet(Exception):
    """A standalone mongod has no transactions, so nothing could be saved whole."""


class Unavailable(Exception):
    """The database can't be reached, or would not promise that a save is kept."""


class Crowded(Refusal):
    """Others held for too long what a save was to change: nothing of it was saved, and it can be sent again."""


class Database:
    """One MongoDB database with majority, journalled, retryable writes. Safe to share between threads."""

    def __init__(self, uri: str, name: str, master_key: MasterKey, also: bytes | None = None) -> None:
        """`also` is a further master key of our own, by which keys can be wrapped instead."""
        self.client: MongoClient[Document] = MongoClient(
            uri,
            tz_aware=True,
            retryWrites=True,
            serverSelectionTimeoutMS=5_000,
            w="majority",
            journal=True,
            readConcernLevel="majority",
            appname="golden-thread",
        )
        self.name = name
        self.noted: Memory[bool] = Memory(20_000)
        self.plans: Memory[Plan] = Memory(256)
        self.contents: Memory[Content] = Memory(4_000)
        self.signatures: Memory[Any] = Memory(256)
        self.seals: Memory[tuple[bytes, ...]] = Memory(1_000)
        self.visited: Memory[bool] = Memory(20_000)
        self.standings: Memory[Standing] = Memory(4_000)
        self.asked: Memory[Any] = Memory(4_000)
        self.askers: Memory[Actor] = Memory(20_000)
        self._db = self.client[name]
        self.sealing = Sealing(self.client, name, master_key, also)

    def __getitem__(self, collection: str) -> Collection[Document]:
        return self._db[collection]

    def collections(self) -> list[str]:
        return self._db.list_collection_names()

    def command(self, name: str, **arguments: Any) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = self._db.command(name, **arguments)
        return answer

    def must_be_replica_set(self) -> None:
        """Raises NoReplicaSet on a standalone server, Unavailable when there is none. A cluster's router will do."""
        try:
            hello = self.client.admin.command("hello")
        except PyMongoError as error:
            raise Unavailable("MongoDB can't be reached at MONGODB_URI.") from error
        if not hello.get("setName") and hello.get("msg") != "isdbgrid":
            raise NoReplicaSet("MongoDB at MONGODB_URI is not a replica set, so nothing could be saved whole.")

    def transaction(self, body: Callable[[Session], Result]) -> Result:
        """Run `body` in one transaction. It is run again from the start when another save came between.

        Raises Crowded when others go on coming between.
        """
        began = time.monotonic()

        def patiently(session: Session) -> Result:
            try:
                return body(session)
            except OperationFailure as error:
                if error.code in CONTENTION and time.monotonic() - began > PATIENCE_S:
                    raise Crowded("others are saving the same") from error
                raise

        with self.client.start_session() as session:
            return session.with_transaction(
                patiently,
                read_concern=ReadConcern("snapshot"),
                write_concern=DURABLE,
                read_preference=ReadPreference.PRIMARY,
            )

    def seal(self, facts: Mapping[str, Any]) -> Binary:
        """Encrypt facts that identify a child (explicit encryption, random: the same facts never look the same)."""
        return self.sealing.seal(facts)

    def unseal(self, sealed: Binary) -> dict[str, Any]:
        """The facts that were sealed. Each sealing is different, so what it holds can be remembered by its bytes."""
        return self.sealing.unseal(sealed)

    def seal_bytes(self, content: bytes) -> Binary:
        """Encrypt a whole document that names a child."""
        return self.sealing.seal_bytes(content)

    def unseal_bytes(self, sealed: Binary) -> bytes:
        return self.sealing.unseal_bytes(sealed)

    def close(self) -> None:
        self.sealing.close()
        self.client.close()
