"""The forms by which parts are given, ended, lent, handed on and accepted."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import fields, validate

from portal.domain.actor import WHOLE_CASELOAD, Role
from portal.domain.error import Invalid
from portal.domain.identifier import ALPHABET, ITEM_ID, PLAN_ID
from portal.domain.invitation import Facts
from portal.web.forms import Form, Query, Words

Messages = dict[str, str | list[Any] | dict[Any, Any]]
PERSON = validate.Regexp(rf"[{ALPHABET}]{{16}}\Z", error="Choose one of the people on the list.")
SLUG = validate.Regexp(r"[a-z0-9-]{2,60}\Z", error="Choose one of the agencies on the list.")
SCOPE = validate.Regexp(rf"({WHOLE_CASELOAD}|{PLAN_ID.pattern}|)\Z", error="Copy the plan’s reference as it stands.")
ROLE = validate.OneOf([each.value for each in Role], error="Choose what they will do.")
KEY = validate.Length(max=200)
ITEM = validate.Regexp(rf"(?:{ITEM_ID.pattern})\Z", error="Choose advice from the list.")
NAMED: Messages = {"required": "Choose one of the people on the list."}
TOLD: Messages = {"required": "Choose what they will do."}


class EndForm(Form):
    key = fields.String(required=True, validate=KEY)


class TakeBackForm(Form):
    invitation = fields.String(required=True, validate=KEY)


class InviteForm(Form):
    """On a plan's page: the plan is in the address."""

    role = fields.String(required=True, validate=ROLE, error_messages=TOLD)
    relation = Words(
        limit=60, line=True, needed="Say who they are to the child: mother, foster carer, advocate.", required=True
    )


class InviteColleagueForm(Form):
    agency = fields.String(required=True, validate=SLUG)
    role = fields.String(required=True, validate=ROLE, error_messages=TOLD)
    scope = fields.String(load_default=WHOLE_CASELOAD, validate=SCOPE)


class GiveOnPlanForm(Form):
    """On a plan's page: the plan is in the address."""

    agency = fields.String(required=True, validate=SLUG)
    person = fields.String(required=True, validate=PERSON, error_messages=NAMED)
    role = fields.String(required=True, validate=ROLE, error_messages=TOLD)


class ConsultForm(Form):
    """On a plan's page: the plan is in the address."""

    agency = fields.String(required=True, validate=SLUG)
    person = fields.String(required=True, validate=PERSON, error_messages=NAMED)
    last = Words(limit=10, line=True, needed="Say until which day.", required=True)
    pack = fields.List(fields.String(validate=ITEM), load_default=list, validate=validate.Length(max=60))


class GiveForm(GiveOnPlanForm):
    scope = fields.String(load_default="", validate=SCOPE)


class SettleForm(Form):
    agency = fields.String(required=True, validate=SLUG)
    request = fields.String(required=True, validate=KEY)
    answer = fields.String(required=True, validate=validate.OneOf(["confirm", "refuse"]))


class LeaveForm(Form):
    agency = fields.String(required=True, validate=SLUG)
    person = fields.String(required=True, validate=PERSON)


class HandOverForm(LeaveForm):
    to = fields.String(required=True, validate=PERSON, error_messages=NAMED)


class CoverForm(HandOverForm):
    first = Words(limit=10, line=True, needed="Say from which day.", required=True)
    last = Words(limit=10, line=True, needed="Say until which day.", required=True)


class AcceptForm(Form):
    code = Words(limit=40, line=True, needed="Type the code that you were told.", required=True)


class AcceptAsFamilyForm(AcceptForm):
    day = Words(limit=2, line=True, needed="Type the day.", required=True)
    month = Words(limit=2, line=True, needed="Type the month.", required=True)
    year = Words(limit=4, line=True, needed="Type the year.", required=True)


class AgencyQuery(Query):
    agency = fields.String(load_default="", validate=validate.Regexp(r"[a-z0-9-]{0,60}\Z"))
    person = fields.String(load_default="", validate=validate.Regexp(rf"[{ALPHABET}]{{0,16}}\Z"))


def day_of(text: str, name: str) -> date:
    """A day as a date field sends it, "2026-12-24"; Invalid for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid({name: "Write the day as year, month and day, like 2026-12-24."}) from None


def facts_of(sent: Mapping[str, Any]) -> Facts:
    """What somebody typed to show that the invitation is theirs; Invalid for a date that there is not."""
    if "year" not in sent:
        return Facts(sent["code"])
    try:
        born = date(*(int(sent[part]) for part in ("year", "month", "day")))
    except ValueError:
        raise Invalid({"day": "There is no such date. Write it in numbers, like 14 3 2017."}) from None
    return Facts(sent["code"], born)
