"""A receipt that anybody can check alone, and the public page of the checkpoints that it is checked against."""

from flask import Blueprint, Response, request
from marshmallow import fields, validate

from portal.auth.gate import needs
from portal.domain.permission import Permission
from portal.operations import plans, receipts
from portal.receipt.program import fingerprint
from portal.receipt.program import program as check_file
from portal.receipt.said import grouped
from portal.store import checkpoints as store
from portal.web import current
from portal.web.filters import local
from portal.web.forms import Query, load
from portal.web.render import render

blueprint = Blueprint("receipts", __name__)
SHOWN = 30


class ReceiptQuery(Query):
    """`checkpoint`: the number of the one that the reader holds; 0 for the newest."""

    checkpoint = fields.Integer(load_default=0, validate=validate.Range(min=0, max=10_000_000))


@blueprint.get("/plans/<plan_id>/receipt")
@needs(Permission.PLAN_VIEW)
def show(plan_id: str) -> Response:
    """What is in a receipt, how it is checked, and the button."""
    db = current.db()
    reading = current.open_plan(plan_id)
    plans.must_read_history(reading)
    checkpoint = store.latest(db)
    covered = store.inclusion(db, checkpoint, plan_id) if checkpoint else None
    return render(
        "receipts/show.html",
        json=lambda: {"plan": plan_id, "checkpoint": covered.facts if covered else {}},
        plan=reading.plan,
        covered=covered,
        check_hash=fingerprint(),
        grouped=grouped,
    )


@blueprint.get("/plans/<plan_id>/receipt.zip")
@needs(Permission.PLAN_VIEW)
def download(plan_id: str) -> Response:
    """The receipt, made anew for this reader."""
    asked, moment = load(ReceiptQuery(), request.args), current.moment()
    made = receipts.receipt(current.db(), current.actor(), plan_id, moment, asked["checkpoint"])
    response = Response(made, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{local(moment.product)}.zip"'
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


@blueprint.get("/checkpoints")
def checkpoints() -> Response:
    """The newest checkpoints, for whoever wants to be a witness: there is nothing about any child in them."""
    found = store.recent(current.db(), SHOWN)
    return render(
        "receipts/checkpoints.html",
        json=lambda: {"checkpoints": [each.facts for each in found], "check_py": fingerprint()},
        found=found,
        check_hash=fingerprint(),
        grouped=grouped,
    )


@blueprint.get("/checkpoints/check.py")
def program() -> Response:
    """The file that checks a receipt, to be had from here rather than from the receipt itself."""
    response = Response(check_file(), mimetype="text/x-python")
    response.headers["Content-Disposition"] = 'attachment; filename="check.py"'
    return response
