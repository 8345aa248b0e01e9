"""Alters a receipt in every way there is, with hashes made good where anybody could, and asks its check each time."""

import copy
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.domain.checkpoint import fingerprint
from portal.operations import checkpoints
from portal.receipt import check, command
from portal.receipt.check import Unreadable
from portal.receipt.container import made, unpack
from portal.receipt.hashes import AUTHORITY, ENTRY, PLAN, STATEMENT, VERSION, canonical, seal, tree_of
from portal.receipt.program import program
from tests.world import World, now

Facts = dict[str, Any]
FLIPS = 1000
# What a finding must name: a file of the ZIP, or the entry, section, version or checkpoint that does not hold.
NAMED = re.compile(r"[a-z0-9-]+\.(txt|html|json|jsonl|pem|py)|list of files|(entry|section|version|checkpoint) \w+")


@dataclass
class Altered:
    """A receipt taken apart, to be altered and packed again as its maker would pack it."""

    plan: Facts
    entries: list[Facts]
    checkpoint: Facts | None
    how: str = ""
    forger: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def packed(self) -> bytes:
        return made(self.plan, self.entries, self.checkpoint, program())

    def another(self, how: str) -> "Altered":
        """A copy to alter."""
        parts = copy.deepcopy((self.plan, self.entries, self.checkpoint))
        return Altered(*parts, how=how, forger=self.forger)

    def relink(self) -> "Altered":
        """Number and seal every entry anew, and let the plan end where they end."""
        previous = ""
        for number, entry in enumerate(self.entries, 1):
            entry["facts"]["sequence"] = number
            previous = entry["hash"] = seal(ENTRY, bytes.fromhex(previous), canonical(entry["facts"]))
        self.plan["sequence"], self.plan["head"] = len(self.entries), previous
        return self

    def sign_again(self) -> "Altered":
        """A checkpoint that covers what stands here now, signed with a key of the forger's own."""
        assert self.checkpoint
        public = self.forger.public_key().public_bytes_raw()
        leaf = {"plan": self.plan["plan"], "sequence": len(self.entries), "head": self.plan["head"]}
        part = {**self.checkpoint["authority"], "count": 1, "root": seal(PLAN, canonical(leaf))}
        root = seal(AUTHORITY, canonical(part))
        statement = {**self.checkpoint["statement"], "root": root, "key": fingerprint(public)}
        self.checkpoint = {
            "statement": statement,
            "signature": self.forger.sign(STATEMENT + canonical(statement)).hex(),
            "public_key": public.hex(),
            "leaf": leaf,
            "path": [],
            "authority": part,
            "authority_path": [],
        }
        return self


def run(world: World, flips: int = FLIPS) -> dict[str, int]:
    """The figures of the report: how many alterations of a receipt were tried, and how many its check missed."""
    tried, missed = tried_and_missed(*receipt_of(world), flips)
    return {"tampering_tried": tried, "tampering_missed": len(missed)}


def receipt_of(world: World) -> tuple[bytes, str]:
    """A manager's receipt of a plan that was issued as a draft and answered, and the key of the checkpoint over it."""
    world.write_a_little()
    world.to_finalising()
    key = checkpoints.make(world.db, Ed25519PrivateKey.generate(), lambda: now().wall).key
    browser = world.client("manager")
    return browser.get(f"{browser.base}/receipt.zip").data, key


def tried_and_missed(data: bytes, key: str, flips: int) -> tuple[int, list[str]]:
    """How many were tried, and in words those that were not found or of which nothing was named."""
    tried = [(each.how, _found(each.packed(), key)) for each in altered(apart(data))]
    tried += [(how, _found(flipped, key)) for how, flipped in bit_flips(data, flips)]
    return len(tried), [how for how, found in tried if not found]


def apart(data: bytes) -> Altered:
    whole = check.Check(unpack(data))
    whole.read_checkpoint()
    return Altered(whole.plan, whole.entries, whole.checkpoint)


def bit_flips(data: bytes, count: int, seed: int = 2014) -> Iterator[tuple[str, bytes]]:
    """The ZIP with one bit flipped, the same ones in every run."""
    chosen = random.Random(seed)
    for _ in range(count):
        at, bit = chosen.randrange(len(data)), chosen.randrange(8)
        flipped = bytearray(data)
        flipped[at] ^= 1 << bit
        yield f"bit {bit} of byte {at} flipped", bytes(flipped)


