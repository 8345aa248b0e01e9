"""Who is acting: a person with the grants that are live at this moment."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

WHOLE_CASELOAD = "authority"
UNNAMED = "Unnamed person"  # whom a provider vouches for without saying what to call them


class Role(StrEnum):
    PARENT = "parent"
    YOUNG_PERSON = "young_person"
    ADVOCATE = "advocate"
    SENCO = "senco"
    EDUCATIONAL_PSYCHOLOGIST = "educational_psychologist"
    HEALTH_CONTRIBUTOR = "health_contributor"
    DESIGNATED_CLINICAL_OFFICER = "designated_clinical_officer"
    SOCIAL_WORKER = "social_worker"
    DESIGNATED_SOCIAL_CARE_OFFICER = "designated_social_care_officer"
    SEN_CASEWORKER = "sen_caseworker"
    SEN_MANAGER = "sen_manager"
    AUDITOR = "auditor"
    PLATFORM_ADMIN = "platform_admin"


ROLE_WORDS = {
    Role.PARENT: "Parent",
    Role.YOUNG_PERSON: "Young person",
    Role.ADVOCATE: "Advocate",
    Role.SENCO: "Special educational needs co-ordinator (SENCO)",
    Role.EDUCATIONAL_PSYCHOLOGIST: "Educational psychologist",
    Role.HEALTH_CONTRIBUTOR: "Health professional",
    Role.DESIGNATED_CLINICAL_OFFICER: "Designated Clinical Officer",
    Role.SOCIAL_WORKER: "Social worker",
    Role.DESIGNATED_SOCIAL_CARE_OFFICER: "Designated Social Care Officer",
    Role.SEN_CASEWORKER: "SEN caseworker",
    Role.SEN_MANAGER: "SEN manager",
    Role.AUDITOR: "Data protection officer",
    Role.PLATFORM_ADMIN: "Platform administrator",
}

FAMILY_ROLES = frozenset({Role.PARENT, Role.YOUNG_PERSON})
# Who may have a part in an authority's whole caseload; everybody else is given a part in one plan at a time.
CASELOAD_ROLES = frozenset(
    {
        Role.SEN_MANAGER,
        Role.SEN_CASEWORKER,
        Role.DESIGNATED_CLINICAL_OFFICER,
        Role.DESIGNATED_SOCIAL_CARE_OFFICER,
        Role.AUDITOR,
        Role.PLATFORM_ADMIN,
    }
)


@dataclass(frozen=True)
class Grant:
    """A person's role for one agency over one plan, or over an authority's whole caseload."""

    person: str
    name: str
    agency: str
    agency_name: str
    role: Role
    authority: str
    scope: str  # a plan's id, or WHOLE_CASELOAD
    since: datetime
    until: datetime | None = None
    given_by: str = ""
    relation: str = ""  # "mother", "foster carer": how a family member stands to the child
    second_person: bool = False  # the agency's setting: whoever last changed a section may not sign it
    covering: str = ""  # the name of the colleague whose work this does for a while
    reading: str = ""  # a reasoned reading's kind: this opens all words for an hour, and nothing else

    def covers(self, plan_id: str, authority: str) -> bool:
        return self.authority == authority and self.scope in (plan_id, WHOLE_CASELOAD)

    def live_at(self, wall: datetime) -> bool:
        return self.since <= wall and (self.until is None or wall < self.until)


@dataclass(frozen=True)
class Actor:
    """A signed-on person. `auth_time` and `acr` tell how and when the identity provider knew them.

    `day` is the day on which they act, since some rights end on a day; unknown, it is after every such day.
    """

    person: str
    name: str
    issuer: str
    subject: str
    grants: tuple[Grant, ...] = ()
    auth_time: int = 0
    acr: str = ""
    leads: tuple[str, ...] = ()  # the agencies whose people this person sees to (access.py); opens no plan
    day: date = date.max

    def grants_on(self, plan_id: str, authority: str) -> tuple[Grant, ...]:
        return tuple(each for each in self.grants if each.covers(plan_id, authority))

    def roles_on(self, plan_id: str, authority: str) -> frozenset[Role]:
        """The roles by which this person has a part in a plan."""
        return self._roles.get((authority, plan_id), frozenset()) | self._roles.get(
            (authority, WHOLE_CASELOAD), frozenset()
        )

    @cached_property
    def _roles(self) -> dict[tuple[str, str], frozenset[Role]]:
        found: dict[tuple[str, str], frozenset[Role]] = {}
        for each in self.grants:
            place = (each.authority, each.scope)
            found[place] = found.get(place, frozenset()) | {each.role}
        return found

    @property
    def authorities(self) -> tuple[str, ...]:
        return tuple(sorted({each.authority for each in self.grants}))
