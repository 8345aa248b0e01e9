"""Check the whole database against itself: every chain, revision, version, document and checkpoint."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from portal.domain import hashing, issue
from portal.domain.checkpoint import Checkpoint, Head, root_of
from portal.domain.content import content_hash
from portal.domain.event import EventKind
from portal.domain.hashing import merkle_root
from portal.operations.checkpoints import is_signed, tile_root
from portal.store import checkpoints, evidence
from portal.store.database import Database, Document
from portal.store.evidence import Damaged, Kept, KeptLink

Place = tuple[str, int]  # a section's letter and a revision's number
# Revisions and versions whose words were lawfully removed: their hashes still stand.
DESTROYED = "lawfully destroyed"


@dataclass
class Found:
    """What one plan or one checkpoint came to. `problems` name entries and sections by number, and nobody."""

    what: str
    problems: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def expect(self, holds: bool, problem: str) -> None:
        if not holds:
            self.problems.append(problem)


def size(db: Database, authority: str = "", plan_id: str = "") -> int:
    """How many plans and checkpoints there are to check, about."""
    codes = [authority] if authority else checkpoints.authorities(db)
    return (1 if plan_id else sum(evidence.count(db, code) for code in codes)) + checkpoints.count(db)


def everything(db: Database, authority: str = "", plan_id: str = "") -> Iterator[Found]:
    """Every plan, of one authority or alone when that is asked, and every checkpoint with what it says of them."""
    yield from plans(db, authority, plan_id)
    yield from all_checkpoints(db, authority, plan_id)


def plans(db: Database, authority: str = "", plan_id: str = "") -> Iterator[Found]:
    """Every plan in turn, one in memory at a time."""
    for code in [authority] if authority else checkpoints.authorities(db):
        for document in evidence.plans(db, code, plan_id):
            yield _settled(db, document)


def _settled(db: Database, document: Document) -> Found:
    """What a plan comes to, and again when it was saved meanwhile: what is so between two saves is no problem."""
    found = Found(f"plan {document['_id']}", counted=Counter({"plans": 1}))
    try:
        with evidence.reading():
            _check(db, evidence.kept_in(document), found)
    except Damaged as error:
        found.problems.append(f"something of it can't be read ({error})")
    if found.problems:
        for now in evidence.plans(db, document["authority"], document["_id"]):
            if now["sequence"] != document["sequence"] or now.keys() != document.keys():
                return _settled(db, now)
    return found


def _check(db: Database, kept: Kept, found: Found) -> None:
    links = list(evidence.links(db, kept.plan))
    _chain(kept, links, found)
    saved = _revisions(db, kept, links, found)
    _heads(kept, saved, links, found)
    _versions(db, kept, saved, links, found)
    for name, content, digest in evidence.documents(db, kept.plan):
        number = name.rpartition("v")[2]
        intact = content is None or hashlib.sha256(content).hexdigest() == digest
        found.expect(intact, f"the PDF of version {number}: it is not the one that was kept")


def _chain(kept: Kept, links: list[KeptLink], found: Found) -> None:
    previous, standing = b"", dict[str, int]()
    for number, link in enumerate(links, 1):
        facts, named = link.facts, f"entry {number}"
        if facts["kind"] == EventKind.SECTION_EDITED:
            standing[facts["section"]] = facts["revision"]
        found.expect(link.revisions == standing, f"{named}: it names other revisions than those that stood then")
        found.expect(facts["plan"] == kept.plan, f"{named}: it belongs to another plan")
        found.expect(link.sequence == facts["sequence"] == number, f"{named}: it is missing or out of order")
        linked = link.previous == previous and link.hash == hashing.entry(previous, facts)
        found.expect(linked, f"{named}: it is not what was linked")
        if facts["beside"] and not kept.destroyed:
            beside = hashing.leaf(f"beside/{facts['sequence']}", link.beside, (), link.salt).hex()
            found.expect(beside == facts["beside"], f"{named}: what stands beside it is not what was said")
        previous = link.hash
    found.counted["entries"] = len(links)
    found.expect((len(links), previous) == (kept.sequence, kept.head), "the chain: it does not end where the plan does")


def _revisions(db: Database, kept: Kept, links: list[KeptLink], found: Found) -> dict[Place, bytes]:
    """The hash of every revision by its place; each is held against its words and against the chain."""
    edits = {_place(each): each.facts["hash"] for each in links if each.facts["kind"] == EventKind.SECTION_EDITED}
    saved: dict[Place, bytes] = {}
    for each in evidence.revisions(db, kept.plan):
        named = f"section {each.section}, revision {each.number}"
        if each.content is None:
            found.counted[DESTROYED] += 1
            found.expect(each.destroyed, f"{named}: its words are gone")
        else:
            kept_hash = content_hash(each.section, each.content)
            found.expect(kept_hash == each.hash, f"{named}: its words are not those that were saved")
        if each.number:
            on_chain = edits.get((each.section, each.number))
            found.expect(on_chain == each.hash.hex(), f"{named}: the chain has it otherwise")
        saved[each.section, each.number] = each.hash
    found.counted["revisions"] = len(saved)
    before = {(letter, number - 1) for letter, number in saved if number}
    for letter, number in sorted((edits.keys() | before) - saved.keys()):
        found.problems.append(f"section {letter}, revision {number}: it is missing")
    return saved


def _place(link: KeptLink) -> Place:
    return link.facts["section"], link.facts["revision"]


def _heads(kept: Kept, saved: dict[Place, bytes], links: list[KeptLink], found: Found) -> None:
    """What the plan itself holds of each section is its newest revision, and each sign-off stands on the chain."""
    signed = {
        (*_place(each), each.facts["hash"], each.facts["who"])
        for each in links
        if each.facts["kind"] == EventKind.SECTION_SIGNED
    }
    for letter, head in kept.sections.items():
        newest = max((number for section, number in saved if section == letter), default=-1)
        same = head.revision == newest and head.hash == saved.get((letter, newest))
        found.expect(same, f"section {letter}: the plan does not hold its newest revision")
        found.expect(content_hash(letter, head.content) == head.hash, f"section {letter}: its words were changed")
        for each in head.sign_offs:
            on_chain = (letter, each.revision, each.hash.hex(), each.by.person) in signed
            found.expect(on_chain, f"section {letter}: a sign-off of revision {each.revision} is not on the chain")
    for link in links:
        section, number = _place(link)
        if section and (section, number) in saved:
            named = f"entry {link.sequence}: it names words of section {section} that were never saved"
            found.expect(saved[section, number].hex() == link.facts["hash"], named)


def _versions(db: Database, kept: Kept, saved: dict[Place, bytes], links: list[KeptLink], found: Found) -> None:
    issued = {each.facts["facts"]["version"]: each for each in links if _issues(each)}
    numbers = []
    for each in evidence.versions(db, kept.plan):
        named, link = f"version {each.number}", issued.get(each.number)
        numbers.append(each.number)
        found.counted["versions"] += 1
        if link is None or (link.facts["hash"], link.hash) != (each.hash.hex(), each.head):
            found.problems.append(f"{named}: the chain has it otherwise")
        if each.version is None:
            found.counted[DESTROYED] += 1
            found.expect(each.destroyed, f"{named}: what it was made of is gone")
            continue
        manifest = hashing.version(issue.manifest(kept.plan, each.version))
        found.expect(manifest == each.hash, f"{named}: it is not what was issued")
        if not kept.destroyed:  # a plan that is closed says no more of its versions, though they may still go
            found.expect(each.hash == kept.versions.get(each.number), f"{named}: the plan has it otherwise")
        for line in each.version.sections:
            as_saved = not line.hash or saved.get((line.letter, line.revision)) == line.hash
            found.expect(as_saved, f"{named}: it prints words of section {line.letter} that were never saved")
    found.expect(numbers == sorted(issued), "the versions: they are not those that the chain says were issued")


def _issues(link: KeptLink) -> bool:
    return "version" in link.facts["facts"] and bool(link.facts["hash"])


def all_checkpoints(db: Database, authority: str = "", plan_id: str = "") -> Iterator[Found]:
    """Every checkpoint: its signature, the one before it, its tiles, and that each head in them is on its chain."""
    previous = ""
    for number, checkpoint in enumerate(checkpoints.all_of(db), 1):
        found = Found(f"checkpoint {checkpoint.number}", counted=Counter({"checkpoints": 1}))
        found.expect(checkpoint.number == number, "one is missing before it")
        found.expect(is_signed(checkpoint), "it is not signed with its key")
        found.expect(checkpoint.previous == previous, "it does not follow the one before it")
        counted = (checkpoint.plans, checkpoint.root)
        true_count = sum(each.count for each in checkpoint.parts)
        found.expect(counted == (true_count, root_of(checkpoint.parts)), "its root is not that of its authorities")
        if plan_id:
            _proof(db, checkpoint, plan_id, found)
        else:
            _parts(db, checkpoint, authority, found)
        previous = checkpoint.hash
        yield found


def _proof(db: Database, checkpoint: Checkpoint, plan_id: str, found: Found) -> None:
    """One plan alone: the way up from its head then, which is one tile's reading."""
    proof = checkpoints.inclusion(db, checkpoint, plan_id)
    if proof:
        found.expect(proof.holds, f"plan {plan_id}: its head then does not lead to what was signed")
        found.problems += _not_on_chain(db, proof.part.authority, [proof.head])


def _parts(db: Database, checkpoint: Checkpoint, authority: str, found: Found) -> None:
    for part in checkpoint.parts:
        if authority and part.authority != authority:
            continue
        roots = []
        for tile in checkpoints.tiles(db, checkpoint, part.authority):
            roots.append(tile_root(tile))
            found.problems += _not_on_chain(db, part.authority, tile)
        found.expect(merkle_root(roots) == part.root, f"the tiles of {part.authority}: they are not what was signed")


def _not_on_chain(db: Database, authority: str, heads: list[Head]) -> list[str]:
    there = evidence.hashes(db, authority, [(each.plan, each.sequence) for each in heads])
    return [
        f"plan {each.plan}, entry {each.sequence}: it is not the one that was signed"
        for each in heads
        if there.get(each.plan) != each.head
    ]
