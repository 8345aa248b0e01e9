"""Each council's ladder of reminders, every version of it; and the days on which it was climbed."""

from datetime import date

from pymongo.errors import DuplicateKeyError

from portal.domain.reminders import AS_IT_COMES, Ladder, Rung, Whom
from portal.store.codec import mark_in, mark_out
from portal.store.database import Database


class SavedMeanwhile(Exception):
    """Somebody else saved the version of this number first."""


def newest(db: Database, authority: str) -> Ladder:
    """The ladder as it stands; as it comes, where the council has set nothing of its own."""
    found = next(iter(db["ladders"].find({"authority": authority}).sort("number", -1).limit(1)), None)
    if found is None:
        return Ladder(authority, 0, AS_IT_COMES)
    rungs = tuple(Rung(each["days"], Whom(each["whom"])) for each in found["rungs"])
    return Ladder(authority, found["number"], rungs, mark_in(found["by"]))


def add(db: Database, ladder: Ladder) -> None:
    """Keep a version of a ladder, whose number says which came before. Raises SavedMeanwhile."""
    if ladder.by is None:
        raise ValueError("what is saved has an author")
    document = {
        "authority": ladder.authority,
        "_id": f"{ladder.authority}:{ladder.number}",
        "number": ladder.number,
        "rungs": [{"days": each.days, "whom": each.whom.value} for each in ladder.rungs],
        "by": mark_out(ladder.by),
    }
    try:
        db["ladders"].insert_one(document)
    except DuplicateKeyError as error:
        raise SavedMeanwhile from error


def last_climbed(db: Database, authority: str) -> date | None:
    """The last day whose reminders were all made."""
    found = next(iter(db["climbs"].find({"authority": authority}).sort("_id", -1).limit(1)), None)
    return date.fromisoformat(found["_id"].rpartition(":")[2]) if found else None


def climbed(db: Database, authority: str, day: date) -> None:
    place = {"authority": authority, "_id": f"{authority}:{day.isoformat()}"}
    try:
        db["climbs"].insert_one(place)
    except DuplicateKeyError:  # two workers at once made the same reminders, each once
        return
