"""Looking for a child by name: a page of the SEN team's and the Designated Officers', and of nobody else's."""

import pytest

from tests.world import World


@pytest.mark.parametrize("who", ["parent", "senco", "therapist", "social_worker", "auditor", "admin"])
@pytest.mark.parametrize("typed", [{}, {"words": "Amira Rahman"}, {"words": "x"}])
def test_nobody_else_looks_for_a_child_whatever_they_type(shared: World, who: str, typed: dict[str, str]) -> None:
    browser = shared.client(who)
    assert browser.get("/search").status_code == 403
    assert browser.post("/search", typed).status_code == 403


def test_a_manager_may_look_and_is_told_what_is_missing(shared: World) -> None:
    manager = shared.client("manager")
    assert manager.get("/search").status_code == 200
    assert manager.post("/search", {}).status_code == 422
    assert manager.post("/search", {"words": "Amira Rahman"}).status_code == 200
