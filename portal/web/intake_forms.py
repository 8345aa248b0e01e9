"""The forms by which a request for an assessment is sent, written down or answered, and a child's move written down."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import fields, pre_load, validate

from portal.domain.intake import ASKED_BY
from portal.domain.moved_in import Move
from portal.domain.plan import Child
from portal.web.forms import Form, Words

A_DAY = "Give a day, like 2018-03-14."
MAYBE = ("came", "made", "reviewed")  # days that nobody may know yet
ASKERS = {
    "parent": "A parent",
    "young_person": "The young person",
    "school": "A school or college",
    "other": "Somebody else",
}
SUBJECTS = (("she", "she"), ("he", "he"), ("they", "they"))


def _one_of(choices: tuple[str, ...], message: str) -> fields.String:
    known = validate.OneOf(choices, error=message)
    return fields.String(required=True, error_messages={"required": message}, validate=known)


def _day(needed: bool = True) -> fields.Date:
    messages: Any = {"required": A_DAY, "invalid": A_DAY}
    if needed:
        return fields.Date(required=True, error_messages=messages)
    return fields.Date(load_default=None, error_messages=messages)


class ChildForm(Form):
    """Who it is about; what can't be so is the rule's to judge."""

    name = Words(limit=120, line=True, needed="Give the child’s full name.", required=True)
    called = Words(limit=60, line=True, needed="Say what the child is called.", required=True)
    subject = _one_of(tuple(key for key, _ in SUBJECTS), "Choose one.")
    born = _day()
    nhs_number = Words(limit=20, line=True, load_default="")
    upn = Words(limit=20, line=True, load_default="")
    school = Words(limit=120, line=True, load_default="")


class SendForm(ChildForm):
    """What a family sends."""

    council = fields.String(
        required=True,
        error_messages={"required": "Choose the council."},
        validate=validate.Regexp(r"[a-z0-9-]{1,60}\Z", error="Choose the council."),
    )
    relation = Words(limit=60, line=True, needed="Say who you are to the child: mother, foster carer.", required=True)
    # Named so that the gate gives it back where the session is over (auth/gate.py).
    reason = Words(limit=6000, needed="Say what you see, in your own words.", required=True)


class WriteDownForm(ChildForm):
    """What the council writes down of a request that came another way."""

    address = Words(limit=300, line=True, load_default="")
    asked_by = _one_of(tuple(ASKED_BY), "Choose who asked.")
    on = _day()
    evening = _one_of(("no", "yes"), "Choose one.")


class MoveInForm(ChildForm):
    """What the council writes down of a child who moves in with a plan."""

    address = Words(limit=300, line=True, load_default="")
    old_council = Words(limit=120, line=True, needed="Say which council the child comes from.", required=True)
    on = _day()
    aware = _day()
    came = _day(needed=False)
    made = _day(needed=False)
    reviewed = _day(needed=False)

    @pre_load
    def without_unknown_days(self, sent: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """A browser sends a day that was not given as nothing."""
        return {name: value for name, value in sent.items() if value or name not in MAYBE}


class AnswerRequestForm(Form):
    reason = Words(limit=2000, needed="Say why, in words the family can use.", required=True)


class AboutRequestForm(Form):
    """A message about a request."""

    words = Words(limit=2000, needed="Write what you want to say.", required=True)
    waits = _one_of(("yes", "no"), "Say whether you wait for an answer.")


def child_of(sent: Mapping[str, Any]) -> Child:
    born: date = sent["born"]
    return Child(
        name=sent["name"],
        called=sent["called"],
        subject=sent["subject"],
        born=born,
        nhs_number=sent["nhs_number"],
        upn=sent["upn"],
        address=sent.get("address", ""),
        school=sent["school"],
    )


def move_of(sent: Mapping[str, Any]) -> Move:
    return Move(sent["old_council"], sent["on"], sent["aware"], sent["came"], sent["made"], sent["reviewed"])
