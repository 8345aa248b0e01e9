"""The forms by which a school is consulted that has nobody here, and by which any of them replies."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from portal.domain.consult import Reply
from portal.domain.consultation import Ground
from portal.web.forms import Form, Words

# Children and Families Act 2014 s39(4), in words that a head can put a name to.
GROUND_WORDS = {
    Ground.UNSUITABLE: "It would be unsuitable for the child’s age, ability, aptitude or special educational needs",
    Ground.EDUCATION: "The child being there would be incompatible with efficient education for others",
    Ground.RESOURCES: "The child being there would be incompatible with the efficient use of resources",
}
LISTED_WORDS = {
    "": "A maintained school, academy or college",
    "yes": "Independent, and on the list of section 41",
    "no": "Independent, and not on that list: it need not admit the child",
}
CHOOSE = "Say whether the needs in the draft can be met."


class ElsewhereForm(Form):
    name = Words(limit=200, line=True, needed="Name the school or college.", required=True)
    listed = fields.String(load_default="", validate=validate.OneOf(tuple(LISTED_WORDS), error="Choose one."))
    on = Words(limit=10, line=True, needed="Say on which day.", required=True)


class ReplyForm(Form):
    meets = fields.String(
        required=True, validate=validate.OneOf(("yes", "no"), error=CHOOSE), error_messages={"required": CHOOSE}
    )
    grounds = fields.List(
        fields.String(validate=validate.OneOf([each.value for each in Ground], error="Choose from the list.")),
        load_default=list,
    )
    words = Words(limit=6000, load_default="")
    needs = Words(limit=6000, load_default="")
    on = Words(limit=10, line=True, load_default="")


def reply_of(sent: Mapping[str, Any]) -> Reply:
    grounds = tuple(each for each in Ground if each.value in sent["grounds"])
    return Reply(sent["meets"] == "yes", grounds, sent["words"], sent["needs"])
