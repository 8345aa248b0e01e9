"""Requests for an assessment: the child's facts sealed until a record holds them, and who sent them."""

from datetime import UTC, datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from portal.domain.content import Mark
from portal.domain.identifier import authority_of
from portal.domain.intake import AssessmentRequest, Message, RequestState, is_answered_by
from portal.domain.moment import stamp
from portal.store.codec import child_in, child_out, mark_in, mark_out
from portal.store.database import Database, Document, Session

MOST = 200
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class SentBefore(Exception):
    """This very request is kept already."""


def add(db: Database, request: AssessmentRequest, session: Session) -> None:
    """Keep a request; SentBefore where it is there, which undoes all that was written with it."""
    sealed = {"facts": _sealed(db, request)} if request.child else {}
    try:
        db["assessment_requests"].insert_one({**_out(request), **sealed}, session=session)
    except DuplicateKeyError as error:
        raise SentBefore from error
    # Whoever asked finds it again in the authorities that are theirs.
    theirs = {"$addToSet": {"authorities": request.authority}}
    db["people"].update_one({"_id": request.person}, theirs, session=session)


def waiting(db: Database, authority: str) -> list[AssessmentRequest]:
    """Those of an authority that nobody has settled, the one that has waited longest first."""
    query = {"authority": authority, "state": RequestState.WAITING.value}
    return [_in(db, each) for each in db["assessment_requests"].find(query).sort("at", 1).limit(MOST)]


def talked_of(db: Database, authority: str) -> list[AssessmentRequest]:
    """Those of which a record was begun and that people had written about, newest first."""
    query = {"authority": authority, "state": RequestState.TAKEN.value, "said": {"$gt": 0}}
    return [_in(db, each) for each in db["assessment_requests"].find(query).sort("at", -1).limit(MOST)]


def one(db: Database, request_id: str) -> AssessmentRequest | None:
    place = {"authority": authority_of(request_id), "_id": request_id}
    found = db["assessment_requests"].find_one(place)
    return _in(db, found) if found else None


def that_began(db: Database, plan_id: str) -> AssessmentRequest | None:
    """The request with which a plan's record was begun."""
    found = db["assessment_requests"].find_one({"authority": authority_of(plan_id), "plan": plan_id})
    return _in(db, found) if found else None


def of_person(db: Database, person: str) -> list[AssessmentRequest]:
    """All that somebody sent, in whatever authority, newest first: some few, put in order here."""
    theirs = [{"$match": {"$expr": {"$eq": ["$person", "$$person"]}}}]
    join: Document = {"from": "assessment_requests", "localField": "authorities", "foreignField": "authority"}
    lookup = {"$lookup": {**join, "let": {"person": "$_id"}, "pipeline": theirs, "as": "sent"}}
    found = next(iter(db["people"].aggregate([{"$match": {"_id": person}}, lookup])), None)
    sent = [_in(db, each) for each in found["sent"]] if found else []
    return sorted(sent, key=lambda each: each.at, reverse=True)


def say(db: Database, before: AssessmentRequest, after: AssessmentRequest, session: Session) -> bool:
    """Whether a request says one thing more: not when somebody else wrote or settled it meanwhile."""
    asks_council = is_answered_by(after, officer=True)
    change = {"$set": {"facts": _sealed(db, after), "said": len(after.said), "asks_council": asks_council}}
    return db["assessment_requests"].update_one(_as_it_was(before), change, session=session).modified_count == 1


def asking(db: Database, authority: str) -> int:
    """How many requests of an authority wait for an answer of the council's."""
    query = {"authority": authority, "state": RequestState.WAITING.value, "asks_council": True}
    return int(db["assessment_requests"].count_documents(query, limit=MOST))


def _as_it_was(request: AssessmentRequest) -> Document:
    """A request that waits, with no more messages than these. One of before has no count of them."""
    place: Document = {"authority": request.authority, "_id": request.id, "state": RequestState.WAITING.value}
    return {**place, "said": len(request.said) or None}


def settle(db: Database, after: AssessmentRequest, session: Session, gone: datetime | None = None) -> bool:
    """Whether a request that waited is now as `after` says: of two at once one settles it, with all that was said.

    The child's facts go where a record holds them; where none does, the whole of it is forgotten when it is `gone`.
    """
    settled = mark_out(after.settled) if after.settled else None
    said: Document = {"state": after.state.value, "plan": after.plan, "settled": settled}
    if after.child or after.said:
        change: Document = {"$set": {**said, "facts": _sealed(db, after), "gone": gone}}
    else:
        change = {"$set": said, "$unset": {"facts": ""}}
    return db["assessment_requests"].update_one(_as_it_was(after), change, session=session).modified_count == 1


def one_by_one(db: Database, authority: str, session: Session) -> None:
    """Let no two records of an authority begin at once: whichever comes second looks anew whether its child has one.

    Both write one row, which is nobody's request and on no list.
    """
    row = _out(AssessmentRequest(f"{authority}-begins", authority, "", "", LONG_AGO, None, state=RequestState.TAKEN))
    place = {"authority": authority, "_id": row["_id"]}
    db["assessment_requests"].update_one(place, {"$set": row, "$inc": {"begun": 1}}, upsert=True, session=session)


def _sealed(db: Database, request: AssessmentRequest) -> Any:
    child = child_out(request.child) if request.child else None
    said = [_message_out(each) for each in request.said]
    return db.seal({"child": child, "words": request.words, "answer": request.answer, "said": said})


def _message_out(message: Message) -> list[Any]:
    by = message.by
    return [message.id, by.person, by.name, by.agency, stamp(by.at), message.words, message.waits]


def _message_in(said: list[Any]) -> Message:
    name, person, called, agency, at, words, waits = said
    return Message(name, Mark(person, called, agency, datetime.fromisoformat(at)), words, waits)


def _out(request: AssessmentRequest) -> Document:
    return {
        "_id": request.id,
        "authority": request.authority,
        "person": request.person,
        "name": request.name,
        "at": request.at,
        "relation": request.relation,
        "settled": mark_out(request.settled) if request.settled else None,
        "state": request.state.value,
        "plan": request.plan,
        "by_school": request.by_school,
        "agency": request.agency,
    }


def _in(db: Database, document: Document) -> AssessmentRequest:
    facts = db.unseal(document["facts"]) if "facts" in document else {}
    return AssessmentRequest(
        id=document["_id"],
        authority=document["authority"],
        person=document["person"],
        name=document["name"],
        at=document["at"],
        child=child_in(facts["child"]) if facts.get("child") else None,
        relation=document["relation"],
        words=facts.get("words", ""),
        state=RequestState(document["state"]),
        plan=document["plan"],
        answer=facts.get("answer", ""),
        settled=mark_in(document["settled"]) if document["settled"] else None,
        by_school=document.get("by_school", False),
        said=tuple(_message_in(each) for each in facts.get("said", ())),
        agency=document.get("agency", ""),
    )
