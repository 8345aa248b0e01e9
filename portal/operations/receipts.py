"""A receipt: a plan, its history and a checkpoint as one reader may see them, in a ZIP that proves itself offline."""

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

from portal.documents.printed import without_school
from portal.domain import issue
from portal.domain.actor import Actor
from portal.domain.content import Content
from portal.domain.decision import Version
from portal.domain.event import EventKind
from portal.domain.moment import Moment, stamp
from portal.domain.permission import sees_version
from portal.domain.plan import FINAL_KINDS
from portal.domain.reading import PlanReading, Reach, SectionReading, filtered
from portal.domain.receipt import pruned
from portal.domain.restricted import is_council
from portal.domain.standard import Group, SectionStandard
from portal.domain.state import STATE_WORDS
from portal.operations import conversations, plans
from portal.receipt.container import made
from portal.receipt.program import program
from portal.store import checkpoints, evidence, revisions, versions
from portal.store.database import Database
from portal.store.evidence import KeptLink

FORMAT = "receipt v1"
Facts = dict[str, Any]


@dataclass
class Shown:
    """The revisions that a receipt holds: each whole, for its leaves, and what the reader sees of it."""

    db: Database
    reading: PlanReading
    whole: dict[tuple[str, int], Content] = field(default_factory=dict)
    readable: dict[tuple[str, int], list[Content]] = field(default_factory=lambda: defaultdict(list))

    def add(self, letter: str, number: int, whole: Content, readable: Content) -> None:
        self.whole[letter, number] = whole
        hidden = self.reading.plan.child.hidden_address
        self.readable[letter, number].append(without_school(readable) if hidden else readable)

    @property
    def facts(self) -> list[Facts]:
        return [
            {"section": letter, "revision": number, "tree": pruned(letter, whole, self.readable[letter, number])}
            for (letter, number), whole in sorted(self.whole.items())
        ]


def receipt(db: Database, actor: Actor, plan_id: str, moment: Moment, number: int = 0) -> bytes:
    """The ZIP for one reader, against the newest checkpoint or the one of that number.

    NotFound for a stranger, and for a checkpoint that was never made; NotAllowed for a school that is consulted.
    """
    # The checkpoint first: whatever it covers is then on the chain that is read after it.
    checkpoint = checkpoints.find(db, number) if number else checkpoints.latest(db)
    reading = plans.open_plan(db, actor, plan_id, moment)
    plans.must_read_history(reading)  # a receipt holds all of it
    plans.take_copy(db, reading.plan, actor, "receipt", moment)
    proof = checkpoints.inclusion(db, checkpoint, plan_id) if checkpoint else None
    links = list(evidence.links(db, plan_id, reading.plan.sequence))
    shown = Shown(db, reading)
    issued = [_version(db, shown, line.number) for line in reversed(reading.versions)]
    facts = {
        **_plan(reading, moment),
        "sections": [_section(each, shown, issued) for each in reading.sections.values()],
        "versions": [each for _, each in issued],
        "people": evidence.names(db, _people(links, issued)),
    }
    facts["revisions"] = shown.facts
    return made(facts, _entries(db, reading, links), proof.facts if proof else None, program())


def _plan(reading: PlanReading, moment: Moment) -> Facts:
    plan = reading.plan
    return {
        "format": FORMAT,
        "plan": plan.id,
        "title": plan.standard.title,
        "authority_name": plan.authority_name,
        "state": STATE_WORDS[plan.state],
        "child": {"name": plan.child.name, "called": plan.child.called},
        "reader": reading.actor.name,
        "made": stamp(moment.product),
        "sequence": plan.sequence,
        "head": plan.head.hex(),
    }


def _section(section: SectionReading, shown: Shown, issued: list[tuple[Version, Facts]]) -> Facts:
    """One section's shape, and which revision of it the receipt shows: the newest, or the one last issued as final."""
    letter, number = section.letter, 0
    if section.reach in (Reach.WORKING, Reach.OWN):
        number = section.head.revision
        whole = revisions.contents(shown.db, shown.reading.plan.id, {letter: number})[letter]
        shown.add(letter, number, whole, section.content)
    elif section.reach is Reach.FINAL:
        final = [version for version, _ in issued if version.kind in FINAL_KINDS][-1]
        number = final.revisions[letter]
        shown.add(letter, number, shown.whole[letter, number], section.content)
    return {**_shape(section.standard), "revision": number, "reach": section.reach.value}


