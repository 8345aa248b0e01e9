"""What the load sends and how its answers are judged, what the floor writes, and how plans are made and multiplied."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import seed, servers
from bench.correct import lost_updates
from bench.crowd import AUTHORITIES, PAST, copies, plan_id, today
from bench.deep import SAVES, for_eve, mark_of
from bench.floor import applied
from bench.load import HttpConnection, WrongAnswer, drive
from bench.pattern import filled, write_of
from bench.plans import EFFECT, STRENGTHS, revisions_of
from bench.prose import Writer
from bench.stage import PROVIDER
from bench.works import Read, Words, dealt, get, must_be
from portal.commands import running
from portal.domain.content import content_hash
from portal.domain.identifier import PLAN_ID
from portal.domain.plan import Plan
from tests.factories import modest
from tests.world import environment


@pytest.fixture(scope="module")
def plan() -> Plan:
    (made,) = seed.texts(Writer(1), 1)
    return made


def test_a_plan_to_measure_with_holds_about_forty_kilobytes_of_words(plan: Plan) -> None:
    values = (item.value(name) for head in plan.sections.values() for item in head.content.items for name in item.slots)
    assert 38_000 < sum(len(str(each)) for each in values) < 46_000
    assert PLAN_ID.fullmatch(plan.id)


def test_a_plan_to_measure_with_is_one_the_rules_could_have_made(plan: Plan) -> None:
    assert all(head.hash == content_hash(letter, head.content) for letter, head in plan.sections.items())
    assert {letter for letter, head in plan.sections.items() if head.revision == 0} == {"I"}
    kept = [(each.section, each.number) for each in revisions_of(plan, seed.BY)]
    assert len(kept) == len(set(kept)) == 23


def test_two_writers_with_one_seed_write_the_same() -> None:
    assert Writer(5).text(500) == Writer(5).text(500) != Writer(6).text(500)


def test_every_save_sends_other_words_of_the_same_length() -> None:
    words = Words(3)
    first, second = words.next(), words.next()
    assert first != second
    assert abs(sum(map(len, first.values())) - EFFECT - STRENGTHS) < 60
    assert words.mark in second["effect"]


@modest
@given(st.lists(st.integers(), unique=True), st.integers(1, 8))
def test_no_item_is_dealt_to_two_connections(items: list[int], hands: int) -> None:
    assert sorted(each for hand in dealt(items, hands) for each in hand) == sorted(items)


@pytest.mark.parametrize(("status", "body"), [(500, b"the words"), (200, b"other words")])
def test_an_answer_without_its_status_or_its_words_stops_the_measurement(status: int, body: bytes) -> None:
    with pytest.raises(WrongAnswer):
        must_be(status, body, b"the words")


@pytest.fixture
def answering() -> Iterator[Callable[[bytes], int]]:
    """Starts a server that gives one fixed answer to everything, in two pieces; answers its port."""
    listeners: list[socket.socket] = []

    def start(answer: bytes) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threading.Thread(target=serve, args=(listener, answer), daemon=True).start()
        return int(listener.getsockname()[1])

    yield start
    for each in listeners:
        each.close()


def serve(listener: socket.socket, answer: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        while connection.recv(4096):
            connection.sendall(answer[:30])
            connection.sendall(answer[30:])


def test_a_connection_reads_an_answer_whole_and_is_kept(answering: Callable[[bytes], int]) -> None:
    port = answering(b"HTTP/1.1 409 CONFLICT\r\nContent-Length: 9\r\n\r\nthe words")
    connection = HttpConnection(socket.create_connection(("127.0.0.1", port)))
    assert [connection.exchange(get("/")) for _ in range(2)] == [(409, b"the words")] * 2
    connection.close()


def test_an_answer_without_a_length_stops_the_measurement(answering: Callable[[bytes], int]) -> None:
    port = answering(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    connection = HttpConnection(socket.create_connection(("127.0.0.1", port)))
    with pytest.raises(WrongAnswer, match="length"):
        connection.exchange(get("/"))
    connection.close()


def test_requests_of_the_warm_up_are_sent_and_not_counted(answering: Callable[[bytes], int]) -> None:
    port = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nthe words")
    opened = [socket.create_connection(("127.0.0.1", port))]
    measured = drive([Read(port, [get("/")], [b"the words"])], opened, warm_s=0.2, seconds=0.2)
    assert 0 < len(measured.milliseconds) < measured.sent


def test_one_wrong_answer_fails_the_whole_slice(answering: Callable[[bytes], int]) -> None:
    port = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nthe words")
    opened = [socket.create_connection(("127.0.0.1", port))]
    with pytest.raises(WrongAnswer):
        drive([Read(port, [get("/")], [b"other words"])], opened, warm_s=0, seconds=0.2)


def test_a_pattern_is_filled_wherever_its_marks_stand() -> None:
    document = {"_id": "nmr-1:700001", "sequence": 700_001, "hash": b"old", "facts": {"who": ["nmr-1", True, 1]}}
    marks = {"nmr-1": "nmr-2", "700001": "8", 700_001: 8, b"old": b"new"}
    expected = {"_id": "nmr-2:8", "sequence": 8, "hash": b"new", "facts": {"who": ["nmr-2", True, 1]}}
    assert filled(document, marks) == expected


def test_a_write_of_a_kind_the_floor_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="does not know"):
        write_of({"delete": "drafts", "deletes": []})


def test_a_whole_plan_is_replaced_by_what_the_product_would_have_set() -> None:
    before = {"sequence": 1, "sections": {"A": 1, "B": {"revision": 1}}}
    after = applied(before, {"sequence": 2, "sections.B": {"revision": 2}})
    assert after == {"sequence": 2, "sections": {"A": 1, "B": {"revision": 2}}}
    assert before["sequence"] == 1


def test_copies_of_a_plan_differ_in_id_authority_and_date_alone() -> None:
    like = "nmr-0123456789abcdef"
    row = {"_id": f"{like}:role:auditor", "authority": "nmr", "plan": like, "due": "9999-12-31", "said": "words"}
    first, second = islice(copies([(bson.encode(row), "9999-12-31")], like, 2, AUTHORITIES), 2)
    assert dict(first) == {
        "_id": f"{plan_id(0, AUTHORITIES)}:role:auditor",
        "authority": AUTHORITIES[0],
        "plan": plan_id(0, AUTHORITIES),
        "due": (today() - timedelta(days=PAST)).isoformat(),
        "said": "words",
    }
    assert second["authority"] == AUTHORITIES[1]
    assert PLAN_ID.fullmatch(second["plan"])


@pytest.mark.parametrize(
    ("taken", "lost"),
    [
        ([("one", 1), ("two", 2)], 0),
        ([("one", 1), ("two", 1)], 1),  # written against revision 1 although 2 had come between
        ([("one", 1), ("two", 2), ("three", 3)], 1),  # answered as saved, and in no revision
    ],
)
def test_an_update_is_lost_when_it_is_in_no_revision_or_was_written_over(
    taken: list[tuple[str, int]], lost: int
) -> None:
    assert lost_updates(taken, {"one": 2, "two": 3}) == lost


def test_the_peers_are_given_every_save_of_the_same_plans() -> None:
    (versions,) = for_eve(1)
    assert len(versions) == SAVES + 1
    need = next(iter(versions[0]["section_b"]))
    assert [mark_of(at) in each["section_b"][need]["effect"] for at, each in enumerate(versions)][1:] == [True] * SAVES


def test_the_server_is_measured_as_the_portal_serves_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "providers.toml").write_text(PROVIDER)
    given = environment("mongodb://127.0.0.1/", "measured", tmp_path / "providers.toml", "http://127.0.0.1:8000")
    for name, value in {**given, "PORTAL_BIND": "127.0.0.1:8123", "PORTAL_ALLOW_HTTP_ISSUERS": "loopback"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PORTAL_WORKERS", raising=False)
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, arguments: started.append(arguments))
    monkeypatch.setattr(os, "chdir", lambda _: None)
    running.serve(None)  # type: ignore[arg-type]  # it takes no arguments of its own
    assert [servers.command_of("wsgi:app", 8123)] == started
