"""The master key as data: 96 bytes of our own, or the name of a key that a key management service never lets out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What each service asks for: (credentials, where its key is), by the names that MongoDB's drivers use.
SERVICES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "aws": (("accessKeyId", "secretAccessKey"), ("region", "key")),
    "azure": (("tenantId", "clientId", "clientSecret"), ("keyVaultEndpoint", "keyName")),
    "gcp": (("email", "privateKey"), ("projectId", "location", "keyRing", "keyName")),
    "kmip": (("endpoint",), ()),
}
PROVIDER, CREDENTIALS, KEY = "PORTAL_KMS_PROVIDER", "PORTAL_KMS_CREDENTIALS", "PORTAL_KMS_KEY"


@dataclass(frozen=True)
class Kms:
    """A key management service that holds the master key: which one, how it knows us, and which key it is."""

    provider: str
    credentials: Mapping[str, Any]
    key: Mapping[str, Any]


MasterKey = bytes | Kms


def read_kms(env: Mapping[str, str], problems: list[str]) -> Kms | None:
    """The service that the environment names; None where the master key is our own (`local`, the default)."""
    provider = env.get(PROVIDER, "local")
    if provider == "local":
        return None
    if provider not in SERVICES:
        problems.append(f"{PROVIDER} must be one of local, {', '.join(SERVICES)}.")
        return None
    credentials, key = SERVICES[provider]
    return Kms(
        provider,
        _object(env, CREDENTIALS, provider, credentials, problems),
        _object(env, KEY, provider, key, problems),
    )


def _object(
    env: Mapping[str, str], name: str, provider: str, needed: tuple[str, ...], problems: list[str]
) -> dict[str, Any]:
    """An object in JSON. What it holds is secret, so that no message repeats any of it."""
    try:
        found = json.loads(env.get(name, "{}"))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        problems.append(f"{name} must be an object in JSON.")
        return {}
    missing = [each for each in needed if not found.get(each)]
    if missing:
        problems.append(f"{name} lacks {', '.join(missing)}, which {provider} needs.")
    return found
