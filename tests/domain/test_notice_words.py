"""What a notice says: what and by when, in a sentence that can be read to anybody."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.contact import unconfirmed
from portal.domain.notice import NoticeKind
from portal.domain.notice_words import code_words, words_of
from tests.factories import modest

TODAY, URL = date(2026, 12, 1), "https://portal.example"
SAID = [
    (
        NoticeKind.WAITS,
        date(2026, 12, 14),
        "Something waits for you in Golden Thread by 14 December. Sign in to see it.",
    ),
    (
        NoticeKind.WAITS,
        date(2027, 1, 4),
        "Something waits for you in Golden Thread by 4 January 2027. Sign in to see it.",
    ),
    (NoticeKind.WAITS, None, "Something waits for you in Golden Thread. Sign in to see it."),
    (
        NoticeKind.DRAFT,
        date(2026, 12, 14),
        "A draft was shared with you in Golden Thread. You have until 14 December to say what you think. "
        "Sign in to read it.",
    ),
]


@pytest.mark.parametrize(("kind", "due", "said"), SAID)
def test_each_kind_says_what_and_by_when(kind: NoticeKind, due: date | None, said: str) -> None:
    words = words_of([(kind, due)], TODAY, URL)
    assert words.text.startswith(f"{said}\n")
    assert words.short == f"{said} {URL}"


def test_several_things_are_counted_and_the_first_day_is_told() -> None:
    days = (date(2026, 12, 20), None, date(2026, 12, 14))
    words = words_of([(NoticeKind.WAITS, day) for day in days], TODAY, URL)
    assert words.subject == "3 things wait for you in Golden Thread, the first by 14 December"


kinds = st.sampled_from(list(NoticeKind))


@modest
@given(st.lists(st.tuples(kinds, st.none() | st.dates(TODAY, date(2030, 1, 1))), min_size=1, max_size=9))
def test_every_message_is_one_line_of_subject_and_leads_to_the_portal_alone(
    told: list[tuple[NoticeKind, date | None]],
) -> None:
    words = words_of(told, TODAY, URL)
    assert "\n" not in words.subject
    assert len(words.short) <= 160  # one text message
    assert "{" not in words.text
    assert words.text.count("https://") == words.text.count(URL) == 2


def test_a_code_is_told_with_what_to_do_with_it() -> None:
    waits = unconfirmed("a@b.co", None, datetime(2026, 12, 1, tzinfo=UTC))
    words = code_words(waits, URL)
    assert waits.aloud in words.text
    assert waits.aloud not in words.subject
