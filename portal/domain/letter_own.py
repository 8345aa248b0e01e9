"""What a council says in its letters in its own words: each part, and what it says until the council edits it."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.letter_kind import LETTERS, LetterKind

CONTACTS = "contacts"  # what all letters share: who gives advice, and how to reach the council


@dataclass(frozen=True)
class OwnPart:
    """One part that a council writes: `hint` says what belongs there."""

    name: str
    label: str
    hint: str
    needed: bool = False


PARTS = (
    OwnPart("opening", "How the letter begins", "It stands first, before what was decided."),
    OwnPart("next", "What happens next", "It stands after what the law has the letter say."),
    OwnPart("closing", "How the letter ends", "The name of whoever sends it stands below."),
)
CONTACT_PARTS = (
    OwnPart(
        "mediation",
        "Who gives mediation advice",
        "Name, telephone, email and address. Every letter that can be appealed prints it.",
        True,
    ),
    OwnPart(
        "support",
        "Where advice and support is found",
        "Your SENDIASS and your disagreement resolution service: name, telephone, website.",
        True,
    ),
    OwnPart("reach", "How to reach the SEN team", "Telephone and address. It stands at the end of each letter.", True),
)

GREETING = "Dear parent or carer, or dear young person,"
THEN = "# What happens next\n\n"
CLOSING = "If anything in this letter is not clear, or you would like to talk about it, please get in touch."
OPENING: Mapping[LetterKind, str] = {
    LetterKind.ASSESSMENT_AGREED: "Thank you for the request that the council received on {date of request}.",
    LetterKind.ASSESSMENT_REFUSED: "Thank you for the request that the council received on {date of request}. We have "
    "read all that came with it. We know that this decision is not the one that was asked for.",
    LetterKind.NO_PLAN: "Thank you for what you told us during the assessment. We know that this decision may not be "
    "the one you hoped for.",
    LetterKind.DRAFT: "Thank you for all that you have told us about {child}.",
    LetterKind.FINAL: "Thank you for what you told us about the draft.",
    LetterKind.REASSESSMENT_REFUSED: "Thank you for asking us to look at the needs of {child} again.",
    LetterKind.MAINTAIN: "Thank you for taking part in the review.",
    LetterKind.AMEND: "Thank you for taking part in the review.",
    LetterKind.CEASE: "We write about the plan of {child}.",
    LetterKind.NO_AMENDMENT: "Thank you for what you told us about the changes that we proposed.",
    LetterKind.AMENDED_FINAL: "Thank you for what you told us about the changes that we proposed.",
    LetterKind.MOVED_IN: "Welcome to our area.",
}
NEXT: Mapping[LetterKind, str] = {
    LetterKind.ASSESSMENT_AGREED: "We now ask people who know {child} for their advice: you, the "
    "school or college, health, an educational psychologist and social care. They have six weeks. You can read in "
    "Golden Thread whom we asked and what has come.",
    LetterKind.ASSESSMENT_REFUSED: "The school or college goes on giving support. Ask its special "
    "educational needs co-ordinator (SENCO) how. You may ask the council again if things change.",
    LetterKind.NO_PLAN: "You have a copy of all the advice that was given. We will talk with the "
    "school or college about how it can give {child} the support that the advice describes.",
    LetterKind.DRAFT: "You can read the draft in Golden Thread and answer there, in your own words.",
    LetterKind.FINAL: "The school or college and the other services now give what the plan says. "
    "The plan is reviewed within 12 months.",
    LetterKind.REASSESSMENT_REFUSED: "The plan stays in force and is reviewed as before.",
    LetterKind.MAINTAIN: "The plan stays in force. The next review is within 12 months.",
    LetterKind.AMEND: "You can read the changes in Golden Thread and answer there, in your own words.",
    LetterKind.CEASE: "",
    LetterKind.NO_AMENDMENT: "The plan stays in force, every word of it, and is reviewed as before.",
    LetterKind.AMENDED_FINAL: "The school or college and the other services now give what the amended plan says.",
    LetterKind.MOVED_IN: "Please tell us if anything that the plan says has stopped with the move. If the school or "
    "college that it names is too far away now, we find another until the plan is amended.",
}


def name_of(template: str) -> str:
    return "What all letters share" if template == CONTACTS else LETTERS[LetterKind(template)].name


def parts_of(template: str) -> tuple[OwnPart, ...]:
    """The parts of a template: of a kind of letter, or of what all letters share."""
    return CONTACT_PARTS if template == CONTACTS else PARTS


def as_it_comes(template: str) -> dict[str, str]:
    """What a template says until the council writes its own. Who gives advice is for each council to say."""
    if template == CONTACTS:
        return {each.name: "" for each in CONTACT_PARTS}
    kind = LetterKind(template)
    return {
        "opening": f"{GREETING}\n\n{OPENING[kind]}",
        "next": NEXT[kind] and f"{THEN}{NEXT[kind]}",
        "closing": CLOSING,
    }
