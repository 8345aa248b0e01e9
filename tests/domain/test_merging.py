"""Two to five people write one text at once, for thousands of rounds: no sentence of anybody's is ever lost."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from portal.domain.actor import Role
from portal.domain.content import Content, Item
from portal.domain.edit import edit_item
from portal.domain.error import StaleRevision
from portal.domain.hashing import Value
from portal.domain.sentence import key_of, sentences
from portal.domain.set_aside import set_aside
from portal.domain.text import clean
from tests import factories
from tests.factories import actor, add, at, blank, submission

FIELDS = ("effect", "strengths")
EDITORS = [actor(Role.SEN_CASEWORKER, f"-{each}") for each in range(5)]
STARTS = "She needs short sentences. Gran helps at home.\n\n- a picture for each step\n- time to answer"
FORMS = ("Sentence {} about her.", "{} minutes each week!", "- point {}", "Without a full stop {}")


def keys(text: Value) -> set[str]:
    return {key_of(each) for each in sentences(str(text))} - {""}


class Writing(RuleBasedStateMachine):
    """Each editor has the section as they opened it last; `told` is all that was ever sent, `kept` the history."""

    @initialize(editors=st.integers(2, 5))
    def begin(self, editors: int) -> None:
        self.plan, self.item_id = add(blank(), EDITORS[0], "B", "needs", area="semh", effect=STARTS)
        self.pages: list[Content] = [self.content] * editors
        self.told = keys(STARTS)
        self.kept = keys(STARTS)
        self.count = 0

    @property
    def content(self) -> Content:
        return self.plan.sections["B"].content

    def item(self, content: Content) -> Item:
        found = content.item(self.item_id)
        assert found is not None
        return found

    @rule(editor=st.integers(0, 4))
    def open_the_page(self, editor: int) -> None:
        self.pages[editor % len(self.pages)] = self.content

    @rule(
        editor=st.integers(0, 4),
        fields=st.sets(st.sampled_from(FIELDS), min_size=1),
        changes=st.lists(st.tuples(st.sampled_from(["put", "change", "drop"]), st.integers(0, 9)), min_size=1),
        form=st.sampled_from(FORMS),
        choice=st.sampled_from(["mine", "theirs", "both", "nothing"]),
    )
    def save(self, editor: int, fields: set[str], changes: list[tuple[str, int]], form: str, choice: str) -> None:
        editor %= len(self.pages)
        page = self.item(self.pages[editor])
        values: dict[str, Value] = {name: self.changed(page.text(name), changes, form) for name in sorted(fields)}
        for name, value in values.items():
            self.told |= keys(value) - keys(page.text(name))
        try:
            self.send(editor, values, self.pages[editor])
        except StaleRevision as stale:
            self.clash(editor, values, stale, choice)
        self.pages[editor] = self.content

    def changed(self, text: str, changes: list[tuple[str, int]], form: str) -> str:
        """The text with sentences put in, changed and dropped, each new one unlike any before it."""
        pieces = list(sentences(text))
        for kind, at_ in changes[:3]:
            self.count += 1
            place = at_ % (len(pieces) + 1)
            if kind == "put" or place == len(pieces):
                pieces.insert(place, form.format(self.count) + "\n")
            else:
                pieces[place : place + 1] = [form.format(self.count) + " "] if kind == "change" else []
        return clean("".join(each if each[-1].isspace() else each + " " for each in pieces))

    def send(self, editor: int, values: dict[str, Value], base: Content) -> None:
        """Save; what the writer had not on their page stays, and all that is new of theirs stands."""
        before, seen = self.item(self.content), self.item(base)
        decision = edit_item(self.plan, EDITORS[editor], "B", submission(base, "needs", self.item_id, values), at())
        if decision:
            self.plan = decision.plan
        after = self.item(self.content)
        for name in FIELDS:
            unseen = keys(before.value(name)) - keys(seen.value(name))
            new = keys(values.get(name, "")) - keys(seen.value(name))
            assert unseen | new <= keys(after.value(name))
            self.kept |= keys(after.value(name))

    def clash(self, editor: int, values: dict[str, Value], stale: StaleRevision, choice: str) -> None:
        """Both sides are shown whole, and kept whatever the writer then chooses."""
        now, seen = self.item(self.content), self.item(self.pages[editor])
        for each in stale.clashes:
            new = keys(values[each.field]) - keys(seen.value(each.field))
            assert new <= keys(each.mine)
            assert keys(now.value(each.field)) - keys(seen.value(each.field)) <= keys(each.theirs)
            assert keys(each.both) == keys(each.mine) | keys(each.theirs)
        edit = submission(Content(), "needs", self.item_id, values)
        decision = set_aside(self.plan, EDITORS[editor], "B", edit, stale, at())
        assert decision is not None
        assert decision.plan == self.plan
        clashing = {each.field for each in stale.clashes}
        for each in said(decision.event.beside):
            self.kept |= keys(each)
        for name in set(values) - clashing:
            assert keys(values[name]) - keys(seen.value(name)) <= keys(stale.merged[name])
        if choice == "nothing":
            return
        chosen = {each.field: getattr(each, choice) for each in stale.clashes}
        self.send(
            editor, {**{name: stale.merged[name] for name in values if name not in clashing}, **chosen}, self.content
        )

    @invariant()
    def nothing_that_was_sent_is_lost(self) -> None:
        if hasattr(self, "told"):
            assert self.told <= self.kept

    @invariant()
    def nothing_stands_that_nobody_wrote(self) -> None:
        if hasattr(self, "told"):
            assert {key for name in FIELDS for key in keys(self.item(self.content).value(name))} <= self.told


def said(beside: Any) -> list[str]:
    """The texts that were set aside, without the names of their fields."""
    return [part.partition(": ")[2] or part for part in str(beside["words"]).split("\n\n")]


TestNoSentenceIsLost = Writing.TestCase
TestNoSentenceIsLost.settings = settings(factories.modest, max_examples=60, stateful_step_count=50)
