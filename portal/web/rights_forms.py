"""The forms by which consents, capacity for a decision and a court's order are recorded."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, pre_load, validate

from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.rights import Matter
from portal.web.forms import Form, Words


def _person(pattern: str = r"[A-Za-z0-9-]{1,40}") -> fields.String:
    chosen = validate.Regexp(rf"{pattern}\Z", error="Choose somebody.")
    return fields.String(required=True, error_messages={"required": "Choose somebody."}, validate=chosen)


def _letters() -> fields.List[str]:
    one = fields.String(validate=validate.OneOf(EHC_PLAN.letters, error="Choose from the sections shown."))
    return fields.List(one, load_default=list, validate=validate.Length(max=len(EHC_PLAN.letters)))


class ConsentForm(Form):
    person = _person()
    letters = _letters()
    until = fields.Date(load_default=None, error_messages={"invalid": "Give a day, like 2027-03-14."})

    writes = fields.Boolean(load_default=False)

    @pre_load
    def without_last_day(self, sent: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """A browser sends a day that was not given as nothing."""
        return {name: value for name, value in sent.items() if name != "until" or value}


class WithdrawForm(Form):
    person = _person()


class CapacityForm(Form):
    """Who decides a matter instead of the young person; nobody, where they decide themselves again."""

    person = _person(r"(self|[A-Za-z0-9-]{1,40})")
    matter = fields.String(
        required=True,
        error_messages={"required": "Choose the decision."},
        validate=validate.OneOf([each.value for each in Matter], error="Choose the decision."),
    )
    reason = Words(limit=2000, load_default="")


class LimitForm(Form):
    person = _person()
    letters = _letters()
    reason = Words(limit=2000, load_default="")
