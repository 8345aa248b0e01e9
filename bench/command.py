"""What both commands do: choose the targets, run their comparisons, tell a table and one JSON object."""

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence

from bench.load import WrongAnswer
from bench.measure import Figure
from bench.postgres import NoPostgres
from bench.run import Run, running
from bench.table import as_json, as_text, passes, speeds, surroundings
from bench.targets import Target, chosen

Figures = dict[str, Figure]
Comparison = tuple[tuple[str, ...], Callable[[Run], Figures]]  # the targets' ids, and what measures them
ROUNDS = 7
BUSY = 0.5  # processes that wait for a processor on average, before we begin
NOT_MEASURED = (WrongAnswer, NoPostgres, OSError, RuntimeError)
WARM = (
    "Warm: templates compiled, what is read in the database's cache and in the product's own memory, openings of the "
    "half hour recorded. A checkpoint is written before each slice of saves."
)


def measure(among: tuple[Target, ...], comparisons: Sequence[Comparison]) -> int:
    """0 when every target that ONLY asks for is met, 1 when one is missed or could not be measured."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what was started is stopped
    load = os.getloadavg()[0]
    if load > BUSY:
        say(f"This machine is busy already (load {load:.1f}): what is measured now means little.")
    targets = chosen(os.environ.get("ONLY", ""), among)
    figures: dict[str, Figure | str] = {}
    with running(int(os.environ.get("ROUNDS") or ROUNDS), frozenset(each.key for each in targets)) as run:
        for keys, compare in comparisons:
            if run.wants(*keys):
                figures |= _measured(compare, run, keys)
        around = surroundings(WARM, load, run.stage.client.server_info()["version"])
    say(f"\n{speeds(run.tables)}\n\n{as_text(targets, figures)}\n\n{WARM}")
    print(json.dumps({**as_json(targets, figures), **around}, indent=1))
    return 0 if all(passes(each, figures[each.key]) for each in targets) else 1


def _measured(compare: Callable[[Run], Figures], run: Run, keys: tuple[str, ...]) -> Mapping[str, Figure | str]:
    """The comparison's figures, or for each of its keys the sentence that says why there is none."""
    try:
        figures = compare(run)
    except NOT_MEASURED as error:
        say(f"could not measure {', '.join(keys)}: {error}")
        return dict.fromkeys(keys, str(error)[:200])
    say(f"measured {', '.join(keys)}")
    return figures


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
