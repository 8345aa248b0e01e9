"""A child's plan: the page, who can see it, and everything that happened."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, request

from portal.auth.gate import needs
from portal.domain.actor import FAMILY_ROLES, ROLE_WORDS, Grant
from portal.domain.agency import AGENCY_TITLES, AgencyKind
from portal.domain.awaited import tasks_of, unheard
from portal.domain.case_turn import next_by_law
from portal.domain.invitation import STATE_WORDS
from portal.domain.permission import Permission
from portal.domain.permission_law import opens_case
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading
from portal.domain.section import signed_so_far
from portal.domain.standard import Needed
from portal.operations import conversations, staff, unread
from portal.operations import plans as operations
from portal.operations.told import entries_told, people_told
from portal.store import chain, openings, people
from portal.store.glance import Glance
from portal.web import current
from portal.web.event_words import sentence_of
from portal.web.forms import HistoryQuery, load
from portal.web.json import entry_json, person_json, plan_json
from portal.web.kept import kept
from portal.web.plan_words import news_of, stage_of, waiting_for_others
from portal.web.render import as_json, render, shows_page, wants_json
from portal.web.section_words import line_of, tag_of
from portal.web.turn_words import turn_of

blueprint = Blueprint("plans", __name__, url_prefix="/plans/<plan_id>")
PAGE = 50


@blueprint.get("")
@needs(Permission.PLAN_VIEW)
def show(plan_id: str) -> Response:
    """The plan's page. `look` is all that it hangs on, so that it is made again only when something changed."""
    db, actor, moment = current.db(), current.actor(), current.moment()
    look = current.glance(plan_id)
    operations.open_loaded(db, look.plan, actor, moment)
    if wants_json():
        return kept(look.plan, (), lambda: as_json(plan_json(operations.reading_of(db, look.plan, actor))))
    people_here = tuple(each for each in look.parts if each.live_at(moment.wall) and _has_a_part(each, look.plan))
    beside = (people_here, tuple((each.place, each.at) for each in look.drafts), frozenset((look.marks or {}).items()))
    return kept(look.plan, beside, lambda: _page(look, people_here))


def _page(look: Glance, people_here: tuple[Grant, ...]) -> Response:
    db, actor = current.db(), current.actor()
    reading = operations.reading_of(db, look.plan, actor)
    plan, people_here = reading.plan, people_told(reading, people_here)
    marks = look.marks if look.marks is not None else unread.marks_of(db, reading, current.moment())
    tasks = unheard(tasks_of(look.plan, actor), marks)  # what their list says, of which a sign-off may not count
    turns = [turn_of(each, plan.id, plan.child.called) for each in tasks]
    return render(
        "plans/show.html",
        reading=reading,
        plan=plan,
        turn=turns[0] if turns else waiting_for_others(plan, people_here),
        more_turns=turns[1:],
        stage=stage_of(plan),
        by_law=next_by_law(plan),
        agencies=[(kind, AGENCY_TITLES[kind], list(plan.standard.owned_by(kind))) for kind in AgencyKind],
        signed=signed_so_far(plan),
        beads=[each for each in plan.standard.sections if each.needed is Needed.SIGNED],
        people=people_here,
        unsent=look.drafts,
        unread=unread.beyond(db, reading, marks),
        waiting=conversations.waiting(db, reading),
        news_of=news_of,
        may=Permission,
        tag_of=tag_of,
        line_of=line_of,
        role_words=ROLE_WORDS,
    )


@blueprint.get("/people")
@needs(Permission.PLAN_VIEW)
def who(plan_id: str) -> Response:
    db, moment = current.db(), current.moment()
    reading = current.open_plan(plan_id)
    parts = (each for each in people.grants_on(db, plan_id, moment.wall) if _has_a_part(each, reading.plan))
    grants = people_told(reading, parts)
    opened = _openings_shown(reading, grants, openings.last_by_person(db, plan_id))
    return render(
        "plans/people.html",
        json=lambda: {
            "plan": plan_id,
            "people": [person_json(each, opened.get(each.person), reading.plan.child) for each in grants],
        },
        reading=reading,
        plan=reading.plan,
        people=grants,
        opened=opened,
        role_words=ROLE_WORDS,
        access=staff.on_plan(db, current.actor(), reading.plan, grants, moment) if shows_page() else staff.PlanAccess(),
        state_words=STATE_WORDS,
        public_url=current.settings().public_url,
        wall=moment.wall,
    )


@blueprint.get("/history")
@needs(Permission.PLAN_HISTORY)
def happened(plan_id: str) -> Response:
    db = current.db()
    before = load(HistoryQuery(), request.args)["before"]
    reading = current.open_plan(plan_id)
    operations.must_read_history(reading)
    found, between = chain.entries(db, plan_id, before, PAGE), conversations.entries_between(db, reading)
    entries = entries_told(reading, (each for each in found if each.sequence not in between))
    return render(
        "plans/history.html",
        json=lambda: {"plan": plan_id, "entries": [entry_json(each, reading.plan.child) for each in entries]},
        reading=reading,
        plan=reading.plan,
        entries=entries,
        sentence_of=sentence_of,
        older=found[-1].sequence if len(found) == PAGE and found[-1].sequence > 1 else 0,
    )


def _has_a_part(grant: Grant, plan: Plan) -> bool:
    """Whether a live grant lets its holder open the plan today."""
    return opens_case(grant, Permission.PLAN_VIEW, plan, current.moment().today)


def _openings_shown(reading: PlanReading, grants: Sequence[Grant], opened: dict[str, datetime]) -> dict[str, datetime]:
    """When each person last looked; between family members that is nobody's business but their own."""
    family = {each.person for each in grants if each.role in FAMILY_ROLES}
    if reading.actor.person not in family:
        return opened
    return {person: at for person, at in opened.items() if person not in family - {reading.actor.person}}
