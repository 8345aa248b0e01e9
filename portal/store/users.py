"""The database's own users: the app may only add to history, and each other user may do one thing more."""

from typing import Any

from pymongo import MongoClient

READ_AND_ADD = ["find", "insert"]
WORK = ["find", "insert", "update"]
WORK_AND_FORGET = [*WORK, "remove"]
READ_ADD_AND_HEAR = [*READ_AND_ADD, "changeStream"]

# What the application may do, collection by collection; what is not named here the server itself refuses.
APP: dict[str, list[str]] = {
    "section_revisions": READ_AND_ADD,
    "chain": READ_ADD_AND_HEAR,
    "statements": READ_AND_ADD,
    "versions": READ_AND_ADD,
    "documents": READ_AND_ADD,
    "letters": READ_AND_ADD,
    "letter_templates": READ_AND_ADD,
    "ladders": READ_AND_ADD,
    "climbs": READ_AND_ADD,
    "media.files": READ_AND_ADD,
    "media.chunks": READ_AND_ADD,
    "uploads.files": WORK_AND_FORGET,
    "uploads.chunks": WORK_AND_FORGET,
    "plans": WORK,
    "people": WORK,
    "agencies": WORK,
    "grants": WORK,
    "caseload": WORK_AND_FORGET,
    "outbox": WORK,
    "notices": WORK,
    "awaited": WORK,
    "jobs": WORK,
    "openings": WORK,
    "requests": READ_AND_ADD,
    "sessions": WORK_AND_FORGET,
    "sign_ins": WORK_AND_FORGET,
    "sign_in_counts": WORK,
    "logout_tokens": READ_AND_ADD,
    "drafts": WORK_AND_FORGET,
    "checkpoints": READ_AND_ADD,
    "checkpoint_tiles": READ_AND_ADD,
    "reading_marks": WORK,
    "twins": READ_AND_ADD,
    "twin_checks": READ_AND_ADD,
    "twin_checkers": READ_AND_ADD,
    "advice": READ_AND_ADD,
    "advice_read": READ_AND_ADD,
    "reasoned_readings": WORK,
    "opening_choices": WORK,
    "presence": WORK_AND_FORGET,
    "invitations": WORK,
    "grant_requests": WORK,
    "access_log": READ_AND_ADD,
    "identities": WORK,
    "turnarounds": WORK_AND_FORGET,
    "case_rows": WORK_AND_FORGET,
    "decision_rows": WORK_AND_FORGET,
    "assessment_requests": WORK,
    "searches": READ_AND_ADD,
    "key_vault": ["find"],
    "_migrations": ["find"],
}
REMOVE = ["remove"]
REDACT = ["find", "update", "remove"]
# What the retention user may do, to redact and to destroy (retention.py). It can't read a plan nor add to anything.
RETENTION: dict[str, list[str]] = {
    "section_revisions": REDACT,
    "statements": REDACT,
    "documents": REDACT,
    "versions": ["update"],
    "plans": ["update"],
    "grants": REMOVE,
    "caseload": REMOVE,
    "media.files": REMOVE,
    "media.chunks": REMOVE,
    "uploads.files": REMOVE,
    "uploads.chunks": REMOVE,
    "outbox": REMOVE,
    "notices": REMOVE,
    "awaited": REMOVE,
    "jobs": REMOVE,
    "openings": REMOVE,
    "requests": REMOVE,
    "drafts": REMOVE,
    "reading_marks": REMOVE,
    "letters": REMOVE,
    "twins": REMOVE,
    "twin_checks": REMOVE,
    "twin_checkers": REMOVE,
    "advice": REMOVE,
    "advice_read": REMOVE,
    "reasoned_readings": REMOVE,
    "opening_choices": REMOVE,
    "invitations": REMOVE,
    "identities": REMOVE,
    "turnarounds": REMOVE,
    "case_rows": REMOVE,
    "decision_rows": REMOVE,
    "assessment_requests": REMOVE,
}


def create_users(admin_uri: str, database: str, passwords: dict[str, str]) -> None:
    """Make or renew the roles and the users app, migrator, retention and backup; needs an administrator's URI."""
    with MongoClient[dict[str, Any]](admin_uri) as client:
        db = client[database]
        _role(db, "portal_app", [_privilege(database, name, actions) for name, actions in APP.items()], [])
        _role(db, "portal_retention", [_privilege(database, name, actions) for name, actions in RETENTION.items()], [])
        _user(db, "app", passwords["app"], ["portal_app"])
        _user(db, "migrator", passwords["migrator"], ["readWrite", "dbAdmin"])
        _user(db, "retention", passwords["retention"], ["portal_retention"])
        _user(db, "backup", passwords["backup"], ["read"])


def _privilege(database: str, collection: str, actions: list[str]) -> dict[str, Any]:
    return {"resource": {"db": database, "collection": collection}, "actions": actions}


def _role(db: Any, name: str, privileges: list[dict[str, Any]], inherits: list[str]) -> None:
    known = db.command("rolesInfo", name)["roles"]
    verb = "updateRole" if known else "createRole"
    db.command(verb, name, privileges=privileges, roles=inherits)


def _user(db: Any, name: str, password: str, roles: list[str]) -> None:
    known = db.command("usersInfo", name)["users"]
    verb = "updateUser" if known else "createUser"
    db.command(verb, name, pwd=password, roles=roles)
