"""The agencies that write a plan together, and the settings each may choose."""

from dataclasses import dataclass
from enum import StrEnum


class AgencyKind(StrEnum):
    """Who owns a section. Education sections are the council's SEN team's to write (SEND Regs 2014 reg 12)."""

    FAMILY = "family"
    EDUCATION = "education"
    HEALTH = "health"
    CARE = "care"
    COUNCIL = "council"


AGENCY_TITLES = {
    AgencyKind.FAMILY: "Family",
    AgencyKind.EDUCATION: "Education",
    AgencyKind.HEALTH: "Health",
    AgencyKind.CARE: "Social care",
    AgencyKind.COUNCIL: "Council",
}


@dataclass(frozen=True)
class Agency:
    """One employer or the family. `second_person`: whoever last changed a section may not sign it."""

    slug: str
    name: str
    kind: AgencyKind
    authority: str
    second_person: bool = False
