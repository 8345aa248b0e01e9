"""What is refused, and how: each fault is one sentence that names it and repeats no words about a child."""

from typing import Any

import pytest

from portal.domain.clocks.compute import clocks
from portal.domain.clocks.event import FIELDS, Kind
from portal.domain.clocks.reading import Faulty, read_case

REQUEST = {"kind": "request_received", "on": "2025-01-06"}
ADVICE = {"kind": "advice_requested", "on": "2025-02-03", "advice": "d", "ref": "ep"}
MOVE = {"kind": "moved_in", "on": "2025-06-01", "aware": "2025-06-02", "notice_working_days": 0}
ABSENT = {
    "kind": "exemption", "on": "2025-02-01", "clock": "final_plan", "reason": "family_absent",
    "from": "2025-02-01", "to": "2025-02-28",
}  # fmt: skip
WHOLE: dict[str, dict[str, Any]] = {
    "advice_requested": ADVICE,
    "advice_received": {"kind": "advice_received", "on": "2025-02-03", "ref": "ep"},
    "setting_consulted": {"kind": "setting_consulted", "on": "2025-02-03", "ref": "elm"},
    "review_decided": {"kind": "review_decided", "on": "2025-02-03", "outcome": "amend"},
    "phase_transfer": {"kind": "phase_transfer", "on": "2025-02-03", "phase": "infant_to_junior", "year": 2026},
    "moved_in": MOVE,
    "decision_letter_sent": {"kind": "decision_letter_sent", "on": "2025-02-03", "decision": "cease"},
    "mediation_requested": {"kind": "mediation_requested", "on": "2025-02-03", "scope": "all"},
    "tribunal_order": {"kind": "tribunal_order", "on": "2025-02-03", "order": "amend"},
    "exemption": ABSENT,
}


