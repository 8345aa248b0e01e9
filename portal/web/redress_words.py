"""Disagreement, mediation and appeal in plain words: what each act means, and what follows from it by law."""

from dataclasses import dataclass

from portal.domain.clocks.event import Kind


@dataclass(frozen=True)
class Act:
    """One thing that the council puts on record: the link to it, its page's heading, what follows, and its day."""

    link: str
    title: str
    follows: str
    day: str


ACTS = {
    Kind.DECISION_LETTER_SENT: Act(
        "A decision was sent that can be appealed",
        "Which decision did you send?",
        "The family’s two months to appeal, and to contact a mediation adviser, begin with the day of this letter.",
        "On which day was it sent?",
    ),
    Kind.MEDIATION_REQUESTED: Act(
        "The family asked for mediation",
        "The family asked for mediation",
        "Tell the Integrated Care Board within three working days. The mediation is to be held within 30 days.",
        "On which day did they tell you?",
    ),
    Kind.ICB_NOTIFIED: Act(
        "The Integrated Care Board was told",
        "The Integrated Care Board was told of the mediation",
        "Where it is about health alone, its 30 days begin with this day.",
        "On which day?",
    ),
    Kind.MEDIATION_DECLINED: Act(
        "The family does not want mediation",
        "The family does not want mediation",
        "The mediation adviser sends them a certificate within three working days. They lose nothing by it.",
        "On which day did they say so?",
    ),
    Kind.MEDIATION_ENDED: Act(
        "The mediation ended",
        "The mediation ended",
        "Say in your own words what was agreed. The adviser sends the certificate within three working days.",
        "On which day?",
    ),
    Kind.MEDIATION_NOT_ARRANGED: Act(
        "The mediation could not be arranged",
        "The mediation could not be arranged",
        "The family loses nothing by that: the adviser sends the certificate within three working days.",
        "On which day was that clear?",
    ),
    Kind.MEDIATION_CERTIFICATE_ISSUED: Act(
        "The mediation certificate was issued",
        "The mediation certificate was issued",
        "The family can appeal until a month from this day, or two months from the letter, whichever is later.",
        "Which day is on the certificate?",
    ),
    Kind.APPEAL_LODGED: Act(
        "The family appealed",
        "The family appealed",
        "The plan stays in force, and can’t cease, until the appeal is concluded.",
        "On which day was it lodged?",
    ),
    Kind.APPEAL_CONCLUDED: Act(
        "The appeal was concluded without an order",
        "The appeal was concluded",
        "It was withdrawn, conceded or dismissed. What the tribunal orders is put on record as an order.",
        "On which day?",
    ),
    Kind.TRIBUNAL_ORDER: Act(
        "The tribunal made an order",
        "What did the tribunal order?",
        "It binds the council from this day. Where it gives words to B, F or I, copy them exactly afterwards.",
        "Which day is on the order?",
    ),
    Kind.HEALTH_RECOMMENDATION: Act(
        "The tribunal recommended something about health or social care",
        "What did the tribunal recommend?",
        "Health and social care answer within five weeks. A recommendation does not bind, an order does.",
        "On which day?",
    ),
    Kind.CEASE_DECIDED: Act(
        "The council decided that the plan is to cease",
        "The council decided that the plan is to cease",
        "The plan stays in force until the time to appeal is over, and an appeal decided. Send them the decision.",
        "On which day was that decided?",
    ),
}
# The decision that can be appealed, after "about" or "The council decided".
DECIDED = {
    "refuse_assessment": "not to assess",
    "refuse_plan": "not to make a plan",
    "plan_contents": "what the plan says",
    "refuse_reassessment": "not to assess again",
    "no_amendment": "not to amend the plan",
    "cease": "that the plan is to cease",
}
