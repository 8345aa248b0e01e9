"""Check a plan's advice against its chain: what was submitted is what the chain tells of, and none is missing."""

from portal.domain.account import mark_of, unnamed
from portal.domain.advise import Submitted
from portal.operations.advice_file import name_of
from portal.operations.found import Found
from portal.store import advice, media
from portal.store.database import Database
from portal.store.evidence import Damaged, Kept, KeptLink, reading
from portal.store.media_bytes import Altered


def check_advice(db: Database, kept: Kept, links: list[KeptLink], found: Found) -> None:
    """Of a plan that was destroyed there is nothing left to check."""
    if kept.destroyed:
        return
    said = (each.facts for each in links if "advice_hash" in each.facts["facts"])
    told = {(each["facts"]["asked"], each["facts"]["given"]): each for each in said}
    there = {(request, number): (digest, one) for request, number, digest, one in advice.of_whole_plan(db, kept.plan)}
    for place in sorted(told.keys() | there.keys()):
        named = f"the advice given as number {place[1]} of entry {place[0]}"
        if place not in there:
            found.problems.append(f"{named}: it is missing")
            continue
        digest, submitted = there[place]
        found.expect(submitted.hash == digest, f"{named}: it is not what was submitted")
        facts = told.get(place)
        as_told = facts and (facts["facts"]["advice_hash"], mark_of(facts)) == (digest.hex(), unnamed(submitted.by))
        found.expect(bool(as_told), f"{named}: the chain has it otherwise")
        _document(db, kept.plan, submitted, named, found)


def _document(db: Database, plan_id: str, submitted: Submitted, named: str, found: Found) -> None:
    file = submitted.advice.file
    if file is None:
        return
    found.counted["files"] += 1
    try:
        with reading():
            media.check(db, plan_id, name_of(submitted.request, submitted.number, file), file)
    except (Altered, Damaged):
        found.problems.append(f"{named}: its document is not there as it was sent")
