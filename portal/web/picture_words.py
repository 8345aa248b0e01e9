"""What pictures of a caseload say: titles, bars and columns in the words of the field."""

from datetime import date

from portal.domain.clocks.stage import Stage
from portal.domain.picture import Waited, What

TITLES = {
    "stages": "Where cases stand",
    "waiting": "Who is waited for",
    "plans": "Plans issued within 20 weeks",
    "reviews": "Review decisions within 4 weeks",
    "decisions": "What was decided",
}
LEADS = {
    "stages": "Every case by its stage, and how many of them have a legal date that has passed.",
    "waiting": "Cases that wait for somebody, and how many of them have a legal date that has passed.",
    "plans": "Of the new plans issued in each month, those issued within 20 weeks of the request "
    "(SEND Regulations 2014, regulation 13(2)). Those with a lawful exemption are left out of the share.",
    "reviews": "Of the decisions made after a yearly review in each month, those made within 4 weeks of the meeting "
    "(SEND Regulations 2014, regulation 20(10)).",
    "decisions": "Everything that was decided in the last 12 months, with what came of it.",
}
FIRST_COLUMN = {
    "stages": "Stage",
    "waiting": "Who is waited for",
    "plans": "Month",
    "reviews": "Month",
    "decisions": "Decision",
}
COLUMNS = {
    "cases": "Cases",
    "late": "Late",
    "in_time": "In time",
    "exempt": "Lawfully later",
    "decisions": "Decisions",
    "percent": "Share in time (percent)",
}
LATE_CASES = "Past a legal date"
BARS = {
    Stage.REQUESTED: "Requested, to be decided",
    Stage.REFUSED: "No assessment",
    Stage.ASSESSING: "Being assessed",
    Stage.NO_PLAN: "Assessed, no plan",
    Stage.DRAFTING: "Draft with the family, or being finalised",
    Stage.MAINTAINED: "Plan in force",
    Stage.REVIEWING: "Plan in force, being reviewed",
    Stage.AMENDING: "Plan in force, being amended",
    Stage.CEASING: "Plan to cease",
    Waited.COUNCIL: "The council’s SEN team",
    Waited.FAMILY: "The family",
    Waited.SCHOOL: "School or college",
    Waited.HEALTH: "Health",
    Waited.PSYCHOLOGIST: "Educational psychology",
    Waited.CARE: "Social care",
    Waited.OTHERS: "Somebody else who was asked for advice",
    f"{What.ASSESS}.agreed": "To assess",
    f"{What.ASSESS}.refused": "Not to assess",
    f"{What.PLAN}.issued": "Plan issued",
    f"{What.PLAN}.no_plan": "No plan after the assessment",
    f"{What.REVIEW}.maintain": "After a review: keep the plan as it is",
    f"{What.REVIEW}.amend": "After a review: amend it",
    f"{What.REVIEW}.cease": "After a review: cease it",
}


def bar_words(key: str) -> str:
    """What a bar is of: a stage, somebody, a decision, or a month ("March 2026")."""
    return BARS[key] if key in BARS else f"{date.fromisoformat(f'{key}-01'):%B %Y}"


def column_words(table: str, column: str) -> str:
    return LATE_CASES if column == "late" and table in ("stages", "waiting") else COLUMNS[column]
