"""Alters a receipt in every way there is, with hashes made good where anybody could, and asks its check each time."""

import copy
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.domain.checkpoint import fingerprint
from portal.domain.state import VersionKind
from portal.operations import checkpoints
from portal.receipt import check, command
from portal.receipt.check import FAILS, HOLDS, NEWER, Unreadable
from portal.receipt.container import made, unpack
from portal.receipt.hashes import AUTHORITY, ENTRY, PLAN, STATEMENT, VERSION, canonical, seal, tree_of
from portal.receipt.program import program
from tests.world import World, now

Facts = dict[str, Any]
Lines = list[tuple[str, str]]
FLIPS = 1000
FORGED = "What somebody would rather have had there."
# What a finding must name: a file of the ZIP, or the entry, section, version or checkpoint that does not hold.
NAMED = re.compile(r"[a-z0-9-]+\.(txt|html|json|jsonl|pem|py)|list of files|(entry|section|version|checkpoint) \w+")


@dataclass
class Altered:
    """A receipt taken apart, to be altered and packed again as its maker would pack it."""

    plan: Facts
    entries: list[Facts]
    checkpoint: Facts | None
    how: str = ""
    newer: bool = False  # whether nothing was altered but what is newer than the checkpoint
    forger: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def packed(self) -> bytes:
        return made(self.plan, self.entries, self.checkpoint, program())

    def another(self, how: str) -> "Altered":
        """A copy to alter."""
        parts = copy.deepcopy((self.plan, self.entries, self.checkpoint))
        return Altered(*parts, how=how, newer=self.newer, forger=self.forger)

    @property
    def covered(self) -> int:
        """How many entries the checkpoint covers."""
        return int(self.checkpoint["leaf"]["sequence"]) if self.checkpoint else 0

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
        self.newer = False
        return self


@dataclass(frozen=True)
class Material:
    """A receipt in which one entry is newer than its checkpoint, the same receipt against an older checkpoint, and
    the fingerprint of the key of both."""

    data: bytes
    older: bytes
    key: str


def run(world: World, flips: int = FLIPS) -> dict[str, int]:
    """The figures of the report: how many alterations of a receipt were tried, and how many its check missed."""
    material = material_of(world)
    found = looked_at(material)
    missed = missed_of(found) + missed_flips(material, flips)
    return {"tampering_tried": len(found) + flips, "tampering_missed": len(missed)}


def material_of(world: World) -> Material:
    """A manager's receipt of a plan that was issued as a draft and as final, and changed since the checkpoint."""
    world.write_a_little()
    signing = Ed25519PrivateKey.generate()
    older = checkpoints.make(world.db, signing, lambda: now().wall)
    world.to_finalising()
    world.edit("caseworker", "E", "outcomes", {"what": "She tells two friends a story"})
    world.sign("manager", "E")
    world.issue("manager", VersionKind.FINAL)
    checkpoints.make(world.db, signing, lambda: now().wall)
    world.edit("parent", "A", "people", {"words": "She has a new friend."}, "people")
    browser = world.client("manager")
    data, against = (
        browser.get(f"{browser.base}/receipt.zip{each}").data for each in ("", f"?checkpoint={older.number}")
    )
    return Material(data, against, older.key)


def looked_at(material: Material) -> list[tuple[Altered, Lines]]:
    """Each alteration, and what a check with the council's key finds in it; the key's own line is the last."""
    return [(each, examined(each.packed(), material.key)) for each in altered(material)]


def examined(data: bytes, key: str) -> Lines:
    try:
        return command.examine(data, key)
    except Unreadable as error:
        return [(FAILS, str(error))]


def missed_of(found: list[tuple[Altered, Lines]]) -> list[str]:
    """In words, those that were not found, or of which nothing was named, or of which something forged holds."""
    return [each.how for each, lines in found if not (named(lines) or (each.newer and not_vouched_for(lines)))]


def missed_flips(material: Material, flips: int) -> list[str]:
    return [how for how, flipped in bit_flips(material.data, flips) if not named(examined(flipped, material.key))]


def named(lines: Lines) -> bool:
    """Whether the check says that something does not hold, and names it."""
    return any(word == FAILS and NAMED.search(what) for word, what in lines)


def not_vouched_for(lines: Lines) -> bool:
    """Whether something is too new to be vouched for, and nothing of a forger's is said to hold."""
    forged = any(word == HOLDS and ("Dr A" in what or "version 3" in what) for word, what in lines)
    return any(word == NEWER for word, _ in lines) and not forged


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


def altered(material: Material) -> Iterator[Altered]:
    """Each alteration as it is, then with the chain linked anew, then with a checkpoint signed anew."""
    whole = apart(material.data)
    for each in (*_deleted(whole), *_reordered(whole), *_truncated(whole), *_forked(whole), *_kinds(whole)):
        yield each
        relinked = each.another(f"{each.how}, linked anew").relink()
        yield relinked
        yield relinked.another(f"{relinked.how}, signed anew").sign_again()
    yield from _rewritten(whole)
    yield from _left_out(whole)
    yield from reshaped(whole)
    yield appended(whole, "appended")
    yield from _from_an_older_checkpoint(apart(material.older))
    without = whole.another("the checkpoint taken out")
    without.checkpoint = None
    yield without
    yield whole.another("signed anew").sign_again()


