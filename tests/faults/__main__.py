"""Tries every fault and prints one JSON object: `python -m tests.faults` the long form, with `short` the short one."""

import json
import signal
import sys
from collections.abc import Callable, Sequence

from tests.faults import (
    editors,
    half_saves,
    lost_reply,
    primary_kills,
    same_form,
    sign_off_races,
    tampering,
    two_tabs,
    weak_build,
)
from tests.faults.ground import Ground, standing
from tests.faults.outcome import Outcome, say, together
from tests.faults.size import LONG, SHORT, Size

Scenario = Callable[[Ground], Outcome]


def main(arguments: Sequence[str]) -> int:
    """0 when every promise was kept and the weak build was caught; otherwise 1, and standard error says what."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    size = SHORT if "short" in arguments else LONG
    with standing() as ground:
        outcome = together(_tried(each, ground) for each in scenarios(size))
    for each in outcome.findings:
        say(each)
    print(json.dumps(outcome.figures))
    return 1 if outcome.findings else 0


def scenarios(size: Size) -> list[Scenario]:
    """Every fault, in the order of the report."""
    return [
        lambda ground: primary_kills.run(ground, size.kills, size.acknowledged),
        half_saves.run,
        lost_reply.run,
        same_form.run,
        lambda ground: two_tabs.run(ground, size.tabs),
        lambda ground: sign_off_races.run(ground, size.races),
        lambda ground: editors.run(ground, size.editors),
        _tampered,
        weak_build.run,
    ]


def _tampered(ground: Ground) -> Outcome:
    """A receipt altered in every way there is."""
    figures = tampering.run(ground.world())
    say(f"a receipt altered in {figures['tampering_tried']} ways")
    missed = figures["tampering_missed"]
    return Outcome(figures, [f"{missed} ways to alter a receipt were missed"] if missed else [])


def _tried(scenario: Scenario, ground: Ground) -> Outcome:
    """Its outcome; one that can't go on is a finding, and the others are tried all the same."""
    try:
        return scenario(ground)
    except Exception as error:  # noqa: BLE001
        return Outcome({}, [f"a fault could not be tried to its end: {error!r}"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
