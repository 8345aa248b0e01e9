"""Nobody is told that words are kept when none are."""

from portal.store import drafts
from tests.world import World


def test_another_persons_form_without_words_promises_nothing(world: World) -> None:
    browser, other = world.client("caseworker"), world.client("other_caseworker")
    path = f"{browser.base}/sections/B/sign-off/hand-over"
    answer = browser.post(path, {"csrf_token": other.token})
    assert answer.status_code == 403
    assert "are kept" not in answer.text


def test_another_persons_words_are_promised_where_they_are_kept(world: World) -> None:
    browser, other = world.client("caseworker"), world.client("other_caseworker")
    path = f"{browser.base}/sections/B/items/needs/new"
    answer = browser.post(path, {"csrf_token": other.token, "revision": "0", "need": "Worry"})
    assert answer.status_code == 403
    assert "Their words are kept for them." in answer.text
    assert drafts.of_person(world.db, world.people["other_caseworker"], world.plan_id)
