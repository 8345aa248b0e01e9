"""How long each kind of advice-giver took in each plan: small rows, so that no page reads other children's plans."""

from datetime import date

from portal.domain.clocks.projection import Given, given_advice
from portal.domain.plan import Plan
from portal.store.database import Database, Document, Session
from portal.store.plans import keyed

NEWEST = 200  # of a kind, in one authority: what is usual now, not what was years ago


def refresh(db: Database, before: Plan, after: Plan, session: Session) -> None:
    """Bring a plan's rows up to date, where what was asked and what came is not as it was."""
    if after.happened is before.happened:
        return
    known, found = set(given_advice(before.case)), set(given_advice(after.case))
    for gone in known - found:
        db["turnarounds"].delete_one(_place(after, gone), session=session)
    for new in found - known:
        row = {"plan": after.id, "advice": new.advice, "on": new.on.isoformat(), "days": new.days}
        db["turnarounds"].update_one(_place(after, new), {"$set": row}, upsert=True, session=session)


def newest(db: Database, authority: str, advice: str) -> list[Given]:
    """The newest advice of one kind that came in an authority, read from an index alone; whose it is stays unread."""
    query = {"authority": authority, "advice": advice}
    found = db["turnarounds"].find(query, {"_id": 0, "on": 1, "days": 1}).sort("on", -1).limit(NEWEST)
    return [Given("", advice, date.fromisoformat(each["on"]), each["days"]) for each in found]


def _place(plan: Plan, given: Given) -> Document:
    return keyed(plan.id, f":{given.ref}")
