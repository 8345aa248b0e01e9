"""The table over HTTP: every route about a plan answers each person as was written by hand, whatever they ask for."""

import pytest

from portal.domain.state import VersionKind
from tests.permissions.over_http import KINDS, HttpCell, on_plans, routes, walk
from tests.world import CAST, World

# One of each role, and a stranger.
EACH_ROLE = tuple({role: key for key, (_, role, _, _) in reversed(CAST.items()) if key != "stranger"}.values())


def wrong(cells: list[HttpCell]) -> list[HttpCell]:
    return [each for each in cells if not each.agrees]


def test_every_route_about_a_plan_is_written_down_with_what_it_declares(world: World) -> None:
    views = world.app.view_functions
    declared = {each.endpoint: str(getattr(views[each.endpoint], "needs", "")) for each in on_plans(world)}
    assert {name: each.needs for name, each in routes().items()} == declared


@pytest.mark.parametrize("stage", ["before the draft", "after the draft"])
def test_every_route_answers_every_role_as_written_by_hand(world: World, stage: str) -> None:
    world.write_a_little()
    world.consent("parent", "advocate")
    if stage == "after the draft":
        world.sign_all()
        world.issue("manager", VersionKind.DRAFT)
    kinds = tuple(KINDS) if stage == "after the draft" else ("page", "post")
    cells = list(walk(world, (*EACH_ROLE, "stranger"), ("B",), kinds))
    assert wrong(cells) == []
    assert {each.endpoint for each in cells} == set(routes())
    assert {each.who for each in cells} == {*EACH_ROLE, "stranger"}
