"""A setting's reply: on one of the three grounds of the law, once, and it meets the clock of its consultation."""

from dataclasses import replace
from datetime import date

import pytest

from portal.domain import consult
from portal.domain.actor import Actor, Role
from portal.domain.clocks.compute import Running
from portal.domain.clocks.name import Clock
from portal.domain.consult import Elsewhere, Reply
from portal.domain.consultation import Ground
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady
from portal.domain.event import EventKind
from portal.domain.permission_law import CONSULTED
from portal.domain.plan import Plan
from tests.factories import CASEWORKER, PARENT, SENCO, actor, at, with_draft, written

OAK = actor(Role.SENCO, "-oak", agency="oak-lane", agency_name="Oak Lane School", relation=CONSULTED)
COLLEAGUE = actor(Role.SENCO, "-cover", agency="oak-lane", agency_name="Oak Lane School", relation=CONSULTED)
ELM = actor(Role.SENCO, "-elm", agency="elm-road", agency_name="Elm Road School", relation=CONSULTED)
YES = Reply(True, (), "")
NO = Reply(False, (Ground.RESOURCES,), "We would need a lift.")


def asked(who: Actor = OAK, plan: Plan | None = None) -> Plan:
    grant = replace(who.grants[0], until=None)
    return consult.consult(plan or with_draft(), CASEWORKER, ("council", "Council"), grant, (), at(1)).plan


def clock(plan: Plan, ref: str = "s1") -> Running:
    return next(each for each in plan.clocks if each.clock is Clock.SETTING_REPLY and each.ref == ref)


def test_a_consultation_starts_the_clock_of_its_reply_and_the_reply_meets_it() -> None:
    plan = asked()
    assert (clock(plan).starts, clock(plan).due, clock(plan).met) == (date(2026, 3, 2), date(2026, 3, 17), None)
    number = plan.consulted[0].number
    replied = consult.reply(plan, OAK, number, YES, at(9).today, at(9))
    assert clock(replied.plan).met == date(2026, 3, 10)
    assert replied.event.kind is EventKind.SETTING_REPLIED
    assert "We" not in repr(replied.event.facts)


def test_a_reply_that_came_late_met_it_late() -> None:
    plan = asked()
    found = consult.reply(plan, OAK, plan.consulted[0].number, YES, at(30).today, at(30)).plan
    assert clock(found).met == date(2026, 3, 31)
    assert not clock(found).open


def test_each_setting_has_its_own_clock() -> None:
    plan = asked(ELM, asked())
    assert [each.ref for each in plan.consulted] == ["s1", "s2"]
    found = consult.reply(plan, ELM, plan.consulted[1].number, NO, at(9).today, at(9)).plan
    assert (clock(found, "s1").met, clock(found, "s2").met) == (None, date(2026, 3, 10))


def test_a_reply_is_given_once_and_stays() -> None:
    plan = asked()
    number = plan.consulted[0].number
    found = consult.reply(plan, OAK, number, YES, at(9).today, at(9)).plan
    with pytest.raises(NotReady, match="stays as it was sent"):
        consult.reply(found, OAK, number, NO, at(10).today, at(10))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Reply(False, (), "We are full."), "grounds"),
        (Reply(False, (Ground.EDUCATION,), " "), "words"),
        (Reply(True, (Ground.EDUCATION,), "Yes."), "grounds"),
    ],
)
def test_a_refusal_names_a_ground_of_the_law_and_says_why(said: Reply, field: str) -> None:
    plan = asked()
    with pytest.raises(Invalid) as refused:
        consult.reply(plan, OAK, plan.consulted[0].number, said, at(9).today, at(9))
    assert set(refused.value.errors) == {field}


def test_a_school_replies_to_its_own_and_whoever_covers_there_may_and_nobody_else() -> None:
    plan = asked()
    number = plan.consulted[0].number
    assert consult.reply(plan, COLLEAGUE, number, YES, at(9).today, at(9)).plan.consulted[0].reply
    for who in (ELM, SENCO, PARENT):
        with pytest.raises(NotFound):
            consult.reply(plan, who, number, YES, at(9).today, at(9))


def test_the_council_writes_down_a_reply_that_came_by_letter_on_the_day_it_came() -> None:
    setting = Elsewhere("Beacon House", "no", date(2026, 3, 2))
    plan = consult.note(with_draft(), CASEWORKER, setting, at(5)).plan
    number = plan.consulted[0].number
    with pytest.raises(Invalid):
        consult.reply(plan, CASEWORKER, number, YES, date(2026, 3, 1), at(20))
    with pytest.raises(Invalid):
        consult.reply(plan, CASEWORKER, number, YES, date(2026, 4, 1), at(20))
    decision = consult.reply(plan, CASEWORKER, number, NO, date(2026, 3, 12), at(20))
    assert clock(decision.plan).met == date(2026, 3, 12)
    assert decision.event.facts["written_down"] is True


def test_nobody_is_consulted_before_there_is_a_draft_and_only_by_the_council() -> None:
    setting = Elsewhere("Beacon House", "", date(2026, 3, 1))
    with pytest.raises(NotReady):
        consult.note(written(), CASEWORKER, setting, at(5))
    with pytest.raises(NotAllowed):
        consult.note(with_draft(), PARENT, setting, at(5))
    with pytest.raises(Invalid):
        consult.note(with_draft(), CASEWORKER, replace(setting, on=date(2026, 5, 1)), at(5))
