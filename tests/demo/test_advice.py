"""Advice in the demonstration: some asked, some given, some late, and one weaker in the plan."""

from demo import children, seed
from demo.seed import CHILDREN
from portal.domain.advice import AdviceState
from portal.domain.advice_asked import due, requests, waits
from portal.domain.moment import local_day
from portal.operations import verify
from portal.operations.dilution import flagged
from portal.store import plans
from portal.store.database import Database
from tests.demo.test_children import PROVIDERS
from tests.world import now


def test_jades_advice_is_asked_given_declined_and_late_and_one_row_is_weaker_in_the_plan(db: Database) -> None:
    moment = now()
    actors = seed.make_known(db, {each.slug: each.issuer for each in PROVIDERS}, moment.wall)
    lived = children.live(db, CHILDREN / "jade.toml", actors, seed.AUTHORITY_NAME, moment.wall)
    plan = plans.load(db, lived.id)
    states = {each.ref: each.state for each in requests(plan)}
    assert states == {
        "e1": AdviceState.WAITED,
        "c2": AdviceState.GIVEN,
        "f1": AdviceState.DECLINED,
        "d2": AdviceState.WAITED,
        "c3": AdviceState.WAITED,
    }
    assert [each.to.person for each in requests(plan) if each.ref == "c3"] == [""]
    late = [
        each.ref
        for each in requests(plan)
        if waits(plan, each) and (last := due(plan, each)) and last < local_day(moment.product)
    ]
    assert late == ["e1"]
    assert [(each.section, each.strength.value) for each in flagged(db, plan)] == [("G", "weaker")]
    assert [each.problems for each in verify.plans(db, "nmr", plan.id)] == [[]]
