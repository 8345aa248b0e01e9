"""What makes the speeds worth anything: no update is lost, and each save is one link of a chain that verifies."""

import json
from dataclasses import dataclass, field

from bench.load import Client, WrongAnswer
from bench.seed import Written
from bench.servers import Server
from bench.works import Words, get, must_be, post
from portal.domain import hashing
from portal.store.database import Database

CONFLICT_S = 1.5


@dataclass
class ClashingSave:
    """One of many writers on one plan: reads the section as JSON, then saves against the revision it saw."""

    port: int
    cookie: str
    token: str
    plan: Written
    words: Words
    seen: int = -1  # the revision read, or -1 when it is time to read
    taken: list[tuple[str, int]] = field(default_factory=list)  # (mark, the revision it was written against)
    clashed: int = 0

    def request(self) -> bytes:
        if self.seen < 0:
            return get(f"/plans/{self.plan.id}/sections/B", self.cookie)
        form = {"csrf_token": self.token, "request_id": self.words.request_id(), "revision": str(self.seen)}
        address = f"/plans/{self.plan.id}/sections/B/items/needs/{self.plan.need}"
        return post(address, {**form, **self.words.next()}, self.cookie)

    def answered(self, status: int, body: bytes) -> None:
        if self.seen < 0:
            must_be(status, body, b'"revision"')
            self.seen = int(json.loads(body)["revision"])
            return
        if status == 409:
            self.clashed += 1
        else:
            must_be(status, body, self.words.mark.encode())
            self.taken.append((self.words.mark, self.seen))
        self.seen = -1


def conflict(client: Client, server: Server, db: Database, works: list[ClashingSave]) -> str:
    """All writers on one need of one plan; WrongAnswer when a word was lost or a save is not one link of the chain."""
    plan = works[0].plan
    links = verified(db, plan.id)
    client.give("conflict", works)
    client.run("conflict", len(works), server.workers, 0, CONFLICT_S)
    done: list[ClashingSave] = client.take_back("conflict")
    taken = [each for work in done for each in work.taken]
    lost = lost_updates(taken, revisions_by_mark(db, plan))
    added = verified(db, plan.id) - links
    clashed = sum(work.clashed for work in done)  # each has its words on the chain too
    if lost or added != len(taken) + clashed:
        raise WrongAnswer(f"{lost} updates were lost; {len(taken)} saves and {clashed} clashes made {added} links.")
    clashed = sum(work.clashed for work in done)
    return f"{len(works)} writers on one plan: {len(taken)} saved, {clashed} told of a clash, 0 lost"


def lost_updates(taken: list[tuple[str, int]], numbers: dict[str, int]) -> int:
    """Saves taken against a revision although another one had come between, or found in no revision at all."""
    known = set(numbers.values())
    return sum(mark not in numbers or any(seen < n < numbers[mark] for n in known) for mark, seen in taken)


def revisions_by_mark(db: Database, plan: Written) -> dict[str, int]:
    """The revision that holds each mark as its need's words."""
    query = {"authority": plan.id.partition("-")[0], "plan": plan.id, "section": "B", "number": {"$gt": 0}}
    found: dict[str, int] = {}
    for each in db["section_revisions"].find(query):
        item = next(item for item in each["content"]["items"] if item["id"] == plan.need)
        found[item["slots"]["effect"]["v"].split(" ", 1)[0]] = each["number"]
    return found


def verified(db: Database, plan: str) -> int:
    """How many links the plan's chain has; WrongAnswer when one of them does not follow from the one before it."""
    place = {"authority": plan.partition("-")[0], "plan": plan}
    previous, count = b"", 0
    for each in db["chain"].find(place).sort("sequence", 1):
        count += 1
        if (each["sequence"], bytes(each["previous"])) != (count, previous):
            raise WrongAnswer("A chain has a gap.")
        if hashing.entry(previous, each["facts"]) != bytes(each["hash"]):
            raise WrongAnswer("A chain does not verify.")
        previous = bytes(each["hash"])
    head = db["plans"].find_one({"authority": place["authority"], "_id": plan}, {"head": 1, "sequence": 1})
    if not head or (head["sequence"], bytes(head["head"])) != (count, previous):
        raise WrongAnswer("A plan is not where its chain ends.")
    return count
