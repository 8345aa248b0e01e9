"""Letters: what the law has each say, which can be written when, and what stands in them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.case import event_of
from portal.domain.case_steps import ISSUED_HERE
from portal.domain.clocks.days import after_months, is_tribunal_day, next_working_day
from portal.domain.clocks.event import DECISIONS, Kind
from portal.domain.content import Mark
from portal.domain.error import Invalid, NotAllowed, NotReady, StaleRevision
from portal.domain.letter import Body, Words, put_together
from portal.domain.letter_kind import LETTERS, LetterKind
from portal.domain.letter_law import ROWS, Statutory, statutory
from portal.domain.letter_own import CONTACTS, as_it_comes, parts_of
from portal.domain.letter_template import FILL, Template, changed, checked, fill_ins, first
from portal.domain.letter_write import offer_of, offers, send, with_missing
from portal.domain.plan import Plan, VersionLine
from portal.domain.state import VersionKind
from tests.factories import CASEWORKER, PARENT, START, at, blank

TODAY = at().today
SHARED = Template("nmr", CONTACTS, 1, {"mediation": "Mediators, 01632", "support": "SENDIASS, 01632", "reach": "Us"})
BY = Mark("manager", "Maria Silva", "northmere-council", START)
APPEALED = [kind for kind, each in LETTERS.items() if each.decision]


def lived(*events: tuple[Any, ...]) -> Plan:
    """A plan on whose record these stand: kind, how many days ago, and what it says."""
    plan = blank()
    for kind, days, *said in events:
        event = event_of(kind, TODAY - timedelta(days=days), said[0] if said else {})
        plan = replace(plan.with_event(event), sequence=plan.sequence + 1)
    return plan


ASKED = ("request_received", 100)
AGREED = ("assessment_agreed", 90)
DRAFT, FINAL = ("draft_served", 40), ("final_issued", 20)
HELD = ("review_meeting_held", 10)
# A case in which each letter can be written.
CASES: dict[LetterKind, Plan] = {
    LetterKind.ASSESSMENT_AGREED: lived(("request_received", 20)),
    LetterKind.ASSESSMENT_REFUSED: lived(("request_received", 20)),
    LetterKind.NO_PLAN: lived(ASKED, AGREED),
    LetterKind.DRAFT: lived(ASKED, AGREED, DRAFT),
    LetterKind.FINAL: lived(ASKED, AGREED, DRAFT, FINAL),
    LetterKind.REASSESSMENT_REFUSED: lived(ASKED, AGREED, DRAFT, FINAL, ("reassessment_requested", 5)),
    LetterKind.MAINTAIN: lived(ASKED, AGREED, DRAFT, FINAL, HELD),
    LetterKind.AMEND: lived(
        ASKED, AGREED, DRAFT, FINAL, HELD, ("review_decided", 5, {"outcome": "amend"}), ("amendment_notice_served", 4)
    ),
    LetterKind.NO_AMENDMENT: replace(
        lived(ASKED, AGREED, DRAFT, FINAL, ("amendment_notice_served", 30)),
        versions=(VersionLine(1, VersionKind.PROPOSED_AMENDMENT, BY, b"", withdrawn=True),),
    ),
    LetterKind.CEASE: lived(ASKED, AGREED, DRAFT, FINAL),
    LetterKind.AMENDED_FINAL: lived(
        ASKED,
        AGREED,
        DRAFT,
        FINAL,
        HELD,
        ("review_decided", 9, {"outcome": "amend"}),
        ("amendment_notice_served", 9),
        ("amended_final_issued", 1),
    ),
    LetterKind.MOVED_IN: lived(
        ("moved_in", 30, {"aware": TODAY.isoformat(), "notice_working_days": 0}), ("plan_transferred", 10)
    ),
}


def body(kind: LetterKind, reasons: str = "Because.", own: Template | None = None) -> Body:
    plan = CASES[kind]
    after, told = with_missing(plan, offer_of(plan, kind, ()), TODAY, TODAY)
    return put_together(kind, told, after, Words(own or first("nmr", kind.value), SHARED, reasons), TODAY)


def text(kind: LetterKind, reasons: str = "Because.") -> str:
    found = body(kind, reasons)
    return "\n".join([found.title, *(each.text for each in found.pieces)])


@pytest.mark.parametrize("kind", list(LetterKind))
def test_every_letter_says_what_was_decided_and_where_advice_is_found_with_nothing_left_to_fill_in(
    kind: LetterKind,
) -> None:
    said = text(kind)
    assert "What we decided" in said
    assert "SENDIASS, 01632" in said
    assert "Amira Rahman" in said
    assert not FILL.search(said)


@pytest.mark.parametrize("kind", APPEALED)
def test_every_decision_that_can_be_appealed_says_so_and_by_when_and_how_mediation_goes_before(
    kind: LetterKind,
) -> None:
    said = text(kind)
    assert "First-tier Tribunal (Special Educational Needs and Disability)" in said
    last = next_working_day(after_months(TODAY, 2), is_tribunal_day)
    assert f"by {last:%A} {last.day} {last:%B} {last.year}: two months from the date of this letter" in said
    assert "certificate" in said
    assert "Mediators, 01632" in said


@pytest.mark.parametrize("kind", [each for each in LetterKind if each not in APPEALED])
def test_what_can_not_be_appealed_yet_says_nothing_of_appeals(kind: LetterKind) -> None:
    assert "Tribunal" not in text(kind)
    assert "Mediators" not in text(kind)


@pytest.mark.parametrize("kind", [LetterKind.FINAL, LetterKind.AMENDED_FINAL])
def test_a_plan_can_be_appealed_for_b_f_and_i_and_section_i_alone_needs_no_certificate(kind: LetterKind) -> None:
    said = text(kind)
    for each in ("(section B)", "(section F)", "(section I)", "you need not speak to a mediation adviser"):
        assert each in said


@pytest.mark.parametrize("kind", [LetterKind.DRAFT, LetterKind.AMEND])
def test_a_draft_and_amendments_give_the_family_fifteen_days_and_say_what_they_may_ask(kind: LetterKind) -> None:
    served = CASES[kind].happened[-1].event.on + timedelta(days=14)
    said = text(kind)
    assert f"You have until {served:%A} {served.day} {served:%B} {served.year}." in said
    assert "ask for a particular school, college or other institution to be named" in said
    assert "ask for a meeting with an officer of the council" in said


def test_a_plan_that_is_to_cease_stays_in_force_while_it_can_be_appealed() -> None:
    assert "If you appeal, it stays in force until the appeal is decided." in text(LetterKind.CEASE)


def test_every_decision_of_the_outside_contract_has_its_letter() -> None:
    assert {LETTERS[kind].decision for kind in APPEALED} == set(DECISIONS)


@pytest.mark.parametrize("kind", list(LetterKind))
def test_what_the_law_and_the_council_say_as_it_comes_can_all_be_filled_in(kind: LetterKind) -> None:
    known = fill_ins(kind.value)
    named = {each for row in statutory(kind, TODAY) for each in FILL.findall(row.text)}
    assert named <= set(known)
    assert checked(kind.value, as_it_comes(kind.value)) == as_it_comes(kind.value)


def test_a_later_row_of_the_law_takes_an_earlier_ones_place_from_its_day() -> None:
    kinds = frozenset({LetterKind.CEASE})
    later = Statutory("in force", "For now", "It stays.", "A later Act", kinds, since=TODAY)
    rows = (*ROWS, later)
    before = [each.source for each in statutory(LetterKind.CEASE, TODAY - timedelta(days=1), rows)]
    assert "A later Act" not in before
    after = [each.source for each in statutory(LetterKind.CEASE, TODAY, rows)]
    assert after == [("A later Act" if each == "CFA 2014 s45(4)" else each) for each in before]


# What can be written when


def kinds_of(plan: Plan, *told: int) -> dict[LetterKind, bool]:
    return {each.kind: each.is_owed for each in offers(plan, told)}


def test_a_request_waits_for_one_of_two_decisions() -> None:
    found = kinds_of(CASES[LetterKind.ASSESSMENT_REFUSED])
    assert found == {LetterKind.ASSESSMENT_AGREED: False, LetterKind.ASSESSMENT_REFUSED: False}


def test_what_was_decided_is_owed_a_letter_until_it_has_one() -> None:
    plan = CASES[LetterKind.FINAL]
    assert kinds_of(plan)[LetterKind.FINAL]
    assert LetterKind.FINAL not in kinds_of(plan, plan.happened[-1].sequence)


def test_a_letter_on_paper_counts() -> None:
    paper = ("decision_letter_sent", 19, {"decision": "plan_contents"})
    assert LetterKind.FINAL not in kinds_of(lived(ASKED, AGREED, DRAFT, FINAL, paper))


def test_a_decision_that_was_overtaken_is_owed_none() -> None:
    assert LetterKind.ASSESSMENT_AGREED not in kinds_of(CASES[LetterKind.DRAFT])
    assert LetterKind.DRAFT not in kinds_of(CASES[LetterKind.FINAL])


def test_a_letter_puts_nothing_on_record_that_is_done_by_issuing() -> None:
    recorded = {each.kind for plan in CASES.values() for offer in offers(plan, ()) for each in offer.missing}
    assert recorded.isdisjoint(ISSUED_HERE)
    assert Kind.ASSESSMENT_REFUSED in recorded


def test_a_new_assessment_can_be_refused_only_while_one_is_asked_for() -> None:
    assert LetterKind.REASSESSMENT_REFUSED not in kinds_of(CASES[LetterKind.FINAL])
    assert LetterKind.REASSESSMENT_REFUSED in kinds_of(CASES[LetterKind.REASSESSMENT_REFUSED])


@pytest.mark.parametrize("kind", list(LetterKind))
def test_sending_freezes_the_letter_and_starts_the_days_to_appeal_where_there_are_any(kind: LetterKind) -> None:
    plan = CASES[kind]
    offer = offer_of(plan, kind, ())
    if offer.missing:
        with pytest.raises(NotReady):
            send(plan, CASEWORKER, offer, body(kind), (0, 1), 1, at())
        plan, _ = with_missing(plan, offer, TODAY, TODAY)
        offer = offer_of(plan, kind, ())
    decision, letter = send(plan, CASEWORKER, offer, body(kind), (0, 1), 1, at())
    told = decision.event.facts["letter"]
    assert isinstance(told, dict)
    assert told["hash"] == letter.hash.hex()
    assert replace(letter, title="Another").hash != letter.hash
    started = [each for each in decision.plan.clocks if each.clock == "appeal"]
    assert bool(started) is bool(LETTERS[kind].decision)
    with pytest.raises(NotAllowed):
        send(plan, PARENT, offer, body(kind), (0, 1), 1, at())


def test_nothing_is_sent_before_the_council_says_who_gives_advice() -> None:
    plan = CASES[LetterKind.FINAL]
    after, told = with_missing(plan, offer_of(plan, LetterKind.FINAL, ()), TODAY, TODAY)
    words = Words(first("nmr", "final"), first("nmr", CONTACTS), "")
    with pytest.raises(NotReady, match="Who gives mediation advice"):
        put_together(LetterKind.FINAL, told, after, words, TODAY)


def test_a_day_that_is_not_on_record_is_asked_for_and_never_left_out() -> None:
    plan = lived(AGREED, DRAFT, FINAL)
    own = Template("nmr", "final", 1, {**as_it_comes("final"), "opening": "You asked on {date of request}."})
    after, told = with_missing(plan, offer_of(plan, LetterKind.FINAL, ()), TODAY, TODAY)
    with pytest.raises(NotReady, match="when the request counts as received"):
        put_together(LetterKind.FINAL, told, after, Words(own, SHARED, ""), TODAY)


def test_nothing_is_told_of_a_day_to_come() -> None:
    plan = CASES[LetterKind.ASSESSMENT_REFUSED]
    offer = offer_of(plan, LetterKind.ASSESSMENT_REFUSED, ())
    with pytest.raises(Invalid):
        with_missing(plan, offer, TODAY + timedelta(days=1), TODAY)


# What stands in them


@given(st.text(max_size=200))
def test_reasons_stand_in_the_letter_as_they_were_typed_and_nothing_in_them_is_filled_in(reasons: str) -> None:
    kind = LetterKind.ASSESSMENT_REFUSED
    with_them, without = body(kind, f"Why: {{child}} {reasons}".replace("\n", " ")), body(kind, "")
    added = [each for each in with_them.pieces if each not in without.pieces]
    assert [each.text for each in added] == ["Why", f"Why: {{child}} {reasons}".replace("\n", " ")]


@given(st.text(max_size=60))
def test_a_fill_in_is_one_of_the_list_or_refused(name: str) -> None:
    parts = {**as_it_comes("final"), "closing": f"Until {{{name}}}."}
    if name in fill_ins("final"):
        assert checked("final", parts) == parts
    else:
        with pytest.raises(Invalid) as refused:
            checked("final", parts)
        assert list(refused.value.errors) == ["closing"]


words = st.sampled_from(("", "One.", "Two.", "Three."))
said = st.fixed_dictionaries({each.name: words for each in parts_of("final")})


@given(said, said, said)
def test_two_managers_changes_come_together_or_both_are_shown(
    before: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    base, now = Template("nmr", "final", 1, before), Template("nmr", "final", 2, theirs, BY)
    clash = {each for each in before if len({before[each], theirs[each], mine[each]}) == 3}
    wanted = {each: mine[each] if mine[each] != before[each] else theirs[each] for each in before}
    if not clash:
        after = changed(now, base, mine, BY)
        assert (after or now).parts == wanted
        return
    with pytest.raises(StaleRevision) as stale:
        changed(now, base, mine, BY)
    shown = {each.part: (each.mine, each.theirs) for each in stale.value.clashes}
    assert shown == {each: (mine[each], theirs[each]) for each in clash}
    assert stale.value.merged == wanted


def test_a_letter_has_its_date_in_full() -> None:
    request = CASES[LetterKind.ASSESSMENT_REFUSED].happened[0].event.on
    assert f"{request:%A} {request.day} {request:%B} {request.year}" in text(LetterKind.ASSESSMENT_REFUSED)
