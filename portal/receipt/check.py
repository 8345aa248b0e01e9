"""What a receipt shows of itself, step by step; a step that fails does not keep the others from being tried."""

from __future__ import annotations

import hashlib
import json
import struct
from typing import Any, Callable

from portal.receipt.container import SUMS, made, pack, sums, unpack
from portal.receipt.ed25519 import signed
from portal.receipt.hashes import AUTHORITY, ENTRY, PLAN, STATEMENT, VERSION, canonical, climb, leaf_of, seal, tree_of
from portal.receipt.said import checkpoint_line, done, grouped, sign_offs, signature_of, when, who

BAD = (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError, struct.error)


class Unreadable(Exception):
    """There is no receipt to check; the message says what is missing or damaged."""


class Check:
    """What was found, line by line: True holds, False does not, None is only to be known."""

    def __init__(self, files: dict[str, bytes]) -> None:
        """Raises Unreadable."""
        for name in ("plan.json", "history.jsonl"):
            if name not in files:
                before = ", ".join(files) or "nothing: read-me-first.txt should come first"
                raise Unreadable(f"{name} is missing, after {before}")
        self.files = files
        self.lines: list[tuple[bool | None, str]] = []
        try:
            self.plan: dict[str, Any] = dict(json.loads(files["plan.json"].decode()))
        except BAD:
            raise Unreadable("plan.json is not as it was packed") from None
        self.entries = [_entry(each) for each in files["history.jsonl"].split(b"\n")[:-1]]
        self.checkpoint: dict[str, Any] | None = None
        self.saved: dict[tuple[str, int], str] = {}  # the hash of each revision, as the history has it
        self.newest: dict[str, int] = {}
        without = [number for number, each in enumerate(self.entries, 1) if each and "facts" not in each]
        self.kept_back = max(without, default=0)  # the last entry of which there is only a hash

    def say(self, holds: bool | None, what: str) -> None:
        self.lines.append((holds, what))

    def attempt(self, what: str, step: Callable[..., None], *given: Any) -> None:
        """One step; what can't be followed does not hold, and the other steps go on."""
        try:
            step(*given)
        except BAD:
            self.say(False, f"{what}: it can’t be read.")

    def run(self, data: bytes = b"", program: bytes = b"") -> Check:
        """Everything that can be known from the receipt alone.

        `data` is the ZIP, when it came as one; `program` is the file that is running, when it may be another version
        than the receipt's own.
        """
        self.attempt("checkpoint.json", self.read_checkpoint)
        self.attempt(f"the file {SUMS}", self.listed)
        self.attempt("the page plan.html", self.made_again, data, program)
        self.attempt("the history", self.history)
        self.attempt("the sections", self.each_of, "revisions", "section", self.words)
        self.attempt("the sections", self.each_of, "sections", "section", self.section)
        self.attempt("the versions", self.each_of, "versions", "version", self.version)
        self.attempt("the sections", self.whole)
        self.attempt("the sign-offs", self.signatures)
        if self.checkpoint:
            self.attempt("the checkpoint", self.sealed, self.checkpoint)
        else:
            self.say(None, "the checkpoint: " + checkpoint_line(None))
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
            self.say(False, f"the file {name}: it is not the one that {SUMS} names.")
        if not wrong and self.files.get(SUMS) != sums(files):
            self.say(False, f"the file {SUMS}: it does not name these files.")

    def made_again(self, data: bytes, program: bytes) -> None:
        """The page is made of what is sealed, and the ZIP is packed as it was."""
        again = unpack(made(self.plan, self.entries, self.checkpoint, self.files["check.py"]))
        wrong = [each for each in {**again, **self.files} if again.get(each) != self.files.get(each)]
        if program not in (b"", self.files["check.py"]):
            wrong = [each for each in wrong if each not in ("plan.html", "read-me-first.txt", SUMS)]
            self.say(
                None, "the page plan.html: only the check.py of the receipt can make it again. You run another one."
            )
        for name in wrong:
            self.say(False, f"the file {name}: it is not what the others make it.")
        if data and pack(self.files) != data:
            self.say(False, f"the ZIP: it was altered in or beside {_place(self.files, data)}.")
        elif not wrong:
            self.say(True, f"the files: all {len(again)} are as they were packed.")

    def history(self) -> None:
        """Each entry is sealed to the one before it, from the first to the plan's last, with none missing."""
        failed, previous = len(self.lines), ""
        for number, entry in enumerate(self.entries, 1):
            self.attempt(f"entry {number}", self.linked, number, entry, previous)
            previous = str(entry.get("hash", ""))
        if (self.plan["sequence"], self.plan["head"]) != (len(self.entries), previous):
            last = f"it ends with entry {len(self.entries)}, and the plan with entry {self.plan['sequence']}"
            self.say(False, f"the history: {last}.")
        if not any(holds is False for holds, _ in self.lines[failed:]):
            self.say(True, f"the history: {len(self.entries)} entries, each sealed to the one before it, none missing.")

    def linked(self, number: int, entry: dict[str, Any], previous: str) -> None:
        if entry and "facts" not in entry:
            bytes.fromhex(entry["hash"])
            self.say(None, f"entry {number}: kept back, to keep the child safe. Only its seal is here.")
            return
        facts = entry["facts"]
        named = f"entry {number} ({who(self.plan, facts)} {done(facts)}, {when(facts['at'])})"
        if seal(ENTRY, bytes.fromhex(previous), canonical(facts)) != entry["hash"]:
            self.say(False, f"{named}: it is not what was sealed.")
        if (facts["plan"], facts["sequence"], facts["format"]) != (self.plan["plan"], number, "v1"):
            self.say(False, f"{named}: it belongs in another place, as entry {facts['sequence']}.")
        if "beside" in entry and _beside(number, entry["beside"]) != facts["beside"]:
            self.say(False, f"{named}: the words that go with it are not those that were written.")
        self.follow(named, facts)

    def follow(self, named: str, facts: dict[str, Any]) -> None:
        """Which revisions of a section were saved, by number and hash; what is signed must be one of them."""
        section, number = facts["section"], facts["revision"]
        newest = self.newest.get(section, 0)
        if section and number > newest:
            if number != newest + 1 and not self.kept_back:
                self.say(False, f"{named}: revision {newest + 1} of section {section} is missing before it.")
            self.newest[section], self.saved[section, number] = number, facts["hash"]
        elif section and facts["hash"] != self.saved.setdefault((section, number), facts["hash"]):
            self.say(False, f"{named}: it names words that were never saved.")

    def words(self, revision: dict[str, Any]) -> None:
        """The words of one revision, with hashes for what is not shown, make the hash that the history has."""
        section, number = revision["section"], revision["revision"]
        shown: list[dict[str, Any]] = []
        root, named = tree_of(revision["tree"], shown), f"section {section}, revision {number}"
        addresses = [each["address"] for each in shown]
        sealed = self.saved.get((section, number))
        if addresses != sorted(set(addresses)) or not all(each.startswith(f"{section}/") for each in addresses):
            self.say(False, f"{named}: its words are not in the places they were sealed in.")
        elif sealed is None and number and self.kept_back:
            self.say(None, f"{named}: the entry that seals it is kept back, so it can’t be checked here.")
        elif sealed is None and (number or shown):
            self.say(False, f"{named}: the history knows of no such words.")
        elif sealed is not None and root != sealed:
            self.say(False, f"{named}: these are not the words that were sealed.")
        elif shown:
            self.say(True, f"{named}: these are the words that were sealed.")

    def section(self, section: dict[str, Any]) -> None:
        """The words shown are the newest, or those of the last version that this reader was given."""
        letter, number, reach = section["section"], section["revision"], section["reach"]
        newest = self.newest.get(letter, 0)
        newest = max(newest, number) if self.kept_back else newest
        there = any((each["section"], each["revision"]) == (letter, number) for each in self.plan["revisions"])
        issued = {line["revision"] for each in self.plan["versions"] for line in _lines(each, letter)}
        if reach == "none":
            self.say(None, f"section {letter}: not yours to read now. {_times_saved(newest)}")
        elif not there or (number not in issued if reach == "final" else number != newest):
            self.say(False, f"section {letter}: revision {number} is not the one that should be shown.")
        elif reach == "final" and number != newest:
            self.say(None, f"section {letter}: shown as it was issued. It has been changed since.")
        elif not newest:
            self.say(None, f"section {letter}: nothing has been written in it.")

    def version(self, version: dict[str, Any]) -> None:
        """An issued version is the one that the history seals, of words that were saved and signed as it says."""
        manifest = version["manifest"]
        named = f"version {manifest['version']} ({version['words']}, {when(manifest['at'])})"
        facts = [each["facts"] for each in self.entries if "facts" in each]
        issued = [
            each["hash"] for each in facts if each["facts"].get("version") == manifest["version"] and each["hash"]
        ]
        wrong = [each for each in manifest["sections"] if not self.line_holds(each, facts)]
        cover, reasons = version.get("cover"), version.get("reasons", {})
        if seal(VERSION, canonical(manifest)) != version["hash"] or issued != [version["hash"]]:
            self.say(False, f"{named}: it is not what was issued.")
        elif manifest["plan"] != self.plan["plan"] or wrong:
            self.say(False, f"{named}: section {', '.join(each['section'] for each in wrong)} is not what was signed.")
        elif cover and leaf_of("cover", cover["value"], [], cover["salt"]) != manifest["cover"]:
            self.say(False, f"{named}: its cover is not the one that was issued.")
        elif not all(_reason_holds(line, reasons) for line in manifest["sections"]):
            self.say(False, f"{named}: a reason in it is not the one that was given.")
        else:
            self.say(True, f"{named}: as it was issued. Its printed code is {grouped(version['hash'][:12])}.")

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
            self.say(False, f"section {letter}: it is in the history and not in the plan.")
        given = {each["manifest"]["version"] for each in self.plan["versions"]}
        for each in facts:
            number = each["facts"].get("version")
            if number and each["hash"] and number not in given:
                self.say(None, f"version {number}: issued on {when(each['at'])}. It is not in this receipt.")

    def signatures(self) -> None:
        for facts, stands in sign_offs(self.plan, self.entries):
            said = signature_of(self.plan, facts, stands)
            self.say(True if stands else None, f"section {facts['section']}: {said}")

    def sealed(self, checkpoint: dict[str, Any]) -> None:
        """The signed checkpoint covers this plan's history up to one entry, and that entry is the one in it."""
        statement, leaf, part = checkpoint["statement"], checkpoint["leaf"], checkpoint["authority"]
        named, key = f"checkpoint {statement['number']}", bytes.fromhex(checkpoint["public_key"])
        if hashlib.sha256(key).hexdigest() != statement["key"] or not _signed(checkpoint):
            self.say(False, f"{named}: it is not signed with its key.")
        root = climb(seal(PLAN, canonical(leaf)), checkpoint["path"])
        if (root, part["authority"]) != (part["root"], self.plan["plan"].split("-")[0]):
            self.say(False, f"{named}: this plan is not among those it covers.")
        if climb(seal(AUTHORITY, canonical(part)), checkpoint["authority_path"]) != statement["root"]:
            self.say(False, f"{named}: this council is not among those it covers.")
        number, after = leaf["sequence"], len(self.entries) - leaf["sequence"]
        there = self.entries[number - 1] if 0 < number <= len(self.entries) else {}
        if (leaf["plan"], leaf["head"]) != (self.plan["plan"], there.get("hash")):
            self.say(False, f"entry {number}: it is not the one that {named} covers. The history was rewritten.")
        if not any(holds is False and "checkpoint" in what for holds, what in self.lines):
            self.say(True, checkpoint_line(checkpoint))
        if after > 0:
            later = f"entries {number + 1} to {number + after} are" if after > 1 else f"entry {number + 1} is"
            self.say(None, f"{later} newer than the checkpoint: a later one will vouch for what is new.")

    def trusted(self, key: str) -> None:
        """The key is the one whose fingerprint the reader has from elsewhere."""
        if not self.checkpoint:
            self.say(False, "checkpoint.json: it is not there, so nothing is signed with the key you trust.")
        elif self.checkpoint["statement"]["key"] == "".join(key.split()).lower():
            self.say(True, "the key: it is the one you trust.")
        else:
            number = self.checkpoint["statement"]["number"]
            self.say(False, f"checkpoint {number}: it is not signed with the key you trust.")

    def held(self, other: dict[str, Any]) -> None:
        """A checkpoint that somebody kept outside: the same one, or the one that this one follows."""
        number = f"checkpoint {other['statement']['number']}"
        if not self.checkpoint or other["public_key"] != self.checkpoint["public_key"] or not _signed(other):
            self.say(False, f"{number} that you hold: it is not signed with the key of this receipt.")
            return
        ours, theirs = self.checkpoint["statement"], other["statement"]
        if ours["number"] == theirs["number"]:
            same = "the same as here." if ours == theirs else "not the same as here. There are two histories."
            self.say(ours == theirs, f"{number} that you hold: {same}")
        elif ours["number"] == theirs["number"] + 1:
            follows = ours["previous"] == seal(STATEMENT, canonical(theirs))
            self.say(follows, f"{number} that you hold: the one here {'follows' if follows else 'does not follow'} it.")
        else:
            ask = f"Ask for a receipt against it: receipt.zip?checkpoint={theirs['number']}"
            self.say(None, f"{number} that you hold: it is signed with the same key. {ask}")

    def earlier(self, other: Check) -> None:
        """Nothing that stood in an older receipt has been rewritten."""
        pairs = [(each.get("hash"), here.get("hash")) for each, here in zip(other.entries, self.entries)]
        changed = [number for number, (before, now) in enumerate(pairs, 1) if before != now]
        gone = len(other.entries) - len(self.entries)
        if other.plan["plan"] != self.plan["plan"]:
            self.say(False, "the earlier receipt: it is of another plan.")
        elif changed or gone > 0:
            first = changed[0] if changed else len(self.entries) + 1
            self.say(False, f"entry {first}: it is not what it was in the earlier receipt. The history was rewritten.")
        else:
            self.say(True, f"the earlier receipt: its {len(other.entries)} entries stand here as they stood there.")


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


def _lines(version: dict[str, Any], letter: str) -> list[dict[str, Any]]:
    return [each for each in version["manifest"]["sections"] if each["section"] == letter]


def _reason_holds(line: dict[str, Any], reasons: dict[str, Any]) -> bool:
    given = reasons.get(line["section"])
    return not given or leaf_of(f"{line['section']}/reason", given["value"], [], given["salt"]) == line["reason"]


def _signed(checkpoint: dict[str, Any]) -> bool:
    message = STATEMENT + canonical(checkpoint["statement"])
    return signed(bytes.fromhex(checkpoint["public_key"]), message, bytes.fromhex(checkpoint["signature"]))
