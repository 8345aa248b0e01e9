"""Tries every fault and prints one JSON object: `python -m tests.faults` the long form, with `short` the short one.

With names of scenarios after it (`editors two_tabs`) it tries those alone, and prints their figures.
"""

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
    """0 when every promise was kept and the weak build was caught; 2 for an unknown name; otherwise 1.

    Standard error says what is wrong.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    known = scenarios(SHORT if "short" in arguments else LONG)
    parts = [each for each in arguments if each != "short"] or list(known)
    if unknown := set(parts) - set(known):
        say(f"There is no {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
        return 2
    with standing() as ground:
        outcome = together(_tried(known[each], ground) for each in parts)
    for each in outcome.findings:
        say(each)
    print(json.dumps(outcome.figures))
    return 1 if outcome.findings else 0


def scenarios(size: Size) -> dict[str, Scenario]:
    """Every fault by its name, in the order of the report."""
    return {
        "primary_kills": lambda ground: primary_kills.run(ground, size.kills, size.acknowledged),
        "half_saves": half_saves.run,
        "lost_reply": lost_reply.run,
        "same_form": same_form.run,
        "two_tabs": lambda ground: two_tabs.run(ground, size.tabs),
        "sign_off_races": lambda ground: sign_off_races.run(ground, size.races),
        "editors": lambda ground: editors.run(ground, size.editors),
        "tampering": _tampered,
        "weak_build": weak_build.run,
    }


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
