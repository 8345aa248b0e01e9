"""Request ids: the same form sent twice makes one revision and gets the same answer."""

from dataclasses import dataclass
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from portal.domain.plan import Plan
from portal.store.database import Database, Session
from portal.store.plans import keyed


@dataclass(frozen=True)
class Request:
    """One submission. The id binds to its content: other content under the same id is a new, possibly stale, save."""

    id: str
    digest: str
    person: str
    at: datetime  # wall time, for forgetting it after 30 days

    @property
    def suffix(self) -> str:
        return f":{self.person}:{self.id}:{self.digest[:32]}"


class SavedBefore(Exception):
    """This very submission has been saved already: whoever sent it is answered with the plan as it stands."""


def answered(db: Database, plan_id: str, request: Request) -> bool:
    """Whether this very submission has been saved already."""
    return db["requests"].find_one(keyed(plan_id, request.suffix), {"_id": 1}) is not None


def remember(db: Database, plan: Plan, request: Request, sequence: int, session: Session) -> None:
    """Note the submission in its own transaction; SavedBefore when it is there, which undoes all the others wrote."""
    document = {**keyed(plan.id, request.suffix), "plan": plan.id, "sequence": sequence, "at": request.at}
    try:
        db["requests"].insert_one(document, session=session)
    except DuplicateKeyError as error:
        raise SavedBefore from error
