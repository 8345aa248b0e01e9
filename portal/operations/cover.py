"""When somebody is away, hands their work on, or leaves: cover for a while, a handover, and all parts ended at once."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from portal.domain.access import TWO_PEOPLE, must_end, must_give, part_of, sees_to
from portal.domain.actor import WHOLE_CASELOAD, Actor, Grant
from portal.domain.agency import Agency, AgencyKind
from portal.domain.decision import Decision
from portal.domain.error import Invalid, NotAllowed
from portal.domain.event import EventKind
from portal.domain.hashing import Value
from portal.domain.moment import ENGLAND, Moment, stamp
from portal.domain.plan import Plan
from portal.operations.access import Hat, agency_named, enlist, give_on_plan, noted
from portal.operations.act import act
from portal.operations.sessions import end_all
from portal.store import access, parts, people
from portal.store.database import Database, Session

LONGEST_COVER = timedelta(days=366)


def cover(
    db: Database, actor: Actor, slug: str, away: str, stand_in: str, days: tuple[date, date], moment: Moment
) -> int:
    """Give a colleague somebody's plans from one day to another, both included; answers how many.

    Who is away may name it, and who gives the agency's parts. Each plan is one transaction, so that a run that was
    killed is begun again. Raises NotAllowed, or Invalid for days or a colleague that won't do.
    """
    agency = _seen_to(db, actor, slug, away)
    since, until = _from_to(days, moment)
    name, covered = _colleague(db, agency, away, stand_in, moment), people.standing(db, away)
    own = parts.parts_of(db, agency.authority, slug, away, moment.wall)
    moved = [each for each in own if each.scope != WHOLE_CASELOAD and each.role not in TWO_PEOPLE]
    moved = [each for each in moved if not each.covering and not each.reading]
    for each in moved:
        hat = (slug, agency.name) if actor.person == away else must_give(actor, stand_in, part_of(each, agency))
        ends = min(until, each.until or until)
        lent = replace(each, person=stand_in, name=name, since=since, until=ends, given_by=actor.person)
        lent = replace(lent, covering=covered.name if covered else each.name)
        if parts.one(db, lent.authority, people.key_of(lent), moment.wall):
            lent = replace(lent, since=moment.wall)  # whoever stands in already goes on without a gap
        facts: dict[str, Value] = {"until": stamp(until), "covering": away}
        give_on_plan(db, actor, hat, lent, moment, EventKind.GRANT_GIVEN, facts)
    return len(moved)


def _seen_to(db: Database, actor: Actor, slug: str, person: str) -> Agency:
    """The agency, for one of its own people or whoever sees to them. NotAllowed for anybody else."""
    agency = agency_named(db, slug)
    own = actor.person == person and any(each.agency == slug and not each.reading for each in actor.grants)
    if agency.kind is AgencyKind.FAMILY or not (own or sees_to(actor, agency)):
        raise NotAllowed("The agency’s lead, or its managers, see to its people.")
    return agency


def _from_to(days: tuple[date, date], moment: Moment) -> tuple[datetime, datetime]:
    """From the first minute of one day to the last of the other, in England; Invalid for days that won't do."""
    first, last = days
    if last < first or last < moment.today:
        raise Invalid({"last": "The last day must not be before the first, nor over already."})
    if last - first > LONGEST_COVER:
        raise Invalid({"last": "Cover is for a year at most. For longer, hand the work over."})
    begins = max(_midnight(first), moment.wall)
    return begins, _midnight(last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ENGLAND).astimezone(UTC)


def _colleague(db: Database, agency: Agency, person: str, colleague: str, moment: Moment) -> str:
    """The name of a colleague who works for the agency; Invalid for anybody else."""
    found = people.standing(db, colleague)
    if found is None or person == colleague:
        raise Invalid({"to": "Choose a colleague."})
    if not parts.parts_of(db, agency.authority, agency.slug, colleague, moment.wall):
        raise Invalid({"to": "Choose a colleague who works for this agency."})
    return found.name


