"""What sign-offs are held against finds each that was given for other words."""

from dataclasses import replace

from tests.faults.checker import EDITED
from tests.faults.history import Entry, Record, Revision
from tests.faults.signatures import SIGNED, Standing, Words, wrong_sign_offs

SECTION = "plan:B"
FIRST, SECOND = Words(1, "hash 1", "first"), Words(2, "hash 2", "second")
REVISIONS = [Revision(each.revision, each.token, "digest", each.hash) for each in (FIRST, SECOND)]


def entry(sequence: int, kind: str, words: Words) -> Entry:
    return Entry(sequence, kind, SECTION, words.revision, words.hash)


def record(*acts: tuple[str, Words]) -> Record:
    chain = [entry(sequence, kind, words) for sequence, (kind, words) in enumerate(acts, 1)]
    return Record("plan", {SECTION: REVISIONS}, {}, chain)


RIGHT = record((EDITED, FIRST), (SIGNED, FIRST), (EDITED, SECOND), (SIGNED, SECOND))


def wrong(kept: Record, *standing: Standing, pages: tuple[Words, ...] = (FIRST, SECOND)) -> list[str]:
    return list(wrong_sign_offs(pages, standing, kept, SECTION))


def test_a_sign_off_for_the_words_on_the_page_is_right() -> None:
    assert wrong(RIGHT, Standing(1, "hash 1", FIRST), Standing(2, "hash 2", SECOND)) == []


def test_a_sign_off_that_stands_on_other_words_is_wrong() -> None:
    assert len(wrong(RIGHT, Standing(1, "hash 1", SECOND))) == 1
    assert len(wrong(RIGHT, Standing(2, "hash 1", SECOND))) == 1
    assert len(wrong(RIGHT, Standing(2, "hash 2", replace(SECOND, token="other words")))) == 1


def test_a_sign_off_taken_after_the_words_moved_on_is_wrong() -> None:
    assert len(wrong(record((EDITED, FIRST), (EDITED, SECOND), (SIGNED, FIRST)))) == 1


def test_a_sign_off_of_words_that_were_on_no_page_is_wrong() -> None:
    assert len(wrong(RIGHT, pages=(FIRST,))) == 1


def test_a_sign_off_of_a_revision_whose_words_are_not_its_hash_is_wrong() -> None:
    unsound = replace(RIGHT, revisions={SECTION: [REVISIONS[0], replace(REVISIONS[1], sound=False)]})
    assert len(wrong(unsound)) == 1
