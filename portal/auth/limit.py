"""How often people may ask: an address for sign-ons, in any process; a person for saves and reads, in this one."""

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta
from math import ceil
from threading import Lock

from portal.config import Settings
from portal.domain.moment import Moment
from portal.memory import Memory
from portal.store import sign_in_counts
from portal.store.database import Database

NETWORK_V6 = 64  # what one household is given: each of its devices has as many addresses as it likes
MINUTE = timedelta(minutes=1)
PEOPLE = 20_000  # whose pace one process remembers


def is_too_often(db: Database, settings: Settings, address: str, moment: Moment) -> bool:
    """Count one more try of this address; whether it is more than the minute allows. The address itself is not kept."""
    if settings.sign_in_limit is None:
        return False
    minute = int(moment.wall.timestamp() // 60)
    named = f"{_network(address)} {minute}".encode()
    key = hmac.new(settings.secret_key.encode(), named, hashlib.sha256).hexdigest()
    return sign_in_counts.count(db, key, moment.wall) > settings.sign_in_limit


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # a socket of this machine has none
        return ""
    return str(ipaddress.ip_network(f"{found}/{NETWORK_V6}", strict=False)) if found.version == 6 else str(found)


class Pace:
    """How fast each person goes, as this process alone sees it: nothing is asked of the database.

    A person may do at once what a minute allows, and then as often as it comes back, evenly. `a_minute` is None where
    there is no limit.
    """

    def __init__(self, a_minute: int | None) -> None:
        self._each = MINUTE // a_minute if a_minute else timedelta()
        self._whole_again: Memory[datetime] = Memory(PEOPLE)
        self._lock = Lock()

    def wait(self, person: str, now: datetime) -> int:
        """Count one more and answer 0; or answer the seconds until there is room for one, and count nothing."""
        if not self._each:
            return 0
        with self._lock:
            begun = max(self._whole_again.recall(person) or now, now)
            whole = min(begun, now + MINUTE) + self._each  # a clock that was set back keeps nobody out for longer
            if whole > now + MINUTE:
                return ceil((whole - now - MINUTE).total_seconds())
            self._whole_again.keep(person, whole)
        return 0
