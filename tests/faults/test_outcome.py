"""What scenarios found is put together without anything being forgotten."""

from tests.faults.outcome import Outcome, together


def test_counts_are_added_the_longest_time_stays_and_what_must_be_true_is_true_of_all() -> None:
    one = Outcome({"lost": 1, "longest_outage_s": 2.5, "weak_build_caught": True}, ["one was lost"])
    other = Outcome({"lost": 2, "longest_outage_s": 2.0, "weak_build_caught": False, "half_saves": 0}, ["so were two"])
    for outcome in (together([one, other]), together([other, one])):
        assert outcome.figures == {"lost": 3, "longest_outage_s": 2.5, "weak_build_caught": False, "half_saves": 0}
        assert sorted(outcome.findings) == ["one was lost", "so were two"]