def altered(whole: Altered) -> Iterator[Altered]:
    """Each alteration as it is, then with the chain linked anew, then with a checkpoint signed anew."""
    for each in (*_deleted(whole), *_reordered(whole), *_truncated(whole), *_forked(whole)):
        yield each
        relinked = each.another(f"{each.how}, linked anew").relink()
        yield relinked
        yield relinked.another(f"{relinked.how}, signed anew").sign_again()
    yield from _rewritten(whole)
    yield from _left_out(whole)
    without = whole.another("the checkpoint taken out")
    without.checkpoint = None
    yield without
    yield whole.another("signed anew").sign_again()


def _deleted(whole: Altered) -> Iterator[Altered]:
    for at in range(len(whole.entries)):
        each = whole.another(f"entry {at + 1} deleted")
        del each.entries[at]
        yield each


def _reordered(whole: Altered) -> Iterator[Altered]:
    for at in range(len(whole.entries) - 1):
        each = whole.another(f"entries {at + 1} and {at + 2} exchanged")
        each.entries[at : at + 2] = reversed(each.entries[at : at + 2])
        yield each


def _truncated(whole: Altered) -> Iterator[Altered]:
    for length in range(1, len(whole.entries)):
        each = whole.another(f"cut after entry {length}")
        del each.entries[length:]
        each.plan["sequence"], each.plan["head"] = length, each.entries[-1]["hash"]
        yield each


def _forked(whole: Altered) -> Iterator[Altered]:
    """Another history from some entry on: it was somebody else, or another day."""
    for at in range(len(whole.entries)):
        for name, value in (("who", "0123456789abcdef"), ("at", "2020-01-01T00:00:00.000Z")):
            each = whole.another(f"another {name} from entry {at + 1} on")
            each.entries[at]["facts"][name] = value
            yield each


def _rewritten(whole: Altered) -> Iterator[Altered]:
    """Other words in each place that is shown, with every hash over them made good, and signed anew."""
    for index, revision in enumerate(whole.plan["revisions"]):
        for at in range(len(_texts(revision["tree"]))):
            each = whole.another(f"section {revision['section']}: text {at + 1} rewritten")
            tree = each.plan["revisions"][index]["tree"]
            _texts(tree)[at]["value"] = "What somebody would rather have had there."
            yield each
            made_good = each.another(f"{each.how}, linked anew")
            _make_good(made_good, revision, tree_of(tree, []))
            yield made_good.relink()
            yield made_good.another(f"{made_good.how}, signed anew").sign_again()


def _left_out(whole: Altered) -> Iterator[Altered]:
    """A section taken out of the plan, or its words shown as those of a revision that never was."""
    written = {each["section"] for each in whole.plan["revisions"] if each["revision"]}
    for at, section in enumerate(whole.plan["sections"]):
        letter = section["section"]
        if letter in written:
            each = whole.another(f"section {letter} left out")
            del each.plan["sections"][at]
            yield each
            each = whole.another(f"section {letter} said to be of a later revision")
            for place in (each.plan["sections"][at], *_trees(each.plan, letter)):
                place["revision"] += 1
            yield each


def _trees(plan: Facts, letter: str) -> list[Facts]:
    return [each for each in plan["revisions"] if each["section"] == letter]


def _texts(tree: Any) -> list[Facts]:
    if isinstance(tree, dict):
        return [tree] if isinstance(tree["value"], str) else []
    return [] if isinstance(tree, str) else [leaf for each in tree for leaf in _texts(each)]


def _make_good(whole: Altered, revision: Facts, root: str) -> None:
    """The new hash of a revision wherever the old one stood: in the entries, and in the versions that print it."""
    place = (revision["section"], revision["revision"])
    for facts in (each["facts"] for each in whole.entries):
        if (facts["section"], facts["revision"]) == place:
            facts["hash"] = root
    for version in whole.plan["versions"]:
        before = version["hash"]
        for line in version["manifest"]["sections"]:
            if (line["section"], line["revision"]) == place:
                line["hash"] = root
        version["hash"] = seal(VERSION, canonical(version["manifest"]))
        for facts in (each["facts"] for each in whole.entries if each["facts"]["hash"] == before):
            facts["hash"] = version["hash"]


def _found(data: bytes, key: str) -> bool:
    """Whether the check says that something does not hold, and names it."""
    try:
        said = [what for holds, what in command.examine(data, key) if holds is False]
    except Unreadable as error:
        said = [str(error)]
    return any(NAMED.search(each) for each in said)
