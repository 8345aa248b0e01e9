"""Holds every sign-off against the words that were on its signer's page."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tests.faults.checker import EDITED
from tests.faults.history import Record

SIGNED = "section_signed"


@dataclass(frozen=True)
class Words:
    """A section's words at one revision, as somebody had them before them; `token` is what they say."""

    revision: int
    hash: str
    token: str


@dataclass(frozen=True)
class Standing:
    """A sign-off that the plan counts as standing: what it was given for, and the words the section has."""

    revision: int
    hash: str
    now: Words


def wrong_sign_offs(
    pages: Collection[Words], standing: Sequence[Standing], record: Record, section: str
) -> Iterator[str]:
    """Each sign-off, standing or on the chain, that is for other words than its signer had on the page."""
    for each in standing:
        if (each.revision, each.hash) != (each.now.revision, each.now.hash) or each.now not in pages:
            yield f"stands on other words: {section} revision {each.now.revision}"
    kept = {each.number: each for each in record.revisions[section]}
    newest = (0, "")
    for link in record.chain:
        about = (link.revision, link.hash)
        if link.section == section and link.kind == EDITED:
            newest = about
        elif link.section == section and link.kind == SIGNED:
            found = kept.get(link.revision)
            signed = found and found.sound and found.hash == link.hash and Words(*about, found.token) in pages
            if about != newest or not signed:
                yield f"given for other words: {section} revision {link.revision}"
