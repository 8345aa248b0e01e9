"""What happened to a plan, in words: days in England, who did what, and whose sign-off still stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
DONE = {
    "plan_started": "started this plan",
    "section_edited": "changed section {}",
    "words_set_aside": "wrote the same words of section {} as somebody else, who saved first",
    "conversation_opened": "commented on section {}, or asked about it",
    "conversation_continued": "went on with what was said about section {}",
    "conversation_answered": "answered what was said about section {}",
    "conversation_withdrawn": "took back what they had said about section {}",
    "suggestion_accepted": "took a suggested wording into section {}",
    "section_handed_over": "said that section {} is ready",
    "section_sent_back": "sent section {} back",
    "section_signed": "signed section {}",
    "sign_off_withdrawn": "took back their sign-off of section {}",
    "draft_served": "issued the draft plan",
    "representations_received": "answered the draft",
    "representation_made": "put on record a point that the family makes about the draft",
    "representation_answered": "answered a point that the family made",
    "setting_replied": "put on record what a school or college replied",
    "ordered_words_pinned": "pinned words that the tribunal ordered",
    "ordered_words_set_aside": "let pinned words go, which a later order set aside",
    "plan_ceased": "put on record that the plan has ceased",
    "finalising_begun": "began to finalise the plan",
    "final_issued": "issued the final plan",
    "person_invited": "invited somebody to take part in this plan",
    "invitation_accepted": "accepted an invitation to take part in this plan",
    "grant_given": "gave somebody a part in this plan",
    "grant_handed_over": "handed a part in this plan over to a colleague",
    "grant_ended": "ended a part in this plan",
    "readers_reviewed": "looked over who may read what in this plan",
    "rights_recorded": "recorded who may read this plan, or who decides",
    "twin_written": "wrote section {} in easier words or another language",
    "twin_checked": "checked section {} in easier words or another language",
    "twin_checker_named": "said who may check section {} in easier words or another language",
    "advice_passed_on": "handed on to a colleague what advice was asked for",
    "advice_chased": "asked again for advice that has not come",
    "advice_declined": "answered that they can’t give the advice that was asked for",
    "advice_reuse_agreed": "agreed that earlier advice is used again",
    "advice_corrected": "sent corrected advice",
    "advice_taken": "took words of advice into section {}",
    "letter_sent": "sent the family a letter",
    "hold_placed": "put a hold on this plan, so that it is kept",
    "hold_released": "released the hold on this plan",
    "destruction_confirmed": "confirmed, as the first of two, that this plan may be destroyed",
    "destruction_ordered": "confirmed, as the second of two, that this plan may be destroyed",
    "request_received": "put on record that the request for an assessment was received",
    "assessment_agreed": "put on record that an assessment was agreed",
    "assessment_refused": "put on record that an assessment was refused",
    "advice_requested": "put on record that advice was asked for",
    "advice_received": "put on record that advice was received",
    "issue_refused": "put on record that no plan will be made",
    "setting_consulted": "put on record that a school or college was consulted",
    "reassessment_requested": "put on record that a new assessment was asked for",
    "reassessment_agreed": "put on record that a new assessment was agreed",
    "review_meeting_planned": "put on record when a review meeting is to be",
    "review_notice_sent": "put on record that notice of a review meeting was sent",
    "review_meeting_held": "put on record that a review meeting was held",
    "review_report_sent": "put on record that the report of a review was sent",
    "review_decided": "put on record what was decided after a review",
    "amendment_notice_served": "sent the family notice of amendments",
    "amended_final_issued": "issued the amended plan",
    "phase_transfer": "put on record a move to another phase of education",
    "moved_in": "put on record that the child moved in from another council’s area",
    "plan_transferred": "put on record that the plan came over from another council",
    "decision_letter_sent": "put on record that a decision that can be appealed was sent",
    "mediation_requested": "put on record that mediation was asked for",
    "icb_notified": "put on record that the Integrated Care Board was told of it",
    "mediation_declined": "put on record that mediation was declined",
    "mediation_ended": "put on record that mediation ended",
    "mediation_not_arranged": "put on record that mediation could not be arranged",
    "mediation_certificate_issued": "put on record that a mediation certificate was issued",
    "appeal_lodged": "put on record that an appeal was made",
    "appeal_concluded": "put on record that an appeal was concluded",
    "tribunal_order": "put on record what the tribunal ordered",
    "health_recommendation": "put on record what the tribunal recommended about health or social care",
    "cease_decided": "put on record that the plan is to cease",
    "subject_access_request": "put on record that somebody asked for a copy of what is held",
    "breach_found": "put on record that personal data was lost or shown to the wrong person",
    "exemption": "put on record why a legal limit need not be met",
    "amending_begun": "opened the plan for amendment",
    "amending_ended": "decided not to amend the plan, so that its words in force stand again",
    "review_advice_given": "gave advice, or the child’s own views, for a review",
    "review_advice_circulated": "sent the advice for a review round",
    "review_recorded": "put down anew what a review meeting said",
    "event_corrected": "took back something that had been put on record by mistake",
}
FINALS = ("final", "amended_final", "tribunal_ordered")
ISSUED = {
    "draft": "Draft plan",
    "final": "Final plan",
    "proposed_amendment": "Proposed amended plan",
    "amended_final": "Amended final plan",
    "tribunal_ordered": "Plan as ordered by the tribunal",
}


def when(stamp: str, clock: bool = False) -> str:
    """ "3 March 2027", in England: clocks go forward on March's last Sunday and back on October's, at 1:00 UTC."""
    at = datetime.strptime(stamp[:19], "%Y-%m-%dT%H:%M:%S")
    spring, autumn = (datetime(at.year, month, 31, 1) for month in (3, 10))
    spring, autumn = (each - timedelta(days=(each.weekday() + 1) % 7) for each in (spring, autumn))
    at = at + timedelta(hours=1) if spring <= at < autumn else at
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}" + (f" at {at:%H:%M}" if clock else "")


def grouped(text: str) -> str:
    """In fours, for reading aloud."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def done(facts: dict[str, Any]) -> str:
    """ "changed section F"; a kind of event that this file does not know is named as it is."""
    if (facts["kind"], facts["section"]) == ("section_signed", "A"):
        return "agreed section A"
    if facts["kind"] == "final_issued" and "version" not in facts["facts"]:
        return "put on record that another council issued the final plan"
    if "restores" in facts["facts"]:
        return f"put section {facts['section']} back as it is in force"
    return DONE.get(facts["kind"], str(facts["kind"]).replace("_", " ")).format(facts["section"])


