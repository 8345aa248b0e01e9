"""Keep how somebody likes their pages to look and to read: it holds wherever they sign in."""

from portal.domain.look import Look
from portal.store import people
from portal.store.database import Database


def choose(db: Database, person: str, look: tuple[Look, ...], wording: str) -> None:
    """Keep the person's choices in place of those before; `wording` is the tag of one, or empty."""
    people.keep_look(db, person, [each.value for each in look], wording)
