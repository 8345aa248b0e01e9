"""Another child's plan for people who are known already: a world for a test that asks for little."""

from dataclasses import replace
from datetime import date

from portal.domain.content import Mark
from portal.domain.plan import Child
from portal.operations import plans
from tests.given import give_at_once
from tests.world import World, now


def fresh(world: World, *keys: str) -> World:
    """The same cast before a plan that nobody has touched; of those who work on one plan, only `keys` have a part."""
    child = Child("Amira Rahman", "Amira", "she", date(2017, 3, 14), "9990000018", "H801200001001", "14 Larch Street")
    by = Mark(world.people["manager"], "Maria Silva", "northmere-council", now().product)
    plan = plans.start(world.db, "nmr", "Northmere Council", child, by, "Northmere Council SEN team")
    give_at_once(world.db, [replace(world.actor(key).grants[0], scope=plan.id) for key in keys])
    return replace(world, plan_id=plan.id)
