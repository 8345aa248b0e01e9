"""The forms by which the family makes points about a draft, and the council writes one down and answers."""

from marshmallow import fields, validate

from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.identifier import ALPHABET
from portal.domain.plan import Plan
from portal.domain.representation import MEETING, PASSED_OVER_UNDER, SCHOOL, WHOLE
from portal.web.forms import Form, Words

ABOUT_WORDS = {
    WHOLE: "The plan as a whole",
    SCHOOL: "The school or college you would like",
    MEETING: "A meeting with the council",
}
ABOUT = validate.OneOf((*PASSED_OVER_UNDER, *EHC_PLAN.letters), error="Choose what it is about.")
PERSON = validate.Regexp(rf"[{ALPHABET}]{{16}}\Z", error="Choose who of the family said it.")
NEEDED = "Choose one."


class PointForm(Form):
    about = fields.String(required=True, validate=ABOUT, error_messages={"required": "Choose what it is about."})
    words = Words(limit=6000, needed="Write what you want to say.", required=True)
    school = Words(limit=200, line=True, load_default="")


class WriteDownForm(PointForm):
    person = fields.String(
        required=True, validate=PERSON, error_messages={"required": "Choose who of the family said it."}
    )


class PointAnswerForm(Form):
    accepted = fields.String(
        required=True, validate=validate.OneOf(("yes", "no"), error=NEEDED), error_messages={"required": NEEDED}
    )
    words = Words(limit=6000, needed="Say what was changed, or why not.", required=True)


def about_choices(plan: Plan) -> list[tuple[str, str]]:
    """(key, words) of what a point can be about: the whole, a school, a meeting, then each section."""
    sections = [(each.letter, f"{each.title} (section {each.letter})") for each in plan.standard.sections]
    printed = [each for each in sections if plan.standard.section(each[0]).printed_in_draft]
    return [*ABOUT_WORDS.items(), *printed]


def about_words(plan: Plan, about: str) -> str:
    """What one point is about, in words."""
    return ABOUT_WORDS.get(about) or dict(about_choices(plan)).get(about, about)
