"""Check a plan's letters against its chain: each says what was sent, and none is missing."""

from portal.domain.account import mark_of, unnamed
from portal.operations.found import Found
from portal.store import letters
from portal.store.database import Database
from portal.store.evidence import Kept, KeptLink


def check_letters(db: Database, kept: Kept, links: list[KeptLink], found: Found) -> None:
    """Of a plan that was destroyed there is nothing left to check."""
    if kept.destroyed:
        return
    known = {each.number: each for each in letters.of_whole_plan(db, kept.plan)}
    told = {each.facts["facts"]["letter"]["number"]: each for each in links if "letter" in each.facts["facts"]}
    for number in sorted(known.keys() | told.keys()):
        letter, link = known.get(number), told.get(number)
        if letter is None or link is None:
            found.problems.append(f"letter {number}: {'it is missing' if letter is None else 'the chain has none'}")
            continue
        said = link.facts["facts"]["letter"]
        same = (said["hash"], said["kind"], said["about"]) == (letter.hash.hex(), letter.kind.value, letter.about)
        by_same = mark_of(link.facts) == unnamed(letter.by)
        found.expect(same and by_same, f"letter {number}: it is not the one that the chain says was sent")
