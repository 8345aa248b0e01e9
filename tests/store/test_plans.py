"""Plan documents: whatever a plan holds comes back as it was, a save writes only what differs, and only in its turn."""

import string
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.domain.content import Content, Item, Mark, Slot
from portal.domain.error import NotFound
from portal.domain.hashing import Value
from portal.domain.identifier import ALPHABET, new_plan_id
from portal.domain.plan import Answer, Child, Note, Plan, SectionHead, SignOff, VersionLine, blank_plan
from portal.domain.state import PlanState, VersionKind
from portal.store import plans
from portal.store.codec import content_in, content_out
from portal.store.database import Database
from portal.store.plans import MovedOn
from tests.at_once import at_once
from tests.world import World

# Any text that UTF-8 can hold: a lone half of a pair is refused long before it is stored (web/forms.py).
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ID = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=12)
SMALL = st.integers(0, 2**31 - 1)
BYTES = st.binary(max_size=32)
NAME = st.text(st.sampled_from(string.ascii_lowercase + "_"), min_size=1, max_size=12)
BEGIN, END = datetime(1990, 1, 1), datetime(2090, 1, 1)  # noqa: DTZ001  (hypothesis adds the zone)
MOMENT = st.datetimes(BEGIN, END, timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)
MARK = st.builds(Mark, person=ID, name=TEXT, agency=TEXT, at=MOMENT)
AMOUNT = st.dictionaries(st.sampled_from(["minutes", "how_often", "ratio", "how_long"]), TEXT | SMALL)
VALUE: st.SearchStrategy[Value] = TEXT | st.lists(ID, max_size=4) | AMOUNT
NAMES = st.lists(ID, max_size=2).map(tuple)
SLOT = st.builds(Slot, value=VALUE, salt=BYTES, audience=NAMES)
ITEM = st.builds(
    Item,
    id=ID,
    group=NAME,
    slots=st.dictionaries(NAME, SLOT, max_size=4),
    salt=BYTES,
    number=SMALL,
    owner=TEXT,
    audience=NAMES,
    changed=st.none() | MARK,
    revision=SMALL,
)
CONTENT = st.builds(
    Content, items=st.lists(ITEM, max_size=3).map(tuple), given=st.dictionaries(NAME, SMALL, max_size=3)
)
SIGN_OFF = st.builds(SignOff, by=MARK, agency_name=TEXT, revision=SMALL, hash=BYTES, statement=TEXT)
NOTE = st.builds(Note, by=MARK, words=TEXT, revision=SMALL)
HEAD = st.builds(
    SectionHead,
    content=CONTENT,
    revision=SMALL,
    hash=BYTES,
    changed=st.none() | MARK,
    sign_offs=st.lists(SIGN_OFF, max_size=2).map(tuple),
    handed_over=st.none() | NOTE,
    sent_back=st.none() | NOTE,
)
CHILD = st.builds(
    Child,
    name=TEXT,
    called=TEXT,
    subject=st.sampled_from(["she", "he", "they"]),
    born=st.dates(),
    nhs_number=TEXT,
    upn=TEXT,
    address=TEXT,
    hidden_address=st.booleans(),
    school=TEXT,
)
LINE = st.builds(VersionLine, number=SMALL, kind=st.sampled_from(VersionKind), at=MARK, hash=BYTES)
ANSWER = st.builds(Answer, by=MARK, words=TEXT, version=SMALL)
PLAN = st.builds(
    Plan,
    id=st.builds(new_plan_id, st.just("nmr")),
    authority=st.just("nmr"),
    authority_name=TEXT,
    child=CHILD,
    sections=st.dictionaries(st.sampled_from(["A", "B", "G", "H1", "K"]), HEAD, max_size=2),
    state=st.sampled_from(PlanState),
    sequence=SMALL,
    head=BYTES,
    standard_name=TEXT,
    versions=st.lists(LINE, max_size=2).map(tuple),
    answers=st.lists(ANSWER, max_size=2).map(tuple),
    commissioner=TEXT,
)


def insert(db: Database, plan: Plan) -> Plan:
    db.transaction(lambda session: plans.insert(db, plan, session))
    return plan


def update(db: Database, before: Plan, after: Plan) -> None:
    db.transaction(lambda session: plans.update(db, before, after, session))


def document(db: Database, plan_id: str) -> dict[str, Any]:
    found = db["plans"].find_one({"authority": "nmr", "_id": plan_id})
    assert found is not None
    return found


