"""Conversations: a comment, a suggested wording or a message that stays with the words it is about."""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.actor import Role
from portal.domain.content import Mark
from portal.domain.event import EventKind


class ConversationKind(StrEnum):
    """The first two are about a sentence and are answered by whoever writes it; a message is about a section."""

    COMMENT = "comment"
    SUGGESTION = "suggestion"
    MESSAGE = "message"


class ConversationState(StrEnum):
    """How a conversation stands. Of a message: whether somebody is waited for."""

    OPEN = "open"
    ASKED_BACK = "asked_back"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Awaited:
    """For whom the last to write waits: one person in a role of theirs, or (empty) whoever writes the section."""

    person: str = ""
    name: str = ""
    role: str = ""


WRITERS = Awaited()


@dataclass(frozen=True)
class OpenConversation:
    """One in which somebody waits for somebody, as the plan itself remembers it: without a word of it.

    `number` is that of the entry which opened it; `place` is "F/x1y2/what", or empty for the section as a whole;
    `role` is that of whoever opened it.
    """

    number: int
    kind: ConversationKind
    section: str
    place: str
    by: Mark
    last: Mark  # who wrote in it last, and when
    waits_for: Awaited = WRITERS
    role: str = ""

    @property
    def people(self) -> frozenset[str]:
        """Who is known to have a part in it."""
        return frozenset({self.by.person, self.last.person, self.waits_for.person})

    @property
    def item(self) -> str:
        return self.place.split("/")[1] if self.place else ""

    @property
    def field(self) -> str:
        return self.place.split("/")[2] if self.place else ""

    @property
    def is_unanswered(self) -> bool:
        """Whether a final may not be issued over it without a reason: asking back answers nothing yet."""
        return self.kind is not ConversationKind.MESSAGE


@dataclass(frozen=True)
class Quote:
    """A sentence as it was when somebody pointed at it, with those before and after it in its field."""

    sentence: str
    before: str = ""
    after: str = ""


NOTHING = Quote("")


@dataclass(frozen=True)
class Remark:
    """One entry of a conversation. `wording` is what is to stand instead of the sentence."""

    number: int
    kind: EventKind
    by: Mark
    role: Role
    agency_name: str
    words: str = ""
    wording: str = ""
    waits_for: str = ""
    revision: int = 0  # of the section, once a suggestion was taken in
    shown: bool = False  # its writer, a parent, lets another parent see it (between_parents.py)


@dataclass(frozen=True)
class Conversation:
    """All that was said, oldest first; the first remark opened it."""

    number: int
    kind: ConversationKind
    section: str
    place: str
    quote: Quote
    remarks: tuple[Remark, ...]

    @property
    def opening(self) -> Remark:
        return self.remarks[0]

    @property
    def by(self) -> Mark:
        return self.opening.by

    @property
    def last(self) -> Remark:
        return self.remarks[-1]

    @property
    def people(self) -> frozenset[str]:
        return frozenset(each.by.person for each in self.remarks)

    @property
    def item(self) -> str:
        """The id of the item that it is about; empty for a section as a whole."""
        return self.place.split("/")[1] if self.place else ""

    @property
    def field(self) -> str:
        return self.place.split("/")[2] if self.place else ""

    @property
    def state(self) -> ConversationState:
        last = self.last
        if last.kind in CLOSES:
            return CLOSES[last.kind]
        if self.kind is ConversationKind.MESSAGE:
            return ConversationState.OPEN if last.waits_for else ConversationState.ANSWERED
        return ConversationState.ASKED_BACK if last.waits_for else ConversationState.OPEN

    @property
    def is_open(self) -> bool:
        return self.state in (ConversationState.OPEN, ConversationState.ASKED_BACK)

    @property
    def taken_in(self) -> Remark | None:
        """The entry by which a suggestion became the section's words."""
        return next((each for each in self.remarks if each.kind is EventKind.SUGGESTION_ACCEPTED), None)


CLOSES = {
    EventKind.SUGGESTION_ACCEPTED: ConversationState.ACCEPTED,
    EventKind.CONVERSATION_ANSWERED: ConversationState.ANSWERED,
    EventKind.CONVERSATION_WITHDRAWN: ConversationState.WITHDRAWN,
}
KINDS = (EventKind.CONVERSATION_OPENED, EventKind.CONVERSATION_CONTINUED, *CLOSES)
