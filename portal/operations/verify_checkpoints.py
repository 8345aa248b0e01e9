"""Check every checkpoint: its signature, its tiles, and that each plan it speaks of is still what was signed."""

from collections import Counter
from collections.abc import Iterator

from portal.domain.checkpoint import Checkpoint, Head, root_of
from portal.domain.hashing import merkle_root
from portal.domain.identifier import authority_of
from portal.operations.checkpoints import is_signed, tile_root
from portal.operations.found import Found
from portal.store import absent, checkpoints, evidence
from portal.store.database import Database
from portal.store.evidence import Damaged


def all_checkpoints(db: Database, authority: str = "", plan_id: str = "") -> Iterator[Found]:
    """Every checkpoint: its signature, the one before it, its tiles, and that each head in them is on its chain."""
    last: Checkpoint | None = None
    for number, checkpoint in enumerate(checkpoints.all_of(db), 1):
        found = Found(f"checkpoint {checkpoint.number}", counted=Counter({"checkpoints": 1}))
        found.expect(checkpoint.number == number, "one is missing before it")
        found.expect(is_signed(checkpoint), "it is not signed with its key")
        found.expect(checkpoint.previous == (last.hash if last else ""), "it does not follow the one before it")
        counted = (checkpoint.plans, checkpoint.root)
        true_count = sum(each.count for each in checkpoint.parts)
        found.expect(counted == (true_count, root_of(checkpoint.parts)), "its root is not that of its authorities")
        try:
            with evidence.reading():
                if plan_id:
                    _proof(db, checkpoint, last, plan_id, found)
                else:
                    _parts(db, checkpoint, authority, found)
        except Damaged as error:
            found.problems.append(f"something of it can't be read ({error})")
        last = checkpoint
        yield found


def _proof(db: Database, checkpoint: Checkpoint, last: Checkpoint | None, plan_id: str, found: Found) -> None:
    """One plan alone: the way up from its head then, which is one tile's reading, or why it is in none."""
    proof = checkpoints.inclusion(db, checkpoint, plan_id)
    if proof:
        found.expect(proof.holds, f"plan {plan_id}: its head then does not lead to what was signed")
        found.problems += _lost(db, proof.part.authority, [proof.head])
        return
    found.expect(_was_left_out(db, checkpoint, plan_id), f"plan {plan_id}: the tile that should hold it was changed")
    started = absent.first_link(db, plan_id)
    # Heads are read while plans are started, by clocks of their own: one that the checkpoint before could
    # already have held is missing from this one, a later one may be too new for it.
    missed = bool(last and started and started < last.at)
    found.expect(not missed, f"plan {plan_id}: it was there already and is not in it")


def _was_left_out(db: Database, checkpoint: Checkpoint, plan_id: str) -> bool:
    """Whether what was signed shows that it does not name the plan: it would stand between two that are neighbours."""
    part = next((each for each in checkpoint.parts if each.authority == authority_of(plan_id)), None)
    if part is None:
        return True
    before, after, roots = absent.around(db, checkpoint, plan_id)
    signed = merkle_root(roots) == part.root and all(
        tile_root(each.heads) == roots[each.index] for each in (before, after) if 0 <= each.index < len(roots)
    )
    apart = after.index == before.index + 1 and all(each.plan > plan_id for each in after.heads)
    return signed and apart and all(each.plan != plan_id for each in before.heads)


def _parts(db: Database, checkpoint: Checkpoint, authority: str, found: Found) -> None:
    for part in checkpoint.parts:
        if authority and part.authority != authority:
            continue
        roots = []
        for tile in checkpoints.tiles(db, checkpoint, part.authority):
            roots.append(tile_root(tile))
            found.problems += _lost(db, part.authority, tile)
        found.expect(merkle_root(roots) == part.root, f"the tiles of {part.authority}: they are not what was signed")


def _lost(db: Database, authority: str, heads: list[Head]) -> list[str]:
    """What was signed and is not there any more: an entry of a chain, or the plan itself."""
    on_chain = evidence.hashes(db, authority, [(each.plan, each.sequence) for each in heads])
    there = absent.there(db, authority, [each.plan for each in heads])
    changed = [
        f"plan {each.plan}, entry {each.sequence}: it is not the one that was signed"
        for each in heads
        if on_chain.get(each.plan) != each.head
    ]
    return changed + [
        f"plan {each.plan}: it was signed for, and there is no such plan now"
        for each in heads
        if each.plan not in there
    ]
