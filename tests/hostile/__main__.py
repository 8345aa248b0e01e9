"""How long a plan that is somebody else's and a plan that never was take to be refused: `python -m tests.hostile`.

Prints JSON. A figure and no test: seconds differ between machines. "told_apart" says whether a rank test (Mann and
Whitney, two-sided) tells the two samples apart at one in a hundred.
"""

import json
import statistics
import sys
import tempfile
import time
from math import erfc, sqrt
from pathlib import Path

from demo.identity_provider import read_people, start
from demo.mongod import EmbeddedMongod
from demo.place import free_port
from demo.seed import CAST
from portal.app import create_app
from portal.config import read_settings
from portal.store import migrations, users
from portal.store.database import Database
from tests.conftest import PORTAL_URL, uri_of
from tests.world import MASTER_KEY, PASSWORDS, World, build_world, environment

SAMPLES = 2_000
SIGNIFICANT = 0.01


def measured(world: World) -> tuple[list[float], list[float]]:
    """Seconds for (a plan that is there and not theirs, one that is not there), asked in turns."""
    stranger = world.client("stranger")
    paths = (stranger.base, f"/plans/{world.plan_id[:4]}{'0' * 16}")
    found: tuple[list[float], list[float]] = ([], [])
    for number in range(SAMPLES + 50):
        for at in (0, 1) if number % 2 else (1, 0):
            before = time.perf_counter()
            answer = stranger.get(paths[at])
            taken = time.perf_counter() - before
            assert answer.status_code == 404
            if number >= 50:  # the first are warming up
                found[at].append(taken)
    return found


def chance(one: list[float], other: list[float]) -> float:
    """The chance that two samples of one kind differ in rank as much as these."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(rank for rank, (_, which) in enumerate(ranked, 1) if which == 0)
    mean = len(one) * (len(one) + len(other) + 1) / 2
    spread = sqrt(len(one) * len(other) * (len(one) + len(other) + 1) / 12)
    return erfc(abs(ranks - mean) / spread / sqrt(2))


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, EmbeddedMongod(Path(folder), free_port()) as mongod:
        users.create_users(mongod.uri("root"), "hostile", PASSWORDS)
        migrator = Database(uri_of(mongod, "hostile", "migrator"), "hostile", MASTER_KEY)
        migrations.run(migrator)
        migrator.close()
        with start(read_people(CAST), [PORTAL_URL], Path(folder) / "providers") as providers:
            file = Path(folder) / "providers.toml"
            file.write_text(providers.config_text())
            settings = read_settings(environment(uri_of(mongod, "hostile", "app"), "hostile", file, PORTAL_URL))
            app = create_app(settings)
            there, absent = measured(build_world(app, app.extensions["database"], settings))
            app.extensions["database"].close()
    p = chance(there, absent)
    medians = {"there_ms": statistics.median(there) * 1000, "absent_ms": statistics.median(absent) * 1000}
    print(json.dumps({"samples": SAMPLES, **medians, "p": p, "told_apart": p < SIGNIFICANT}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
