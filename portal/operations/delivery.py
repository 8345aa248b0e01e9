"""Deliver notices: each attempt is written down before it is made, and its evidence after it."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from portal.domain import notice_delivery as rules
from portal.domain.contact import Contact, Way
from portal.domain.moment import Moment
from portal.domain.notice import SERVED, Notice, NoticeState
from portal.domain.notice_words import code_words, words_of
from portal.notify.channel import Channel, Evidence, Message, Never, NotNow
from portal.operations.notices import still_due, tell_the_council
from portal.store import contacts, notices
from portal.store.database import Database, DatabaseError

log = logging.getLogger("portal.delivery")


@dataclass(frozen=True)
class Delivery:
    """Everything that delivering needs: where notices are, the ways out of here, and the portal's own address."""

    db: Database
    channels: Mapping[Way, Channel]
    url: str

    def run_once(self, authority: str, moment: Moment) -> int:
        """See to what is due in an authority; answers how many notices were seen to."""
        seen = 0
        for state, now, see_to in (
            (NoticeState.WAITING, moment.wall, self._send),
            (NoticeState.TAKEN, moment.wall, self._look),
            (NoticeState.SENT, moment.product, self._follow_up),
        ):
            for each in notices.due(self.db, authority, state, now):
                self._see_to(see_to, each, moment)
                seen += 1
        return seen

    def _see_to(self, how: Callable[[Notice, Moment], None], notice: Notice, moment: Moment) -> None:
        """One notice that nobody foresaw must not stop the others: its lease runs out, and it is tried again."""
        try:
            how(notice, moment)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  # its message could hold an address
            log.error("a notice could not be seen to: %s", type(error).__name__)

    def send_a_code(self, moment: Moment) -> bool:
        """Send one code that somebody waits for, to the address that it confirms; False when nobody does."""
        found = contacts.next_code(self.db, moment.wall)
        if found is None:
            return False
        person, waits = found
        mail = self.channels.get(Way.EMAIL)
        if mail and waits.is_open(moment.wall):
            words = code_words(waits, self.url)
            reference = f"code-{waits.begun[-1]:%Y%m%d%H%M%S%f}-{person}"
            try:
                mail.send(Message(reference, waits.email, words.subject, words.text))
            except NotNow as error:
                log.warning("a code could not be sent: %s", error)
                return True
            except Never as error:
                log.warning("a code can't be sent: %s", error)
        contacts.code_is_sent(self.db, person, waits)
        return True

    # Sending

    def _send(self, notice: Notice, moment: Moment) -> None:
        claimed = self._claim(notice, moment)
        if claimed is None:
            return
        contact = self._contact(claimed)
        way = rules.way_of(claimed, contact)
        due, day = still_due(self.db, claimed, moment)
        if not due or not rules.wants(contact, claimed.kind):
            self._keep(claimed, rules.over(claimed), moment)
        elif way is None:
            self._keep(claimed, replace(claimed, state=NoticeState.FAILED, next=None), moment)
        else:
            group = self._group(replace(claimed, due=day), way, moment)
            if group:
                self._attempt(group, contact, way, moment)

    def _claim(self, notice: Notice, moment: Moment) -> Notice | None:
        """The notice, for five minutes this process's alone; None when another was first."""
        claimed = replace(notice, next=moment.wall + rules.LEASE)
        return claimed if notices.change(self.db, notice, claimed) else None

    def _group(self, first: Notice, way: Way, moment: Moment) -> list[Notice]:
        """All that one message will say: what it was to say when it was first tried, or all that waits for the person.

        Empty when the person was told something within the hour: then this waits until it is over.
        """
        db, place = self.db, (first.authority, first.person)
        if first.message:
            others = notices.carried_by(db, *place, first.message)
        elif first.kind in SERVED:
            others = []
        elif contacts.take_the_hour(db, first.person, moment.wall, rules.HOUR):
            others = notices.of_person(db, *place, moment.wall)
        else:
            told = contacts.told(db, first.person) or moment.wall
            self._keep(first, replace(first, next=told + rules.HOUR), moment)
            return []
        message = first.message or rules.reference_of(first, way)
        found = [first, *self._joining(others, first, moment)]
        return [each for one in found if (each := self._begin(one, message, way, moment))]

    def _joining(self, others: list[Notice], first: Notice, moment: Moment) -> list[Notice]:
        """The others, claimed, as far as they are still true and go the same way."""
        found = []
        for each in others:
            together = each.message == first.message and each.given_up == first.given_up and each.kind not in SERVED
            if each.id == first.id or not together or (claimed := self._claim(each, moment)) is None:
                continue
            due, day = still_due(self.db, claimed, moment)
            if due:
                found.append(replace(claimed, due=day))
            else:
                self._keep(claimed, rules.over(claimed), moment)
        return found

    def _begin(self, notice: Notice, message: str, way: Way, moment: Moment) -> Notice | None:
        """The notice with its attempt written down; None when another process took it over meanwhile."""
        begun = rules.begun(notice, message, way, moment.wall)
        return begun if notices.change(self.db, notice, begun) else None

    def _attempt(self, group: list[Notice], contact: Contact, way: Way, moment: Moment) -> None:
        try:
            evidence = self._hand_over(group, contact, way, moment)
        except (NotNow, Never) as error:
            log.warning("%d notices did not go by %s: %s", len(group), way.value, error)
            rule = rules.not_now if isinstance(error, NotNow) else rules.never
            became = [rule(each, str(error), contact, moment.wall) for each in group]
        else:
            number, more = evidence.number, evidence.more_to_come
            became = [rules.taken(each, number, more, moment) for each in group]
        for before, after in zip(group, became, strict=True):
            self._keep(before, after, moment)

    def _hand_over(self, group: list[Notice], contact: Contact, way: Way, moment: Moment) -> Evidence:
        """Give the message to whoever delivers it, unless they have it from an attempt whose end nobody saw."""
        channel, first = self.channels[way], group[0]
        if rules.was_tried(first) and (taken := channel.taken(first.message)):
            return taken
        words = words_of([(each.kind, each.due) for each in group], moment.today, self.url)
        said = words.short if way is Way.TEXT else words.text
        return channel.send(Message(first.message, contact.to(way), words.subject, said))

    # What became of it

    def _look(self, notice: Notice, moment: Moment) -> None:
        claimed = self._claim(notice, moment)
        if claimed is None:
            return
        last = claimed.attempts[-1]
        channel = self.channels.get(last.way)
        try:
            arrived = channel is not None and channel.has_arrived(last.number)
        except NotNow:
            arrived = False
        except Never as error:
            self._keep(claimed, rules.never(claimed, str(error), self._contact(claimed), moment.wall), moment)
            return
        after = rules.arrived(claimed, moment) if arrived else rules.looked(claimed, moment)
        self._keep(claimed, after, moment)

    def _follow_up(self, notice: Notice, moment: Moment) -> None:
        """A draft that was sent three days ago: whoever has not opened it is told another way."""
        due, _ = still_due(self.db, notice, moment)
        if not due or notices.opened_since(self.db, notice):
            self._keep(notice, rules.over(notice), moment)
        else:
            self._keep(notice, rules.unread(notice, self._contact(notice), moment.wall), moment)

    def _keep(self, before: Notice, after: Notice, moment: Moment) -> None:
        """Write what became of it. Where nobody can be reached whom the law has us serve, the council is told."""
        kept = notices.change(self.db, before, after)
        if kept and after.state is NoticeState.FAILED and after.kind in SERVED:
            tell_the_council(self.db, after, moment)

    def _contact(self, notice: Notice) -> Contact:
        """How the person can be reached from here."""
        return contacts.of_person(self.db, notice.person).only(self.channels)
