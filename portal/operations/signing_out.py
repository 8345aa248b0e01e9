"""End sessions because the identity provider says that somebody has signed out there."""

from dataclasses import dataclass
from datetime import datetime

from portal.domain.moment import Moment
from portal.store import logout_tokens, people, sessions
from portal.store.database import Database, Session


@dataclass(frozen=True)
class Word:
    """A provider's word that a session of its own (`sid`), or all of a person (`subject`), are over."""

    provider: str
    issuer: str
    subject: str
    sid: str
    token_id: str
    good_until: datetime


def obey(db: Database, word: Word, moment: Moment) -> None:
    """End the one session that has this sid; where the provider named none at sign-on, all of the person.

    Raises ObeyedBefore when the same word was obeyed already: an old one can't sign somebody out who came back since.
    """

    def body(session: Session) -> None:
        logout_tokens.obey(db, word.provider, word.token_id, word.good_until, session)
        sessions.end_those(db, _meant(db, word, session), moment.wall, session)

    db.transaction(body)


def _meant(db: Database, word: Word, session: Session) -> dict[str, str]:
    if word.sid and (not word.subject or sessions.were_begun(db, word.provider, word.sid, session)):
        return {"provider": word.provider, "sid": word.sid}
    return {"person": people.find(db, word.issuer, word.subject, session) or "nobody"}
