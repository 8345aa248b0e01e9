"""Pictures of a council's caseload, for its SEN managers; for who oversees it, without small numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from portal.domain.actor import WHOLE_CASELOAD, Actor, Role
from portal.domain.error import NotAllowed
from portal.domain.moment import Moment
from portal.domain.picture import months_back
from portal.domain.picture_table import MONTHS, Table, tables
from portal.store import pictures as store
from portal.store.database import Database
from portal.store.pictures import Wanted

TEAM = frozenset({Role.SEN_MANAGER})
OVERSEERS = frozenset({Role.AUDITOR, Role.DESIGNATED_CLINICAL_OFFICER, Role.DESIGNATED_SOCIAL_CARE_OFFICER})


@dataclass(frozen=True)
class Seen:
    """Pictures of one council as one person may see them. The choices are (key, name) pairs; none for an overseer."""

    authority: str
    exact: bool
    tables: dict[str, Table]
    wanted: Wanted
    schools: tuple[tuple[str, str], ...] = ()
    workers: tuple[tuple[str, str], ...] = ()


def watched_by(actor: Actor) -> dict[str, bool]:
    """The councils whose pictures somebody may see, and whether with small numbers."""
    whole = [each for each in actor.grants if each.scope == WHOLE_CASELOAD and not each.reading]
    seen = sorted({each.authority for each in whole if each.role in TEAM | OVERSEERS})
    team = {each.authority for each in whole if each.role in TEAM}
    return {each: each in team for each in seen}


def see(db: Database, actor: Actor, authority: str, wanted: Wanted, moment: Moment) -> Seen:
    """The pictures of a council, or of the first that is the actor's to see. Raises NotAllowed.

    Only its own team may ask for part of a caseload: of two parts anybody could take one from the other.
    """
    watched = watched_by(actor)
    chosen = authority or next(iter(watched), "")
    if chosen not in watched:
        raise NotAllowed("These pictures are for a council’s SEN managers, and for who oversees their work.")
    exact = watched[chosen]
    wanted = wanted if exact else Wanted()
    since, *_, until = months_back(moment.today, MONTHS)
    stands = store.stands(db, chosen, wanted, moment.today)
    made = store.made(db, chosen, wanted, since, until)
    counted = tables(stands, made, moment.today, exact)
    if not exact:
        return Seen(chosen, exact, counted, wanted)
    schools, workers = store.schools(db, chosen), store.workers(db, chosen)
    return Seen(chosen, exact, counted, wanted, tuple(schools), tuple(workers))


def count_anew(db: Database) -> Iterator[str]:
    """Count every plan anew, one after the other; killed, it is run again. The id of each, once it is done."""
    for plan_id in store.plans_of(db):
        store.count(db, plan_id, datetime.now(UTC))
        yield plan_id
