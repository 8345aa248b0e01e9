"""Start, open, answer, finalise and issue a plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from portal.domain import issue as rules
from portal.domain.actor import Actor
from portal.domain.case import facts_of
from portal.domain.clocks.event import Event as CaseEvent
from portal.domain.content import Content, Mark
from portal.domain.decision import Decision, Reasons, Revision, Version
from portal.domain.error import NotAllowed, NotFound
from portal.domain.event import Event, EventKind
from portal.domain.identifier import new_plan_id
from portal.domain.moment import Moment
from portal.domain.moved_in import Move, put_on_record
from portal.domain.permission import Permission, allows, sees_version
from portal.domain.plan import FINAL_KINDS, Child, Plan, blank_plan
from portal.domain.reading import PlanReading, Reach, filtered, reach_of, read
from portal.domain.reasoned_reading import part_opened_by
from portal.domain.restricted import content_for, plan_for, version_for
from portal.domain.state import VersionKind
from portal.domain.step_up import proven
from portal.operations.act import act
from portal.operations.dilution import flagged
from portal.store import ledger, openings, plans, revisions, versions
from portal.store.database import Database
from portal.store.ledger import Also, Decide
from portal.store.requests import Request


@dataclass(frozen=True)
class Asked:
    """A request for an assessment: the day it counts as received, and who asked, in words."""

    on: date
    words: str


@dataclass(frozen=True)
class VersionReading:
    """An issued version as one person may see it: contents by letter, without what is not theirs."""

    plan: Plan
    version: Version
    contents: dict[str, Content]
    whole: bool  # every section is this reader's to see, so they may have the PDF too
    as_issued: bool  # and nothing in them is restricted from this reader


def start(
    db: Database, authority: str, authority_name: str, child: Child, by: Mark, agency_name: str, commissioner: str = ""
) -> Plan:
    """A new plan with every section blank, and no request. `commissioner` must agree health provision."""
    plan = blank_plan(new_plan_id(authority), authority, authority_name, child)
    plan = replace(plan, commissioner=commissioner or plan.commissioner)
    return ledger.begin(db, plan, _begun(plan, Event(EventKind.PLAN_STARTED), by, agency_name))


def start_by_request(
    db: Database,
    plan: Plan,
    asked: Asked,
    by: Mark,
    agency_name: str,
    then: Sequence[Decide] = (),
    also: Also | None = None,
) -> Plan:
    """A record begun with the request for an assessment, before anybody knows whether there will be a plan.

    `plan` is blank; `then` and `also` are saved in the same transaction (ledger.begin).
    """
    event = CaseEvent(EventKind.REQUEST_RECEIVED, asked.on, {}, {}, {})
    entry = Event(event.kind, facts=facts_of(event), beside={"words": asked.words})
    return ledger.begin(db, plan, _begun(plan.with_event(event), entry, by, agency_name), then, also)


def start_by_move(
    db: Database,
    plan: Plan,
    move: Move,
    by: Mark,
    agency_name: str,
    then: Sequence[Decide] = (),
    also: Also | None = None,
) -> Plan:
    """A record begun with the plan of another council, on the same terms: what that council did, and the move."""
    told = [partial(put_on_record, move=move, event=each, by=by, agency_name=agency_name) for each in move.events]
    begun = _begun(plan, Event(EventKind.PLAN_STARTED), by, agency_name)
    return ledger.begin(db, plan, begun, [*told, *then], also)


def _begun(plan: Plan, event: Event, by: Mark, agency_name: str) -> Decision:
    blanks = tuple(Revision(letter, 0, head.content, head.hash, by) for letter, head in plan.sections.items())
    return Decision(plan, event, by, agency_name, blanks)


def open_plan(db: Database, actor: Actor, plan_id: str, moment: Moment) -> PlanReading:
    """The plan as the actor may read it, with the opening recorded; NotFound for a stranger."""
    plan = plans.load(db, plan_id)
    open_loaded(db, plan, actor, moment)
    return reading_of(db, plan, actor)


def open_loaded(db: Database, plan: Plan, actor: Actor, moment: Moment) -> None:
    """Record that the actor opens a plan already loaded. NotFound: a stranger is never told that there is one."""
    _must_view(actor, plan)
    openings.record(db, plan.id, actor.person, moment.wall, part_opened_by(actor, plan))


def take_copy(db: Database, plan: Plan, actor: Actor, what: str, moment: Moment) -> None:
    """Record that the actor is given a document of the plan to keep ("receipt", "pdf:2"), beside having opened it."""
    openings.record(db, plan.id, actor.person, moment.wall, part_opened_by(actor, plan), what)


def _must_view(actor: Actor, plan: Plan) -> None:
    if not allows(actor, Permission.PLAN_VIEW, plan):
        raise NotFound("no such plan")


def must_read_history(reading: PlanReading) -> None:
    """Refuse somebody who reads versions of a plan and not how it came about, as a school that is consulted."""
    if not reading.may(Permission.PLAN_HISTORY):
        raise NotAllowed("What happened to this plan is not part of what you were sent.")


def reading_of(db: Database, plan: Plan, actor: Actor) -> PlanReading:
    """What the actor may read of a plan already loaded, with the last final for those who see finals only."""
    letters = [letter for letter in plan.standard.letters if reach_of(plan, actor, letter) is Reach.FINAL]
    final = plan.last_version(*FINAL_KINDS)
    finals = {}
    if letters and final:
        finals = revisions.contents(db, plan.id, versions.find(db, plan.id, final.number).revisions)
    return read(plan, actor, finals)


def open_version(db: Database, actor: Actor, plan_id: str, number: int, moment: Moment) -> VersionReading:
    """A version exactly as issued, without the sections that this reader may not see in its kind."""
    plan = plans.load(db, plan_id)
    _must_view(actor, plan)
    version = versions.find(db, plan_id, number)
    seen = [each.letter for each in version.sections if sees_version(actor, plan, each.letter, version.kind)]
    if not seen:
        raise NotFound("no such version")
    openings.record(db, plan.id, actor.person, moment.wall, part_opened_by(actor, plan))
    found = revisions.contents(db, plan_id, version.revisions)
    contents = {letter: filtered(plan, actor, letter, found.get(letter, Content()), version.kind) for letter in seen}
    # What is restricted counts as never written: whoever it is kept from is not told so by the lack of a PDF.
    written = {letter: content_for(plan, actor, letter, content) for letter, content in found.items()}
    whole = all(contents.get(letter) == content for letter, content in written.items())
    told = version_for(plan, actor, version)
    return VersionReading(plan_for(plan, actor), told, contents, whole, (told, written) == (version, found))


def answer(
    db: Database, actor: Actor, plan_id: str, words: str, moment: Moment, request: Request | None = None
) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.answer(plan, actor, words, moment), request)


def begin_finalising(db: Database, actor: Actor, plan_id: str, moment: Moment, request: Request | None = None) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.begin_finalising(plan, actor, moment), request)


def issue(
    db: Database,
    actor: Actor,
    plan_id: str,
    kind: VersionKind,
    reasons: Reasons,
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    """Issue a version: the manifest, the chain entry, the plan's new state and the PDF's job, all or none.

    Raises StepUpNeeded for somebody who has not proved a moment ago who they are.
    """
    decide = proven(actor, moment, lambda plan: rules.issue(plan, actor, kind, reasons, moment, flagged(db, plan)))
    return act(db, actor, plan_id, decide, request)
