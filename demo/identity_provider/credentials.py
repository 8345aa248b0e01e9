"""An issuer's signing key and its client's secret: made once, kept in a file only its owner may read."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from joserfc.jwk import RSAKey

from demo.private_file import write_private


@dataclass(frozen=True)
class Credentials:
    """What must survive a restart, so that tokens and the portal's provider file stay good."""

    signing_key: RSAKey
    client_secret: str


def load_or_create(path: Path) -> Credentials:
    if not path.exists():
        write_private(path, json.dumps(_fresh()))
    kept = json.loads(path.read_text())
    return Credentials(RSAKey.import_key(kept["signing_key"]), kept["client_secret"])


def _fresh() -> dict[str, object]:
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    return {"signing_key": key.as_dict(private=True), "client_secret": secrets.token_urlsafe(32)}
