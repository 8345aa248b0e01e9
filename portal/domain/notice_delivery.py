"""When a notice is tried, tried again, sent another way or given up: decided from what is known of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from portal.domain.contact import Contact, Way
from portal.domain.moment import ENGLAND, Moment
from portal.domain.notice import AT_ONCE, SERVED, Attempt, Ended, Notice, NoticeKind, NoticeState

HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=5)  # after which another process may take over what one began and did not end
MOST_TRIES = 8  # of one way: over a day and a half
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=12)
LOOK_AGAIN = timedelta(minutes=10)  # for whether what was taken has arrived
UNREAD = timedelta(days=3)
FOLLOWED = frozenset({NoticeKind.DRAFT, NoticeKind.LETTER})
DIGEST_HOUR = 8  # in the morning, in England


def wants(contact: Contact, kind: NoticeKind) -> bool:
    """Whether somebody is told of this at all: what the law has us serve is nobody's to decline."""
    return kind in SERVED or contact.first is not None


def first_time(contact: Contact, kind: NoticeKind, wall: datetime) -> datetime:
    """When a new notice is first seen to: at once, or at eight in the morning for whoever wants one a day."""
    if kind in AT_ONCE or not contact.daily:
        return wall
    today = wall.astimezone(ENGLAND).replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    due = today if today >= wall else (today + timedelta(days=1)).replace(hour=DIGEST_HOUR)
    return due.astimezone(wall.tzinfo)


def way_of(notice: Notice, contact: Contact) -> Way | None:
    """The way that is tried now: the first that was not given up; None when there is none left."""
    return next((each for each in contact.ways if each not in notice.given_up), None)


def reference_of(notice: Notice, way: Way) -> str:
    """What a provider knows this message by: the same however often it is tried, another for another way."""
    return sha256(f"{notice.id}/{way.value}".encode()).hexdigest()[:32]


def begun(notice: Notice, message: str, way: Way, wall: datetime) -> Notice:
    """The notice with an attempt written down, before it is made."""
    attempt = Attempt(way, message, wall)
    return replace(notice, message=message, tries=notice.tries + 1, attempts=(*notice.attempts, attempt))


def was_tried(notice: Notice) -> bool:
    """Whether this very message was begun before, so that its provider may have it already."""
    return any(each.reference == notice.message for each in notice.attempts[:-1])


def taken(notice: Notice, number: str, more_to_come: bool, moment: Moment) -> Notice:
    """The provider has the message. Where it will say more of it, that is asked for in a while."""
    told = replace(_ended(notice, Ended.TAKEN, number), sent=moment.wall)
    if more_to_come:
        return replace(told, state=NoticeState.TAKEN, next=moment.wall + LOOK_AGAIN)
    return _sent(told, moment)


def arrived(notice: Notice, moment: Moment) -> Notice:
    return _sent(_ended(notice, Ended.ARRIVED), moment)


def looked(notice: Notice, moment: Moment) -> Notice:
    """Nobody knows yet whether it arrived; it is asked for again, ever more seldom, and after three days no more."""
    since = moment.wall - notice.sent if notice.sent else LOOK_AGAIN
    if since >= UNREAD:
        return _sent(notice, moment)
    return replace(notice, next=moment.wall + min(max(since, LOOK_AGAIN), LONGEST_PAUSE))


def not_now(notice: Notice, why: str, contact: Contact, wall: datetime) -> Notice:
    """It could not be sent just now: again after a pause that grows, and another way in the end."""
    if notice.tries >= MOST_TRIES:
        return never(notice, why, contact, wall)
    pause = min(FIRST_PAUSE * 3 ** (notice.tries - 1), LONGEST_PAUSE)
    return replace(_ended(notice, Ended.NOT_NOW, why=why), next=wall + pause)


def never(notice: Notice, why: str, contact: Contact, wall: datetime) -> Notice:
    """This way does not lead to the person: the next one at once, or a failure that the caseworker sees."""
    return _another_way(_ended(notice, Ended.NEVER, why=why), contact, wall)


def unread(notice: Notice, contact: Contact, wall: datetime) -> Notice:
    """A draft that was not opened for three days goes another way; where there is none left it stays as it was sent."""
    on = _another_way(notice, contact, wall)
    return replace(notice, next=None) if on.state is NoticeState.FAILED else on


def over(notice: Notice) -> Notice:
    return replace(notice, state=NoticeState.OVER, next=None)


def _another_way(notice: Notice, contact: Contact, wall: datetime) -> Notice:
    tried = notice.attempts[-1:]
    given_up = (*notice.given_up, *(each.way for each in tried))
    on = replace(notice, given_up=given_up, message="", tries=0, state=NoticeState.WAITING, next=wall)
    return on if way_of(on, contact) else replace(on, state=NoticeState.FAILED, next=None)


def _sent(notice: Notice, moment: Moment) -> Notice:
    """A draft and a letter are followed up, by the clock of the product, since their days are the law's."""
    since = moment.wall - notice.sent if notice.sent else timedelta()
    again = moment.product - since + UNREAD if notice.kind in FOLLOWED else None
    return replace(notice, state=NoticeState.SENT, next=again)


def _ended(notice: Notice, how: Ended, number: str = "", why: str = "") -> Notice:
    """The notice with its last attempt ended so."""
    attempts: Sequence[Attempt] = notice.attempts
    if not attempts:
        return notice
    last = replace(attempts[-1], ended=how, number=number or attempts[-1].number, why=why)
    return replace(notice, attempts=(*attempts[:-1], last))
