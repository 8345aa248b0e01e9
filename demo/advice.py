"""The advice about a fictional child: asked for, given, chased and taken in by the portal's own operations."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from portal.domain.advice import AdviceState
from portal.domain.advice_asked import requests
from portal.domain.advice_form import Advice, Table
from portal.operations import advice, advice_drafting, advice_given, plans, sections
from portal.operations.advice import Ask
from portal.operations.sections import Submission

if TYPE_CHECKING:
    from demo.children import Life

Step = Mapping[str, Any]


def write(life: "Life", step: Step) -> None:
    """One act about advice, as the file names it; `ref` says which request it is about."""
    acts: Mapping[str, Callable[[Life, Step], None]] = {
        "ask": _ask,
        "chase": _chase,
        "decline": _decline,
        "give": _give,
        "open": _open,
        "take": _take,
    }
    acts[step["act"]](life, step)


def _ask(life: "Life", step: Step) -> None:
    person = life.actors[step["of"]] if "of" in step else ""  # nobody yet: the agency's lead hands it on
    asked = Ask(step["kind"], step["agency"], person, step["words"].strip())
    life.plan = advice.ask(life.db, life.actor(step), life.plan.id, asked, life.moment(step))


def _number(life: "Life", step: Step) -> int:
    return next(each.number for each in requests(life.plan) if each.ref == step["ref"])


def _chase(life: "Life", step: Step) -> None:
    number, words = _number(life, step), step.get("words", "")
    life.plan = advice.chase(life.db, life.actor(step), life.plan.id, number, words, life.moment(step))


def _decline(life: "Life", step: Step) -> None:
    number, state = _number(life, step), AdviceState(step["answer"])
    words = step["words"].strip()
    life.plan = advice.decline(life.db, life.actor(step), life.plan.id, number, state, words, life.moment(step))


def _give(life: "Life", step: Step) -> None:
    number = _number(life, step)
    request = next(each for each in requests(life.plan) if each.number == number)
    rows = {table: tuple(step.get(table.value, ())) for table in Table}
    answers = {name: text.strip() for name, text in step["answers"].items()}
    given = Advice(request.kind, advice_given.role_words(request), answers, rows)
    life.plan = advice_given.give(life.db, life.actor(step), life.plan.id, number, 0, given, life.moment(step))


def _open(life: "Life", step: Step) -> None:
    """Somebody of the council or the family reads what was given."""
    reading = plans.reading_of(life.db, life.plan, life.actor(step))
    advice_given.open_given(life.db, reading, _number(life, step), 1, life.moment(step))


def _take(life: "Life", step: Step) -> None:
    """A row of it is taken into a section; `amount` is what its writer then makes of how much."""
    letter, actor, moment = step["section"], life.actor(step), life.moment(step)
    place = (life.plan.id, letter, _number(life, step), step["row"])
    life.plan, item = advice_drafting.take(life.db, actor, *place, step.get("beside", {}), moment)
    if "amount" in step:
        head = life.plan.sections[letter]
        group = life.plan.standard.section(letter).groups[0].name
        sent = Submission(letter, group, item, {"amount": dict(step["amount"])}, head.revision)
        life.plan = sections.edit(life.db, actor, life.plan.id, sent, moment)
