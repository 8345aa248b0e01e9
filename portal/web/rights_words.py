"""What somebody may do on a plan and why not the rest, in plain words, from the table and the law."""

from dataclasses import dataclass

from portal.domain.actor import ROLE_WORDS, Role
from portal.domain.permission import Permission
from portal.domain.permission_reason import Because, WhyNot, why_not
from portal.domain.reading import PlanReading, Reach, SectionReading

# What can be done to a section in this product, and how a sentence names it.
VERBS = {
    Permission.SECTION_VIEW: "read it",
    Permission.SECTION_EDIT: "write in it",
    Permission.SECTION_SIGN: "sign it",
}
WHY = {
    Because.PART: "your part in this plan does not take it in",
    Because.DRAFT: "it comes to you when the first draft is issued",
    Because.FINAL: "it comes to you with the final plan",
    Because.STAGE: "nobody can at this stage of the plan",
    Because.CONSENT: "it hangs on the family’s consent, and there is none for this section",
    Because.AGE: "this is the young person’s own now, since they are over compulsory school age",
    Because.CAPACITY: "somebody else decides this for you, as the council has recorded",
    Because.CONSULTED: "you were sent the draft as it was issued, to say whether you could offer a place",
    Because.REASON: "the record is read only with a written reason, for a set time",
}


@dataclass(frozen=True)
class Right:
    """One thing that can be done to a section: whether the reader may now, and if not why, and whose it is."""

    verb: str
    may: bool
    why: str = ""
    whose: str = ""


def rights_of(reading: PlanReading, section: SectionReading) -> tuple[Right, ...]:
    return tuple(_right(reading, section, permission, verb) for permission, verb in VERBS.items())


def _right(reading: PlanReading, section: SectionReading, permission: Permission, verb: str) -> Right:
    found = why_not(reading.actor, permission, reading.plan, section.letter)
    if permission is Permission.SECTION_VIEW and found and section.readable:
        shown = "in the last final plan" if section.reach is Reach.FINAL else "what you wrote there yourself"
        return Right(f"{verb}, {shown}", True)
    return Right(verb, True) if found is None else Right(verb, False, WHY[found.because], _whose(found))


def _whose(found: WhyNot) -> str:
    """The roles whose it is: "SEN caseworker or SEN manager"."""
    names = [ROLE_WORDS[role] for role in found.roles if role is not Role.AUDITOR]
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