def _shape(standard: SectionStandard) -> Facts:
    groups = [_group(each) for each in standard.groups]
    return {"section": standard.letter, "title": standard.title, "empty": standard.empty, "groups": groups}


def _group(group: Group) -> Facts:
    fields = [{"name": each.name, "label": each.label, "choices": dict(each.choices)} for each in group.fields]
    named = {"name": group.name, "title": group.title, "prefix": group.prefix, "says": group.title_field}
    return {**named, "fields": fields}


def _version(db: Database, shown: Shown, number: int) -> tuple[Version, Facts]:
    """An issued version: its manifest, the reasons and the cover that this reader may see."""
    reading = shown.reading
    plan, actor = reading.plan, reading.actor
    version = versions.find(db, plan.id, number)
    found = revisions.contents(db, plan.id, version.revisions)
    # A cover can only be shown whole, so it is shown to those alone from whom no fact can be restricted.
    whole, reasons = not plan.child.hidden_address and is_council(actor, plan), {}
    for line in version.sections:
        content = found.get(line.letter, Content())
        if sees_version(actor, plan, line.letter, version.kind):
            readable = filtered(plan, actor, line.letter, content, version.kind)
            shown.add(line.letter, line.revision, content, readable)
            whole = whole and readable == content
            if reading.says(line.reason):
                reasons[line.letter] = {"value": line.reason, "salt": line.reason_salt.hex()}
        else:
            whole = False
    facts: Facts = {"manifest": issue.manifest(plan.id, version), "hash": version.hash.hex()}
    facts["reasons"] = reasons
    if whole:
        facts["cover"] = {"value": issue.cover_facts(version.cover), "salt": version.cover_salt.hex()}
    return version, facts


def _people(links: list[KeptLink], issued: list[tuple[Version, Facts]]) -> set[str]:
    signed = {each.by.person for version, _ in issued for line in version.sections for each in line.sign_offs}
    return {each.facts["who"] for each in links} | signed


def _entries(db: Database, reading: PlanReading, links: list[KeptLink]) -> list[Facts]:
    """The chain, with the words beside a link for those who may read them.

    What one parent said is for another a hash alone; and where an address is hidden what a school did, since its name
    would tell where the child is.
    """
    schools: set[str] = set()
    if reading.plan.child.hidden_address:
        schools = evidence.education_agencies(db, {each.facts["agency"] for each in links})
    heard, between = conversations.heard_entries(db, reading), conversations.entries_between(db, reading)
    return [
        _sealed(each)
        if each.sequence in between
        or each.facts["agency"] in schools
        or each.facts["agency_name"] != reading.says(each.facts["agency_name"])
        else _entry(reading, each, heard)
        for each in links
    ]


def _sealed(link: KeptLink) -> Facts:
    return {"hash": link.hash.hex()}


def _entry(reading: PlanReading, link: KeptLink, heard: Set[int]) -> Facts:
    entry: Facts = {"facts": dict(link.facts), "hash": link.hash.hex()}
    if link.beside and _may_read(reading, link, heard) and _says_all(reading, link):
        entry["beside"] = {"value": dict(link.beside), "salt": link.salt.hex()}
    return entry


def _says_all(reading: PlanReading, link: KeptLink) -> bool:
    """Whether no words beside a link are kept from the reader: they are hashed, and so shown, as one."""
    texts = [each for each in (link.beside or {}).values() if isinstance(each, str)]
    return all(reading.says(each, link.facts["who"]) == each for each in texts)


def _may_read(reading: PlanReading, link: KeptLink, heard: Set[int]) -> bool:
    """How somebody was known to their identity provider when they signed is for their own eyes."""
    section, who = link.facts["section"], link.facts["who"]
    if link.facts["kind"] == EventKind.SECTION_SIGNED:
        return bool(who == reading.actor.person)
    if "conversation" in link.facts["facts"]:
        return link.sequence in heard
    return reading.may_read_words(section, who) and reading.sees_place(str((link.beside or {}).get("place", "")))
