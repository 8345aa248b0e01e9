"""Notices: one for each person and entry of the outbox, made with its delivery and changed by guarded steps alone."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from portal.domain.contact import Way
from portal.domain.identifier import authority_of
from portal.domain.notice import Attempt, Awaited, Ended, Happened, Notice, NoticeKind, NoticeState
from portal.store.database import Database, Document, Session
from portal.store.plans import keyed, of_plan

MOST = 200  # entries, notices or lines at once
SEEN_TO = (NoticeState.WAITING, NoticeState.TAKEN)


class SpreadMeanwhile(Exception):
    """Another process has made the notices of these entries."""


def undelivered(db: Database, authority: str) -> dict[str, list[Happened]]:
    """The oldest entries of the outbox that nobody was told of yet, by plan and in their order."""
    found: dict[str, list[Happened]] = {}
    waiting = {"authority": authority, "delivered": None}
    for each in db["outbox"].find(waiting).sort("at", 1).limit(MOST):
        key = each["_id"].removeprefix(f"{each['plan']}:")
        found.setdefault(each["plan"], []).append(Happened(key, each["kind"], each["at"]))
    return found


def awaited(db: Database, plan_id: str) -> tuple[int, Awaited]:
    """What each person was awaited for when this was last asked, and how often it was."""
    found = db["awaited"].find_one(keyed(plan_id, ":awaited"))
    if found is None:
        return 0, {}
    return found["times"], {each["person"]: frozenset(each["things"]) for each in found["people"]}


def spread(
    db: Database, plan_id: str, happened: Sequence[Happened], times: int, now: Awaited, notices: Sequence[Notice]
) -> None:
    """Make the notices of these entries and call them delivered, all or none; SpreadMeanwhile when others did."""
    people = [{"person": person, "things": sorted(things)} for person, things in sorted(now.items())]
    ids = [f"{plan_id}:{each.key}" for each in happened]
    entries = {"authority": authority_of(plan_id), "_id": {"$in": ids}, "delivered": None}

    def body(session: Session) -> None:
        # The entries first: whoever read them before another process was done with them must not tell of them again.
        if db["outbox"].update_many(entries, {"$set": {"delivered": True}}, session=session).matched_count != len(ids):
            raise SpreadMeanwhile
        _count(db, plan_id, times, people, session)
        for each in notices:
            add(db, each, session)

    try:
        db.transaction(body)
    except DuplicateKeyError as error:
        raise SpreadMeanwhile from error


def _count(db: Database, plan_id: str, times: int, people: list[Document], session: Session) -> None:
    """Keep for what each person is awaited now; of two processes at once, one goes on."""
    place, facts = keyed(plan_id, ":awaited"), {"plan": plan_id, "times": times + 1, "people": people}
    if times == 0:
        db["awaited"].insert_one({**place, **facts}, session=session)
    elif db["awaited"].update_one({**place, "times": times}, {"$set": facts}, session=session).matched_count == 0:
        raise SpreadMeanwhile


def add(db: Database, notice: Notice, session: Session | None = None) -> None:
    """Add a notice; again changes nothing."""
    db["notices"].update_one(_place(notice), {"$setOnInsert": _out(notice)}, upsert=True, session=session)


def due(db: Database, authority: str, state: NoticeState, now: datetime) -> list[Notice]:
    """The notices of a state that are to be seen to by now, those that have waited longest first."""
    query = {"authority": authority, "state": state.value, "next": {"$lte": now}}
    return [_in(each) for each in db["notices"].find(query).sort("next", 1).limit(MOST)]


def change(db: Database, before: Notice, after: Notice) -> bool:
    """Write what has become of a notice; False when another process has seen to it meanwhile."""
    guard = {**_place(before), "state": before.state.value, "next": before.next}
    return db["notices"].update_one(guard, {"$set": _out(after)}).matched_count == 1


def of_person(db: Database, authority: str, person: str, now: datetime) -> list[Notice]:
    """What one person is still to be told by now, oldest first."""
    query = {"authority": authority, "person": person, "state": NoticeState.WAITING.value, "next": {"$lte": now}}
    return [_in(each) for each in db["notices"].find(query).sort("next", 1).limit(MOST)]


def carried_by(db: Database, authority: str, person: str, message: str) -> list[Notice]:
    """The other notices that one message carries, or was to carry."""
    query = {"authority": authority, "person": person, "state": {"$in": [each.value for each in SEEN_TO]}}
    return [_in(each) for each in db["notices"].find(query).limit(MOST) if each["message"] == message]


def of_a_plan(db: Database, plan_id: str, person: str = "") -> list[Notice]:
    """The newest notices about a plan, newest first: everybody's, or one person's."""
    query = {**of_plan(plan_id), **({"person": person} if person else {})}
    return [_in(each) for each in db["notices"].find(query).sort("at", -1).limit(MOST)]


def opened_since(db: Database, notice: Notice) -> bool:
    """Whether the person opened the plan after the notice was sent.

    An opening is noted once for each half hour: of one that began before, nothing shows that it went on, and they are
    told once more rather than not at all.
    """
    since = {"person": notice.person, "at": {"$gt": notice.sent}}
    return db["openings"].find_one({**of_plan(notice.plan), **since}, {"_id": 1}) is not None


def _place(notice: Notice) -> Document:
    return {"authority": notice.authority, "_id": notice.id}


def _out(notice: Notice) -> Document:
    return {
        "plan": notice.plan,
        "person": notice.person,
        "kind": notice.kind.value,
        "at": notice.at,
        "due": notice.due.isoformat() if notice.due else "",
        "state": notice.state.value,
        "next": notice.next,
        "given_up": [each.value for each in notice.given_up],
        "message": notice.message,
        "tries": notice.tries,
        "sent": notice.sent,
        "attempts": [_attempt_out(each) for each in notice.attempts],
    }


def _in(document: Mapping[str, Any]) -> Notice:
    return Notice(
        id=document["_id"],
        authority=document["authority"],
        plan=document["plan"],
        person=document["person"],
        kind=NoticeKind(document["kind"]),
        at=document["at"],
        due=date.fromisoformat(document["due"]) if document["due"] else None,
        state=NoticeState(document["state"]),
        next=document["next"],
        given_up=tuple(Way(each) for each in document["given_up"]),
        message=document["message"],
        tries=document["tries"],
        sent=document["sent"],
        attempts=tuple(_attempt_in(each) for each in document["attempts"]),
    )


def _attempt_out(attempt: Attempt) -> Document:
    how = {"way": attempt.way.value, "reference": attempt.reference, "at": attempt.at}
    return {**how, "ended": attempt.ended.value, "number": attempt.number, "why": attempt.why}


def _attempt_in(document: Mapping[str, Any]) -> Attempt:
    way, ended = Way(document["way"]), Ended(document["ended"])
    return Attempt(way, document["reference"], document["at"], ended, document["number"], document["why"])
