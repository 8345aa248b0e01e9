"""An invitation: a link for one person and one part, which opens only to whoever knows the facts that go with it."""

import hmac
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from secrets import token_urlsafe

from portal.domain.actor import Role
from portal.domain.identifier import ALPHABET, random_id

LIFETIME = timedelta(days=7)
TRIES = 5
CODE_LENGTH = 8
TOKEN = re.compile(r"[a-z]{3}-[A-Za-z0-9_-]{43}")
# Crockford's base 32 is read back as it was meant: no letter is mistaken for a digit.
MEANT = str.maketrans("iol", "101")


class InvitationState(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    RUN_OUT = "run_out"
    SPENT = "spent"  # too many wrong tries
    WITHDRAWN = "withdrawn"


STATE_WORDS = {
    InvitationState.WAITING: "Waiting",
    InvitationState.ACCEPTED: "Accepted",
    InvitationState.RUN_OUT: "Run out",
    InvitationState.SPENT: "Closed after five wrong tries",
    InvitationState.WITHDRAWN: "Taken back",
}


@dataclass(frozen=True)
class Invitation:
    """Who was invited to what, by whom. `token` is the hash of the link's, `code` is bound to the link itself."""

    id: str
    authority: str
    token: str
    code: str
    agency: str
    role: Role
    scope: str  # a plan's id, or the whole caseload
    relation: str
    by: str
    by_name: str
    by_agency: str
    at: datetime
    until: datetime
    tries: int = 0
    closed: InvitationState | None = None
    accepted_by: str = ""
    accepted_name: str = ""
    closed_at: datetime | None = None
    unseen: bool = False  # its inviter has not been shown its link yet

    def state_at(self, wall: datetime) -> InvitationState:
        if self.closed:
            return self.closed
        if self.tries >= TRIES:
            return InvitationState.SPENT
        return InvitationState.WAITING if wall < self.until else InvitationState.RUN_OUT


@dataclass(frozen=True)
class Secrets:
    """What is shown once and never kept: the link's token, and the code that is told apart from it."""

    token: str
    code: str

    @property
    def code_aloud(self) -> str:
        return f"{self.code[:4]} {self.code[4:]}".upper()


@dataclass(frozen=True)
class Facts:
    """What the invited person types: the code they were told, and for a family the child's date of birth."""

    code: str
    born: date | None = None


def new_secrets(authority: str) -> Secrets:
    """A link's token, 256 random bits after the authority's code (the key that shards), and a code to go with it."""
    return Secrets(f"{authority}-{token_urlsafe(32)}", random_id(CODE_LENGTH))


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def bound(token: str, code: str) -> str:
    """The code under the link's own secret: whoever reads the database can't try codes without the link."""
    return hmac.new(token.encode(), plain(code).encode(), sha256).hexdigest()


def plain(code: str) -> str:
    """A code as it was meant, however it was typed: "7KQ2 M9XA", "7kq2-m9xa"."""
    return "".join(each for each in code.lower().translate(MEANT) if each in ALPHABET)


def match(invitation: Invitation, token: str, facts: Facts, born: date | None) -> bool:
    """Whether these are the facts; `born` is the child's date of birth, None where no child is asked about."""
    right_code = hmac.compare_digest(invitation.code, bound(token, facts.code))
    return right_code and (born is None or facts.born == born)
