"""Which letters a case waits for, putting on record what a letter tells, and sending it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from portal.domain.actor import Actor, Grant
from portal.domain.case import NOT_YOURS, facts_of, record
from portal.domain.case_steps import ISSUED_HERE, possible
from portal.domain.clocks.event import Event, Kind
from portal.domain.clocks.rule import Answer
from portal.domain.clocks.stage import MOVES
from portal.domain.content import new_salt
from portal.domain.decision import Decision, mark
from portal.domain.elsewhere import of_the_other_council
from portal.domain.error import Invalid, NotAllowed, NotReady
from portal.domain.event import Event as Entry
from portal.domain.event import EventKind
from portal.domain.hashing import Value
from portal.domain.letter import Body, Letter, letter_event
from portal.domain.letter_kind import LETTERS, LetterKind
from portal.domain.moment import Moment
from portal.domain.permission import Permission, grants_for
from portal.domain.plan import Happened, Plan
from portal.domain.restricted import Kept, pattern

# What moves a case on, so that a letter of what was before would come too late. Notice of amendments follows their
# decision and is told with it.
MOVING = {*MOVES, Kind.REVIEW_DECIDED, Kind.TRIBUNAL_ORDER} - {Kind.AMENDMENT_NOTICE_SERVED}
TELLS_HIDDEN = "This text holds words that are hidden from somebody, like an address. Take them out."
NOT_NOW = "This letter does not fit the case as it stands now. Look at what happened, and choose again."


@dataclass(frozen=True)
class Offer:
    """A letter that can be written now: of what is on record (`about`), or with `missing` put on record first."""

    kind: LetterKind
    about: Happened | None
    missing: tuple[Answer, ...] = ()

    @property
    def is_owed(self) -> bool:
        """Whether the decision stands on record and the family has no letter of it."""
        return self.about is not None and not self.missing


def offers(plan: Plan, told: Collection[int]) -> tuple[Offer, ...]:
    """What can be written now, what is owed first. `told` are the entries of which a letter was sent."""
    found = [each for kind in LETTERS if (each := _offer(plan, kind, told))]
    return tuple(sorted(found, key=lambda each: not each.is_owed))


def offer_of(plan: Plan, kind: LetterKind, told: Collection[int]) -> Offer:
    """One of them. Raises NotReady where it can't be written now."""
    found = _offer(plan, kind, told)
    if found is None:
        raise NotReady([NOT_NOW])
    return found


def _offer(plan: Plan, kind: LetterKind, told: Collection[int]) -> Offer | None:
    letter = LETTERS[kind]
    on_record = [_newest(plan, each, whenever=letter.open is not None) for each in letter.tells]
    about = on_record[-1]
    if about:
        open_still = about.sequence not in told and not _was_told(plan, letter.decision, about)
        return Offer(kind, about) if open_still and _is_now(plan, kind, about) else None
    here = [each for each in on_record if each]
    missing = [_recordable(plan, each) for each, there in zip(letter.tells, on_record, strict=True) if not there]
    first_fits = bool(here) or (missing[0] is not None and missing[0].kind in possible(plan.case))
    whole = tuple(each for each in missing if each)
    if not letter.records or not first_fits or len(whole) < len(missing):
        return None
    return Offer(kind, here[-1] if here else None, whole)


def _newest(plan: Plan, alternatives: tuple[Answer, ...], whenever: bool) -> Happened | None:
    """The newest event of these on record, where nothing has moved the case on since, or `whenever` it was."""
    ours = [each for each in plan.happened if each not in of_the_other_council(plan)]
    found = [each for each in ours if any(one.fits(each.event) for one in alternatives)]
    last = max(found, key=_order, default=None)
    return last if last and (whenever or _is_last(plan, last)) else None


def _is_last(plan: Plan, happened: Happened) -> bool:
    """Whether nothing moved the case after it."""
    return all(_order(each) <= _order(happened) for each in plan.happened if each.event.kind in MOVING)


def _order(happened: Happened) -> tuple[date, int]:
    return happened.event.on, happened.sequence