def hand_over(db: Database, actor: Actor, slug: str, person: str, to: str, moment: Moment) -> int:
    """Move all that somebody holds for an agency to a colleague; answers how many parts.

    Each part moves in one transaction; killed, it is run again and moves the rest. A part that two people give is
    left where it is. Raises NotAllowed, Invalid.
    """
    agency = _seen_to(db, actor, slug, person)
    if not sees_to(actor, agency):
        raise NotAllowed("The agency’s lead, or its managers, hand work over.")
    name = _colleague(db, agency, person, to, moment)
    own = parts.parts_of(db, agency.authority, slug, person, moment.wall)
    moved = [each for each in own if each.role not in TWO_PEOPLE and not each.reading]
    hats = [_mover(actor, to, each, agency) for each in moved]
    for each, hat in zip(moved, hats, strict=True):
        since = max(each.since, moment.wall)
        given = replace(each, person=to, name=name, since=since, given_by=actor.person)
        if each.scope == WHOLE_CASELOAD:
            _move_over_caseload(db, actor, each, given, moment)
        else:
            _move_on_plan(db, actor, hat, each, given, moment)
    return len(moved)


def _mover(actor: Actor, to: str, grant: Grant, agency: Agency) -> Hat:
    """For whom the actor moves a part: they must be one who may give it and end it."""
    part = part_of(grant, agency)
    must_give(actor, to, part)
    return must_end(actor, part)


def _move_on_plan(db: Database, actor: Actor, hat: Hat, grant: Grant, given: Grant, moment: Moment) -> None:
    def decide(plan: Plan) -> Decision | None:
        still = parts.stands(db, grant)
        kind = EventKind.GRANT_HANDED_OVER
        return noted(plan, actor, hat, kind, given, moment, {"from": grant.person}) if still else None

    def also(session: Session) -> None:
        enlist(db, given, session)
        people.end(db, parts.row_of(grant), moment.wall, session)

    act(db, actor, grant.scope, decide, None, also, entitled=True)


def _move_over_caseload(db: Database, actor: Actor, grant: Grant, given: Grant, moment: Moment) -> None:
    def body(session: Session) -> None:
        if people.end(db, parts.row_of(grant), moment.wall, session):
            people.give(db, given, session)
            access.log(db, "ended", grant, actor.person, actor.name, moment.wall, session)
            access.log(db, "given", given, actor.person, actor.name, moment.wall, session)

    db.transaction(body)


def leave(db: Database, actor: Actor, slug: str, person: str, moment: Moment) -> int:
    """End all that somebody holds for an agency, and their sessions, at once; answers how many parts ended.

    What they hold for others, as a parent say, stays. The plans' chains say it afterwards, one transaction each; what
    a run that was killed left unsaid, the next one says. Raises NotAllowed.
    """
    agency = _seen_to(db, actor, slug, person)
    if actor.person == person:
        raise NotAllowed("A colleague must do this for you.")
    found = people.standing(db, person)
    held = found.grants if found else ()
    authorities = sorted({agency.authority} | {each.authority for each in held if each.agency == slug})
    ended = 0
    for authority in authorities:
        ended += db.transaction(partial(_end_all, db, actor, (authority, slug, person), moment))
        for each in parts.unsaid(db, authority, slug, person):
            _say(db, actor, agency, each, moment)
    return ended


def _end_all(db: Database, actor: Actor, place: tuple[str, str, str], moment: Moment, session: Session) -> int:
    authority, slug, person = place
    ended = parts.leave(db, authority, slug, person, moment.wall, session)
    end_all(db, person, moment, session)
    for each in ended:
        if each.scope == WHOLE_CASELOAD:
            access.log(db, "ended", each, actor.person, actor.name, moment.wall, session)
    return len(ended)


def _say(db: Database, actor: Actor, agency: Agency, grant: Grant, moment: Moment) -> None:
    """Put on a plan's chain that a leaver's part in it ended, once."""

    def decide(plan: Plan) -> Decision | None:
        hat, left = (agency.slug, agency.name), parts.is_unsaid(db, grant)
        return noted(plan, actor, hat, EventKind.GRANT_ENDED, grant, moment, {}) if left else None

    act(db, actor, grant.scope, decide, None, lambda session: parts.say(db, grant, session), entitled=True)
