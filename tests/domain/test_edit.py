"""Editing: whoever writes at once, no words are lost or mixed, and nobody changes what is not theirs to change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.actor import Actor, Role
from portal.domain.content import Content, Item, content_hash
from portal.domain.decision import Decision
from portal.domain.edit import REMOVED, blank_values, edit_item
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady, StaleRevision
from portal.domain.hashing import Value
from portal.domain.merge import Clash
from portal.domain.plan import Plan
from portal.domain.state import PlanState
from tests import factories
from tests.factories import (
    CASEWORKER,
    OTHER_PARENT,
    PARENT,
    SENCO,
    THERAPIST,
    add,
    at,
    blank,
    modest,
    submission,
    write,
)

EDITORS = [factories.actor(Role.SEN_CASEWORKER, f"-{each}") for each in range(5)]
NEED = {"area": "semh", "need": "Worry"}
FIELDS = ("need", "effect", "strengths")
WORDS = st.sampled_from(["", "a", "b", "c", "d"])


@dataclass(frozen=True)
class Step:
    """One thing an editor does: open the page again, save an item, add one or remove one."""

    editor: int
    kind: str
    item: int
    values: Mapping[str, Value]


STEPS = st.lists(
    st.builds(
        Step,
        st.integers(0, 4),
        st.sampled_from(["save", "save", "save", "open", "add", "remove"]),
        st.integers(0, 3),
        st.dictionaries(st.sampled_from(FIELDS), WORDS, min_size=1),
    ),
    min_size=2,
    max_size=25,
)


class Desk:
    """Editors at one section, each with the page they opened last, and every revision they made of it."""

    def __init__(self, editors: int) -> None:
        plan, first = add(blank(), EDITORS[0], "B", "needs", **NEED)
        self.plan, second = add(plan, EDITORS[0], "B", "needs", **NEED)
        self.ids = [first, second]
        self.pages = [self.content] * editors
        self.numbers = [each.number for each in self.content.items]
        self.saved: list[tuple[Content, Content, Content, Mapping[str, Value], str]] = []
        self.clashes: list[Clash] = []

    @property
    def content(self) -> Content:
        return self.plan.sections["B"].content

    def do(self, step: Step) -> None:
        editor = step.editor % len(self.pages)
        if step.kind == "open":
            self.pages[editor] = self.content
            return
        item_id = "" if step.kind == "add" else self.ids[step.item % len(self.ids)]
        base = self.pages[editor]
        if step.kind != "add" and base.item(item_id) is None:
            return  # not on their page
        values: Mapping[str, Value] = {} if step.kind == "remove" else step.values
        try:
            decision = self.send(editor, item_id, values, base)
        except StaleRevision as stale:
            self.refused(editor, item_id, values, base, stale)
            return
        self.accept(decision, base, values, item_id)

    def send(self, editor: int, item_id: str, values: Mapping[str, Value], base: Content) -> Decision | None:
        edit = submission(base, "needs", item_id, values, remove=not values)
        return edit_item(self.plan, EDITORS[editor], "B", edit, at(), factories.new_id())

    def accept(self, decision: Decision | None, base: Content, values: Mapping[str, Value], item_id: str) -> None:
        before = self.content
        if decision:
            self.plan = decision.plan
            new = [each for each in self.content.items if before.item(each.id) is None]
            self.ids += [each.id for each in new]
            self.numbers += [each.number for each in new]
            item_id = item_id or new[0].id
        self.saved.append((base, before, self.content, values, item_id))

    def refused(
        self, editor: int, item_id: str, values: Mapping[str, Value], base: Content, stale: StaleRevision
    ) -> None:
        """Both texts are shown for exactly the fields that two people changed; then the writer saves their choice."""
        self.clashes += stale.clashes
        current, before = self.content.item(item_id), base.item(item_id)
        assert before is not None
        if current is None or not values:
            assert {each.field for each in stale.clashes} <= {REMOVED}
            self.pages[editor] = self.content
            return
        both = {
            name: (value, current.value(name))
            for name, value in values.items()
            if current.value(name) != before.value(name) and value not in (before.value(name), current.value(name))
        }
        assert {each.field: (each.mine, each.theirs) for each in stale.clashes} == both != {}
        self.pages[editor] = self.content
        self.accept(self.send(editor, item_id, values, self.content), self.content, values, item_id)
        kept = self.content.item(item_id)
        assert kept is not None
        assert all(kept.value(name) == value for name, value in values.items())


@modest
@given(st.integers(2, 5), STEPS)
def test_no_words_are_lost_between_editors_whatever_their_pages_showed(editors: int, steps: list[Step]) -> None:
    desk = Desk(editors)
    for step in steps:
        desk.do(step)
    for base, before, after, values, item_id in desk.saved:
        nothing_else_changed(before, after, item_id, values)
        nothing_unseen_was_overwritten(base, before, after, item_id)
        what_was_sent_stands(base, after, item_id, values)
    head = desk.plan.sections["B"]
    assert head.hash == content_hash("B", head.content)
    assert len(set(desk.numbers)) == len(desk.numbers) == max(desk.numbers)


def nothing_else_changed(before: Content, after: Content, item_id: str, values: Mapping[str, Value]) -> None:
    for each in before.items:
        now = after.item(each.id)
        if each.id != item_id:
            assert now == each
        elif now is not None:
            changed = {name for name in each.slots if each.slots[name] != now.slots[name]}
            assert changed <= set(values)
            assert changed == {name for name in each.slots if each.value(name) != now.value(name)}


def nothing_unseen_was_overwritten(base: Content, before: Content, after: Content, item_id: str) -> None:
    """What a save replaces or removes, its writer had on their page."""
    was, now, seen = before.item(item_id), after.item(item_id), base.item(item_id)
    if was is None:
        return
    for name in was.slots:
        if now is None or now.value(name) != was.value(name):
            assert seen is not None
            assert seen.value(name) == was.value(name)


def what_was_sent_stands(base: Content, after: Content, item_id: str, values: Mapping[str, Value]) -> None:
    now, seen = after.item(item_id), base.item(item_id)
    for name, value in values.items():
        assert now is not None
        assert now.value(name) == value or (seen is not None and seen.value(name) == value)


def test_all_that_was_written_for_an_item_that_somebody_removed_is_in_the_clash() -> None:
    plan, need = add(blank(), CASEWORKER, "B", "needs", **NEED)
    page = plan.sections["B"].content
    plan = factories.remove(plan, EDITORS[1], "B", "needs", need)
    sent = {"area": "semh", "need": "Worry about change", "effect": "She hides under the table."}
    with pytest.raises(StaleRevision) as stale:
        edit_item(plan, CASEWORKER, "B", submission(page, "needs", need, sent), at())
    assert {each.field for each in stale.value.clashes} == {REMOVED}
    assert {"Worry about change", "She hides under the table."} <= {each.mine for each in stale.value.clashes}


def saved(plan: Plan, who: Actor, letter: str, group: str, item_id: str, **values: Value) -> Decision | None:
    return edit_item(plan, who, letter, submission(plan.sections[letter].content, group, item_id, values), at())


@modest
@given(st.dictionaries(st.sampled_from(FIELDS), WORDS))
def test_saving_what_already_stands_makes_no_revision(values: dict[str, Value]) -> None:
    plan, need = add(blank(), CASEWORKER, "B", "needs", **{**NEED, **values})
    assert saved(plan, CASEWORKER, "B", "needs", need, **values) is None


def test_saving_the_words_that_somebody_else_just_saved_makes_no_revision() -> None:
    plan, need = add(blank(), CASEWORKER, "B", "needs", **NEED)
    page = plan.sections["B"].content
    plan = write(plan, EDITORS[1], "B", "needs", need, effect="The same words.")
    assert (
        edit_item(plan, CASEWORKER, "B", submission(page, "needs", need, {"effect": "The same words."}), at()) is None
    )


def test_a_save_is_the_next_revision_with_its_hash_and_who_wrote_it() -> None:
    decision = saved(blank(), PARENT, "A", "people", "people", words="My brother")
    assert decision is not None
    revision = decision.revisions[0]
    assert (revision.section, revision.number, revision.by.person) == ("A", 1, PARENT.person)
    assert (
        revision.hash == decision.event.hash == decision.plan.sections["A"].hash == content_hash("A", revision.content)
    )
    found = revision.content.item("people")
    assert found is not None
    assert found.changed is not None
    assert (found.revision, found.changed.person) == (1, PARENT.person)


def test_an_unchanged_field_keeps_its_leaf_and_its_salt() -> None:
    plan, need = add(blank(), CASEWORKER, "B", "needs", **NEED)
    before, after = (
        each.sections["B"].content.item(need)
        for each in (plan, write(plan, CASEWORKER, "B", "needs", need, need="Other"))
    )
    assert before is not None
    assert after is not None
    assert before.slots["area"] == after.slots["area"]
    assert before.slots["need"].salt != after.slots["need"].salt


def test_an_amount_is_never_mixed_from_two_people() -> None:
    plan, row = add(blank(), CASEWORKER, "F", "provision", what="Therapy", amount={"minutes": 45})
    page = plan.sections["F"].content
    plan = write(plan, EDITORS[1], "F", "provision", row, amount={"minutes": 30, "how_often": "every day"})
    mine: dict[str, Value] = {"amount": {"minutes": 45, "how_often": "every week"}}
    with pytest.raises(StaleRevision) as stale:
        edit_item(plan, CASEWORKER, "F", submission(page, "provision", row, mine), at())
    assert [each.field for each in stale.value.clashes] == ["amount"]


def test_an_item_that_never_was_is_not_found() -> None:
    with pytest.raises(NotFound):
        saved(blank(), CASEWORKER, "B", "needs", "0123456789", need="Worry")


def test_only_an_item_that_is_its_authors_own_remembers_whose_it_is() -> None:
    plan, need = add(blank(), CASEWORKER, "B", "needs", **NEED)
    plan, view = add(plan, PARENT, "A", "parent-views", views="She is funny.")
    found = (plan.sections["B"].content.item(need), plan.sections["A"].content.item(view))
    assert [each.owner for each in found if each] == ["", PARENT.person]


def test_two_people_may_remove_the_same_item() -> None:
    plan, need = add(blank(), CASEWORKER, "B", "needs", **NEED)
    page = plan.sections["B"].content
    plan = factories.remove(plan, EDITORS[1], "B", "needs", need)
    assert edit_item(plan, CASEWORKER, "B", submission(page, "needs", need, remove=True), at()) is None


def test_an_item_of_the_standard_itself_is_neither_removed_nor_added() -> None:
    plan = blank()
    content = plan.sections["A"].content
    with pytest.raises(NotFound):
        edit_item(plan, PARENT, "A", submission(content, "people", "people", remove=True), at())
    with pytest.raises(NotFound):
        edit_item(plan, PARENT, "A", submission(content, "people", "", {"words": "Again"}), at())


@pytest.mark.parametrize("state", [PlanState.FINAL, PlanState.CEASED])
def test_nothing_but_all_about_me_changes_once_a_plan_is_issued(state: PlanState) -> None:
    plan = replace(blank(), state=state)
    with pytest.raises(NotReady, match="has been issued"):
        add(plan, CASEWORKER, "B", "needs", **NEED)
    if state is PlanState.FINAL:
        assert write(plan, PARENT, "A", "people", "people", words="My brother") != plan


@pytest.mark.parametrize("state", [each for each in PlanState if each is not PlanState.FINALISING])
def test_a_school_is_named_only_while_a_plan_is_finalised(state: PlanState) -> None:
    with pytest.raises(NotReady, match="issued" if state in (PlanState.FINAL, PlanState.CEASED) else r"38\(5\)"):
        write(replace(blank(), state=state), CASEWORKER, "I", "placement", "placement", name="Elm Road")


def test_a_link_names_an_item_that_stands_in_a_group_the_field_may_link_to() -> None:
    plan, need = add(blank(), CASEWORKER, "B", "needs", **NEED)
    plan, row = add(plan, CASEWORKER, "F", "provision", what="Therapy", needs=[need])
    for wrong in ([row], ["nothing"], [need, "nothing"]):
        with pytest.raises(Invalid):
            add(plan, CASEWORKER, "F", "provision", what="Therapy", needs=wrong)


def a_parents_view() -> tuple[Plan, str]:
    return add(blank(), OTHER_PARENT, "A", "parent-views", views="She is funny and kind.")


def test_a_parent_never_changes_or_removes_the_other_parents_words() -> None:
    plan, theirs = a_parents_view()
    with pytest.raises(NotAllowed):
        saved(plan, PARENT, "A", "parent-views", theirs, views="Changed")
    with pytest.raises(NotAllowed):
        factories.remove(plan, PARENT, "A", "parent-views", theirs)


@pytest.mark.parametrize("remove", [True, False])
def test_an_item_is_not_reached_under_the_name_of_another_group(remove: bool) -> None:
    plan, theirs = a_parents_view()
    values: dict[str, Value] = {} if remove else {"views": "Changed"}
    with pytest.raises((NotFound, NotAllowed)):
        edit_item(
            plan, PARENT, "A", submission(plan.sections["A"].content, "aspirations", theirs, values, remove), at()
        )


def test_the_school_does_not_reach_the_familys_story_under_the_name_of_the_childs_words() -> None:
    with pytest.raises((NotFound, NotAllowed)):
        saved(blank(), SENCO, "A", "most-important", "history", words="What the school thinks")


def withheld(plan: Plan, letter: str, item_id: str, field: str = "") -> Plan:
    """The plan with an item, or one field of it, kept for somebody else."""
    content = plan.sections[letter].content

    def kept(each: Item) -> Item:
        if each.id != item_id:
            return each
        if not field:
            return replace(each, audience=("somebody else",))
        return replace(each, slots={**each.slots, field: replace(each.slots[field], audience=("somebody else",))})

    return plan.with_section(letter, content=replace(content, items=tuple(kept(each) for each in content.items)))


def test_a_value_that_is_kept_from_a_writer_is_not_wiped_by_the_empty_field_that_their_form_shows() -> None:
    plan, need = add(blank(), THERAPIST, "C", "needs", need="A hip that tires", effect="A word for one person only.")
    plan = withheld(plan, "C", need, "effect")
    after = write(plan, THERAPIST, "C", "needs", need, need="A hip that tires soon", effect="")
    found = after.sections["C"].content.item(need)
    assert found is not None
    assert (found.text("need"), found.text("effect")) == ("A hip that tires soon", "A word for one person only.")


@pytest.mark.parametrize("remove", [True, False])
def test_an_item_that_is_kept_from_a_writer_is_not_theirs_to_change(remove: bool) -> None:
    plan, need = add(blank(), THERAPIST, "C", "needs", need="For one person only")
    plan = withheld(plan, "C", need)
    values: dict[str, Value] = {} if remove else {"need": "Changed"}
    with pytest.raises((NotFound, NotAllowed)):
        edit_item(plan, THERAPIST, "C", submission(plan.sections["C"].content, "needs", need, values, remove), at())


def test_a_blank_form_has_a_value_for_every_field() -> None:
    group = EHC_PLAN.section("F").group("provision")
    assert list(blank_values(group)) == [each.name for each in group.fields]
    assert not any(blank_values(group).values())
