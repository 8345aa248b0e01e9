"""The whole demonstration from one command: database, identity providers, fictional children, worker and portal."""

import base64
import os
import shutil
import sys
import time
import tomllib
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from demo import seed
from demo.mongod import EmbeddedMongod
from demo.mongod_problems import MongodProblem
from demo.place import Place, open_place, port_is_free
from demo.processes import Failed, Processes
from portal.config import read_settings
from portal.operations import checkpoints
from portal.stopping import Stop
from portal.store import migrations, users
from portal.store.database import Database

DATABASE = "golden_thread"
CASES = 300  # beside the children who are written out
WHAT_TO_SEE = (
    ("nadia-rahman", "Amira's plan, being written: “All about me”, and who has signed"),
    ("emma-whitfield", "Leo's draft: the points she made, and the council's answer; Leo's parents live apart"),
    ("sam-adeyemi", "A young person's own final plan, as a page and a PDF; an appeal, and what the tribunal ordered"),
    ("ben-carter", "A therapist: write sections C and G; the advice he gave about Jade, under “Advice”"),
    ("jo-mensah", "Designated Clinical Officer: sign Amira's section G"),
    ("lee-grant", "A social worker: write and sign sections D, H1 and H2; advice about Jade that is late"),
    ("anita-patel", "A SENCO: what a school may see"),
    ("tom-hughes", "A SENCO who is consulted: say whether Hartwell can offer Leo a place"),
    ("chris-doyle", "An SEN caseworker: write sections B, E and F"),
    ("maria-silva", "An SEN manager: sign, issue drafts and finals; 306 cases in pictures"),
    ("robert-ainsley", "A second SEN manager"),
    ("moira-lennox", "A team's lead: her people, parts and invitations, and somebody who leaves; advice to hand on"),
    ("idris-vaughan", "An officer at night: the foot of each page opens a plan in an emergency"),
    ("grace-obi", "Data protection officer: an alert, since Idris opened Kieran's plan"),
    ("nia-okoro", "An advocate, by the link and code that Chris sees at “Who can see this” of Amira's plan"),
    ("priya-nair", "An SEN caseworker: Leo's address, kept from his father (“Who may read what”)"),
    ("tomasz-nowak", "A young man: two yearly reviews with their progress, and a third that waits for his word"),
    ("olive-finch", "Another council's caseworker: sees none of these children"),
)


def main() -> int:
    stop = Stop().on_signals()
    root = Path(os.environ.get("DATA_DIR", "var/demo")).resolve()
    if sys.argv[1:] == ["reset"]:
        shutil.rmtree(root, ignore_errors=True)
        print(f"Forgot the demonstration's data in {root}.")
        return 0
    try:
        run(root, int(os.environ.get("PORT", "8000")), stop)
    except (Failed, MongodProblem, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The demonstration can't use {root}: {error.strerror}.", file=sys.stderr)
        return 1
    return 0


def run(root: Path, port: int, stop: Stop) -> None:
    """Start everything, one line of progress a step, and stay until told to stop or something ends by itself."""
    began = time.monotonic()
    place = open_place(root, port)
    for name, each in {"the portal": port, **place.ports}.items():
        if not port_is_free(each):
            raise Failed(f"Port {each}, for {name}, is in use. Stop what uses it, or choose another with PORT=8100.")
    processes = Processes(root / "logs")
    mongod = EmbeddedMongod(place.mongod, place.ports["mongod"])
    try:
        _start(place, processes, mongod)
        print(_table(), flush=True)
        print(f"\nEvery email, text and letter that is sent: {place.inbox_url}", flush=True)
        print(f"Ready in {time.monotonic() - began:.0f} seconds at {place.url}  (Ctrl-C ends it)", flush=True)
        while not stop.wait(0.5):
            if name := processes.ended():
                raise Failed(f"{name} ended by itself. See {processes.log(name)}.")
    finally:
        print("\nStopping.", flush=True)
        processes.stop()
        mongod.stop()


def _start(place: Place, processes: Processes, mongod: EmbeddedMongod) -> None:
    environment = place.environment()
    _say("MongoDB (embedded, for demonstration and tests only)")
    mongod.start()
    users.create_users(mongod.uri("root"), DATABASE, place.secrets)
    _say("Identity providers for families, schools, the NHS and the council")
    _start_providers(place, processes, environment)
    _say("Migrations")
    if not place.filled.exists():
        _forget_half_filled(mongod)
    settings = read_settings(environment)
    migrator = Database(place.uri("migrator"), DATABASE, base64.b64decode(place.secrets["master_key"]))
    migrations.run(migrator)
    migrator.close()
    _say("Fictional children (the first start takes a little longer)")
    _fill(place, Database(settings.mongodb_uri, DATABASE, settings.master_key))
    _say("Worker")
    processes.start("worker", [sys.executable, "-m", "portal.cli", "work"], environment)
    _say("Notices, and the inbox in which they arrive")
    inbox = ["--mail-port", str(place.ports["mail"]), "--page-port", str(place.ports["inbox"])]
    inbox += ["--kept", str(place.inbox)]
    processes.start("inbox", [sys.executable, "-m", "demo.inbox", *inbox], environment)
    processes.wait_for("inbox", place.inbox_url)
    processes.start("notices", [sys.executable, "-m", "portal.cli", "deliver"], environment)
    _say("Portal")
    processes.start("portal", [sys.executable, "-m", "portal.cli", "serve"], environment)
    processes.wait_for("portal", f"{place.url}/health")


def _start_providers(place: Place, processes: Processes, environment: dict[str, str]) -> None:
    port = place.ports["providers"]
    command = [sys.executable, "-m", "demo.identity_provider", "--people", str(seed.CAST), "--port", str(port)]
    command += ["--data-dir", str(place.providers), "--client-url", place.url]
    command += ["--write-config", str(place.provider_file)]
    processes.start("identity-providers", command, environment)
    url = f"http://127.0.0.1:{port}/families/.well-known/openid-configuration"
    processes.wait_for("identity-providers", url)


def _forget_half_filled(mongod: EmbeddedMongod) -> None:
    """A first start that was cut short is begun again from nothing."""
    with MongoClient[dict[str, Any]](mongod.uri("root")) as client:
        client.drop_database(DATABASE)


def _fill(place: Place, db: Database) -> None:
    if not place.filled.exists():
        _say("  " + seed.seed(db, read_settings(place.environment()).providers, cases=CASES))
        if not place.checkpoint_key.exists():
            checkpoints.new_key(place.checkpoint_key)
        checkpoints.make(db, checkpoints.read_key(place.checkpoint_key), partial(datetime.now, UTC))
        place.filled.write_text("yes\n")
    db.close()


def _say(step: str) -> None:
    print(f"  {step}", flush=True)


def _table() -> str:
    people = {each["key"]: each for each in tomllib.loads(seed.CAST.read_text(encoding="utf-8"))["person"]}
    names = {"families": "Northmere family sign-in", "nhs": "NHS staff", "schools": "Schools", "council": "Council"}
    rows = [("Sign on as", "Through", "To see")]
    rows += [(people[key]["name"], names[people[key]["provider"]], what) for key, what in WHAT_TO_SEE]
    widths = [max(len(row[at]) for row in rows) for at in range(2)]
    lines = [f"  {row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]}" for row in rows]
    return "\n".join(["", lines[0], "  " + "-" * (len(lines[0]) + 30), *lines[1:]])


if __name__ == "__main__":
    sys.exit(main())
