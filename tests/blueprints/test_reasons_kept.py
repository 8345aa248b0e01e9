"""A reason typed while the session ended comes back on the page."""

import pytest

from tests.world import World

REQUEST = {"name": "Noor Haddad", "called": "Noor", "council": "northmere-council", "relation": "mother"}
LONG = {
    "/request-assessment": {**REQUEST, "reason": "She <b>waits</b> for help."},
    "/representations/new": {"about": "F", "school": "", "words": "She <b>waits</b> for help."},
}


def test_a_reason_typed_while_the_session_ended_is_given_back_to_copy(world: World) -> None:
    browser = world.client("dco")
    browser.http.delete_cookie("golden_thread_session")
    answer = browser.post(f"{browser.base}/sections/C/sign-off/send-back", {"reason": "Say how often <b>it</b> hurts."})
    assert answer.status_code == 403
    assert "Say how often &lt;b&gt;it&lt;/b&gt; hurts." in answer.text


@pytest.mark.parametrize("path", LONG)
def test_what_a_family_wrote_at_length_while_the_session_ended_is_given_back_too(world: World, path: str) -> None:
    browser = world.client("parent")
    browser.http.delete_cookie("golden_thread_session")
    answer = browser.post(path if path.startswith("/request") else browser.base + path, LONG[path])
    assert answer.status_code == 403
    assert "She &lt;b&gt;waits&lt;/b&gt; for help." in answer.text
    assert "Copy your words" in answer.text


@pytest.mark.parametrize(
    ("path", "name"),
    [("/emergency", "delay_reason"), ("/preferences/contact", "address"), ("{}/consultations/1", "needs")],
)
def test_whatever_else_was_typed_at_length_is_given_back_to_copy(world: World, path: str, name: str) -> None:
    browser = world.client("manager")
    browser.http.delete_cookie("golden_thread_session")
    answer = browser.post(path.format(browser.base), {name: "A hoist, and two adults who know it."})
    assert answer.status_code == 403
    assert "A hoist, and two adults who know it." in answer.text
