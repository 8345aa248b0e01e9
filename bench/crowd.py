"""Plans by the thousand: one plan's documents, written by the store, copied byte for byte under other ids.

A copy's first link of the chain was hashed for another plan, so copies are there to be read and saved to, not verified.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice, product
from string import ascii_lowercase
from typing import Any

import bson
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient

from portal.domain.moment import local_day

Document = dict[str, Any]
AUTHORITIES = tuple("".join(each) for each in islice(product(ascii_lowercase, repeat=3), 153))
WHOLE = ("plans", "section_revisions", "chain", "caseload")
BATCH_BYTES = 16_000_000
# Dates run from 40 days ago to a year ahead, so that about one plan in ten is overdue.
DAYS, PAST = 400, 40


def today() -> date:
    return local_day(datetime.now(UTC))


def plan_id(number: int, authorities: Sequence[str]) -> str:
    """The id of the copy of that number, as long as any other."""
    return f"{authorities[number % len(authorities)]}-{number:016d}"


def gather(
    client: MongoClient[Document],
    database: str,
    like: str,
    count: int,
    authorities: Sequence[str],
    collections: Sequence[str] = ("caseload",),
) -> None:
    """Add so many copies of the plan `like`, each in the next authority: its rows in lists, or the whole of it."""
    for name in collections:
        place = {"authority": like.partition("-")[0], "plan" if name != "plans" else "_id": like}
        patterns = [(bson.encode(each), str(each.get("due", ""))) for each in client[database][name].find(place)]
        copied = copies(patterns, like, count, authorities)
        size = max(BATCH_BYTES // max(len(raw) for raw, _ in patterns), 1)
        while batch := list(islice(copied, min(size, 10_000))):
            client[database][name].insert_many(batch, ordered=False)


def copies(
    patterns: list[tuple[bytes, str]], like: str, count: int, authorities: Sequence[str]
) -> Iterator[RawBSONDocument]:
    for number in range(count):
        plan = plan_id(number, authorities)
        due = (today() + timedelta(days=number * 7919 % DAYS - PAST)).isoformat()
        for raw, was_due in patterns:
            copied = _in_authority(raw.replace(like.encode(), plan.encode()), like[:3], plan[:3])
            yield RawBSONDocument(copied.replace(was_due.encode(), due.encode()) if was_due else copied)


def _in_authority(raw: bytes, before: str, after: str) -> bytes:
    """With the field of that name changed; the codes are of one length, so nothing else moves."""
    field = b"authority\x00\x04\x00\x00\x00"
    return raw.replace(field + before.encode(), field + after.encode())
