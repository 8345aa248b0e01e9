"""What is done with representations: the family makes a point, or the council writes it down, and answers it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.domain.actor import Actor, Grant
from portal.domain.decision import Decision, mark
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady
from portal.domain.event import Event, EventKind
from portal.domain.hashing import Value
from portal.domain.moment import Moment, local_day
from portal.domain.permission import Permission, grants_for
from portal.domain.plan import DAYS_TO_ANSWER, Plan, VersionLine
from portal.domain.representation import PASSED_OVER_UNDER, SCHOOL, Representation
from portal.domain.state import PlanState, VersionKind


@dataclass(frozen=True)
class Point:
    """What a point says: what it is about, in whose words, and the school or college that it asks for."""

    about: str
    words: str
    school: str = ""


def make(plan: Plan, actor: Actor, point: Point, moment: Moment) -> Decision:
    """Put a point of the actor's own on record. Raises NotAllowed, NotReady without a draft to answer, Invalid."""
    grant = _grant(plan, actor, Permission.PLAN_ANSWER, "The family says what it thinks of the draft.")
    return _made(plan, actor, grant, point, actor.person, {}, moment)


def write_down(plan: Plan, actor: Actor, point: Point, person: str, moment: Moment) -> Decision:
    """Put on record what somebody of the family said by letter, by phone or in a meeting: `person` is whose it is."""
    grant = _grant(plan, actor, Permission.PLAN_PROCESS, "The council writes down what reached it another way.")
    return _made(plan, actor, grant, point, person, {"written_down": True}, moment)


def answer(plan: Plan, actor: Actor, number: int, accepted: bool, words: str, moment: Moment) -> Decision:
    """Say what was changed, or why not. Raises NotAllowed, NotFound, NotReady once it was answered, Invalid."""
    grant = _grant(plan, actor, Permission.PLAN_PROCESS, "The council answers what the family says.")
    found = next((each for each in plan.representations if each.number == number), None)
    if found is None:
        raise NotFound("no such point")
    if not found.is_open:
        raise NotReady(["This was answered already."])
    if not words.strip():
        raise Invalid({"words": "Say what was changed." if accepted else "Say why, so that they understand."})
    answered = replace(found, answer=plan.sequence + 1)
    facts: dict[str, Value] = {"representation": number, "accepted": accepted}
    event = Event(EventKind.REPRESENTATION_ANSWERED, facts=facts, beside={"words": words})
    points = tuple(answered if each is found else each for each in plan.representations)
    return Decision(replace(plan, representations=points), event, mark(actor, grant, moment), grant.agency_name)


def is_heard(plan: Plan) -> bool:
    """Whether there is a draft, or proposed amendments, of which something can be said now: late points are heard too.

    While amendments are written, and nothing of them was served, the plan's old draft is nobody's to comment on.
    """
    return plan.is_with_family or plan.state is PlanState.FINALISING


def draft_of(plan: Plan) -> VersionLine | None:
    """The version that the family has before it."""
    return plan.last_version(VersionKind.DRAFT, VersionKind.PROPOSED_AMENDMENT)


def is_late(plan: Plan, representation: Representation, on: date) -> bool:
    """Whether a point came after the 15 days that begin with the day its draft was served."""
    draft = next((each for each in plan.versions if each.number == representation.version), None)
    return draft is not None and on > local_day(draft.at.at) + timedelta(days=DAYS_TO_ANSWER - 1)


def points_unanswered(plan: Plan, letter: str) -> str:
    """What the family said that is not answered, to be explained under this section; empty where nothing is."""
    count = sum(each.is_open and each.section == letter for each in plan.representations)
    if not count:
        return ""
    return (
        "1 point that the family made is not answered."
        if count == 1
        else f"{count} points that the family made are not answered."
    )


def _made(
    plan: Plan, actor: Actor, grant: Grant, point: Point, person: str, facts: dict[str, Value], moment: Moment
) -> Decision:
    draft = draft_of(plan)
    if draft is None or not is_heard(plan):
        raise NotReady(["There is no draft to answer now."])
    if point.about not in PASSED_OVER_UNDER:
        plan.standard.section(point.about)
    problems = {"words": "" if point.words.strip() else "Write what you want to say."}
    if point.about == SCHOOL and not point.school.strip():
        problems["school"] = "Name the school or college, or say what kind."
    if any(problems.values()):
        raise Invalid({name: said for name, said in problems.items() if said})
    number = plan.sequence + 1
    one = Representation(number, point.about, person, draft.number)
    said: dict[str, Value] = {"about": point.about, "person": person, "version": draft.number, **facts}
    beside: dict[str, Value] = {"words": point.words, **({"school": point.school} if point.about == SCHOOL else {})}
    event = Event(EventKind.REPRESENTATION_MADE, facts=said, beside=beside)
    after = replace(plan, representations=(*plan.representations, one))
    return Decision(after, event, mark(actor, grant, moment), grant.agency_name)


def _grant(plan: Plan, actor: Actor, permission: Permission, otherwise: str) -> Grant:
    grants = grants_for(actor, permission, plan, "")
    if not grants:
        raise NotAllowed(otherwise)
    return grants[0]
