"""How often one address may begin or end a sign-on in a minute, whichever process it is that answers."""

import hashlib
import hmac
import ipaddress

from portal.config import Settings
from portal.domain.moment import Moment
from portal.store import sign_in_counts
from portal.store.database import Database

NETWORK_V6 = 64  # what one household is given: each of its devices has as many addresses as it likes


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
