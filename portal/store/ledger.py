"""The one save: a decision becomes revision, chain entry, version, outbox and worklist rows, or nothing does."""

from dataclasses import dataclass, replace

from portal.domain.decision import Decision
from portal.domain.plan import Plan
from portal.store import caseload, chain, outbox, plans, requests, revisions, versions
from portal.store.database import Database, Session
from portal.store.requests import Request


@dataclass(frozen=True)
class Saved:
    """The plan after a save, and the chain sequence that a form posted twice is answered with again."""

    plan: Plan
    sequence: int


def save(db: Database, before: Plan, decision: Decision, request: Request | None, session: Session) -> Saved:
    """Write everything a decision holds inside the caller's transaction; MovedOn when the plan has moved."""
    link = chain.link(before, decision)
    after = replace(decision.plan, sequence=link.sequence, head=link.hash)
    # The plan first: its guard turns two saves at once into a retry before anything else is written.
    plans.update(db, before, after, session)
    chain.add(db, before, decision, link, session)
    revisions.add(db, after, decision.revisions, session)
    if decision.version:
        versions.add(db, after, decision.version, link.hash, session)
    outbox.add(db, after, decision, link.sequence, session)
    caseload.refresh(db, after, session)
    if request:
        requests.remember(db, after, request, link.sequence, session)
    return Saved(after, link.sequence)


def begin(db: Database, plan: Plan, decision: Decision, session: Session) -> Plan:
    """Save a new plan with its blank sections and the first entry of its chain."""
    link = chain.link(plan, decision)
    started = replace(plan, sequence=link.sequence, head=link.hash)
    plans.insert(db, started, session)
    chain.add(db, plan, decision, link, session)
    revisions.add(db, started, decision.revisions, session)
    outbox.add(db, started, decision, link.sequence, session)
    caseload.begin(db, started, session)
    return started
