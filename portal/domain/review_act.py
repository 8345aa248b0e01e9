"""Holding a review: the meeting's day, invitations, advice, the child's views, the record, the report, the decision."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from portal.domain.actor import Actor, Grant
from portal.domain.case import possible_event
from portal.domain.decision import Decision, mark
from portal.domain.error import Invalid, NotAllowed, NotReady
from portal.domain.event import Event as Entry
from portal.domain.event import EventKind
from portal.domain.hashing import Value
from portal.domain.moment import Moment
from portal.domain.permission import Permission, grants_for
from portal.domain.plan import Advised, Plan
from portal.domain.review import CHILD, OUTCOMES, PART_OF, PROGRESS, Round, under_way
from portal.domain.review_dates import IN_FORCE

Rows = Sequence[Mapping[str, str]]


def plan_meeting(plan: Plan, actor: Actor, on: date, words: str, moment: Moment) -> Decision:
    """Set the day of the meeting, or another day instead. Raises NotAllowed, NotReady, Invalid for a day gone by."""
    grant = _grant(plan, actor, Permission.PLAN_REVIEW)
    if _now(plan).held:
        raise NotReady(["The meeting of this review has been held. The next can be planned after the decision."])
    if on < moment.today:
        raise Invalid({"on": "This day is over. Choose a day to come."})
    return _happened(plan, actor, grant, EventKind.REVIEW_MEETING_PLANNED, on, {"words": words}, moment)


def invite(plan: Plan, actor: Actor, invited: Rows, words: str, moment: Moment) -> Decision:
    """Send notice of the meeting. `invited` are {"part", "name", "person"} rows; `words` stand in every invitation."""
    grant = _grant(plan, actor, Permission.PLAN_REVIEW)
    now = _now(plan)
    if now.planned is None or now.held:
        raise NotReady(["Set the day of the meeting first." if now.planned is None else "The meeting has been held."])
    if not invited:
        raise Invalid({"people": "Choose whom you invite."})
    if not any(each["part"] == "family" for each in invited) and now.noticed is None:
        raise Invalid({"people": "The family must be invited (SEND Regulations 2014, regulation 20)."})
    beside: dict[str, Value] = {"words": words, "invited": [dict(each) for each in invited]}
    return _happened(plan, actor, grant, EventKind.REVIEW_NOTICE_SENT, moment.today, beside, moment)


def advise(plan: Plan, actor: Actor, progress: str, change: str, moment: Moment) -> Decision:
    """What somebody invited has seen, and what they think should change; said again, it stands beside the earlier."""
    grant = _grant(plan, actor, Permission.PLAN_CONTRIBUTE)
    if not progress.strip():
        raise Invalid({"progress": "Say what has gone well, and what has not."})
    beside: dict[str, Value] = {"progress": progress, "change": change}
    return _given(plan, actor, grant, PART_OF[grant.role], beside, moment)


def tell_views(plan: Plan, actor: Actor, views: str, told: str, moment: Moment) -> Decision:
    """The child's own views, in their words or as they told somebody; `told` says how they were gathered."""
    grant = _grant(plan, actor, Permission.PLAN_CONTRIBUTE)
    missing = {"views": "Write what {} said or showed.", "told": "Say who asked, how, and when."}
    lacking = {name: says for name, says in missing.items() if not {"views": views, "told": told}[name].strip()}
    if lacking:
        raise Invalid({name: says.format(plan.child.called) for name, says in lacking.items()})
    return _given(plan, actor, grant, CHILD, {"views": views, "told": told}, moment)


def circulate(plan: Plan, actor: Actor, moment: Moment) -> Decision:
    """Let everybody invited read the advice that has come."""
    grant = _grant(plan, actor, Permission.PLAN_REVIEW)
    if not _before_the_meeting(plan).advised:
        raise NotReady(["No advice has come yet that could be sent round."])
    by = mark(actor, grant, moment)
    return Decision(plan, Entry(EventKind.REVIEW_ADVICE_CIRCULATED), by, grant.agency_name)


