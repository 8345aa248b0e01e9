"""What an actor is at a moment: exactly the grants that are live, and one name for them as long as nothing turns."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.actor import Grant, Role
from portal.domain.standing import Standing

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
hours = st.integers(-5, 5)


def grant(at: int, since: int, until: int | None) -> Grant:
    ends = None if until is None else NOON + timedelta(hours=until)
    return Grant("p", "Ben", "trust", "A trust", Role.SENCO, "nmr", f"nmr-{at}", NOON + timedelta(hours=since), ends)


grants = st.lists(st.tuples(hours, st.none() | hours), max_size=6).map(
    lambda found: tuple(grant(at, *times) for at, times in enumerate(found))
)


@given(grants, hours, hours)
def test_two_moments_of_one_name_have_the_same_live_grants(given_: tuple[Grant, ...], one: int, other: int) -> None:
    standing = Standing("p", "Ben", "issuer", "subject", given_, "stamp")
    first, second = (NOON + timedelta(hours=each) for each in (one, other))
    for wall in (first, second, first):
        assert standing.actor(wall).grants == tuple(each for each in given_ if each.live_at(wall))
    if standing.at(first) == standing.at(second):
        assert standing.actor(first).grants == standing.actor(second).grants


@given(grants)
def test_another_sign_on_is_another_actor_with_the_same_grants(given_: tuple[Grant, ...]) -> None:
    standing = Standing("p", "Ben", "issuer", "subject", given_)
    before, after = standing.actor(NOON, 100, "low"), standing.actor(NOON, 900, "high")
    assert (before.auth_time, before.acr, after.auth_time, after.acr) == (100, "low", 900, "high")
    assert before.grants == after.grants
    assert standing.actor(NOON, 100, "low") == before
