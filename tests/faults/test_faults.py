"""Real faults on real servers, in the short form of `make faults`: nothing acknowledged is lost, doubled or torn."""

from collections.abc import Iterator

import pytest

from tests.faults import editors, half_saves, lost_reply, primary_kills, same_form, sign_off_races, two_tabs, weak_build
from tests.faults.ground import Ground, standing
from tests.faults.size import SHORT


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    """Three mongods and two portal workers for all of these tests."""
    with standing() as found:
        yield found


def test_a_killed_primary_loses_no_acknowledged_save(ground: Ground) -> None:
    outcome = primary_kills.run(ground, SHORT.kills, SHORT.acknowledged)
    assert outcome.findings == []
    assert outcome.figures["acknowledged"] >= SHORT.acknowledged


def test_a_worker_killed_inside_a_save_leaves_all_of_it_or_nothing(ground: Ground) -> None:
    assert half_saves.run(ground).findings == []


def test_a_save_whose_reply_was_lost_is_kept_once_and_its_writer_is_told(ground: Ground) -> None:
    assert lost_reply.run(ground).findings == []


def test_the_same_form_sent_fifty_times_at_once_is_one_save(ground: Ground) -> None:
    assert same_form.run(ground).findings == []


def test_two_tabs_never_overwrite_each_other(ground: Ground) -> None:
    assert two_tabs.run(ground, SHORT.tabs).findings == []


def test_no_sign_off_stands_on_a_text_that_it_was_not_given_for(ground: Ground) -> None:
    assert sign_off_races.run(ground, SHORT.races).findings == []


def test_a_crowd_in_one_section_loses_no_word_and_nobody_is_failed(ground: Ground) -> None:
    outcome = editors.run(ground, SHORT.editors)
    assert outcome.findings == []
    assert outcome.figures["editors"] == SHORT.editors.count
    assert (outcome.figures["editors_lost"], outcome.figures["editors_5xx"]) == (0, 0)


def test_a_build_that_acknowledges_too_early_is_caught_and_the_real_one_is_not(ground: Ground) -> None:
    outcome = weak_build.run(ground)
    assert outcome.findings == []
    assert outcome.figures["weak_build_caught"]
