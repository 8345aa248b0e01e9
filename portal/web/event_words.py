"""What somebody did, as a sentence of the history: one for each kind of event."""

from portal.domain.event import EventKind
from portal.store.chain import Entry
from portal.web.case_words import RECORDED

SENTENCES = {
    EventKind.PLAN_STARTED: "started this plan",
    EventKind.SECTION_EDITED: "changed section {section}",
    EventKind.WORDS_SET_ASIDE: "wrote the same words of section {section} as somebody else, who saved first",
    EventKind.CONVERSATION_OPENED: "commented on section {section}, or asked about it",
    EventKind.CONVERSATION_CONTINUED: "went on with what was said about section {section}",
    EventKind.CONVERSATION_ANSWERED: "answered what was said about section {section}",
    EventKind.CONVERSATION_WITHDRAWN: "took back what they had said about section {section}",
    EventKind.SUGGESTION_ACCEPTED: "took a suggested wording into section {section}",
    EventKind.SECTION_HANDED_OVER: "said that section {section} is ready",
    EventKind.SECTION_SENT_BACK: "sent section {section} back",
    EventKind.SECTION_SIGNED: "signed section {section}",
    EventKind.SIGN_OFF_WITHDRAWN: "took back their sign-off of section {section}",
    EventKind.DRAFT_SERVED: "issued the draft plan",
    EventKind.REPRESENTATIONS_RECEIVED: "answered the draft",
    EventKind.REPRESENTATION_MADE: "put on record a point that the family makes about the draft",
    EventKind.REPRESENTATION_ANSWERED: "answered a point that the family made",
    EventKind.SETTING_REPLIED: "put on record what a school or college replied",
    EventKind.ORDERED_WORDS_PINNED: "pinned words that the tribunal ordered",
    EventKind.ORDERED_WORDS_SET_ASIDE: "let pinned words go, which a later order set aside",
    EventKind.PLAN_CEASED: "put on record that the plan has ceased",
    EventKind.FINALISING_BEGUN: "began to finalise the plan",
    EventKind.FINAL_ISSUED: "issued the final plan",
    EventKind.PERSON_INVITED: "invited somebody to take part in this plan",
    EventKind.INVITATION_ACCEPTED: "accepted an invitation to take part in this plan",
    EventKind.GRANT_GIVEN: "gave somebody a part in this plan",
    EventKind.GRANT_HANDED_OVER: "handed a part in this plan over to a colleague",
    EventKind.GRANT_ENDED: "ended a part in this plan",
    EventKind.READERS_REVIEWED: "looked over who may read what in this plan",
    EventKind.RIGHTS_RECORDED: "recorded who may read this plan, or who decides",
    EventKind.TWIN_WRITTEN: "wrote section {section} in easier words or another language",
    EventKind.TWIN_CHECKED: "checked section {section} in easier words or another language",
    EventKind.TWIN_CHECKER_NAMED: "said who may check section {section} in easier words or another language",
    EventKind.ADVICE_PASSED_ON: "handed on to a colleague what advice was asked for",
    EventKind.ADVICE_CHASED: "asked again for advice that has not come",
    EventKind.ADVICE_DECLINED: "answered that they can’t give the advice that was asked for",
    EventKind.ADVICE_REUSE_AGREED: "agreed that earlier advice is used again",
    EventKind.ADVICE_CORRECTED: "sent corrected advice",
    EventKind.ADVICE_TAKEN: "took words of advice into section {section}",
    EventKind.LETTER_SENT: "sent the family a letter",
    EventKind.HOLD_PLACED: "put a hold on this plan, so that it is kept",
    EventKind.HOLD_RELEASED: "released the hold on this plan",
    EventKind.DESTRUCTION_CONFIRMED: "confirmed, as the first of two, that this plan may be destroyed",
    EventKind.DESTRUCTION_ORDERED: "confirmed, as the second of two, that this plan may be destroyed",
    **RECORDED,
}


def sentence_of(entry: Entry) -> str:
    """One entry of the chain as what somebody did: "changed section F (revision 4)"."""
    section = str(entry.facts["section"])
    said = SENTENCES[EventKind(entry.kind)].format(section=section)
    more = entry.facts.get("facts", {})
    if entry.kind == EventKind.FINAL_ISSUED and "version" not in more:
        said = "put on record that another council issued the final plan"
    if "restores" in more:
        said = f"put section {section} back as it is in force"
    if section == "A" and entry.kind == EventKind.SECTION_SIGNED:
        said = "agreed section A"
    if entry.suggested_by:
        said = f"took a wording of {entry.suggested_by}’s into section {section}"
    return said
