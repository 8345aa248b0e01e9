"""Show and edit a council's own words for its letters: each save is a version of its own."""

from collections.abc import Mapping

from portal.domain import letter_template as rules
from portal.domain.access import must_be_manager
from portal.domain.actor import Actor, Grant
from portal.domain.content import Mark
from portal.domain.error import NotFound
from portal.domain.letter_kind import LETTERS
from portal.domain.letter_own import CONTACTS
from portal.domain.letter_template import Template
from portal.domain.moment import Moment
from portal.store import letter_templates as store
from portal.store.database import Database

NAMES = (CONTACTS, *(each.value for each in LETTERS))
TRIES = 30


def of_council(db: Database, actor: Actor, authority: str) -> list[Template]:
    """What a council says in each of its letters now. Raises NotAllowed, NotFound for another council's."""
    _part(actor, authority)
    return [store.newest(db, authority, each) for each in NAMES]


def find(db: Database, actor: Actor, authority: str, name: str, number: int | None = None) -> Template:
    """One template as it stands, or an earlier version of it."""
    _part(actor, authority)
    rules.must_be_known(name)
    found = store.newest(db, authority, name) if number is None else store.find(db, authority, name, number)
    if found is None:
        raise NotFound("no such version")
    return found


def earlier(db: Database, actor: Actor, authority: str, name: str) -> list[Template]:
    """Every version that somebody saved, the newest first."""
    _part(actor, authority)
    return store.earlier(db, authority, name)


def contacts(db: Database, authority: str) -> Template:
    return store.newest(db, authority, CONTACTS)


def save(
    db: Database, actor: Actor, authority: str, name: str, number: int, parts: Mapping[str, str], moment: Moment
) -> Template:
    """Save what was written over version `number`, put together with what others saved since.

    Raises NotAllowed, NotFound, Invalid, and StaleRevision where they changed the same parts.
    """
    part = _part(actor, authority)
    by = Mark(actor.person, actor.name, part.agency, moment.product)
    before = find(db, actor, authority, name, number)
    for _ in range(TRIES):
        now = store.newest(db, authority, name)
        after = rules.changed(now, before, parts, by)
        if after is None:
            return now
        try:
            return _add(db, after)
        except store.SavedMeanwhile:
            continue
    raise store.SavedMeanwhile


def _add(db: Database, template: Template) -> Template:
    db.transaction(lambda session: store.add(db, template, session))
    return template


def _part(actor: Actor, authority: str) -> Grant:
    """The part by which the actor edits a council's letters; the same answer for another council and for none."""
    found = must_be_manager(actor).get(authority)
    if found is None:
        raise NotFound("no such council")
    return found
