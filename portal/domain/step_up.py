"""Acts that weigh so much that whoever does them must have proved who they are a moment ago, not this morning."""

from collections.abc import Callable
from datetime import datetime, timedelta

from portal.domain.actor import Actor
from portal.domain.decision import Decision
from portal.domain.error import StepUpNeeded
from portal.domain.event import Event, EventKind
from portal.domain.moment import Moment
from portal.domain.plan import Plan

FRESH = timedelta(minutes=15)
# Taking a signature back asks for no proof: nothing should stand between somebody and saying no.
ACTS = frozenset(
    {
        EventKind.SECTION_SIGNED,
        EventKind.DRAFT_SERVED,
        EventKind.FINAL_ISSUED,
        EventKind.TWIN_CHECKED,
        EventKind.DESTRUCTION_CONFIRMED,
        EventKind.DESTRUCTION_ORDERED,
        EventKind.CEASE_DECIDED,
        EventKind.PLAN_CEASED,
    }
)

Decide = Callable[[Plan], Decision | None]


def weighs(event: Event) -> bool:
    """Whether an act asks for a fresh proof: a review's decision does where it is that the plan is to cease."""
    ceases = event.kind is EventKind.REVIEW_DECIDED and event.facts.get("outcome") == "cease"
    return ceases or event.kind in ACTS


def is_fresh(actor: Actor, wall: datetime) -> bool:
    """Whether the provider saw this person sign on at most 15 minutes ago; never where it did not say when."""
    return wall.timestamp() - actor.auth_time <= FRESH.total_seconds()


def must_be_fresh(actor: Actor, wall: datetime) -> None:
    """Raises StepUpNeeded for somebody who proved who they are longer ago than that."""
    if not is_fresh(actor, wall):
        raise StepUpNeeded("Prove first that it is you: sign in again, then do this once more.")


def proven(actor: Actor, moment: Moment, decide: Decide) -> Decide:
    """The same rule, whose decision stands only with a fresh proof where it is for one of these acts.

    It is judged first: nobody is sent to their provider for what would be refused, or is done already.
    """

    def judged(plan: Plan) -> Decision | None:
        decision = decide(plan)
        if decision and weighs(decision.event):
            must_be_fresh(actor, moment.wall)
        return decision

    return judged
