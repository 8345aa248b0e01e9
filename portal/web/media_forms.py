"""The form by which a file is sent; its words come with the item's own form (forms.py)."""

from marshmallow import fields, validate

from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.media import GROUP, LETTER
from portal.web.forms import Form

SHOWS = EHC_PLAN.section(LETTER).group(GROUP).field("shows").choices


class SendForm(Form):
    shows = fields.String(load_default="", validate=validate.OneOf(["", *(key for key, _ in SHOWS)]))
    # What the sender made of it, so that a file that did not arrive whole is refused.
    sha256 = fields.String(load_default="", validate=validate.Regexp(r"(?:[0-9a-f]{64})?\Z"))
