"""What a rule decided: the plan as it will be and everything that is to be recorded with it, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.actor import Actor, Grant
from portal.domain.content import Content, Mark
from portal.domain.event import Event
from portal.domain.moment import Moment
from portal.domain.plan import Child, Plan, SignOff
from portal.domain.state import VersionKind


@dataclass(frozen=True)
class Revision:
    """One saved change of one section. Immutable, numbered from 1 without gaps; 0 is the blank section."""

    section: str
    number: int
    content: Content
    hash: bytes
    by: Mark
    agency_name: str = ""


@dataclass(frozen=True)
class VersionSection:
    """One line of a version's manifest: which revision it prints, who signed it, or why it stands unsigned."""

    letter: str
    revision: int
    hash: bytes
    sign_offs: tuple[SignOff, ...] = ()
    reason: str = ""
    reason_salt: bytes = b""
    agreed: bool = True  # false: printed as "no provision has been agreed" (section G in a final)


@dataclass(frozen=True)
class Version:
    """An issued plan: a manifest of section revisions and their hashes, with the cover as it was that day."""

    number: int
    kind: VersionKind
    by: Mark
    agency_name: str
    authority_name: str
    cover: Child
    cover_salt: bytes
    sections: tuple[VersionSection, ...]
    hash: bytes = b""
    commissioner: str = "the Integrated Care Board"
    head: bytes = b""  # the chain's head once this issue is on it; known when saved

    def section(self, letter: str) -> VersionSection | None:
        return next((each for each in self.sections if each.letter == letter), None)

    @property
    def revisions(self) -> dict[str, int]:
        """Which revision of each section it prints, by letter."""
        return {each.letter: each.revision for each in self.sections}


@dataclass(frozen=True)
class Decision:
    """One step of a plan's life. The store numbers it, links it to the chain and saves it whole or not at all."""

    plan: Plan
    event: Event
    by: Mark
    agency_name: str
    revisions: tuple[Revision, ...] = ()
    version: Version | None = None


def mark(actor: Actor, grant: Grant, moment: Moment) -> Mark:
    return Mark(actor.person, actor.name, grant.agency, moment.product)


Reasons = Mapping[str, str]
