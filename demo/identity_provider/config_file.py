"""Writes the portal's provider file: one `[[provider]]` table for each issuer."""

import json
from collections.abc import Iterable

from demo.identity_provider.issued import SCOPES
from demo.identity_provider.issuer import Issuer


def config_text(issuers: Iterable[Issuer]) -> str:
    tables = ("\n".join(["[[provider]]", *_settings(issuer)]) for issuer in issuers)
    return "# The demonstration's identity providers. Made when they start; everyone there is fictional.\n\n" + (
        "\n\n".join(tables) + "\n"
    )


def _settings(issuer: Issuer) -> Iterable[str]:
    settings = {
        "slug": issuer.profile.slug,
        "name": issuer.profile.name,
        "agency_kind": issuer.profile.agency_kind,
        "issuer": issuer.url,
        "client_id": issuer.client.client_id,
        "client_auth_method": "client_secret_basic",
        "client_secret": issuer.client.client_secret,
        "scopes": " ".join(SCOPES),
        "signing_algorithms": ["RS256"],
    }
    # What JSON makes of strings and lists of strings is TOML as well.
    return (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in settings.items())
