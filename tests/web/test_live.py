"""A stream ends when its browser hangs up and when its server stops, and is given only to a browser that listens."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from demo.mongod import EmbeddedMongod
from demo.place import HOST, free_port
from demo.processes import answers
from portal.config import Settings
from portal.web.live import hung_up, last_heard, wants_events
from tests.blueprints.test_live import EVENTS, Stream
from tests.conftest import uri_of
from tests.faults.replica_set import until
from tests.world import World, environment

ROOT = Path(__file__).resolve().parents[2]
LAST_CHUNK = b"0\r\n\r\n"


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The two ends of a connection: the browser's and the server's."""
    with socket.create_server((HOST, 0)) as listener:
        browser = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
    with browser, server:
        yield browser, server


def test_a_browser_that_hangs_up_is_known_to_have_without_a_word_being_sent(
    app: Flask, line: tuple[socket.socket, socket.socket]
) -> None:
    browser, server = line
    with app.test_request_context(environ_overrides={"gunicorn.socket": server}):
        gone = hung_up()
    assert not gone()
    browser.sendall(b"GET / HTTP/1.1\r\n")
    assert not gone()
    browser.close()
    until(gone)
    server.close()
    assert gone()


def test_where_the_server_shows_no_socket_nobody_is_taken_to_have_hung_up(app: Flask) -> None:
    one, other = socket.socketpair()
    with one, other:
        for shown in ({}, {"gunicorn.socket": one}):
            with app.test_request_context(environ_overrides=shown):
                gone = hung_up()
            assert not gone()


def test_a_stream_whose_browser_has_hung_up_ends_by_itself(
    world: World, line: tuple[socket.socket, socket.socket]
) -> None:
    browser, server = line
    stream = Stream(world.client("parent"), environ={"gunicorn.socket": server})
    stream.next("here")
    browser.close()
    assert stream.rest() == []


@pytest.mark.parametrize(
    ("accept", "events"),
    [("text/event-stream", True), ("application/json", False), ("text/html,*/*", False), ("*/*", False), ("", False)],
)
def test_only_a_browser_that_listens_is_given_a_stream(app: Flask, accept: str, events: bool) -> None:
    with app.test_request_context(headers={"Accept": accept}):
        assert wants_events() is events


@pytest.mark.parametrize(
    ("said", "number"), [("7", 7), ("", 3), ("x", 3), ("-1", 3), ("1" * 10, 3), ("٣", 3), ("7.5", 3)]
)
def test_a_browser_that_comes_back_says_what_it_heard_last(app: Flask, said: str, number: int) -> None:
    with app.test_request_context(headers={"Last-Event-ID": said}):
        assert last_heard(3) == number


def test_a_server_that_is_told_to_stop_ends_its_streams_in_good_order(
    world: World, mongod: EmbeddedMongod, settings: Settings, provider_file: Path, tmp_path: Path
) -> None:
    port = free_port()
    name = settings.database
    env = environment(uri_of(mongod, name, "app"), name, provider_file, f"http://{HOST}:{port}")
    bound = {**os.environ, **env, "PORTAL_BIND": f"{HOST}:{port}", "PORTAL_WORKERS": "1"}
    with (tmp_path / "serve.log").open("wb") as log:
        server = subprocess.Popen([sys.executable, "-m", "portal.cli", "serve"], cwd=ROOT, env=bound, stderr=log)
    try:
        until(lambda: answers(f"http://{HOST}:{port}/health"))
        with socket.create_connection((HOST, port)) as stream:
            stream.sendall(request_of(world))
            heard = read_until(stream, lambda heard: b"event: here" in heard)
            server.send_signal(signal.SIGTERM)
            heard += read_until(stream, lambda _: False)
        assert heard.endswith(LAST_CHUNK)
        assert server.wait(30) == 0
    finally:
        server.kill()
        server.wait()


def request_of(world: World) -> bytes:
    session = world.client("parent").session_id
    lines = (f"GET /plans/{world.plan_id}/live HTTP/1.1", f"Host: {HOST}", f"Cookie: golden_thread_session={session}")
    return "\r\n".join((*lines, f"Accept: {EVENTS['Accept']}", "", "")).encode()


def read_until(stream: socket.socket, enough: Callable[[bytes], bool]) -> bytes:
    """What comes until it is enough, or until the other end closes."""
    heard = b""
    while not enough(heard) and (came := stream.recv(65_536)):
        heard += came
    return heard
