"""The demonstration's letters: what the council says in all of them, and those that two families were sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from portal.domain.letter_kind import LetterKind
from portal.domain.letter_own import CONTACTS
from portal.domain.moment import Moment
from portal.operations import letter_templates, letters, people, plans
from portal.operations.letters import Asked
from portal.store.database import Database

if TYPE_CHECKING:
    from demo.children import Life

# Telephone numbers that Ofcom keeps for stories.
SHARED = {
    "mediation": "Northmere Independent Mediation\nTelephone 01632 960 140, Monday to Friday\n"
    "Email advice@mediation.example",
    "support": "Northmere SENDIASS\nTelephone 01632 960 150\n\n"
    "Northmere Disagreement Resolution Service\nTelephone 01632 960 160",
    "reach": "Telephone the SEN team on 01632 960 100, or write to us in Golden Thread.",
}


def give(db: Database, known: Mapping[str, str], then: datetime, now: datetime) -> None:
    """An SEN manager writes, some time ago, who gives advice: no letter can be sent without."""
    manager = people.load_actor(db, known["maria-silva"], Moment(then, now), int(then.timestamp()))
    if manager:
        letter_templates.save(db, manager, "nmr", CONTACTS, 0, SHARED, Moment(then, now))


def write(life: Life, step: Mapping[str, Any]) -> None:
    """Write and send the letter that a step names, as a caseworker does at its page."""
    actor, at = life.actor(step), life.moment(step)
    asked = Asked(LetterKind(step["kind"]), at.today, step.get("reasons", "").strip())
    seen = letters.drafted(life.db, life.plan, actor, asked, at).body.digest
    letters.send(life.db, actor, life.plan.id, asked, seen, at)
    life.plan = plans.open_plan(life.db, actor, life.plan.id, at).plan
