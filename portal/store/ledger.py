"""The one save: a decision becomes revision, chain entry, version, outbox and worklist rows, or nothing does."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from portal.domain.decision import Decision
from portal.domain.moment import local_day
from portal.domain.plan import Plan
from portal.store import (
    caseload,
    chain,
    identities,
    outbox,
    pictures,
    plans,
    requests,
    revisions,
    turnarounds,
    versions,
)
from portal.store.database import Database, Session
from portal.store.requests import Request

Also = Callable[[Session], None]

Decide = Callable[[Plan], Decision]


def save(
    db: Database,
    before: Plan,
    decision: Decision,
    request: Request | None,
    also: Also | None = None,
    then: Sequence[Decide] = (),
) -> Plan:
    """Write everything a decision holds in one transaction, and `also` with it; answers the plan after it.

    `then` decides what is saved as the entries after it, in the same transaction. Raises MovedOn when the plan is no
    longer the one that was decided on, SavedBefore for a submission sent twice.
    """
    link = chain.link(before, decision)
    after = replace(decision.plan, sequence=link.sequence, head=link.hash)

    def body(session: Session) -> Plan:
        # The plan first: its guard turns two saves at once into a retry before anything else is written.
        plans.update(db, before, after, session)
        chain.add(db, after, decision, link, session)
        revisions.add(db, after, decision.revisions, session)
        if decision.version:
            versions.add(db, after, decision.version, link.hash, session)
        outbox.add(db, after, decision, link.sequence, session)
        now = after
        for decide in then:
            now = _follow(db, now, decide(now), session)
        caseload.refresh(db, before, now, local_day(decision.by.at), session)
        turnarounds.refresh(db, before, now, session)
        pictures.refresh(db, before, now, session)
        if request:
            requests.remember(db, after, request, link.sequence, session)
        if also:
            also(session)
        return now

    now = db.transaction(body)
    return db.plans.keep(now.id, now)


def begin(db: Database, plan: Plan, decision: Decision, then: Sequence[Decide] = (), also: Also | None = None) -> Plan:
    """Save a new plan with its blank sections and the first entry of its chain; answers the plan after all of it.

    `then` decides what is saved as the entries after it, and `also` is written last, in the same transaction.
    """
    link = chain.link(plan, decision)
    started = replace(decision.plan, sequence=link.sequence, head=link.hash)

    def body(session: Session) -> Plan:
        plans.insert(db, started, session)
        chain.add(db, started, decision, link, session)
        revisions.add(db, started, decision.revisions, session)
        outbox.add(db, started, decision, link.sequence, session)
        identities.keep(db, started.id, started.child, session)
        now = started
        for decide in then:
            now = _follow(db, now, decide(now), session)
        caseload.begin(db, now, session)
        pictures.begin(db, now, session)
        if also:
            also(session)
        return now

    return db.transaction(body)


def _follow(db: Database, before: Plan, decision: Decision, session: Session) -> Plan:
    """One more entry of a chain in the transaction of the one before it."""
    link = chain.link(before, decision)
    after = replace(decision.plan, sequence=link.sequence, head=link.hash)
    plans.update(db, before, after, session)
    chain.add(db, after, decision, link, session)
    revisions.add(db, after, decision.revisions, session)
    outbox.add(db, after, decision, link.sequence, session)
    return after
