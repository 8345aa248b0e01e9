"""A browser's session: its two limits, and its browser in plain words, whatever the browser says of itself."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.browser_session import BROWSERS, DEVICES, Limits, device_of
from tests.factories import START, modest

LIMITS = Limits(timedelta(minutes=60), timedelta(hours=12))
MINUTES = st.integers(min_value=0, max_value=2000)


@modest
@given(MINUTES, MINUTES)
def test_a_session_is_live_until_the_first_of_its_limits(started: int, quiet: int) -> None:
    wall = START + timedelta(days=2)
    times = wall - timedelta(minutes=started), wall - timedelta(minutes=quiet)
    assert LIMITS.is_live(*times, wall) is (quiet < 60 and started < 720)
    assert LIMITS.left(*times, wall) == (timedelta(minutes=60 - quiet), timedelta(minutes=720 - started))


WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
SEEN = {
    f"{WINDOWS} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36": "Chrome on Windows",
    f"{WINDOWS} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0": "Edge on Windows",
    f"{WINDOWS} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 OPR/1.0": "Opera on Windows",
    f"{MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15": "Safari on a Mac",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0": "Firefox on Linux",
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/142.0.0.0 Safari/537.36": "Chrome on a Chromebook",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36": (
        "Chrome on an Android phone or tablet"
    ),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) CriOS/142.0 Mobile Safari/604.1": "Chrome on an iPhone",
    "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1": "Safari on an iPad",
    "curl/8.0 (Linux)": "A browser on Linux",
    "": "A browser that does not say which it is",
}


@pytest.mark.parametrize(("user_agent", "words"), SEEN.items(), ids=list(SEEN.values()))
def test_browsers_are_called_what_people_call_them(user_agent: str, words: str) -> None:
    assert device_of(user_agent) == words


@modest
@given(st.text(max_size=400))
def test_nothing_that_a_browser_says_of_itself_is_repeated(user_agent: str) -> None:
    ours = {words for _, words in (*BROWSERS, *DEVICES)} | {"A browser", "A browser that does not say which it is"}
    assert set(device_of(user_agent).split(" on ")) <= ours
