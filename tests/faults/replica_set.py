"""Three real mongods on loopback as one replica set: any of them can be killed, stopped, woken and started again."""

import base64
import contextlib
import os
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self, TypeVar

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, OperationFailure

from demo.mongod import HOST, REPLICA_SET, ROOT, EmbeddedMongod
from demo.place import free_port
from demo.private_file import write_private

MEMBERS = 3
ELECTION_TIMEOUT_MS = 2000
LIMIT_S = 60.0
POLL_S = 0.02
PRIMARY, SECONDARY = "PRIMARY", "SECONDARY"

Client = MongoClient[dict[str, Any]]
Found = TypeVar("Found")


class ReplicaSet:
    """The members, by port. All share one key and one root password, as the members of one set must."""

    def __init__(self, folder: Path) -> None:
        self.members: list[EmbeddedMongod] = []
        key, self._password = base64.b64encode(secrets.token_bytes(96)).decode(), secrets.token_urlsafe(32)
        for number in range(MEMBERS):
            member = EmbeddedMongod(folder / f"mongod-{number}", free_port([each.port for each in self.members]))
            write_private(member.data_dir / "keyfile", key)
            write_private(member.data_dir / "passwords" / ROOT, self._password)
            self.members.append(member)

    def __enter__(self) -> Self:
        try:
            with ThreadPoolExecutor(MEMBERS) as pool:
                list(pool.map(EmbeddedMongod.listen, self.members))
            self._initiate()
            self.wait_until_whole()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End all at once: their files go with their folder."""
        for each in self.members:
            if each.pid is not None:
                kill(each)

    def uri(self, user: str, password: str, source: str) -> str:
        hosts = ",".join(f"{HOST}:{each.port}" for each in self.members)
        return f"mongodb://{user}:{password}@{hosts}/?replicaSet={REPLICA_SET}&authSource={source}"

    @property
    def root_uri(self) -> str:
        return self.uri(ROOT, self._password, "admin")

    def root(self) -> Client:
        """A client that may do everything and reads what a majority has."""
        return MongoClient(self.root_uri, tz_aware=True, readConcernLevel="majority")

    def primary(self) -> EmbeddedMongod:
        """The member that takes writes, as soon as there is one."""
        return until(lambda: next((each for each in self.members if _says(each).get("isWritablePrimary")), None))

    def others(self, member: EmbeddedMongod) -> list[EmbeddedMongod]:
        return [each for each in self.members if each is not member]

    def wait_until_whole(self) -> None:
        """Until there is one primary and all others follow it, as they see it themselves."""
        until(lambda: sorted(map(_part, self.members)) == [PRIMARY, SECONDARY, SECONDARY])

    def _initiate(self) -> None:
        hosts = [{"_id": number, "host": f"{HOST}:{each.port}"} for number, each in enumerate(self.members)]
        settings = {"electionTimeoutMillis": ELECTION_TIMEOUT_MS, "heartbeatIntervalMillis": 500}
        with _direct(self.members[0]) as client:
            client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": hosts, "settings": settings})
        with _direct(self.primary()) as client:
            client.admin.command("createUser", ROOT, pwd=self._password, roles=["root"])


def kill(member: EmbeddedMongod) -> None:
    """End a member as a power cut would; it keeps its files."""
    assert member.pid is not None
    os.kill(member.pid, signal.SIGKILL)
    member.stop()


def pause(member: EmbeddedMongod) -> None:
    assert member.pid is not None
    os.kill(member.pid, signal.SIGSTOP)


def wake(member: EmbeddedMongod) -> None:
    assert member.pid is not None
    os.kill(member.pid, signal.SIGCONT)


def until(look: Callable[[], Found | None], limit_s: float = LIMIT_S) -> Found:
    """What `look` finds, asked again until it is something; TimeoutError when the time is up."""
    for _ in _attempts(limit_s):
        if found := look():
            return found
    raise TimeoutError(f"not so within {limit_s:.0f} seconds")


def _attempts(limit_s: float) -> Iterator[None]:
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        yield
        time.sleep(POLL_S)


def _direct(member: EmbeddedMongod) -> Client:
    return MongoClient(
        HOST, member.port, directConnection=True, serverSelectionTimeoutMS=500, serverMonitoringMode="poll"
    )


def _says(member: EmbeddedMongod) -> dict[str, Any]:
    """What a member answers to hello; nothing when it does not answer."""
    with _direct(member) as client, contextlib.suppress(ConnectionFailure, OperationFailure):
        return dict(client.admin.command("hello"))
    return {}


def _part(member: EmbeddedMongod) -> str:
    said = _says(member)
    return PRIMARY if said.get("isWritablePrimary") else SECONDARY if said.get("secondary") else ""