def _is_now(plan: Plan, kind: LetterKind, about: Happened) -> bool:
    letter, clock = LETTERS[kind], LETTERS[kind].open
    withdrawn = bool(plan.versions) and plan.versions[-1].withdrawn
    if about.event.kind is Kind.AMENDMENT_NOTICE_SERVED and letter.withdrawn is not withdrawn:
        return False
    starts = (about.event, *plan.case.of(Kind.MOVED_IN))  # with good notice the six weeks run from the move itself
    return clock is None or any(each.clock is clock and each.open and each.event in starts for each in plan.clocks)


def _was_told(plan: Plan, decision: str, about: Happened) -> bool:
    """Whether a letter of this decision stands on record since, one on paper too."""
    letters = (each for each in plan.happened if each.event.kind is Kind.DECISION_LETTER_SENT)
    return any(each.event.says(decision=decision) and each.sequence > about.sequence for each in letters)


def _recordable(plan: Plan, alternatives: tuple[Answer, ...]) -> Answer | None:
    """What would be put on record: of two ways to say the same, the one that fits the case's stage."""
    by_hand = [each for each in alternatives if each.kind not in ISSUED_HERE]
    fitting = (each for each in by_hand if each.kind in possible(plan.case))
    return next(fitting, by_hand[0] if by_hand else None)


def with_missing(plan: Plan, offer: Offer, decided: date, today: date) -> tuple[Plan, Event]:
    """(the plan as it will be once what the letter tells is on record, the event that it tells of). Raises Invalid."""
    if decided > today:
        raise Invalid({"decided": "This day is still to come. Write the letter once it is decided."})
    told = offer.about.event if offer.about else None
    for each in offer.missing:
        told = Event(each.kind, today if told else decided, dict(each.says), {}, {})
        plan = plan.with_event(told)
    if told is None:
        raise NotReady([NOT_NOW])
    return plan, told


def put_on_record(plan: Plan, actor: Actor, offer: Offer, decided: date, moment: Moment) -> Decision | None:
    """The next entry that the letter needs before it, None once all stand on record.

    Killed between two of them, the page goes on with the rest. Raises NotAllowed, or Invalid as case.record does.
    """
    granted(plan, actor)
    if not offer.missing:
        return None
    on = moment.today if offer.about else decided
    facts: Mapping[str, Value] = offer.missing[0].says
    return record(plan, actor, offer.missing[0].kind, on, facts, "", moment)


def granted(plan: Plan, actor: Actor) -> Grant:
    grants = grants_for(actor, Permission.PLAN_PROCESS, plan, "")
    if not grants:
        raise NotAllowed(NOT_YOURS)
    return grants[0]


def must_not_tell_hidden(plan: Plan, words: str) -> None:
    """Both parents read a letter: what is kept from one of them does not stand in it. Raises Invalid."""
    if plan.restrictions and Kept(words=pattern(plan, plan.restrictions)).holds(words):
        raise Invalid({"reason": TELLS_HIDDEN})


def send(
    plan: Plan, actor: Actor, offer: Offer, body: Body, made_from: tuple[int, int], number: int, moment: Moment
) -> tuple[Decision, Letter]:
    """The letter, frozen, with the entry that has its hash: a decision that can be appealed starts the clocks by it.

    Raises NotAllowed, NotReady where what it tells is not on record.
    """
    grant = granted(plan, actor)
    if offer.about is None or offer.missing:
        raise NotReady([NOT_NOW])
    by, today = mark(actor, grant, moment), moment.today
    letter = Letter(
        number,
        offer.kind,
        today,
        body.title,
        body.pieces,
        offer.about.sequence,
        made_from,
        by,
        grant.agency_name,
        plan.authority_name,
        new_salt(),
    )
    told: Value = {"number": number, "kind": offer.kind.value, "about": letter.about, "hash": letter.hash.hex()}
    decision = LETTERS[offer.kind].decision
    if decision:
        event = letter_event(decision, today)
        entry = Entry(EventKind.DECISION_LETTER_SENT, facts={**facts_of(event), "letter": told})
        return Decision(plan.with_event(event), entry, by, grant.agency_name), letter
    entry = Entry(EventKind.LETTER_SENT, facts={"letter": told})
    after = replace(plan, move_told=today) if offer.kind is LetterKind.MOVED_IN else plan
    return Decision(after, entry, by, grant.agency_name), letter
