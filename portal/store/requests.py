"""Request ids: the same form sent twice makes one revision and gets the same answer."""

from dataclasses import dataclass
from datetime import datetime

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


def answered(db: Database, plan_id: str, request: Request, session: Session) -> bool:
    """Whether this very submission has been saved already."""
    return db["requests"].find_one(keyed(plan_id, request.suffix), session=session) is not None


def remember(db: Database, plan: Plan, request: Request, sequence: int, session: Session) -> None:
    document = {**keyed(plan.id, request.suffix), "plan": plan.id, "sequence": sequence, "at": request.at}
    db["requests"].insert_one(document, session=session)
