"""What a family can do when it disagrees, and by when: the decision that stands, the appeal and the mediation of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from portal.domain.case import event_of
from portal.domain.clocks.compute import Running, clocks
from portal.domain.clocks.event import Case, Event, Kind, in_order
from portal.domain.clocks.name import Clock

OVER = (Kind.APPEAL_CONCLUDED, Kind.TRIBUNAL_ORDER)
MEDIATION = (
    Kind.MEDIATION_REQUESTED,
    Kind.MEDIATION_DECLINED,
    Kind.MEDIATION_ENDED,
    Kind.MEDIATION_NOT_ARRANGED,
    Kind.MEDIATION_CERTIFICATE_ISSUED,
)
FINALS = (Kind.FINAL_ISSUED, Kind.AMENDED_FINAL_ISSUED)
# What an order has the council do.
BY_ORDER = (
    Clock.ORDER_ASSESS_DECISION,
    Clock.ORDER_DRAFT,
    Clock.ORDER_FINAL,
    Clock.ORDER_AMEND,
    Clock.ORDER_PLACEMENT,
)
# What the council puts on record of it, in the order of a disagreement.
ACTS = (
    Kind.DECISION_LETTER_SENT,
    *MEDIATION[:1],
    Kind.ICB_NOTIFIED,
    *MEDIATION[1:],
    Kind.APPEAL_LODGED,
    Kind.APPEAL_CONCLUDED,
    Kind.TRIBUNAL_ORDER,
    Kind.HEALTH_RECOMMENDATION,
    Kind.CEASE_DECIDED,
)


@dataclass(frozen=True)
class Disagreement:
    """The latest decision that can be appealed, and how it stands.

    `assumed` is true where no letter is on record and the days are counted from the plan that was issued. `mediation`
    holds what happened of it since the letter, `lodged` the appeal of it and `ended` how that was over.
    """

    decision: str
    sent: date
    assumed: bool
    contact_by: date | None
    appeal_by: date | None
    mediation: tuple[Event, ...]
    lodged: Event | None
    ended: Event | None

    def can_appeal(self, today: date) -> bool:
        return self.lodged is None and self.appeal_by is not None and today <= self.appeal_by


def owed(running: Iterable[Running]) -> Running | None:
    """What the tribunal's order has the council do next; None where nothing was ordered, or all of it is done."""
    return next((each for each in running if each.clock in BY_ORDER and each.open and each.due), None)


def disagreement(case: Case) -> Disagreement | None:
    """None while no decision was made that can be appealed."""
    letters = case.of(Kind.DECISION_LETTER_SENT)
    letter, assumed = letters[-1] if letters else None, False
    final = next(iter(reversed(case.of(*FINALS))), None)
    if final and (letter is None or letter.on < final.on):
        letter, assumed = event_of(Kind.DECISION_LETTER_SENT, final.on, {"decision": "plan_contents"}), True
        case = replace(case, events=in_order([*case.events, letter]))
    if letter is None:
        return None
    since = [each for each in case.events if each.on >= letter.on]
    lodged = next((each for each in since if each.kind is Kind.APPEAL_LODGED), None)
    ended = next((each for each in since if lodged and each.kind in OVER and each.on >= lodged.on), None)
    running = [each for each in clocks(case) if each.event == letter]
    return Disagreement(
        letter.words["decision"],
        letter.on,
        assumed,
        _due(running, Clock.CONTACT_MEDIATION),
        _due(running, Clock.APPEAL),
        tuple(each for each in since if each.kind in MEDIATION),
        lodged,
        ended,
    )


def _due(running: list[Running], clock: Clock) -> date | None:
    return next((each.due for each in running if each.clock is clock), None)
