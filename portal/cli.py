"""The one command line: `portal --help` lists what it does."""

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portal.config import Settings, UnsafeSettings, read_settings
from portal.domain.agency import Agency, AgencyKind
from portal.domain.moment import Moment
from portal.operations.people import BadRows, Known, import_agencies, import_people
from portal.stopping import Stop
from portal.store import migrations, users
from portal.store.database import Database, DatabaseError, NoReplicaSet, Unavailable
from portal.store.migrations import BadMigrations

ROOT = Path(__file__).resolve().parents[1]
EXPECTED = (UnsafeSettings, NoReplicaSet, Unavailable, BadMigrations, BadRows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what is expected to go wrong is a sentence on standard error and exit code 1."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("pymongo").setLevel(logging.ERROR)
    chosen = _parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace], int] = chosen.run
        return run(chosen)
    except EXPECTED as error:
        print(error, file=sys.stderr)
        return 1
    except DatabaseError as error:  # its own message can hold the address, and the password in it
        print(f"MongoDB refused or could not be reached ({type(error).__name__}).", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="portal", description="Golden Thread, from the command line.")
    commands = parser.add_subparsers(title="commands", metavar="", required=True)

    def add(name: str, run: Callable[[argparse.Namespace], int], what: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=what, description=what)
        command.set_defaults(run=run)
        return command

    add("check-settings", check_settings, "say what is missing or unsafe in the settings")
    add("create-users", create_users, "make the database's users (MONGODB_ADMIN_URI, PORTAL_DB_PASSWORDS)")
    add("migrate", migrate, "bring the database's shape up to date (as the migrator: MONGODB_MIGRATOR_URI)")
    add("serve", serve, "serve the portal with the production server")
    add("work", work, "run the worker that makes PDFs")
    add("seed", seed, "load the demonstration's fictional children into an empty database")
    people = add("people", people_import, "make people known in bulk")
    people.add_argument("verb", choices=["import"], help="import a JSON list of issuer, subject, name and grants")
    people.add_argument("file", type=Path)
    agencies = add("agencies", agencies_import, "make agencies known in bulk")
    agencies.add_argument("verb", choices=["import"], help="import a JSON list of slug, name, kind and authority")
    agencies.add_argument("file", type=Path)
    return parser


def check_settings(_: argparse.Namespace) -> int:
    settings = read_settings()
    _database(settings).must_be_replica_set()
    providers = ", ".join(each.slug for each in settings.providers)
    print(f"The settings are complete. Identity providers: {providers}.")
    return 0


def create_users(_: argparse.Namespace) -> int:
    admin, passwords = os.environ.get("MONGODB_ADMIN_URI", ""), os.environ.get("PORTAL_DB_PASSWORDS", "")
    if not admin or not passwords:
        raise UnsafeSettings(
            ["MONGODB_ADMIN_URI and PORTAL_DB_PASSWORDS (JSON: app, migrator, retention, backup) must be set."]
        )
    users.create_users(admin, os.environ.get("PORTAL_DATABASE", "golden_thread"), _passwords(passwords))
    print("Made the users app, migrator, retention and backup.")
    return 0


def _passwords(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
        return {name: str(found[name]) for name in ("app", "migrator", "retention", "backup")}
    except (ValueError, KeyError, TypeError):
        raise UnsafeSettings(["PORTAL_DB_PASSWORDS must be JSON with app, migrator, retention and backup."]) from None


def migrate(_: argparse.Namespace) -> int:
    settings = read_settings()
    uri = os.environ.get("MONGODB_MIGRATOR_URI", settings.mongodb_uri)
    db = Database(uri, settings.database, settings.master_key)
    db.must_be_replica_set()
    ran = migrations.run(db)
    print("\n".join(f"ran {name}" for name in ran) or "Nothing to migrate.")
    return 0


def serve(_: argparse.Namespace) -> int:
    """Replace this process by gunicorn: gevent workers, since they hold a thousand open streams beside pages."""
    read_settings()
    os.chdir(ROOT)
    bind = os.environ.get("PORTAL_BIND", "127.0.0.1:8000")
    workers = os.environ.get("PORTAL_WORKERS", "2")
    options = ["--worker-class", "gevent", "--worker-connections", "2000", "--workers", workers, "--bind", bind]
    quiet = ["--log-level", "warning", "--graceful-timeout", "10", "--timeout", "60"]
    os.execv(  # noqa: S606  (this very interpreter, with arguments of ours)
        sys.executable, [sys.executable, "-m", "gunicorn", *options, *quiet, "wsgi:app"]
    )


def work(_: argparse.Namespace) -> int:
    from portal.worker import run  # the PDF maker is heavy, and no other command needs it

    settings = read_settings()
    run(_database(settings), Stop().on_signals())
    return 0


def seed(_: argparse.Namespace) -> int:
    from demo import seed as demonstration  # fictional children are no part of the product

    settings = read_settings()
    print(demonstration.seed(_database(settings), settings.providers))
    return 0


def people_import(chosen: argparse.Namespace) -> int:
    rows = _rows(chosen.file)
    now = datetime.now(UTC)
    count = import_people(_database(read_settings()), rows, Moment(now, now))
    print(f"{count} people are known.")
    return 0


def agencies_import(chosen: argparse.Namespace) -> int:
    agencies = _agencies(chosen.file)
    count = import_agencies(_database(read_settings()), agencies)
    print(f"{count} agencies are known.")
    return 0


def _agencies(path: Path) -> list[Agency]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return [_agency(each) for each in found]
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = "a list of objects with slug, name, kind, authority and perhaps second_person"
        raise BadRows([f"{path.name} must hold {what} ({type(error).__name__}: {error})."]) from None


def _agency(facts: dict[str, Any]) -> Agency:
    """Raises TypeError for anything but words and a yes or no: what is no word could ask the database a question."""
    agency = Agency(**{**facts, "kind": AgencyKind(facts["kind"])})
    if not all(isinstance(each, str) for each in (agency.slug, agency.name, agency.authority)):
        raise TypeError("slug, name and authority must be words")
    if not isinstance(agency.second_person, bool):
        raise TypeError("second_person must be true or false")
    return agency


def _rows(path: Path) -> list[Known]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return [Known(each["issuer"], each["subject"], each["name"], tuple(each.get("grants", ()))) for each in found]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        what = "a list of objects with issuer, subject, name and grants"
        raise BadRows([f"{path.name} must hold {what} ({type(error).__name__}: {error})."]) from None


def _database(settings: Settings) -> Database:
    return Database(settings.mongodb_uri, settings.database, settings.master_key)


if __name__ == "__main__":
    sys.exit(main())
