"""The time that the law gives beside the time that was taken: every bar is said in words, and stays in its picture."""

from dataclasses import replace
from datetime import date, timedelta

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.clocks.event import Event
from portal.domain.event import EventKind as Kind
from portal.domain.plan import Happened, Plan
from portal.web.case_timeline import MOST, WIDTH, timeline_of
from tests.factories import blank

REQUESTED = date(2026, 1, 5)


def happened(*events: tuple[Kind, int, dict[str, str]]) -> Plan:
    told = [Event(kind, REQUESTED + timedelta(days=days), words, {}, {}) for kind, days, words in events]
    return replace(blank(), happened=tuple(Happened(at, each) for at, each in enumerate(told, 1)))


def test_a_case_of_which_nothing_is_on_record_has_no_timeline() -> None:
    assert timeline_of(blank(), REQUESTED) is None


def test_what_took_longer_than_the_law_gives_is_drawn_and_said_so(app: Flask) -> None:
    plan = happened((Kind.REQUEST_RECEIVED, 0, {}), (Kind.ASSESSMENT_AGREED, 49, {}))
    with app.test_request_context():
        timeline = timeline_of(plan, REQUESTED + timedelta(days=60))
    assert timeline is not None
    decided, final = timeline.times
    assert (decided.title, final.title) == ("Decide whether to assess", "Issue the final plan")
    assert decided.late is not None
    assert decided.late.x == decided.law.x + decided.law.width
    assert decided.says.endswith("7 days late.")
    assert final.late is None
    assert final.says.endswith("not done yet, 80 days left.")


def test_a_limit_that_is_counted_back_is_said_to_be_ahead_of_its_day(app: Flask) -> None:
    plan = happened((Kind.FINAL_ISSUED, 0, {}), (Kind.REVIEW_MEETING_PLANNED, 300, {}))
    with app.test_request_context():
        timeline = timeline_of(plan, REQUESTED + timedelta(days=280))
    assert timeline is not None
    (notice,) = (each for each in timeline.times if each.title == "Send notice of the review meeting")
    assert notice.says.startswith("By law by Sunday 18 October, ahead of Sunday 1 November; not done yet, ")


@given(st.lists(st.integers(1, 300), min_size=1, max_size=20), st.integers(0, 500))
def test_no_bar_leaves_its_picture_however_many_limits_there_are(app: Flask, asked: list[int], now: int) -> None:
    advice = [(Kind.ADVICE_REQUESTED, days, {"advice": "c", "ref": f"c{at}"}) for at, days in enumerate(asked, 1)]
    plan = happened((Kind.REQUEST_RECEIVED, 0, {}), (Kind.ASSESSMENT_AGREED, 1, {}), *advice)
    with app.test_request_context():
        timeline = timeline_of(plan, REQUESTED + timedelta(days=now))
    assert timeline is not None
    assert 0 < len(timeline.times) <= MOST
    for each in timeline.times:
        for span in filter(None, (each.law, each.took, each.late)):
            assert 0 <= span.x <= WIDTH
            assert span.x + span.width <= WIDTH + 4
