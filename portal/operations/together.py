"""What an SEN manager does for several plans at once: remind whoever they wait for, and give them to a caseworker."""

from collections.abc import Sequence

from portal.domain.access import must_be_manager
from portal.domain.actor import Actor, Role
from portal.domain.error import Invalid, NotFound
from portal.domain.identifier import authority_of
from portal.domain.moment import Moment
from portal.domain.notice import ASKED_AGAIN
from portal.operations.access import agency_named, give_part
from portal.store import caseload, outbox, parts
from portal.store.caseload import Place, Row
from portal.store.database import Database

MOST = caseload.PAGE
NONE_CHOSEN = "Choose one plan or more."


def listed(db: Database, actor: Actor, place: Place) -> list[Row]:
    """A page of the manager's list, and one more where there is another page."""
    must_be_manager(actor)
    return caseload.rows_for(db, actor, MOST + 1, place)


def caseworkers(db: Database, actor: Actor, moment: Moment) -> list[tuple[str, str]]:
    """(id, name) of everybody who is a caseworker for the manager's councils, by name."""
    found: dict[str, str] = {}
    for part in must_be_manager(actor).values():
        held = parts.people_of(db, agency_named(db, part.agency), moment.wall)
        found |= {each.person: each.name for each in held if each.role is Role.SEN_CASEWORKER}
    return sorted(found.items(), key=lambda each: each[1])


def remind(db: Database, actor: Actor, plan_ids: Sequence[str], moment: Moment) -> None:
    """Have everybody told again that these plans wait for them; of a plan at most once a day."""
    for plan_id in _theirs(db, actor, plan_ids):
        outbox.tell_once(db, plan_id, ASKED_AGAIN, moment.today.toordinal(), moment.product)


def give(db: Database, actor: Actor, plan_ids: Sequence[str], person: str, moment: Moment) -> None:
    """Make somebody a caseworker of these plans, each by an entry of its own; who is one already stays so.

    A run that was cut short is sent again. Raises NotAllowed, NotFound, Invalid.
    """
    mine = must_be_manager(actor)
    if person not in {known for known, _ in caseworkers(db, actor, moment)}:
        raise Invalid({"person": "Choose a caseworker."})
    for plan_id in _theirs(db, actor, plan_ids):
        slug = mine[authority_of(plan_id)].agency
        give_part(db, actor, person, Role.SEN_CASEWORKER, slug, plan_id, moment, None)


def _theirs(db: Database, actor: Actor, plan_ids: Sequence[str]) -> list[str]:
    """The plans, where there are any and all are of the manager's councils; nothing is done for some of them alone."""
    mine = must_be_manager(actor)
    if not plan_ids:
        raise Invalid({"plans": NONE_CHOSEN})
    known = {each for authority in mine for each in caseload.known(db, authority, plan_ids)}
    if not known >= set(plan_ids):
        raise NotFound("no such plan")
    return sorted(known)
