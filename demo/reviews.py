"""The reviews of a fictional child's plan, lived through by the portal's own operations from planning to decision."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from portal.domain.clocks.days import is_working_day
from portal.domain.hashing import Value
from portal.domain.moment import local_day
from portal.domain.reading import number_of
from portal.operations import review

if TYPE_CHECKING:
    from demo.children import Life

Step = Mapping[str, Any]


def write(life: "Life", step: Step) -> None:
    """One act of a review, as the file names it."""
    acts: Mapping[str, Callable[[Life, Step], None]] = {
        "plan": _plan,
        "invite": _invite,
        "advise": _advise,
        "views": _views,
        "circulate": _circulate,
        "meeting": _meeting,
        "report": _report,
        "decide": _decide,
    }
    acts[step["act"]](life, step)


def _plan(life: "Life", step: Step) -> None:
    on, words = _day(life, step["on_days_ago"]), step.get("words", "")
    life.plan = review.plan_meeting(life.db, life.actor(step), life.plan.id, on, words, life.moment(step))


def _invite(life: "Life", step: Step) -> None:
    known = review.may_be_invited(life.db, life.plan, life.moment({**step, "days_ago": 0}))
    wanted = {life.actors[each] for each in step["people"]}
    here = [{"part": part, "name": who.name, "person": who.person} for part, who in known if who.person in wanted]
    others = [{"part": part, "name": name, "person": ""} for part, name in step.get("others", {}).items()]
    words = step.get("words", "")
    life.plan = review.invite(life.db, life.actor(step), life.plan.id, [*here, *others], words, life.moment(step))


def _advise(life: "Life", step: Step) -> None:
    said = (step["progress"].strip(), step.get("change", "").strip())
    life.plan = review.advise(life.db, life.actor(step), life.plan.id, *said, life.moment(step))


def _views(life: "Life", step: Step) -> None:
    said = (step["views"].strip(), step["told"])
    life.plan = review.tell_views(life.db, life.actor(step), life.plan.id, *said, life.moment(step))


def _circulate(life: "Life", step: Step) -> None:
    life.plan = review.circulate(life.db, life.actor(step), life.plan.id, life.moment(step))


def _meeting(life: "Life", step: Step) -> None:
    """The record, with a word and a sentence for each outcome by its alias."""
    group = life.plan.standard.section("E").group("outcomes")
    progress: list[Value] = []
    for each in life.plan.sections["E"].content.in_group("outcomes"):
        alias = next(name for name, item in life.ids.items() if item == each.id).partition("/")[2]
        mark, note = step["outcomes"].get(alias, ("", ""))
        named = f"{number_of(group, each)} {each.text('what')}"
        progress.append({"outcome": each.id, "named": named, "mark": mark, "note": note})
    said: dict[str, Value] = {
        name: step.get(name, "").strip() for name in ("there", "said", "recommends", "recommended")
    }
    said |= {"dissent": [dict(each) for each in step.get("dissent", ())], "progress": progress}
    on = _day(life, step["days_ago"])
    life.plan = review.record(life.db, life.actor(step), life.plan.id, on, said, life.moment(step))


def _report(life: "Life", step: Step) -> None:
    life.plan = review.send_report(life.db, life.actor(step), life.plan.id, life.moment(step))


def _decide(life: "Life", step: Step) -> None:
    said = (step["outcome"], step["words"].strip())
    life.plan = review.decide(life.db, life.actor(step), life.plan.id, *said, life.moment(step))


def _day(life: "Life", days_ago: int) -> date:
    """A day on which a school is at work, not later than the one that the file says."""
    day = local_day(life.now - timedelta(days=days_ago))
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day