@given(PLAN)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_any_plan_comes_back_from_the_database_as_it_was(db: Database, plan: Plan) -> None:
    insert(db, plan)
    assert plans.load(db, plan.id) == plan


@given(PLAN, PLAN)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_any_change_of_a_plan_comes_back_from_the_database_as_it_was(db: Database, before: Plan, other: Plan) -> None:
    insert(db, before)
    # Whose plan it is never changes, nor which sections it has: all else may.
    heads = [each for _, each in sorted(other.sections.items())]
    sections = {
        letter: heads[at % len(heads)] if heads else head for at, (letter, head) in enumerate(before.sections.items())
    }
    after = replace(other, id=before.id, child=before.child, sections=sections)
    update(db, before, after)
    assert plans.load(db, before.id) == after


@given(CONTENT)
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_any_content_survives_the_codec(content: Content) -> None:
    assert content_in(content_out(content)) == content


# A save writes only what differs


def with_words(plan: Plan, letter: str, words: str) -> Plan:
    head = plan.sections[letter]
    slots: Mapping[str, Slot] = {"words": Slot(words, b"salt")}
    content = replace(head.content, items=(*head.content.items, Item("0123456789", "people", slots, b"salt")))
    return plan.with_section(letter, content=content, revision=head.revision + 1)


def blank(db: Database) -> Plan:
    child = Child("Theo Marsh", "Theo", "he", datetime(2014, 9, 1, tzinfo=UTC).date())
    return insert(db, blank_plan(new_plan_id("nmr"), "nmr", "Northmere Council", child))


def test_a_save_leaves_alone_in_the_database_what_it_did_not_change(db: Database) -> None:
    before = blank(db)
    was = document(db, before.id)
    marks = {"sections.B.handed_over": {"left": "alone"}, "authority_name": "Left alone", "extra": "left alone"}
    db["plans"].update_one({"authority": "nmr", "_id": before.id}, {"$set": marks})
    update(db, before, replace(with_words(before, "A", "My brother"), sequence=1, head=b"head"))
    now = document(db, before.id)
    changed = {key for key in now if now[key] != was.get(key)}
    assert changed == {"sections", "sequence", "head", "authority_name", "extra"}
    assert {letter for letter in now["sections"] if now["sections"][letter] != was["sections"][letter]} == {"A", "B"}
    assert now["sections"]["B"]["handed_over"] == {"left": "alone"}
    assert (now["authority_name"], now["extra"]) == ("Left alone", "left alone")
    assert now["child"] == was["child"]


def test_a_save_made_on_a_plan_that_has_moved_on_is_refused_and_writes_nothing(db: Database) -> None:
    first = blank(db)
    second = replace(with_words(first, "A", "Mine"), sequence=1)
    update(db, first, second)
    was = document(db, first.id)
    with pytest.raises(MovedOn):
        update(db, first, replace(with_words(first, "B", "Theirs"), sequence=1))
    with pytest.raises(MovedOn):
        update(db, replace(first, sequence=7), replace(with_words(first, "B", "Theirs"), sequence=8))
    assert document(db, first.id) == was


def test_of_ten_saves_made_on_the_same_plan_at_once_exactly_one_is_taken(db: Database) -> None:
    first = blank(db)

    def save(words: str) -> None:
        update(db, first, replace(with_words(first, "A", words), sequence=1))

    raised = at_once(*[lambda words=f"Words {at}": save(words) for at in range(10)])
    assert [type(each) for each in raised] == [MovedOn] * 9
    assert plans.load(db, first.id).sections["A"].revision == 1


def test_a_plan_is_not_saved_under_another_authority(db: Database) -> None:
    plan = blank(db)
    stray = replace(plan, id=plan.id.replace("nmr", "sfl"))
    with pytest.raises(MovedOn):
        update(db, stray, replace(stray, sequence=1))
    with pytest.raises(NotFound):
        plans.load(db, stray.id)


def test_an_id_that_is_not_a_plans_is_never_asked_of_the_database(world: World) -> None:
    for plan_id in (
        "",
        "nmr-",
        "NMR-0000000000000000",
        f"{world.plan_id} ",
        f"{world.plan_id}\n",
        "nmr-ilou000000000000",
    ):
        with pytest.raises(NotFound):
            plans.load(world.db, plan_id)
