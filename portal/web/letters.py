"""The forms of letters, how long each can be appealed, and what is said of them as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from marshmallow import fields, pre_load, validate

from portal.domain.clocks.compute import Running
from portal.domain.clocks.name import Clock
from portal.domain.letter import Body, Letter, Piece, Words, filled, long_day
from portal.domain.letter_kind import LETTERS, LetterKind
from portal.domain.letter_own import CONTACTS, parts_of
from portal.domain.letter_template import LONGEST, Template
from portal.domain.letter_write import Offer
from portal.domain.plan import Plan
from portal.operations.letters import Asked, Read
from portal.web.case_forms import A_DAY
from portal.web.case_words import HAPPENED
from portal.web.forms import Form, Query
from portal.web.forms import Words as Typed
from portal.web.step_up import Proof

SAMPLE = "Here stands why, for this child, in the words of whoever writes the letter."
NOT_WRITTEN = "(Nobody has written this yet.)"
WORDS = "words_"  # before the name of a part
KINDS = tuple(each.value for each in LetterKind)


class KindQuery(Query):
    kind = fields.String(load_default="", validate=validate.OneOf(("", *KINDS)))


class LetterForm(Form):
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    act = fields.String(load_default="preview", validate=validate.OneOf(("preview", "send")))
    decided = fields.Date(load_default=None, error_messages={"invalid": A_DAY})
    reason = Typed(limit=8000, load_default="")
    seen = fields.String(load_default="", validate=validate.Regexp(r"([0-9a-f]{64})?\Z"))

    @pre_load
    def without_day(self, sent: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """A browser sends a day that was not given as nothing."""
        return {name: value for name, value in sent.items() if name != "decided" or value}


def asked_again(kind: LetterKind, proved: Proof, so_far: str, today: date) -> Asked:
    """A letter as it was asked for before its writer was sent to prove who they are; else with the reasons so far."""
    typed = proved.typed or {}
    return Asked(kind, date.fromisoformat(typed.get("decided") or today.isoformat()), typed.get("reason", so_far))


class TemplateQuery(Query):
    """Which template, of which council (its code), and an earlier version of it."""

    kind = fields.String(load_default=CONTACTS, validate=validate.OneOf((CONTACTS, *KINDS)))
    council = fields.String(load_default="", validate=validate.Regexp(r"([a-z]{3})?\Z"))
    version = fields.Integer(load_default=-1, validate=validate.Range(min=0, max=1_000_000))


class TemplateForm(Form):
    """The parts of one template; `version` is the one that its page showed."""

    kind = fields.String(required=True, validate=validate.OneOf((CONTACTS, *KINDS)))
    council = fields.String(required=True, validate=validate.Regexp(r"[a-z]{3}\Z"))
    act = fields.String(load_default="save", validate=validate.OneOf(("preview", "save")))
    version = fields.Integer(required=True, validate=validate.Range(min=0, max=1_000_000))
    # Named so that the gate gives them back where the session is over (auth/gate.py).
    words_opening = Typed(limit=LONGEST, load_default="")
    words_next = Typed(limit=LONGEST, load_default="")
    words_closing = Typed(limit=LONGEST, load_default="")
    words_mediation = Typed(limit=LONGEST, load_default="")
    words_support = Typed(limit=LONGEST, load_default="")
    words_reach = Typed(limit=LONGEST, load_default="")


def parts_sent(sent: Mapping[str, Any]) -> dict[str, str]:
    """What a form sent of the template that it is of."""
    return {each.name: sent[WORDS + each.name] for each in parts_of(sent["kind"])}


def will_record(offer: Offer) -> list[str]:
    """What sending this letter puts on record first, in words."""
    return [HAPPENED[each.kind] for each in offer.missing]


def sample(template: Template, contacts: Template, today: date) -> Body | None:
    """A letter to nobody, as it would be today; none of what all letters share."""
    if template.name == CONTACTS:
        return None
    days = {"date of request": -40, "date of decision": -2, "date of this letter": 0}
    days |= {"last day to appeal": 61, "last day to answer": 12}
    facts = {name: long_day(today + timedelta(days=number)) for name, number in days.items()}
    facts |= {"name of child": "Robin Example", "child": "Robin", "name of council": "our council"}
    shared = {name: text or NOT_WRITTEN for name, text in contacts.parts.items()}
    told = Template(contacts.authority, CONTACTS, contacts.number, shared)
    return filled(LetterKind(template.name), facts, Words(template, told, SAMPLE), today)


@dataclass(frozen=True)
class Line:
    """A letter in the list: until when it can be appealed, where it can be and nobody has."""

    read: Read
    appeal_by: date | None


def lines_of(plan: Plan, found: list[Read], today: date) -> list[Line]:
    return [Line(each, appeal_by(plan, each.letter, today)) for each in found]


def appeal_by(plan: Plan, letter: Letter, today: date) -> date | None:
    """The last day on which the decision that a letter tells can still be appealed."""
    decision = LETTERS[letter.kind].decision
    running = (each for each in plan.clocks if decision and _is_of(each, letter, decision))
    return next((each.due for each in running if each.due and each.due >= today), None)


def _is_of(running: Running, letter: Letter, decision: str) -> bool:
    same = running.event.on == letter.on and running.event.says(decision=decision)
    return running.clock is Clock.APPEAL and running.open and same


def letter_json(read: Read) -> dict[str, Any]:
    """A letter as data."""
    letter = read.letter
    return {
        "number": letter.number,
        "kind": letter.kind.value,
        "on": letter.on.isoformat(),
        "title": letter.title,
        "by": letter.by.name,
        "hash": read.seal.hex(),
        "stands": read.stands,
        "pieces": [piece_json(each) for each in letter.pieces],
    }


def piece_json(piece: Piece) -> dict[str, Any]:
    return {"shape": piece.shape, "lines": list(piece.lines), "source": piece.source}