def issued_as(manifest: dict[str, Any]) -> str:
    """ "Final plan": what a version is, from the kind that is sealed in its manifest."""
    return ISSUED.get(manifest["kind"], str(manifest["kind"]).replace("_", " "))


def sign_offs(plan: dict[str, Any], entries: list[Any]) -> list[tuple[dict[str, Any], bool]]:
    """Every sign-off that was not taken back, and whether the section still has the words it was given for."""
    shown = (each for each in plan["sections"] if each["reach"] in ("working", "own"))
    newest: dict[str, tuple[int, str]] = {each["section"]: (each["revision"], "") for each in shown}
    given: dict[tuple[str, str], dict[str, Any]] = {}
    for facts in (each["facts"] for each in entries if "facts" in each):
        section, text = facts["section"], (facts["revision"], facts["hash"])
        if section:
            newest[section] = max(text, newest.get(section, text))
        if facts["kind"] == "section_signed":
            given[section, facts["who"]] = facts
        elif facts["kind"] == "sign_off_withdrawn":
            given.pop((section, facts["who"]), None)
    return [(each, newest[each["section"]][1] == each["hash"]) for each in given.values()]


def who(plan: dict[str, Any], facts: dict[str, Any]) -> str:
    return str(plan["people"].get(facts["who"], "Somebody"))


def signature_of(plan: dict[str, Any], facts: dict[str, Any], stands: bool) -> str:
    words = "for the words as they stand" if stands else "for words that have changed since"
    verb = "Agreed" if facts["section"] == "A" else "Signed"
    return f"{verb} by {who(plan, facts)} ({facts['agency_name']}) on {when(facts['at'])}, {words}."


def checkpoint_line(checkpoint: dict[str, Any] | None) -> str:
    if not checkpoint:
        return "There is none in this receipt."
    covers = f"covers this plan up to entry {checkpoint['leaf']['sequence']} of its history"
    key = grouped(checkpoint["statement"]["key"])
    return f"C{_named(checkpoint)[1:]} {covers}. It is signed with the key {key}."


def newer_line(checkpoint: dict[str, Any] | None, length: int) -> str:
    """What no checkpoint vouches for yet, of a history of that many entries; empty when there is nothing."""
    if not checkpoint:
        nothing = "There is no checkpoint in this receipt, so nothing in it is vouched for yet."
        return f"{nothing} One is made every day: download the receipt again after the next."
    newer = length - checkpoint["leaf"]["sequence"]
    if newer <= 0:
        return ""
    are, fit, them = (f"{newer} entries are", "They fit", "them") if newer > 1 else ("1 entry is", "It fits", "it")
    then = f"the next checkpoint will vouch for {them}: download the receipt again then"
    proved = "Until then, what is new is not proved. A checkpoint is made every day."
    return f"{are} newer than {_named(checkpoint)}. {fit} the ones before, and {then}. {proved}"


def _named(checkpoint: dict[str, Any]) -> str:
    statement = checkpoint["statement"]
    return f"checkpoint {statement['number']} of {when(statement['at'], True)}"
