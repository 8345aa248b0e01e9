"""The history checker: it has nothing to say of a clean history, and finds each fault that is planted in one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faults.checker import EDITED, FIGURES, Kind, check, counts
from tests.faults.history import Entry, History, Read, Record, Result, Revision, Save

SECTION = "plan:B"


@dataclass(frozen=True)
class Story:
    """A history and what was kept of it."""

    history: History
    revisions: tuple[Revision, ...]

    @property
    def record(self) -> Record:
        """The plan as the product keeps it: a start, then a link and an outbox entry for each revision."""
        links = [Entry(each.number + 1, EDITED, SECTION, each.number, each.hash) for each in self.revisions]
        chain = (Entry(1, "plan_started", "", 0, ""), *links)
        steps = tuple(each.sequence for each in chain)
        heads = {SECTION: self.revisions[-1]} if self.revisions else {}
        return Record("plan", {SECTION: self.revisions}, heads, chain, steps, len(chain))

    def kinds(self) -> set[Kind]:
        return {each.kind for each in check(self.history, [self.record])}


def revision(number: int, token: str) -> Revision:
    return Revision(number, token, f"digest of {number}", f"hash of {number}")


@st.composite
def clean(draw: st.DrawFn) -> Story:
    """Any history that one register could have had: each act takes effect at one moment between start and end."""
    saves, reads, revisions = [], [], [revision(1, "save 0")]
    saves.append(Save(SECTION, -1.0, -0.5, "save 0", 0, Result.ACCEPTED, 1))
    for moment in range(1, draw(st.integers(4, 24))):
        start, end = (moment - draw(st.floats(0, 4)), moment + draw(st.floats(0, 4)))
        act = draw(st.sampled_from(["save", "save", "untold", "refused", "unknown", "unknown but kept", "read"]))
        now, token = len(revisions), f"save {moment}"
        if act == "read":
            reads.append(Read(SECTION, start, end, now, f"digest of {now}"))
        elif act in ("refused", "unknown"):
            base = draw(st.integers(0, now - 1))
            result = Result.REFUSED if act == "refused" else Result.UNKNOWN
            saves.append(Save(SECTION, start, end, token, base, result))
        else:
            revisions.append(revision(now + 1, token))
            result = Result.UNKNOWN if act == "unknown but kept" else Result.ACCEPTED
            saves.append(Save(SECTION, start, end, token, now, result, now + 1 if act == "save" else 0))
    # Two more, one after the other, so that every fault has somewhere to be planted.
    for extra in range(2):
        now = len(revisions)
        revisions.append(revision(now + 1, f"late {extra}"))
        start = 100.0 + 10 * extra
        saves.append(Save(SECTION, start, start + 1, f"late {extra}", now, Result.ACCEPTED, now + 1))
        reads.append(Read(SECTION, start + 2, start + 3, now + 1, f"digest of {now + 1}"))
    saves.append(Save(SECTION, 130.0, 131.0, "late and refused", 1, Result.REFUSED))
    return Story(History(draw(st.permutations(saves)), draw(st.permutations(reads))), tuple(revisions))


def with_revisions(story: Story, revisions: Sequence[Revision]) -> Story:
    return replace(story, revisions=tuple(revisions))


def noting(story: Story, *reads: Read) -> Story:
    return replace(story, history=story.history + History((), reads))


def changing(story: Story, token: str, **changes: object) -> Story:
    saves = [replace(each, **changes) if each.token == token else each for each in story.history.saves]  # type: ignore[arg-type]
    return replace(story, history=replace(story.history, saves=saves))


def lost(story: Story) -> Story:
    return with_revisions(story, story.revisions[:-1])


def duplicated(story: Story) -> Story:
    return with_revisions(story, [*story.revisions, revision(len(story.revisions) + 1, "late 1")])


def moved(story: Story) -> Story:
    *others, one, two = story.revisions
    return with_revisions(story, [*others, replace(one, token=two.token), replace(two, token=one.token)])


def refused_but_kept(story: Story) -> Story:
    return with_revisions(story, [*story.revisions, revision(len(story.revisions) + 1, "late and refused")])


def torn(story: Story) -> Story:
    return with_revisions(story, [*story.revisions[:-1], replace(story.revisions[-1], digest="digest of a half")])


def of_two_saves(story: Story) -> Story:
    return with_revisions(story, [*story.revisions[:-1], replace(story.revisions[-1], token="")])


def stale_read(story: Story) -> Story:
    before = len(story.revisions) - 1
    return noting(story, Read(SECTION, 120.0, 121.0, before, f"digest of {before}"))


def stale_save(story: Story) -> Story:
    """The newest revision was made by a save that began after its own number had been seen."""
    return changing(story, "late 1", start=114.0, end=115.0)


def future_read(story: Story) -> Story:
    newest = len(story.revisions)
    return noting(story, Read(SECTION, 90.0, 91.0, newest, f"digest of {newest}"))


def phantom(story: Story) -> Story:
    return with_revisions(story, [*story.revisions, revision(len(story.revisions) + 1, "nobody's")])


def phantom_read(story: Story) -> Story:
    beyond = len(story.revisions) + 1
    return noting(story, Read(SECTION, 140.0, 141.0, beyond, f"digest of {beyond}"))


def blind_overwrite(story: Story) -> Story:
    return changing(story, "late 1", base=len(story.revisions) - 2)


def unsound(story: Story) -> Story:
    return with_revisions(story, [*story.revisions[:-1], replace(story.revisions[-1], sound=False)])


def gap(story: Story) -> Story:
    return with_revisions(story, [*story.revisions[:-2], story.revisions[-1]])


PLANTED: list[tuple[Callable[[Story], Story], Kind]] = [
    (lost, Kind.LOST),
    (duplicated, Kind.DUPLICATED),
    (moved, Kind.MOVED),
    (refused_but_kept, Kind.REFUSED_BUT_KEPT),
    (torn, Kind.TORN),
    (of_two_saves, Kind.TORN),
    (unsound, Kind.TORN),
    (stale_read, Kind.STALE),
    (stale_save, Kind.STALE),
    (future_read, Kind.FUTURE),
    (phantom, Kind.PHANTOM),
    (phantom_read, Kind.PHANTOM),
    (blind_overwrite, Kind.BLIND),
    (gap, Kind.GAP),
]


@given(clean())
def test_a_clean_history_is_clean(story: Story) -> None:
    assert check(story.history, [story.record]) == []


@pytest.mark.parametrize(("plant", "kind"), PLANTED)
@settings(max_examples=25)
@given(story=clean())
def test_each_planted_fault_is_found(plant: Callable[[Story], Story], kind: Kind, story: Story) -> None:
    assert kind in plant(story).kinds()


@given(clean())
def test_a_revision_without_its_link_its_outbox_entry_or_its_head_is_found(story: Story) -> None:
    record = story.record
    last = record.chain[-1]
    for wrong in (
        replace(record, chain=record.chain[:-1]),
        replace(record, chain=(*record.chain, last)),
        replace(record, chain=(*record.chain[:-1], replace(last, hash="another hash"))),
        replace(record, chain=(*record.chain[:-1], replace(last, linked=False))),
        replace(record, announced=record.announced[:-1]),
        replace(record, announced=(*record.announced, last.sequence)),
        replace(record, sequence=record.sequence + 1),
        replace(record, heads={SECTION: story.revisions[0]}),
    ):
        assert {each.kind for each in check(story.history, [wrong])} == {Kind.UNRECORDED}


@given(clean())
def test_a_section_that_is_nowhere_is_lost_with_every_save(story: Story) -> None:
    faults = check(story.history, [])
    assert {each.token for each in faults} == {each.token for each in story.history.acknowledged}
    assert {each.kind for each in faults} == {Kind.LOST}


def test_no_reply_is_unknown_whether_it_was_kept_or_not() -> None:
    first = Save(SECTION, 0.0, 1.0, "first", 0, Result.UNKNOWN)
    assert Story(History([first]), (revision(1, "first"),)).kinds() == set()
    assert check(History([first]), []) == []


def test_every_kind_of_fault_is_counted_in_a_figure() -> None:
    assert set(FIGURES) == set(Kind)
    story = lost(Story(History([Save(SECTION, 0.0, 1.0, "first", 0, Result.ACCEPTED, 1)]), (revision(1, "first"),)))
    assert counts(check(story.history, [story.record])) == {"lost": 1, "duplicated": 0, "torn": 0, "out_of_order": 0}


def test_the_longest_outage_is_between_two_acknowledged_saves() -> None:
    def save(end: float, result: Result) -> Save:
        return Save(SECTION, 0.0, end, str(end), 0, result)

    accepted = [save(end, Result.ACCEPTED) for end in (9.0, 1.0, 4.0)]
    assert History([*accepted, save(6.0, Result.REFUSED)]).longest_outage == 5.0
