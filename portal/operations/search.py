"""Find a child in one's own authority by a number or a surname, and make those found who were not."""

from portal.domain.actor import WHOLE_CASELOAD, Actor, Role
from portal.domain.error import NotAllowed, Refusal
from portal.domain.looked_for import LookedFor, looked_for
from portal.domain.moment import Moment
from portal.store import identities, search
from portal.store.caseload import Row, is_open, row_of
from portal.store.database import Database

# Those of them who have a part in an authority's whole caseload, in the order of their shared lists.
SEARCHERS = (
    Role.SEN_MANAGER,
    Role.SEN_CASEWORKER,
    Role.DESIGNATED_CLINICAL_OFFICER,
    Role.DESIGNATED_SOCIAL_CARE_OFFICER,
)
A_MINUTE = 30


class TooMany(Refusal):
    """Somebody looks for more children in a minute than anybody could read of."""


def searched_by(actor: Actor) -> dict[str, Role]:
    """The authorities in which the actor may look for a child, and the role by which."""
    whole = {(each.authority, each.role) for each in actor.grants if each.scope == WHOLE_CASELOAD}
    found = ((authority, role) for role in reversed(SEARCHERS) for authority in actor.authorities)
    return {authority: role for authority, role in found if (authority, role) in whole}


def must_search(actor: Actor) -> dict[str, Role]:
    """The authorities in which the actor may look, and the role by which; NotAllowed where there is none."""
    places = searched_by(actor)
    if not places:
        raise NotAllowed("Only people with a part in all of a council’s plans look for a child.")
    return places


def find(db: Database, actor: Actor, text: str, moment: Moment) -> list[Row]:
    """The children found, by name. Raises NotAllowed, TooMany, and Invalid for too few letters.

    That somebody looked is kept, and by what kind of fact; what they typed is kept nowhere.
    """
    places = must_search(actor)
    wanted = looked_for(text)
    found = []
    for authority, role in sorted(places.items()):
        note(db, actor, authority, wanted, moment)
        documents = search.rows(db, authority, identities.find(db, authority, wanted), role)
        found += [row_of(db, actor, each) for each in documents if is_open(db, actor, each)]
    return sorted((each for each in found if wanted.fits(each.name)), key=lambda row: (row.name, row.plan))


def note(db: Database, actor: Actor, authority: str, wanted: LookedFor, moment: Moment) -> None:
    """Put on record that the actor looks there, and by what kind of fact. Raises TooMany."""
    if not search.note(db, authority, actor.person, wanted.kind, moment.wall, A_MINUTE):
        raise TooMany("Wait a minute, then look again.")


def make_found(db: Database) -> int:
    """Make every child found whose plan is older than the search; killed, it is run again. Answers how many."""
    count = 0
    for plan_id, child in identities.unfound(db):
        identities.keep(db, plan_id, child)
        count += 1
    return count
