"""While a plan is open: what others save in it, who else is there, and where one is oneself."""

from typing import cast

from flask import Blueprint, Response, request, session
from marshmallow import fields, validate

from portal.auth.gate import needs
from portal.auth.session import ServerSession
from portal.domain.permission import Permission
from portal.domain.presence import Place
from portal.operations import live as operations
from portal.operations.listener import Listener
from portal.store.sessions import key_of
from portal.web import current, live
from portal.web.forms import Form, Query, load
from portal.web.render import as_json

blueprint = Blueprint("live", __name__, url_prefix="/plans/<plan_id>/live")
NAME = validate.Regexp(r"[A-Za-z0-9_-]{0,40}\Z")


class LiveQuery(Query):
    """The number up to which the page knows what was saved; without it, up to now."""

    after = fields.Integer(load_default=None, validate=validate.Range(min=0, max=999_999_999))


class HereForm(Form):
    """Where somebody is. All empty, they are on a page about the whole plan; `gone`, they have left it."""

    section = fields.String(load_default="", validate=NAME)
    group = fields.String(load_default="", validate=NAME)
    item = fields.String(load_default="", validate=NAME)
    field = fields.String(load_default="", validate=NAME)
    gone = fields.String(load_default="", validate=validate.OneOf(("", "yes")))


@blueprint.get("")
@needs(Permission.PLAN_VIEW)
def listen(plan_id: str) -> Response:
    """What was saved after a number and who is there, once as JSON, or from now on as a stream of events."""
    db, actor = current.db(), current.actor()
    after = live.last_heard(load(LiveQuery(), request.args)["after"])
    plan = operations.follow(db, actor, plan_id)
    known = plan.sequence if after is None else min(after, plan.sequence)
    if not live.wants_events():
        news = operations.news_since(db, plan, actor, known)
        others = operations.others(db, plan, actor, current.moment())
        saved = [live.news_json(each) for each in news]
        number = plan.sequence if operations.hears(plan, actor) else 0
        return as_json({"plan": plan_id, "sequence": number, "saved": saved, "here": live.here_json(others)})
    return live.stream(Listener(plan_id, actor, key_of(cast(ServerSession, session).id), known, live.hung_up()))


@blueprint.post("")
@needs(Permission.PLAN_VIEW)
def here(plan_id: str) -> Response:
    """Say where one is, every few seconds for as long as the page is open; answers who else is there."""
    db, actor, moment = current.db(), current.actor(), current.moment()
    plan = operations.follow(db, actor, plan_id)
    sent = load(HereForm(), request.form)
    if sent["gone"]:
        operations.leave(db, actor, plan)
    else:
        place = Place(sent["section"], sent["group"], sent["item"], sent["field"])
        operations.be_here(db, actor, plan, place, moment)
    return as_json({"plan": plan_id, "here": live.here_json(operations.others(db, plan, actor, moment))})
