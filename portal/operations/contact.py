"""Say how one can be reached; an email address counts once the code that was sent to it has been typed here."""

from dataclasses import dataclass, replace

from portal.domain import contact as rules
from portal.domain.actor import Actor
from portal.domain.contact import Contact, Unconfirmed, Way
from portal.domain.error import Invalid
from portal.domain.moment import Moment
from portal.store import contacts
from portal.store.database import Database, Session

WRONG = (
    "That is not the code that we sent, or it is too old. Look at the newest email. "
    "After two hours or five tries, save your address once more for a new code."
)


@dataclass(frozen=True)
class Chosen:
    """What the form says, as it was typed."""

    email: str
    mobile: str
    address: str
    first: Way | None
    daily: bool


def own(db: Database, actor: Actor, moment: Moment) -> tuple[Contact, Unconfirmed | None]:
    """How the actor can be reached, and the address that still waits for its code."""
    waits = contacts.waiting(db, actor.person)
    return contacts.of_person(db, actor.person), waits if waits and waits.is_open(moment.wall) else None


def choose(db: Database, actor: Actor, chosen: Chosen, moment: Moment) -> None:
    """Keep what was chosen. A new email address waits for its code, and until then the one before goes on.

    Raises Invalid with a sentence for each thing that can't be right.
    """
    email, mobile, address = _checked(chosen)

    def body(session: Session) -> None:
        before = contacts.of_person(db, actor.person, session)
        waited = contacts.waiting(db, actor.person, session)
        to_confirm = bool(email) and email != before.email
        sent = bool(waited and waited.is_open(moment.wall) and waited.email == email)
        waits = rules.unconfirmed(email, waited, moment.wall) if to_confirm and not sent else None
        kept = Contact(before.email if to_confirm else email, mobile, address, chosen.first, chosen.daily)
        contacts.keep(db, actor.person, kept, waits, session)
        if waited and not to_confirm:
            contacts.code_is_over(db, actor.person, waited, session)

    db.transaction(body)


def confirm(db: Database, actor: Actor, typed: str, moment: Moment) -> None:
    """Make the address that waits the actor's own. Invalid for a wrong code, which costs one of five tries."""
    waits = contacts.waiting(db, actor.person)
    if waits is None or not contacts.take_a_try(db, actor.person, waits, moment.wall) or not waits.is_code(typed):
        raise Invalid({"code": WRONG})
    asked = waits

    def body(session: Session) -> None:
        contact = replace(contacts.of_person(db, actor.person, session), email=asked.email)
        if not contacts.confirm(db, actor.person, asked, contact, session):
            raise Invalid({"code": WRONG})

    db.transaction(body)


def _checked(chosen: Chosen) -> tuple[str, str, tuple[str, ...]]:
    """Everything that is wrong is said at once."""
    errors: dict[str, str] = {}
    found: list[str] = []
    for check, typed in ((rules.email_of, chosen.email), (rules.mobile_of, chosen.mobile)):
        try:
            found.append(check(typed))
        except Invalid as error:
            errors |= error.errors
    try:
        address = rules.address_of(chosen.address)
    except Invalid as error:
        errors |= error.errors
    if errors:
        raise Invalid(errors)
    return found[0], found[1], address
