"""What a fictional child's family says of a draft, what schools reply, and what a tribunal orders."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from portal.domain.clocks.days import is_working_day
from portal.domain.consult import Elsewhere, Reply
from portal.domain.consultation import Ground
from portal.domain.event import EventKind
from portal.domain.moment import Moment
from portal.domain.represent import Point
from portal.operations import consult, redress, representations
from portal.store import plans

if TYPE_CHECKING:
    from demo.children import Life

Step = Mapping[str, Any]


def write(life: "Life", step: Step) -> None:
    """One act, as the file names it."""
    acts: Mapping[str, Callable[[Life, Step], None]] = {
        "point": _point,
        "answer": _answer,
        "consult": _consult,
        "note": _note,
        "reply": _reply,
        "pin": _pin,
    }
    acts[step["act"]](life, step)


def _point(life: "Life", step: Step) -> None:
    point = Point(step["about"], step["words"].strip(), step.get("school", ""))
    life.plan = representations.make(life.db, life.actor(step), life.plan.id, point, life.moment(step))


def _answer(life: "Life", step: Step) -> None:
    """The council answers the oldest point that waits."""
    number = next(each.number for each in life.plan.representations if each.is_open)
    said = (step["accepted"], step["words"].strip())
    life.plan = representations.answer(life.db, life.actor(step), life.plan.id, number, *said, life.moment(step))


def _consult(life: "Life", step: Step) -> None:
    at = Moment(life.moment(step).product, life.now)
    pack = tuple(life.ids[f"K/{each}"] for each in step.get("pack", ()))
    who, last = (step["agency"], life.actors[step["person"]]), at.today + timedelta(days=step["days"])
    consult.consult(life.db, life.actor(step), life.plan.id, *who, last, at, pack=pack)
    life.plan = plans.load(life.db, life.plan.id)


def _note(life: "Life", step: Step) -> None:
    setting = Elsewhere(step["name"], step.get("listed", ""), _day(life, step))
    life.plan = consult.note(life.db, life.actor(step), life.plan.id, setting, life.moment(step))


def _reply(life: "Life", step: Step) -> None:
    """The council writes down what the setting of this number replied: 1 was consulted first."""
    asked = life.plan.consulted[step["setting"] - 1].number
    grounds = tuple(Ground(each) for each in step.get("grounds", ()))
    said = Reply(not grounds, grounds, step.get("words", "").strip(), step.get("needs", "").strip())
    actor, on, at = life.actor(step), _day(life, step), life.moment(step)
    life.plan = consult.reply(life.db, actor, life.plan.id, asked, said, on, at)


def _pin(life: "Life", step: Step) -> None:
    """Words of the newest order are pinned to the field that the file names by its item's alias."""
    orders = [each.sequence for each in life.plan.happened if each.event.kind is EventKind.TRIBUNAL_ORDER]
    letter, alias, field = step["place"].split("/")
    place = f"{letter}/{life.ids[f'{letter}/{alias}']}/{field}"
    actor, words = life.actor(step), step["words"].strip()
    life.plan = redress.pin(life.db, actor, life.plan.id, orders[-1], place, words, life.moment(step))


def _day(life: "Life", step: Step) -> date:
    """The day, or the last on which councils and schools were at work."""
    day = life.moment(step).today
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day