def refused(*events: Any) -> str:
    with pytest.raises(Faulty) as found:
        read_case({"events": list(events)})
    sentence = str(found.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize("case", [None, [], "events", {}, {"events": None}, {"events": "x"}, {"events": {"kind": 1}}])
def test_a_case_is_an_object_with_a_list_of_events(case: Any) -> None:
    with pytest.raises(Faulty):
        read_case(case)


def test_a_case_may_be_empty_and_need_not_say_when_somebody_was_born() -> None:
    assert clocks(read_case({"events": []})) == ()
    assert len(clocks(read_case({"born": "2015-03-02", "events": [REQUEST]}))) == 4


@pytest.mark.parametrize("born", ["2015-02-29", "02/03/2015", 2015, ""])
def test_a_day_of_birth_that_is_no_date_is_refused(born: Any) -> None:
    with pytest.raises(Faulty, match="born"):
        read_case({"born": born, "events": []})


@pytest.mark.parametrize("kind", ["requested", "REQUEST_RECEIVED", "", None, 3, ["request_received"], {}])
def test_an_unknown_kind_is_refused(kind: Any) -> None:
    assert "kind" in refused(REQUEST, {**REQUEST, "kind": kind})


@pytest.mark.parametrize("event", [None, "request_received", [], {"on": "2025-01-06"}])
def test_an_event_without_a_kind_is_refused(event: Any) -> None:
    assert refused(event).startswith("Event 1")


@pytest.mark.parametrize(
    "on",
    ["2025-02-29", "2025-13-01", "20250106", "2025-W02-1", "6 January 2025", "2025-01-06T10:00", "0001-01-01", 5, ""],
)
def test_a_day_that_is_no_date_is_refused(on: Any) -> None:
    assert " on" in refused({**REQUEST, "on": on})


def test_an_event_without_its_day_is_refused() -> None:
    assert "on" in refused({"kind": "request_received"})


@pytest.mark.parametrize(("kind", "name"), [(kind, each.name) for kind, all_of in FIELDS.items() for each in all_of])
def test_a_needed_field_that_is_missing_and_a_value_that_is_not_known_are_refused(kind: Kind, name: str) -> None:
    whole = WHOLE[kind]
    if name == "starts":
        whole = {**whole, "phase": "post16_to_post16", "starts": "2026-09-01"}
        del whole["year"]
    read_case({"events": [whole]})
    assert name in refused({**whole, name: {"not": "known"}})
    if name != "ref" or kind is not Kind.EXEMPTION:
        assert name in refused({field: value for field, value in whole.items() if field != name})


@pytest.mark.parametrize(
    ("whole", "wrong"),
    [
        (ADVICE, {"advice": "i"}),
        (ADVICE, {"advice": "A"}),
        (ADVICE, {"ref": ""}),
        (WHOLE["review_decided"], {"outcome": "amended"}),
        (WHOLE["phase_transfer"], {"phase": "nursery"}),
        (WHOLE["phase_transfer"], {"year": "2026"}),
        (WHOLE["phase_transfer"], {"year": True}),
        (WHOLE["phase_transfer"], {"year": 26}),
        (WHOLE["phase_transfer"], {"phase": "post16_to_post16"}),
        (MOVE, {"notice_working_days": -1}),
        (MOVE, {"notice_working_days": 1.5}),
        (MOVE, {"aware": "soon"}),
        (REQUEST, {"ref": "first"}),
        (REQUEST, {"note": "A long story"}),
        (ABSENT, {"clock": "final"}),
        (ABSENT, {"reason": "staff_shortage"}),
        (ABSENT, {"to": "2025-02-30"}),
    ],
)
def test_fields_and_their_values_are_closed(whole: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert refused({**whole, **wrong})


def test_an_error_repeats_a_code_and_never_words() -> None:
    assert "requested" in refused({**REQUEST, "kind": "requested"})
    assert "Sam" not in refused({**REQUEST, "kind": "Sam Field was requested"})
    assert "Sam" not in refused({**ADVICE, "advice": "Sam Field"})


@pytest.mark.parametrize(
    ("clock", "reason"),
    [
        ("final_plan", "missed_health_appointment"),
        ("decide_to_assess", "missed_health_appointment"),
        ("advice", "school_closed"),
        ("advice", "early_years_closed"),
        ("review_decision", "school_closed"),
        ("amended_final", "exceptional"),
        ("draft_target", "exceptional"),
        ("appeal", "family_absent"),
        ("order_final", "exceptional"),
        ("decide_to_reassess", "exceptional"),
    ],
)
def test_an_exemption_the_law_does_not_know_is_refused(clock: str, reason: str) -> None:
    assert clock in refused({**ABSENT, "clock": clock, "reason": reason, "to": "2025-03-31"})


@pytest.mark.parametrize("reason", ["school_closed", "early_years_closed", "family_absent"])
def test_a_closure_or_an_absence_of_less_than_four_weeks_is_too_short(reason: str) -> None:
    assert "too short" in refused({**ABSENT, "reason": reason, "to": "2025-02-27"})
    assert read_case({"events": [{**ABSENT, "reason": reason}]})


def test_an_exemption_that_ends_before_it_begins_is_refused() -> None:
    assert "ends" in refused({**ABSENT, "reason": "exceptional", "to": "2025-01-31"})


def test_an_exemption_has_a_ref_only_where_its_clock_has_one() -> None:
    assert "ref" in refused({**ABSENT, "ref": "ep"})
    assert read_case({"events": [{**ABSENT, "clock": "advice", "ref": "ep"}]})


def test_an_exemption_may_be_told_by_its_days_alone() -> None:
    assert read_case({"events": [{name: each for name, each in ABSENT.items() if name != "on"}]})


def at(kind: str, on: str, **facts: Any) -> dict[str, Any]:
    return {"kind": kind, "on": on, **facts}


MISDATED = [
    (at("request_received", "2025-01-06"), at("assessment_agreed", "2025-01-05")),
    (at("request_received", "2025-01-06"), at("assessment_refused", "2024-12-20")),
    (at("request_received", "2025-06-02"), at("final_issued", "2024-10-10")),
    (at("request_received", "2025-06-02"), at("draft_served", "2025-06-01")),
    (at("request_received", "2025-06-02"), at("issue_refused", "2025-05-01")),
    (ADVICE, at("advice_received", "2025-02-02", ref="ep")),
    (ADVICE, at("advice_received", "2023-02-02", ref="ep")),
    (at("reassessment_requested", "2025-06-02"), at("reassessment_agreed", "2025-06-01")),
    (at("review_meeting_held", "2025-05-20"), at("review_decided", "2025-04-20", outcome="maintain")),
    (at("review_meeting_held", "2025-05-20"), at("review_report_sent", "2025-05-19")),
    (at("review_meeting_held", "2025-05-20"), at("amendment_notice_served", "2025-05-19")),
    (at("amendment_notice_served", "2025-06-17"), at("amended_final_issued", "2025-06-16")),
    (MOVE, at("plan_transferred", "2025-05-30")),
    (at("decision_letter_sent", "2025-03-10", decision="cease"), at("appeal_lodged", "2025-03-09")),
    (at("decision_letter_sent", "2025-03-10", decision="cease"), at("mediation_declined", "2025-03-09")),
    (at("mediation_requested", "2025-03-10", scope="all"), at("icb_notified", "2025-03-09")),
    (at("mediation_requested", "2025-03-10", scope="all"), at("mediation_ended", "2025-03-09")),
    (at("mediation_requested", "2025-03-10", scope="all"), at("mediation_not_arranged", "2025-03-09")),
    (at("mediation_ended", "2025-03-10"), at("mediation_certificate_issued", "2025-03-09")),
    (at("appeal_lodged", "2025-03-10"), at("appeal_concluded", "2025-03-09")),
    (at("appeal_lodged", "2025-03-10"), at("tribunal_order", "2025-03-09", order="amend")),
]  # fmt: skip


@pytest.mark.parametrize(("start", "answer"), MISDATED, ids=[f"{each['kind']} {each['on']}" for _, each in MISDATED])
def test_an_answer_dated_before_what_it_answers_is_refused_in_either_order(start: Any, answer: Any) -> None:
    assert answer["kind"] in refused(start, answer)
    assert refused(start, answer) == refused(answer, start)
    assert read_case({"events": [start, {**answer, "on": start["on"]}]})


@pytest.mark.parametrize(
    "events",
    [
        [at("review_decided", "2024-05-20", outcome="maintain"), at("review_meeting_held", "2025-05-06")],
        [at("assessment_refused", "2023-05-01"), at("request_received", "2025-01-06")],
        [at("final_issued", "2024-05-20"), at("reassessment_requested", "2025-01-06")],
        [at("final_issued", "2024-06-03"), at("cease_decided", "2025-01-06"), at("request_received", "2025-04-07")],
        [at("amended_final_issued", "2024-11-05"), at("tribunal_order", "2025-05-20", order="amend")],
        [
            at("amended_final_issued", "2025-01-20"),
            at("review_meeting_held", "2025-05-20"),
            at("amendment_notice_served", "2025-06-10"),
        ],
        [
            at("appeal_lodged", "2025-01-20"),
            at("appeal_concluded", "2025-05-20"),
            at("decision_letter_sent", "2025-06-10", decision="plan_contents"),
        ],
        [at("advice_received", "2025-02-02", ref="school"), ADVICE],
        [at("appeal_concluded", "2025-02-02")],
        [
            at("tribunal_order", "2025-01-20", order="amend"),
            at("amended_final_issued", "2025-02-10"),
            at("amendment_notice_served", "2025-03-03"),
        ],
        [
            at("tribunal_order", "2025-01-20", order="assess"),
            at("issue_refused", "2025-03-20"),
            at("appeal_lodged", "2025-05-20"),
        ],
    ],
)
def test_a_case_may_begin_in_the_middle(events: list[Any]) -> None:
    assert read_case({"events": events})
