"""What every way of delivering a message can do, and how it says what became of one."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """What is sent, and to where: an email address, a mobile number, or the lines of a postal address.

    `reference` is the same each time this message is tried, so that nobody gets it twice.
    """

    reference: str
    to: str
    subject: str
    words: str


@dataclass(frozen=True)
class Evidence:
    """That a provider has the message: its own number for it, and whether it will say more of it later."""

    number: str = ""
    more_to_come: bool = False


class NotNow(Exception):
    """It could not be sent just now; the message is the kind of fault, never an address nor a word."""


class Never(Exception):
    """It will never arrive there: nobody has this address. The message is the kind of fault."""


class Channel(Protocol):
    """One way of delivering. Each raises NotNow when the provider can't be asked."""

    def send(self, message: Message) -> Evidence:
        """Hand the message over; raises Never when it can't arrive there."""

    def taken(self, reference: str) -> Evidence | None:
        """Whether an earlier attempt was taken after all; None when it was not, or when nobody can say."""

    def has_arrived(self, number: str) -> bool:
        """Whether a message that was taken has arrived; False while nobody knows, Never when it can't arrive."""
