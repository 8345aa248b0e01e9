"""Comparisons of what is kept: disk for sixty revisions, and journal for one save."""

from collections.abc import Callable, Iterator
from itertools import cycle, islice

from bench.command import Figures
from bench.contenders import SAVE, product_saves
from bench.floor import SnapshotSave
from bench.measure import figure
from bench.run import DEEP, FLOOR, WEIGHED, Run
from bench.seed import Written
from bench.storage import HISTORY, journal_bytes, size_of
from bench.works import Words

SAVES = 60


def disk(run: Run) -> Figures:
    """T10: the history collections beside whole snapshots of the same plan documents, both zstd."""
    assert len(run.deep.plans) == WEIGHED
    ours = size_of(run.stage.client, DEEP, HISTORY)
    whole = size_of(run.stage.client, "snapshots", ["snapshots"])
    note = f"{ours / WEIGHED / 1024:.0f} KB a plan beside {whole / WEIGHED / 1024:.0f} KB"
    return {"T10": figure([ours / whole], note)}


def journal(run: Run) -> Figures:
    """T11: bytes written to the journal by the product's save beside the save of a design that keeps whole plans."""
    product_saves(run)
    keep_whole = SnapshotSave(run.stage.mongod.uri("root"), FLOOR, run.pattern)
    words, plans = Words(11), cycle(run.floor_plans)
    pairs = []
    for _ in range(run.rounds):
        ours = _journal_of(run, lambda: run.client.run(SAVE, 1, run.product.workers, 0, 1.0).sent)
        pairs.append((ours, _journal_of(run, lambda: _kept_whole(keep_whole, plans, words))))
    ours, whole = pairs[-1]
    note = f"{ours / 1024:.1f} KB a save beside {whole / 1024:.1f} KB"
    return {"T11": figure([mine / theirs for mine, theirs in pairs], note)}


def _journal_of(run: Run, save: Callable[[], int]) -> float:
    """Bytes of journal for each of the saves that are made."""
    before = journal_bytes(run.stage.client)
    saved = save()
    return (journal_bytes(run.stage.client) - before) / saved


def _kept_whole(keep_whole: SnapshotSave, plans: Iterator[Written], words: Words) -> int:
    for each in islice(plans, SAVES):
        sent = {"revision": str(each.revision), "request_id": words.request_id(), **words.next()}
        keep_whole(each.id, sent)
    return SAVES
