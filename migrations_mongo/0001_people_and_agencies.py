"""People by issuer and subject, agencies, sessions that end by themselves, and sign-ons that are half done."""

from typing import Any

from pymongo.database import Database


def migrate(db: Database[dict[str, Any]]) -> None:
    db["people"].create_index([("issuer", 1), ("subject", 1)], unique=True, name="issuer_subject")
    db["agencies"].create_index([("authority", 1)], name="authority")
    db["sessions"].create_index([("gone", 1)], expireAfterSeconds=0, name="gone")
    db["sessions"].create_index([("person", 1)], name="person")
    db["sign_ins"].create_index([("gone", 1)], expireAfterSeconds=0, name="gone")
    db["key_vault"].create_index(
        [("keyAltNames", 1)],
        unique=True,
        partialFilterExpression={"keyAltNames": {"$exists": True}},
        name="key_alt_names",
    )