def _deleted(whole: Altered) -> Iterator[Altered]:
    for at in range(len(whole.entries)):
        each = whole.another(f"entry {at + 1} deleted")
        each.newer = at >= whole.covered
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
            each.newer = at >= whole.covered
            yield each


def _rewritten(whole: Altered) -> Iterator[Altered]:
    """Other words in each place that is shown, with every hash over them made good, and signed anew."""
    for index, revision in enumerate(whole.plan["revisions"]):
        for at in range(len(_texts(revision["tree"]))):
            each = whole.another(f"section {revision['section']}: text {at + 1} rewritten")
            tree = each.plan["revisions"][index]["tree"]
            _texts(tree)[at]["value"] = FORGED
            each.newer = _saved_by(whole, revision) > whole.covered
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


def reshaped(whole: Altered) -> Iterator[Altered]:
    """Sealed words that the page would not show, or would show in other words, or as those that are in force."""
    draft, final = (
        {line["section"]: line["revision"] for line in each["manifest"]["sections"]} for each in whole.plan["versions"]
    )
    for at, section in enumerate(whole.plan["sections"]):
        letter = section["section"]
        if section["revision"] and letter != "K":
            each = whole.another(f"section {letter}: the page shows none of its fields")
            for group in each.plan["sections"][at]["groups"]:
                group["fields"] = []
            yield each
            each = whole.another(f"section {letter}: a sentence relabelled as a choice")
            for field_shown in (shown for group in each.plan["sections"][at]["groups"] for shown in group["fields"]):
                field_shown["choices"]["A sentence."] = FORGED
            yield each
            each = whole.another(f"section {letter}: shown in a way that does not exist")
            each.plan["sections"][at]["reach"] = "whole"
            yield each
        if letter in draft and draft[letter] != final[letter]:
            each = whole.another(f"section {letter}: the draft’s words as those of the final")
            each.plan["sections"][at] |= {"reach": "final", "revision": draft[letter]}
            yield each


def _kinds(whole: Altered) -> Iterator[Altered]:
    """A draft issued as a final, and a final as a draft."""
    for at in range(len(whole.plan["versions"])):
        each = whole.another(f"version {at + 1} of another kind")
        manifest = each.plan["versions"][at]["manifest"]
        manifest["kind"] = "final" if manifest["kind"] == "draft" else "draft"
        yield each
        made_good = each.another(f"{each.how}, its seal made good")
        _seal_version(made_good, made_good.plan["versions"][at])
        yield made_good


def appended(whole: Altered, how: str) -> Altered:
    """A genuine history with two entries of a forger's own after it: other words in section F, and who signed them."""
    each = whole.another(f"{how}: an edit and a sign-off")
    section = next(one for one in each.plan["sections"] if one["section"] == "F")
    shown = next(one for one in _trees(each.plan, "F") if one["revision"] == section["revision"])
    forged = copy.deepcopy(shown)
    _texts(forged["tree"])[0]["value"] = FORGED
    section["revision"] = forged["revision"] = shown["revision"] + 1
    each.plan["revisions"].append(forged)
    each.plan["people"]["dr"] = "Dr A"
    root = tree_of(forged["tree"], [])
    edit = next(one for one in each.entries if one["facts"]["kind"] == "section_edited")["facts"]
    for kind in ("section_edited", "section_signed"):
        told = {"kind": kind, "section": "F", "revision": forged["revision"], "hash": root, "who": "dr"}
        each.entries.append({"facts": {**edit, **told, "agency_name": "NHS", "beside": ""}, "hash": ""})
    each.newer = True
    return each.relink()


def _from_an_older_checkpoint(whole: Altered) -> Iterator[Altered]:
    """The oldest checkpoint that a forger has, and everything after it rewritten."""
    for at in range(whole.covered, len(whole.entries)):
        each = whole.another(f"an older checkpoint, and another author of entry {at + 1}")
        each.entries[at]["facts"]["who"] = "0123456789abcdef"
        each.newer = True
        yield each.relink()
    yield appended(whole, "an older checkpoint")


def _saved_by(whole: Altered, revision: Facts) -> int:
    """The entry that saved a revision."""
    place = (revision["section"], revision["revision"])
    saved = (each["facts"] for each in whole.entries if each["facts"]["kind"] == "section_edited")
    return int(next((each["sequence"] for each in saved if (each["section"], each["revision"]) == place), 0))


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
        for line in version["manifest"]["sections"]:
            if (line["section"], line["revision"]) == place:
                line["hash"] = root
        _seal_version(whole, version)


def _seal_version(whole: Altered, version: Facts) -> None:
    before = version["hash"]
    version["hash"] = seal(VERSION, canonical(version["manifest"]))
    for facts in (each["facts"] for each in whole.entries if each["facts"]["hash"] == before):
        facts["hash"] = version["hash"]
