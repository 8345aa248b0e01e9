"""Check the whole database against itself: every chain, revision, version, document and checkpoint.

What a plan says of itself is held against what its chain says when it is told again. Names of people and of the
child are not on the chain, nor is anything a plan's cover or its sentences' own marks say: those it can't vouch for.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator

from portal.domain import hashing, issue
from portal.domain.account import mark_of, unnamed
from portal.domain.content import content_hash
from portal.domain.event import CHANGING
from portal.domain.moment import stamp
from portal.operations.found import Found
from portal.operations.verify_account import check_account, check_printed, sign_offs_given
from portal.operations.verify_advice import check_advice
from portal.operations.verify_checkpoints import all_checkpoints
from portal.operations.verify_letters import check_letters
from portal.operations.verify_media import Named, check_media, named_in
from portal.operations.verify_twins import check_twins
from portal.store import absent, checkpoints, evidence
from portal.store.database import Database, Document
from portal.store.evidence import Damaged, Kept, KeptLink, KeptRevision

Place = tuple[str, int]  # a section's letter and a revision's number
# Revisions and versions whose words were lawfully removed: their hashes still stand.
DESTROYED = "lawfully destroyed"


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
    for code in [authority] if authority else _authorities(db):
        for document in evidence.plans(db, code, plan_id):
            yield _settled(db, document)
        for stray in absent.without_plan(db, code, plan_id):
            problem = "there is no such plan, though its chain or some of its words are kept"
            yield Found(f"plan {stray}", [problem], Counter({"plans": 1}))


def _authorities(db: Database) -> list[str]:
    """Those that maintain a plan, and those that did when a checkpoint was made."""
    signed = {part.authority for each in checkpoints.all_of(db) for part in each.parts}
    return sorted({*checkpoints.authorities(db), *signed})


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
    files = set[Named]()
    saved = _revisions(db, kept, links, files, found)
    _heads(kept, saved, links, found)
    check_account(kept, links, found)
    _versions(db, kept, saved, links, found)
    check_twins(db, kept, links, found)
    check_advice(db, kept, links, found)
    check_media(db, kept, files, found)
    check_letters(db, kept, links, found)
    for name, content, digest in evidence.documents(db, kept.plan):
        what, number = "letter" if ":letter:" in name else "version", name.rpartition("v")[2]
        intact = content is None or hashlib.sha256(content).hexdigest() == digest
        found.expect(intact, f"the PDF of {what} {number}: it is not the one that was kept")


def _chain(kept: Kept, links: list[KeptLink], found: Found) -> None:
    previous, standing = b"", dict[str, int]()
    for number, link in enumerate(links, 1):
        facts, named = link.facts, f"entry {number}"
        if facts["kind"] in CHANGING and facts["section"]:
            standing[facts["section"]] = facts["revision"]
        found.expect(link.revisions == standing, f"{named}: it names other revisions than those that stood then")
        found.expect(facts["plan"] == kept.plan, f"{named}: it belongs to another plan")
        beside = (link.kind, stamp(link.at)) == (facts["kind"], facts["at"])
        found.expect(beside, f"{named}: its kind or its time is not that of its facts")
        found.expect(link.sequence == facts["sequence"] == number, f"{named}: it is missing or out of order")
        linked = link.previous == previous and link.hash == hashing.entry(previous, facts)
        found.expect(linked, f"{named}: it is not what was linked")
        if facts["beside"] and not kept.destroyed:
            leaf = hashing.leaf(f"beside/{facts['sequence']}", link.beside, (), link.salt).hex()
            found.expect(leaf == facts["beside"], f"{named}: what stands beside it is not what was said")
        previous = link.hash
    found.counted["entries"] = len(links)
    found.expect((len(links), previous) == (kept.sequence, kept.head), "the chain: it does not end where the plan does")


def _revisions(db: Database, kept: Kept, links: list[KeptLink], files: set[Named], found: Found) -> dict[Place, bytes]:
    """The hash of every revision by its place; each is held against its words and against the chain.

    The files that any of them names are put into `files`.
    """
    edits = {_place(each): each for each in links if each.facts["kind"] in CHANGING and each.facts["section"]}
    saved: dict[Place, bytes] = {}
    for each in evidence.revisions(db, kept.plan):
        place, named = (each.section, each.number), f"section {each.section}, revision {each.number}"
        saved[place] = each.hash
        if each.content is None:
            found.counted[DESTROYED] += 1
            found.expect(each.destroyed and kept.destroyed, f"{named}: its words are gone")
        else:
            kept_hash = content_hash(each.section, each.content)
            found.expect(kept_hash == each.hash, f"{named}: its words are not those that were saved")
            files.update(named_in(each.section, each.content))
        link = edits.get(place) if each.number else next(iter(links), None)
        if link is None or (each.number and link.facts["hash"] != each.hash.hex()):
            found.problems.append(f"{named}: the chain has it otherwise")
        elif each.content is not None:
            found.expect(_is_by(each, link), f"{named}: its author is not as the chain says")
    found.counted["revisions"] = len(saved)
    before = {(letter, number - 1) for letter, number in saved if number}
    for letter, number in sorted((edits.keys() | before) - saved.keys()):
        found.problems.append(f"section {letter}, revision {number}: it is missing")
    return saved


def _is_by(revision: KeptRevision, link: KeptLink) -> bool:
    """Whether a revision is by whom the chain names. A blank section is of no agency: nobody wrote it."""
    agency_name = link.facts["agency_name"] if revision.number else ""
    by = revision.by and unnamed(revision.by)
    return (by, revision.agency_name) == (mark_of(link.facts), agency_name)


def _place(link: KeptLink) -> Place:
    return link.facts["section"], link.facts["revision"]


def _heads(kept: Kept, saved: dict[Place, bytes], links: list[KeptLink], found: Found) -> None:
    """What the plan itself holds of each section is its newest revision, and each entry names words that were saved."""
    for letter, head in kept.account.sections.items():
        newest = max((number for section, number in saved if section == letter), default=-1)
        same = head.revision == newest and head.hash == saved.get((letter, newest))
        found.expect(same, f"section {letter}: the plan does not hold its newest revision")
        found.expect(content_hash(letter, head.content) == head.hash, f"section {letter}: its words were changed")
    for link in links:
        section, number = _place(link)
        if section and (section, number) in saved:
            named = f"entry {link.sequence}: it names words of section {section} that were never saved"
            found.expect(saved[section, number].hex() == link.facts["hash"], named)


def _versions(db: Database, kept: Kept, saved: dict[Place, bytes], links: list[KeptLink], found: Found) -> None:
    issued = {each.facts["facts"]["version"]: each for each in links if _issues(each)}
    numbers, given = [], sign_offs_given(links)
    for each in evidence.versions(db, kept.plan):
        named, link = f"version {each.number}", issued.get(each.number)
        numbers.append(each.number)
        found.counted["versions"] += 1
        if link is None or (link.facts["hash"], link.hash) != (each.hash.hex(), each.head):
            found.problems.append(f"{named}: the chain has it otherwise")
        if each.version is None:
            found.counted[DESTROYED] += 1
            found.expect(each.destroyed and kept.destroyed, f"{named}: what it was made of is gone")
            continue
        manifest = hashing.version(issue.manifest(kept.plan, each.version))
        found.expect(manifest == each.hash, f"{named}: it is not what was issued")
        same_name = link is None or each.version.agency_name == link.facts["agency_name"]
        found.expect(same_name, f"{named}: the agency that issued it is not as the chain says")
        check_printed(each.number, each.version, given, found)
        for line in each.version.sections:
            as_saved = not line.hash or saved.get((line.letter, line.revision)) == line.hash
            found.expect(as_saved, f"{named}: it prints words of section {line.letter} that were never saved")
    found.expect(numbers == sorted(issued), "the versions: they are not those that the chain says were issued")


def _issues(link: KeptLink) -> bool:
    return "version" in link.facts["facts"] and bool(link.facts["hash"])
