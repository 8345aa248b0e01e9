"""`python -m bench.sealing` prints what sealing costs, in milliseconds: to seal, open, make tokens, find a child."""

from collections.abc import Callable
from datetime import date
from statistics import median
from time import perf_counter

from bench.stage import stage
from portal.domain.looked_for import keys_of, looked_for
from portal.domain.plan import Child
from portal.store import identities
from portal.store.codec import child_out
from portal.store.database import Database

ROUNDS = 300
CHILD = Child(
    "Zoë Brontë-Fairweather", "Zoë", "she", date(2014, 2, 3), "9990000034", "Z999200001001", "14 Larch Street"
)


def main() -> None:
    with stage() as made:
        db = made.database("sealing")
        facts = child_out(CHILD)
        sealed = db.seal(facts)
        db.unseal(sealed)
        for what, work in (
            ("seal a child's facts", lambda: db.seal(facts)),
            ("open them for the first time", lambda: db.sealing.encryption.decrypt(sealed)),
            ("open them again in the same process", lambda: db.unseal(sealed)),
            (f"make all {len(keys_of(CHILD))} tokens of a child", lambda: _tokens(db)),
            ("look for a child", lambda: identities.find(db, "nmr", looked_for("Fairweather"))),
        ):
            print(f"{what:<40}{_milliseconds(work):>8.3f} ms")


def _tokens(db: Database) -> None:
    for each in keys_of(CHILD):
        db.sealing.token(each)


def _milliseconds(work: Callable[[], object]) -> float:
    """The median of the rounds."""
    taken = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        work()
        taken.append(perf_counter() - begun)
    return 1000 * median(taken)


if __name__ == "__main__":
    main()
