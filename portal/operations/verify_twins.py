"""Check a plan's twins against its chain: their words and their checks are those it tells of, and none is missing."""

from portal.domain.account import mark_of, unnamed
from portal.domain.content import Mark
from portal.domain.event import EventKind
from portal.operations.found import Found
from portal.store import twins
from portal.store.database import Database
from portal.store.evidence import Kept, KeptLink

Place = tuple[str, str, int]  # a section's letter, a wording's tag and a number


def check_twins(db: Database, kept: Kept, links: list[KeptLink], found: Found) -> None:
    """Of a plan that was destroyed there is nothing left to check."""
    if kept.destroyed:
        return
    known = list(twins.of_whole_plan(db, kept.plan))
    written = {(each.letter, each.tag, each.number): (each.hash, each.by) for each in known}
    checked = {(each.letter, each.tag, each.number): (each.check.hash, each.check.by) for each in known if each.check}
    _hold(written, EventKind.TWIN_WRITTEN, "text", links, found)
    _hold(checked, EventKind.TWIN_CHECKED, "check", links, found)


def _hold(
    kept: dict[Place, tuple[bytes, Mark]], kind: EventKind, what: str, links: list[KeptLink], found: Found
) -> None:
    told = {_place(each): each for each in links if each.facts["kind"] == kind}
    for letter, tag, number in sorted(kept.keys() | told.keys()):
        place, named = (letter, tag, number), f"section {letter}, twin {tag} {number}"
        if place not in kept:
            found.problems.append(f"{named}: its {what} is missing")
            continue
        said, (kept_hash, by) = told.get(place), kept[place]
        as_told = said and (said.facts["facts"]["twin"], mark_of(said.facts)) == (kept_hash.hex(), unnamed(by))
        found.expect(bool(as_told), f"{named}: its {what} is not as the chain says")


def _place(link: KeptLink) -> Place:
    return link.facts["section"], link.facts["facts"]["tag"], link.facts["facts"]["number"]
