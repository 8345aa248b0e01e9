"""A reason typed while the session ended comes back on the page."""

from tests.world import World


def test_a_reason_typed_while_the_session_ended_is_given_back_to_copy(world: World) -> None:
    browser = world.client("dco")
    browser.http.delete_cookie("golden_thread_session")
    answer = browser.post(f"{browser.base}/sections/C/sign-off/send-back", {"reason": "Say how often <b>it</b> hurts."})
    assert answer.status_code == 403
    assert "Say how often &lt;b&gt;it&lt;/b&gt; hurts." in answer.text
