"""The measurements of open pages count every save once, however its bytes come; no page is late before its answer."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.editors import Stretch
from bench.listeners import Ear
from bench.load import WrongAnswer
from tests.factories import modest

TOLD = b'id: 7\nevent: saved\ndata: {"sequence": 7, "section": "A"}\n\n'
QUIET = b": still here\n\nevent: here\ndata: []\n\n"


@modest
@given(st.lists(st.sampled_from([TOLD, QUIET]), max_size=8), st.lists(st.integers(1, 200), max_size=8))
def test_an_ear_counts_every_save_once_however_its_bytes_are_cut(said: list[bytes], cuts: list[int]) -> None:
    whole = b"".join(said)
    ours, theirs = socket.socketpair()
    ours.settimeout(1)
    with ours, theirs:
        ear, at = Ear(ours), 0
        for upto in [*sorted(set(cuts)), len(whole)]:
            if piece := whole[at:upto]:
                theirs.sendall(piece)
                ear.listen()
            at = max(at, upto)
        assert ear.told == said.count(TOLD)


def test_a_stream_that_ends_or_that_does_not_begin_fails_the_measurement() -> None:
    for said, match in ((b"", "did not begin"), (b"HTTP/1.1 404 NOT FOUND\r\n", "404")):
        ours, theirs = socket.socketpair()
        with ours:
            theirs.sendall(said)
            theirs.close()
            with pytest.raises(WrongAnswer, match=match):
                Ear(ours).begin()
    ours, theirs = socket.socketpair()
    with ours:
        theirs.close()
        with pytest.raises(WrongAnswer, match="ended"):
            Ear(ours).listen()


def test_a_page_that_showed_a_save_before_its_writer_was_answered_was_not_late() -> None:
    stretch = Stretch(0.0, answered={(0, 1): 5.0, (1, 1): 6.0})
    stretch.shown += [((0, 1), 5.125), ((1, 1), 5.5)]
    assert stretch.milliseconds == [125.0, 0.0]
