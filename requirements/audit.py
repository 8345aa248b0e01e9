"""Ask pip-audit about every locked package, with advisories from a snapshot in this folder; fail when it can't know.

    python requirements/audit.py                    audits the lock files against advisories.json
    python requirements/audit.py refresh FOLDER     takes a new snapshot from a checkout of pypa/advisory-database

pip-audit alone is green while blind: without a network it reports nothing and exits with 0. Here a package that the
snapshot does not know, a snapshot older than 14 days, or an advisory that fits a locked version is a failure.
"""

import json
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
SNAPSHOT = HERE / "advisories.json"
LOCKS = ("core", "demo", "dev")
OLDEST = timedelta(days=14)
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ \\;]+)", re.MULTILINE)
Snapshot = dict[str, Any]


def locked(folder: Path = HERE) -> dict[str, str]:
    """Each locked package's version by its name."""
    return {
        name.lower(): version
        for lock in LOCKS
        for name, version in PINNED.findall((folder / f"{lock}.txt").read_text())
    }


def refresh(database: Path) -> Snapshot:
    """A snapshot of the advisories on every locked package, dated by the newest change of the database."""
    stamp = subprocess.run(
        ["git", "-C", str(database), "log", "-1", "--format=%cI"], capture_output=True, text=True, check=True
    ).stdout.strip()
    packages = {name: _advisories(database / "vulns" / name) for name in sorted(locked())}
    return {"taken": datetime.fromisoformat(stamp).date().isoformat(), "packages": packages}


def _advisories(folder: Path) -> list[dict[str, Any]]:
    found = [yaml.safe_load(each.read_text()) for each in sorted(folder.glob("*.yaml"))]
    return [_advisory(each) for each in found if "withdrawn" not in each]


def _advisory(found: Mapping[str, Any]) -> dict[str, Any]:
    """What pip-audit asks of an advisory; its words and its links stay where it came from."""
    affected = [
        {
            "package": each["package"],
            "ranges": [part for part in each.get("ranges", ()) if part["type"] == "ECOSYSTEM"],
            "versions": each.get("versions", []),
        }
        for each in found["affected"]
    ]
    times = {key: found[key] for key in ("published", "modified") if key in found}
    return {"id": found["id"], "aliases": found.get("aliases", []), "details": "", "affected": affected, **times}


def problems_of(snapshot: Snapshot, today: date, packages: Mapping[str, str]) -> list[str]:
    """Why this snapshot can't answer for these packages today."""
    found = [f"Nothing is known of {name}." for name in packages if name not in snapshot["packages"]]
    age = today - date.fromisoformat(snapshot["taken"])
    if age > OLDEST:
        found.append(f"The advisories are {age.days} days old; {OLDEST.days} are allowed. Refresh them.")
    return found


@contextmanager
def answering(snapshot: Snapshot) -> Iterator[str]:
    """An address that answers pip-audit as the OSV service does, from the snapshot: 404 for what it does not know."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that http.server calls
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known = snapshot["packages"].get(str(asked["package"]["name"]).lower())
            fitting = [each for each in known or () if _fits(each, str(asked["version"]))]
            body = json.dumps({"vulns": fitting} if fitting else {}).encode()
            self.send_response(404 if known is None else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Said by pip-audit."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()


def _fits(advisory: Mapping[str, Any], version: str) -> bool:
    return any(version in map(str, each.get("versions", ())) for each in advisory["affected"])


def audit(snapshot: Snapshot, packages: Mapping[str, str]) -> int:
    """pip-audit's own exit code for these packages."""
    with answering(snapshot) as url, tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "locked.txt"
        listed.write_text("".join(f"{name}=={version}\n" for name, version in packages.items()))
        options = ["--strict", "--disable-pip", "--no-deps", "-s", "osv", "--osv-url", url, "--progress-spinner", "off"]
        return subprocess.run([sys.executable, "-m", "pip_audit", *options, "-r", str(listed)], check=False).returncode


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["refresh"]:
        SNAPSHOT.write_text(json.dumps(refresh(Path(arguments[1])), indent=1, sort_keys=True, default=str) + "\n")
        return 0
    snapshot, packages = json.loads(SNAPSHOT.read_text()), locked()
    problems = problems_of(snapshot, datetime.now(UTC).date(), packages)
    print("\n".join(problems) or f"{len(packages)} packages, advisories of {snapshot['taken']}", file=sys.stderr)
    return audit(snapshot, {name: each for name, each in packages.items() if name in snapshot["packages"]}) or bool(
        problems
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
