"""Invitations: kept by the hash of their link; what is shown to the inviter once is sealed until it has been."""

from datetime import datetime
from typing import Any

from portal.domain.actor import WHOLE_CASELOAD, Role
from portal.domain.identifier import authority_of
from portal.domain.invitation import TOKEN, TRIES, Invitation, InvitationState, Secrets, hash_of
from portal.store.database import Database, Document, Session

NEWEST = 50


def add(db: Database, invitation: Invitation, secrets: Secrets, session: Session) -> None:
    """Keep a new invitation, and seal its link and code until its inviter has seen them."""
    shown_once = db.seal({"token": secrets.token, "code": secrets.code})
    db["invitations"].insert_one({**_out(invitation), "shown_once": shown_once}, session=session)


def id_for(authority: str, scope: str, token: str) -> str:
    """Begins with the plan's id where there is one, so that it goes when the plan is destroyed."""
    return f"{authority if scope == WHOLE_CASELOAD else scope}:invitation:{hash_of(token)}"


def by_token(db: Database, token: str) -> Invitation | None:
    """The invitation behind a link, in whatever state; None when there is none."""
    if not TOKEN.fullmatch(token):
        return None
    found = db["invitations"].find_one({"authority": authority_of(token), "token": hash_of(token)})
    return _in(found) if found else None


def by_id(db: Database, authority: str, invitation_id: str) -> Invitation | None:
    found = db["invitations"].find_one({"authority": authority, "_id": invitation_id})
    return _in(found) if found else None


def of_plan(db: Database, plan_id: str) -> list[Invitation]:
    """The newest invitations to one plan, newest first."""
    place = {"authority": authority_of(plan_id), "scope": plan_id}
    return [_in(each) for each in db["invitations"].find(place).sort("at", -1).limit(NEWEST)]


def of_agency(db: Database, authority: str, agency: str) -> list[Invitation]:
    """The newest invitations to an agency's people, newest first."""
    place = {"authority": authority, "agency": agency}
    return [_in(each) for each in db["invitations"].find(place).sort("at", -1).limit(NEWEST)]


def reveal(db: Database, invitation: Invitation) -> Secrets | None:
    """The link and the code, once: whoever asks second finds that they are gone."""
    place = {**_place(invitation), "shown_once": {"$exists": True}}
    found = db["invitations"].find_one_and_update(place, {"$unset": {"shown_once": ""}})
    if found is None:
        return None
    kept = db.unseal(found["shown_once"])
    return Secrets(kept["token"], kept["code"])


def take_a_try(db: Database, invitation: Invitation, wall: datetime) -> bool:
    """Whether there was a try left, which is now used: taken before the facts are looked at, so that none is free."""
    waiting = {**_place(invitation), "closed": None, "until": {"$gt": wall}, "tries": {"$lt": TRIES}}
    return db["invitations"].update_one(waiting, {"$inc": {"tries": 1}}).modified_count == 1


def close(
    db: Database,
    invitation: Invitation,
    state: InvitationState,
    wall: datetime,
    session: Session,
    person: str = "",
    name: str = "",
) -> bool:
    """Whether this closed it: of several at once one does. A closed invitation shows its secrets to nobody."""
    facts = {"closed": state.value, "closed_at": wall, "accepted_by": person, "accepted_name": name}
    waiting = {**_place(invitation), "closed": None}
    change = {"$set": facts, "$unset": {"shown_once": ""}}
    return db["invitations"].update_one(waiting, change, session=session).modified_count == 1


def _place(invitation: Invitation) -> Document:
    return {"authority": invitation.authority, "_id": invitation.id}


FIELDS = (
    "authority", "token", "code", "agency", "scope", "relation", "by", "by_name", "by_agency", "at", "until", "tries",
    "accepted_by", "accepted_name", "closed_at",
)  # fmt: skip


def _out(invitation: Invitation) -> Document:
    closed = invitation.closed.value if invitation.closed else None
    fields = {name: getattr(invitation, name) for name in FIELDS}
    return {"_id": invitation.id, **fields, "role": invitation.role.value, "closed": closed}


def _in(document: dict[str, Any]) -> Invitation:
    fields = {name: document[name] for name in FIELDS}
    closed = InvitationState(document["closed"]) if document["closed"] else None
    return Invitation(
        id=document["_id"], role=Role(document["role"]), closed=closed, unseen="shown_once" in document, **fields
    )
