"""Starts and stops the demonstration's MongoDB: a real server, a replica set of one, sign-on required.

The server comes from a development wheel and is too old for anything but a demonstration and tests: it listens on
loopback only, runs no JavaScript, and refuses whoever has no password. Production names its own in `MONGODB_URI`.
"""

import base64
import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, OperationFailure

from demo import mongod_problems as problems
from demo.private_file import write_private

HOST = "127.0.0.1"
REPLICA_SET = "rs0"
ROOT = "root"
START_LIMIT_S = 60.0
STOP_LIMIT_S = 20.0
POLL_S = 0.02
UNAUTHORIZED, AUTHENTICATION_FAILED, ALREADY_INITIALIZED = 13, 18, 23

Client = MongoClient[dict[str, Any]]


class EmbeddedMongod:
    """One server on one data directory and one port, which belong together: the replica set remembers the port.

    Below the data directory: `db`, `keyfile`, `passwords/<user>`, `port`, `mongod.log` and the one before it.
    """

    def __init__(self, data_dir: Path, port: int, *, cache_gb: float = 0.25) -> None:
        self.data_dir = data_dir.absolute()
        self.port = port
        self._cache_gb = cache_gb
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Return once the server is primary and the root user can sign on; a `MongodProblem` says why not."""
        if self._is_running:
            return
        self.listen()
        with self._stopped_on_failure():
            self._become_primary()
            self._ensure_root()

    def listen(self) -> None:
        """Return once the server takes connections, whatever its part in a replica set will be."""
        if self._is_running:
            return
        binary = problems.find_binary()
        self._prepare()
        self._process = self._launch(binary)
        with self._stopped_on_failure():
            self._wait_until_it_listens()

    def stop(self) -> None:
        """End the server and wait for it; harmless when it does not run."""
        process, self._process = self._process, None
        if not process:
            return
        process.terminate()
        try:
            process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def password(self, user: str) -> str:
        """The user's password, made when first asked for. Who creates any user but root creates it with this."""
        kept = self.data_dir / "passwords" / user
        if not kept.exists():
            write_private(kept, secrets.token_urlsafe(32))
        return kept.read_text()

    def uri(self, user: str, database: str = "admin") -> str:
        """The address with the user's password. All users live in `admin`; `database` is the default to work in."""
        who = f"{quote(user, safe='')}:{quote(self.password(user), safe='')}"
        return f"mongodb://{who}@{HOST}:{self.port}/{database}?authSource=admin&replicaSet={REPLICA_SET}"

    # Before the server runs

    @property
    def _db(self) -> Path:
        return self.data_dir / "db"

    @property
    def _log(self) -> Path:
        return self.data_dir / "mongod.log"

    def _prepare(self) -> None:
        self._db.mkdir(mode=0o700, parents=True, exist_ok=True)
        port_file, keyfile = self.data_dir / "port", self.data_dir / "keyfile"
        if port_file.exists() and port_file.read_text() != str(self.port):
            raise problems.WrongPort(self.data_dir, port_file.read_text(), self.port)
        problems.check_port_is_free(HOST, self.port, self._db)
        if not (self._db / "WiredTiger").exists() and shutil.disk_usage(self._db).free < problems.FREE_BYTES_NEEDED:
            raise problems.NoSpace(self.data_dir)
        if not keyfile.exists():
            write_private(keyfile, base64.b64encode(secrets.token_bytes(96)).decode())
        write_private(port_file, str(self.port))
        if self._log.exists():
            self._log.replace(self.data_dir / "mongod.previous.log")

    def _launch(self, binary: Path) -> subprocess.Popen[bytes]:
        command: list[str | Path] = [binary, "--replSet", REPLICA_SET, "--dbpath", self._db, "--logpath", self._log]
        command += ["--bind_ip", HOST, "--port", str(self.port), "--nounixsocket"]
        command += ["--keyFile", self.data_dir / "keyfile", "--noscripting"]
        # This server is older than the repair of a leak in its wire compression.
        command += ["--networkMessageCompressors", "disabled"]
        command += ["--wiredTigerCacheSizeGB", str(self._cache_gb), "--oplogSize", "128"]
        # A primary without other members would wait 15 seconds for somebody to take over.
        command += ["--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"]
        command += ["--setParameter", "minSnapshotHistoryWindowInSeconds=5"]
        # A process killed inside a save holds its plan until the server ends the transaction: not for a minute.
        command += ["--setParameter", "transactionLifetimeLimitSeconds=5"]
        with (self.data_dir / "mongod.out").open("wb") as out:
            # A session of its own, so that Ctrl-C reaches the caller alone, which stops things in order;
            # the plain locale, as the server refuses to start under one that is not installed.
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                env=os.environ | {"LC_ALL": "C"},
            )

    # While it starts

    @property
    def _is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @contextlib.contextmanager
    def _stopped_on_failure(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.stop()
            raise

    def _wait_until_it_listens(self) -> None:
        for _ in self._attempts():
            with contextlib.suppress(OSError), socket.create_connection((HOST, self.port), timeout=1):
                return

    def _become_primary(self) -> None:
        with self._client() as client:
            for _ in self._attempts():
                with contextlib.suppress(ConnectionFailure):
                    state = client.admin.command("hello")
                    if state.get("isWritablePrimary"):
                        return
                    if "setName" not in state:
                        self._initiate(client)

    def _initiate(self, client: Client) -> None:
        members = [{"_id": 0, "host": f"{HOST}:{self.port}"}]
        with ignoring(UNAUTHORIZED, ALREADY_INITIALIZED):  # so it was done before, and its settings are being read
            client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})

    def _ensure_root(self) -> None:
        for _ in self._attempts():
            with contextlib.suppress(ConnectionFailure):
                self._create_root()
                self._sign_on_as_root()
                return

    def _create_root(self) -> None:
        with self._client() as client, ignoring(UNAUTHORIZED):  # there are users already
            # Who comes from this machine may make the very first user without signing on.
            client.admin.command("createUser", ROOT, pwd=self.password(ROOT), roles=["root"])

    def _sign_on_as_root(self) -> None:
        try:
            with self._client(username=ROOT, password=self.password(ROOT)) as client:
                client.admin.command("ping")
        except OperationFailure as error:
            if error.code == AUTHENTICATION_FAILED:
                raise problems.WrongPassword(self.data_dir) from error
            raise

    def _client(self, username: str | None = None, password: str | None = None) -> Client:
        return MongoClient(
            HOST,
            self.port,
            directConnection=True,
            serverSelectionTimeoutMS=2000,
            serverMonitoringMode="poll",  # one thread fewer, and none half a second after it is closed
            username=username,
            password=password,
        )

    def _attempts(self) -> Iterator[None]:
        """Polls until the time is up, as long as the server lives."""
        until = time.monotonic() + START_LIMIT_S
        while time.monotonic() < until:
            status = self._process.poll() if self._process else None
            if status is not None:
                raise problems.why_it_ended(status, self.data_dir, self.port)
            yield
            time.sleep(POLL_S)
        raise problems.TooSlow(START_LIMIT_S, self._log)


@contextlib.contextmanager
def ignoring(*codes: int) -> Iterator[None]:
    """Goes on after these of the server's refusals."""
    try:
        yield
    except OperationFailure as error:
        if error.code not in codes:
            raise
