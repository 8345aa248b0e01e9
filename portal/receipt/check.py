"""What a receipt shows of itself, step by step; a step that fails does not keep the others from being tried."""

from __future__ import annotations

import hashlib
import json
import struct
from typing import Any, Callable

from portal.receipt.container import SUMS, made, pack, sums, unpack
from portal.receipt.ed25519 import signed
from portal.receipt.hashes import AUTHORITY, ENTRY, PLAN, STATEMENT, VERSION, canonical, climb, leaf_of, seal, tree_of
from portal.receipt.page import items_of
from portal.receipt.said import (
    FINALS,
    checkpoint_line,
    done,
    grouped,
    issued_as,
    sign_offs,
    signature_of,
    when,
    who,
)

BAD = (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError, struct.error)


FAILS, HOLDS, NEWER, NOTE = "DOES NOT HOLD", "Holds", "Not vouched for yet", "To know"
REACHES = ("working", "own", "final", "none")


class Unreadable(Exception):
    """There is no receipt to check; the message says what is missing or damaged."""


class Check:
    """What was found, line by line: FAILS, HOLDS, NEWER or NOTE, and what it is about."""

    def __init__(self, files: dict[str, bytes]) -> None:
        """Raises Unreadable."""
        for name in ("plan.json", "history.jsonl"):
            if name not in files:
                before = ", ".join(files) or "nothing: read-me-first.txt should come first"
                raise Unreadable(f"{name} is missing, after {before}")
        self.files = files
        self.lines: list[tuple[str, str]] = []
        try:
            self.plan: dict[str, Any] = dict(json.loads(files["plan.json"].decode()))
        except BAD:
            raise Unreadable("plan.json is not as it was packed") from None
        self.entries = [_entry(each) for each in files["history.jsonl"].split(b"\n")[:-1]]
        self.checkpoint: dict[str, Any] | None = None
        self.covered = 0  # the last entry that a checkpoint vouches for
        self.saved: dict[tuple[str, int], str] = {}  # the hash of each revision, as the history has it
        self.saved_by: dict[tuple[str, int], int] = {}  # the entry that first has that hash
        self.newest: dict[str, int] = {}
        without = [number for number, each in enumerate(self.entries, 1) if each and "facts" not in each]
        self.kept_back = max(without, default=0)  # the last entry of which there is only a hash

    def say(self, word: str, what: str) -> None:
        self.lines.append((word, what))

    def hold(self, number: int, what: str) -> None:
        """Something that rests on an entry: anybody could have added it, unless the checkpoint covers the entry."""
        self.say(HOLDS if number <= self.covered else NEWER, what)

    @property
    def failed(self) -> int:
        """How many things were found that do not hold."""
        return sum(word == FAILS for word, _ in self.lines)

    @property
    def newer(self) -> int:
        """How many entries no checkpoint vouches for yet."""
        return len(self.entries) - self.covered

    def attempt(self, what: str, step: Callable[..., None], *given: Any) -> None:
        """One step; what can't be followed does not hold, and the other steps go on."""
        try:
            step(*given)
        except BAD:
            self.say(FAILS, f"{what}: it can’t be read.")

    def run(self, data: bytes = b"", program: bytes = b"") -> Check:
        """Everything that can be known from the receipt alone.

        `data` is the ZIP, when it came as one; `program` is the file that is running, when it may be another version
        than the receipt's own.
        """
        self.attempt("checkpoint.json", self.read_checkpoint)
        self.attempt(f"the file {SUMS}", self.listed)
        self.attempt("the page plan.html", self.made_again, data, program)
        if self.checkpoint:
            self.attempt("the checkpoint", self.sealed, self.checkpoint)
        else:
            self.say(NOTE, "the checkpoint: " + checkpoint_line(None))
        self.attempt("the history", self.history)
        self.attempt("the sections", self.each_of, "revisions", "section", self.words)
        self.attempt("the sections", self.each_of, "sections", "section", self.section)
        self.attempt("the versions", self.each_of, "versions", "version", self.version)
        self.attempt("the sections", self.whole)
        self.attempt("the sign-offs", self.signatures)
        return self

    def each_of(self, name: str, noun: str, step: Callable[..., None]) -> None:
        for number, each in enumerate(self.plan[name], 1):
            named = each.get(noun, number) if isinstance(each, dict) else number
            self.attempt(f"{noun} {named}", step, each)

    def read_checkpoint(self) -> None:
        if "checkpoint.json" in self.files:
            self.checkpoint = dict(json.loads(self.files["checkpoint.json"].decode()))

    def listed(self) -> None:
        """Each file is the one whose SHA-256 stands in the list, and the ZIP holds nothing else."""
        files = {name: content for name, content in self.files.items() if name != SUMS}
        lines = self.files.get(SUMS, b"").split(b"\n")
        wrong = [name for name in files if sums({name: files[name]}).strip() not in lines]
        for name in wrong:
            self.say(FAILS, f"the file {name}: it is not the one that {SUMS} names.")
        if not wrong and self.files.get(SUMS) != sums(files):
            self.say(FAILS, f"the file {SUMS}: it does not name these files.")

    def made_again(self, data: bytes, program: bytes) -> None:
        """The page is made of what is sealed, and the ZIP is packed as it was."""
        again = unpack(made(self.plan, self.entries, self.checkpoint, self.files["check.py"]))
        wrong = [each for each in {**again, **self.files} if again.get(each) != self.files.get(each)]
        if program not in (b"", self.files["check.py"]):
            wrong = [each for each in wrong if each not in ("plan.html", "read-me-first.txt", SUMS)]
            self.say(
                NOTE, "the page plan.html: only the check.py of the receipt can make it again. You run another one."
            )
        for name in wrong:
            self.say(FAILS, f"the file {name}: it is not what the others make it.")
        if data and pack(self.files) != data:
            self.say(FAILS, f"the ZIP: it was altered in or beside {_place(self.files, data)}.")
        elif not wrong:
            self.say(HOLDS, f"the files: all {len(again)} are as they were packed.")

    def history(self) -> None:
        """Each entry is sealed to the one before it, from the first to the plan's last."""
        failed, previous = self.failed, ""
        for number, entry in enumerate(self.entries, 1):
            self.attempt(f"entry {number}", self.linked, number, entry, previous)
            previous = str(entry.get("hash", ""))
        if (self.plan["sequence"], self.plan["head"]) != (len(self.entries), previous):
            last = f"it ends with entry {len(self.entries)}, and the plan with entry {self.plan['sequence']}"
            self.say(FAILS, f"the history: {last}.")
        if self.failed == failed:
            self.linked_up_to(min(self.covered, len(self.entries)))

    def linked_up_to(self, covered: int) -> None:
        """Entries that were cut off after the last one here can't be missed; a checkpoint shows only its own last."""
        each = "each sealed to the one before it, none missing before its last"
        if covered:
            self.say(HOLDS, f"the history: {_entries(1, covered)}, {each}.")
        if self.newer:
            self.say(NEWER, f"the history: {_entries(covered + 1, len(self.entries))}, {each}.")

    def linked(self, number: int, entry: dict[str, Any], previous: str) -> None:
        if entry and "facts" not in entry:
            bytes.fromhex(entry["hash"])
            self.say(NOTE, f"entry {number}: kept back, to keep the child safe. Only its seal is here.")
            return
        facts = entry["facts"]
        named = f"entry {number} ({who(self.plan, facts)} {done(facts)}, {when(facts['at'])})"
        if seal(ENTRY, bytes.fromhex(previous), canonical(facts)) != entry["hash"]:
            self.say(FAILS, f"{named}: it is not what was sealed.")
        if (facts["plan"], facts["sequence"], facts["format"]) != (self.plan["plan"], number, "v1"):
            self.say(FAILS, f"{named}: it belongs in another place, as entry {facts['sequence']}.")
        if "beside" in entry and _beside(number, entry["beside"]) != facts["beside"]:
            self.say(FAILS, f"{named}: the words that go with it are not those that were written.")
        self.follow(named, facts)

    def follow(self, named: str, facts: dict[str, Any]) -> None:
        """Which revisions of a section were saved, by number and hash; what is signed must be one of them."""
        section, number = facts["section"], facts["revision"]
        newest = self.newest.get(section, 0)
        if section and number > newest:
            if number != newest + 1 and not self.kept_back:
                self.say(FAILS, f"{named}: revision {newest + 1} of section {section} is missing before it.")
            self.newest[section], self.saved[section, number] = number, facts["hash"]
            self.saved_by[section, number] = facts["sequence"]
        elif section and facts["hash"] != self.saved.setdefault((section, number), facts["hash"]):
            self.say(FAILS, f"{named}: it names words that were never saved.")

    def words(self, revision: dict[str, Any]) -> None:
        """The words of one revision, with hashes for what is not shown, make the hash that the history has."""
        section, number = revision["section"], revision["revision"]
        shown: list[dict[str, Any]] = []
        root, named = tree_of(revision["tree"], shown), f"section {section}, revision {number}"
        addresses = [each["address"] for each in shown]
        sealed = self.saved.get((section, number))
        if addresses != sorted(set(addresses)) or not all(each.startswith(f"{section}/") for each in addresses):
            self.say(FAILS, f"{named}: its words are not in the places they were sealed in.")
        elif sealed is None and number and self.kept_back:
            self.say(NOTE, f"{named}: the entry that seals it is kept back, so it can’t be checked here.")
        elif sealed is None and (number or shown):
            self.say(FAILS, f"{named}: the history knows of no such words.")
        elif sealed is not None and root != sealed:
            self.say(FAILS, f"{named}: these are not the words that were sealed.")
        elif shown:
            entry = self.saved_by.get((section, number), len(self.entries))
            self.hold(entry, f"{named}: these are the words that were sealed.")

    def section(self, section: dict[str, Any]) -> None:
        """The words shown are the newest, or those of the last version that this reader was given."""
        letter, number, reach = section["section"], section["revision"], section["reach"]
        newest = self.newest.get(letter, 0)
        newest = max(newest, number) if self.kept_back else newest
        trees = {(each["section"], each["revision"]): each["tree"] for each in self.plan["revisions"]}
        right = number in self.issued(letter) if reach == "final" else number == newest
        if reach == "none":
            self.say(NOTE, f"section {letter}: not yours to read now. {_times_saved(newest)}")
        elif (letter, number) not in trees or not right or reach not in REACHES:
            self.say(FAILS, f"section {letter}: revision {number} is not the one that should be shown.")
        elif not _shows_all(section, items_of(trees[letter, number])):
            self.say(FAILS, f"section {letter}: the page leaves out or rewords something that was sealed.")
        elif reach == "final" and number != newest:
            self.say(NOTE, f"section {letter}: shown as it was issued. It has been changed since.")
        elif not newest:
            self.say(NOTE, f"section {letter}: nothing has been written in it.")

    def issued(self, letter: str) -> list[int]:
        """The revision of a section in the last version that was issued as final, by the seals and not by its name."""
        facts = [each["facts"] for each in self.entries if "facts" in each]
        finals = [each["facts"]["version"] for each in facts if each["facts"].get("kind") in FINALS and each["hash"]]
        manifests = [each["manifest"] for each in self.plan["versions"] if each["manifest"]["kind"] in FINALS]
        last = [each for each in manifests if each["version"] == max(finals, default=0)]
        return [line["revision"] for each in last for line in each["sections"] if line["section"] == letter]

    def version(self, version: dict[str, Any]) -> None:
        """An issued version is the one that the history seals, of words that were saved and signed as it says."""
        manifest = version["manifest"]
        named = f"version {manifest['version']} ({issued_as(manifest)}, {when(manifest['at'])})"
        facts = [each["facts"] for each in self.entries if "facts" in each]
        issued = [each for each in facts if each["facts"].get("version") == manifest["version"] and each["hash"]]
        once = [each["hash"] for each in issued] == [version["hash"]]
        wrong = [each for each in manifest["sections"] if not self.line_holds(each, facts)]
        cover, reasons = version.get("cover"), version.get("reasons", {})
        if seal(VERSION, canonical(manifest)) != version["hash"] or not once:
            self.say(FAILS, f"{named}: it is not what was issued.")
        elif manifest["plan"] != self.plan["plan"] or wrong:
            self.say(FAILS, f"{named}: section {', '.join(each['section'] for each in wrong)} is not what was signed.")
        elif cover and leaf_of("cover", cover["value"], [], cover["salt"]) != manifest["cover"]:
            self.say(FAILS, f"{named}: its cover is not the one that was issued.")
        elif not all(_reason_holds(line, reasons) for line in manifest["sections"]):
            self.say(FAILS, f"{named}: a reason in it is not the one that was given.")
        else:
            code = grouped(version["hash"][:12])
            self.hold(issued[0]["sequence"], f"{named}: as it was issued. Its printed code is {code}.")

    def line_holds(self, line: dict[str, Any], facts: list[dict[str, Any]]) -> bool:
        """Whether a section of a version was saved with that hash, and signed by those it names."""
        place = (line["section"], line["revision"])
        signed_by = [[each["who"], each["agency"], each["at"]] for each in facts if each["kind"] == "section_signed"
                     and (each["section"], each["revision"]) == place and each["hash"] == line["hash"]]  # fmt: skip
        saved = self.saved.get(place, line["hash"] if not line["revision"] else "")
        return bool(self.kept_back) or (saved == line["hash"] and all(each in signed_by for each in line["signed"]))

    def whole(self) -> None:
        """Every section that was written or signed is named, and every version that was issued, shown or not."""
        facts = [each["facts"] for each in self.entries if "facts" in each]
        there = {each["section"] for each in self.plan["sections"]} | {""}
        for letter in sorted({each["section"] for each in facts} - there):
            self.say(FAILS, f"section {letter}: it is in the history and not in the plan.")
        given = {each["manifest"]["version"] for each in self.plan["versions"]}
        for each in facts:
            number = each["facts"].get("version")
            if number and each["hash"] and number not in given:
                self.say(NOTE, f"version {number}: issued on {when(each['at'])}. It is not in this receipt.")

    def signatures(self) -> None:
        for facts, stands in sign_offs(self.plan, self.entries):
            said = f"section {facts['section']}: {signature_of(self.plan, facts, stands)}"
            if stands:
                self.hold(facts["sequence"], said)
            else:
                self.say(NOTE, said)

    def sealed(self, checkpoint: dict[str, Any]) -> None:
        """The signed checkpoint covers this plan's history up to one entry, and that entry is the one in it."""
        failed, statement, leaf, part = (
            self.failed,
            checkpoint["statement"],
            checkpoint["leaf"],
            checkpoint["authority"],
        )
        named, key = f"checkpoint {statement['number']}", bytes.fromhex(checkpoint["public_key"])
        if hashlib.sha256(key).hexdigest() != statement["key"] or not well_signed(checkpoint):
            self.say(FAILS, f"{named}: it is not signed with its key.")
        root = climb(seal(PLAN, canonical(leaf)), checkpoint["path"])
        if (root, part["authority"]) != (part["root"], self.plan["plan"].split("-")[0]):
            self.say(FAILS, f"{named}: this plan is not among those it covers.")
        if climb(seal(AUTHORITY, canonical(part)), checkpoint["authority_path"]) != statement["root"]:
            self.say(FAILS, f"{named}: this council is not among those it covers.")
        number = leaf["sequence"]
        there = self.entries[number - 1] if 0 < number <= len(self.entries) else {}
        if (leaf["plan"], leaf["head"]) != (self.plan["plan"], there.get("hash")):
            self.say(FAILS, f"entry {number}: it is not the one that {named} covers. The history was rewritten.")
        if self.failed == failed:
            self.covered = number
            self.say(HOLDS, checkpoint_line(checkpoint))


