"""The primary is killed again and again under twenty writers: nothing acknowledged is lost, doubled, torn or moved."""

from tests.faults.checker import check, counts
from tests.faults.crew import Crew, at_work
from tests.faults.ground import Ground
from tests.faults.kept import record_of
from tests.faults.outcome import Outcome, say
from tests.faults.replica_set import kill

ASKED_AGAIN = (429, 503)  # too many saves at once, or nobody to save with: both keep the words

PLANS = 5  # two sections of each, two writers at each section: twenty writers
BETWEEN = 5  # saves of all writers together after which the set has shown that it works again


def run(ground: Ground, kills: int, acknowledged: int) -> Outcome:
    """Kill the primary `kills` times, evenly over at least so many acknowledged saves."""
    with at_work(ground, PLANS) as crew:
        for number in range(kills):
            crew.wait_for(acknowledged * number // kills + BETWEEN)
            _kill_primary(ground, crew)
            say(f"primary killed {number + 1} times, {crew.acknowledged} saves acknowledged")
        crew.wait_for(acknowledged)
    return _outcome(ground, crew)


def _kill_primary(ground: Ground, crew: Crew) -> None:
    """Kill it in the middle of saves, start it again, and go on once all members are back and saves are kept."""
    primary = ground.mongods.primary()
    kill(primary)
    primary.listen()
    ground.mongods.wait_until_whole()
    crew.wait_for(crew.acknowledged + BETWEEN)


def _outcome(ground: Ground, crew: Crew) -> Outcome:
    history = crew.history
    faults = check(history, [record_of(ground.root, each) for each in crew.plans])
    findings = [str(each) for each in faults]
    findings += [f"a save was answered {each}" for each in sorted(crew.statuses) if each not in ASKED_AGAIN]
    outage = round(history.longest_outage, 1)
    figures = {"acknowledged": len(history.acknowledged), **counts(faults), "longest_outage_s": outage}
    return Outcome(figures, findings)