def record(plan: Plan, actor: Actor, on: date, said: Mapping[str, Value], moment: Moment) -> Decision:
    """Put the meeting down: who was there, what was said, how each outcome goes, what is recommended, who dissents.

    A record sent once the meeting is on record stands in the earlier one's place, and both are kept.
    """
    grant = _grant(plan, actor, Permission.PLAN_REVIEW)
    _must_be_whole(said)
    if _now(plan).held is None:
        return _happened(plan, actor, grant, EventKind.REVIEW_MEETING_HELD, on, said, moment)
    by = mark(actor, grant, moment)
    return Decision(plan, Entry(EventKind.REVIEW_RECORDED, beside=said), by, grant.agency_name)


def send_report(plan: Plan, actor: Actor, moment: Moment) -> Decision:
    """Send the report, which is made of the record, to everybody invited."""
    grant = _grant(plan, actor, Permission.PLAN_REVIEW)
    now = _now(plan)
    if now.held is None or now.reported:
        raise NotReady(["The report has been sent." if now.reported else "Put down what the meeting said first."])
    return _happened(plan, actor, grant, EventKind.REVIEW_REPORT_SENT, moment.today, {}, moment)


def decide(plan: Plan, actor: Actor, outcome: str, words: str, moment: Moment) -> Decision:
    """The council's own decision after the meeting: maintain, amend or cease. `words` say why, to the family."""
    grant = _grant(plan, actor, Permission.PLAN_PROCESS)
    if _now(plan).held is None:
        raise NotReady(["The council decides once the meeting has been held."])
    wrong = {} if outcome in OUTCOMES else {"outcome": "Choose what is decided."}
    if wrong or not words.strip():
        raise Invalid({**wrong, **({} if words.strip() else {"words": "Say why, for the family."})})
    facts: dict[str, Value] = {"outcome": outcome}
    kind = EventKind.REVIEW_DECIDED
    return _happened(plan, actor, grant, kind, moment.today, {"words": words}, moment, facts)


def _must_be_whole(said: Mapping[str, Value]) -> None:
    wrong = {} if said.get("recommends") in OUTCOMES else {"recommends": "Choose what the meeting recommends."}
    if not str(said.get("there", "")).strip():
        wrong["there"] = "Say who was there."
    if not str(said.get("said", "")).strip():
        wrong["said"] = "Put down what was said."
    rows = said.get("progress", ())
    for each in rows if isinstance(rows, list | tuple) else ():
        if isinstance(each, Mapping) and each["mark"] not in ("", *PROGRESS):
            wrong["progress"] = "Choose one of the words for how it goes."
    if wrong:
        raise Invalid(wrong)


def _given(plan: Plan, actor: Actor, grant: Grant, part: str, beside: Mapping[str, Value], moment: Moment) -> Decision:
    _before_the_meeting(plan)
    by = mark(actor, grant, moment)
    after = replace(plan, advised=(*plan.advised, Advised(plan.sequence + 1, part)))
    return Decision(
        after, Entry(EventKind.REVIEW_ADVICE_GIVEN, facts={"part": part}, beside=beside), by, grant.agency_name
    )


def _before_the_meeting(plan: Plan) -> Round:
    now = _now(plan)
    if now.planned is None:
        raise NotReady(["No review is planned now."])
    if now.held:
        raise NotReady(["The meeting has been held. What you want to say now, say to the council."])
    return now


def _now(plan: Plan) -> Round:
    if plan.state not in IN_FORCE:
        raise NotReady(["A plan is reviewed once it is in force."])
    return under_way(plan)


def _happened(
    plan: Plan,
    actor: Actor,
    grant: Grant,
    kind: EventKind,
    on: date,
    beside: Mapping[str, Value],
    moment: Moment,
    facts: Mapping[str, Value] | None = None,
) -> Decision:
    """The same event that "Put something on record" makes, with what the act's own form asked beside it."""
    event = possible_event(plan, kind, on, facts or {}, moment)
    said = {name: value for name, value in beside.items() if value}
    entry = Entry(kind, facts={"on": on.isoformat(), **(facts or {})}, beside=said)
    return Decision(plan.with_event(event), entry, mark(actor, grant, moment), grant.agency_name)


def _grant(plan: Plan, actor: Actor, permission: Permission) -> Grant:
    grants = grants_for(actor, permission, plan, "")
    if not grants:
        raise NotAllowed("Somebody else does this.")
    return grants[0]