def _times_saved(count: int) -> str:
    often = {0: "It was never saved.", 1: "It was saved once; the seal of that is here."}
    return often.get(count, f"It was saved {count} times; the seals of those are here.")


def _entry(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line.decode())
    except BAD:
        return {}
    return found if isinstance(found, dict) else {}


def _place(files: dict[str, bytes], data: bytes) -> str:
    """The file in or beside which the first byte stands that is not as it was packed."""
    again = pack(files)
    at = next((at for at, (one, two) in enumerate(zip(again, data)) if one != two), min(len(again), len(data)))
    end = 0
    for name, content in files.items():
        end += 30 + len(name.encode()) + len(content)
        if at < end:
            return name
    return "its list of files"


def _beside(number: int, beside: dict[str, Any]) -> str:
    return leaf_of(f"beside/{number}", beside["value"], [], beside["salt"])


def _entries(first: int, last: int) -> str:
    return f"entries {first} to {last}" if last > first else f"entry {first}"


def _shows_all(section: dict[str, Any], items: dict[str, dict[str, Any]]) -> bool:
    """Whether each word has a field on the page, and no choice of the page's can stand in place of a sentence."""
    fields = {group["name"]: {each["name"] for each in group["fields"]} for group in section["groups"]}
    codes = [code for group in section["groups"] for each in group["fields"] for code in each["choices"]]
    shown = all(set(each["values"]) <= fields.get(each["group"], set()) for each in items.values())
    return shown and all(code.replace("-", "").isalpha() and code.islower() for code in codes)


def _reason_holds(line: dict[str, Any], reasons: dict[str, Any]) -> bool:
    given = reasons.get(line["section"])
    return not given or leaf_of(f"{line['section']}/reason", given["value"], [], given["salt"]) == line["reason"]


def well_signed(checkpoint: dict[str, Any]) -> bool:
    message = STATEMENT + canonical(checkpoint["statement"])
    return signed(bytes.fromhex(checkpoint["public_key"]), message, bytes.fromhex(checkpoint["signature"]))
