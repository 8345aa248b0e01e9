"""The form of one item as the page shows it: blank, from the plan, from unsent words, with errors, or in a clash."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.domain.content import Item
from portal.domain.edit import REMOVED
from portal.domain.error import StaleRevision
from portal.domain.merge import Clash
from portal.domain.standard import AMOUNT_PARTS, FieldKind, Group
from portal.store.drafts import Draft

NOT_WORDS = ("csrf_token", "request_id", "revision", "tells_hidden")


@dataclass(frozen=True)
class ItemForm:
    """`item` is None when one is being added; `values` are as the controls show them."""

    group: Group
    item: Item | None
    values: dict[str, Any]
    revision: int
    errors: Mapping[str, str] = field(default_factory=dict)
    clashes: tuple[Clash, ...] = ()
    kept_at: datetime | None = None
    tells_hidden: bool = False  # saved only once its writer says that they know

    @property
    def item_id(self) -> str:
        return self.item.id if self.item else "new"

    @property
    def gone(self) -> bool:
        """Somebody removed the item, or changed the one that was to be removed."""
        return any(each.field == REMOVED for each in self.clashes)

    def theirs(self) -> dict[str, Any]:
        """My form with the other person's words where the two clash."""
        return {**self.values, **{each.field: each.theirs for each in self.clashes}}

    def both(self) -> dict[str, Any]:
        """My form with both texts, theirs first, where two texts clash; other clashes stay as I had them."""
        return {**self.values, **{each.field: each.both for each in self.clashes if each.both}}


def from_item(group: Group, item: Item | None, revision: int) -> ItemForm:
    values = {each.name: _shown(item, each.name, each.kind) for each in group.fields}
    return ItemForm(group, item, values, revision)


def from_sent(group: Group, item: Item | None, revision: int, sent: MultiDict[str, str]) -> ItemForm:
    """The form as it was sent, so that nothing typed is lost when it comes back."""
    shown = from_item(group, item, revision).values
    for each in group.fields:
        if each.kind is FieldKind.AMOUNT:
            parts = {part: sent[f"{each.name}.{part}"] for part in AMOUNT_PARTS if f"{each.name}.{part}" in sent}
            shown[each.name] = parts or shown[each.name]
        elif each.name in sent:
            shown[each.name] = sent.getlist(each.name) if each.kind is FieldKind.LINKS else sent[each.name]
    return ItemForm(group, item, shown, revision)


def from_draft(group: Group, item: Item | None, draft: Draft) -> ItemForm:
    """The author's unsent words, against the revision they were written for."""
    pairs = [(name, value) for name, values in draft.fields.items() for value in values]
    form = from_sent(group, item, draft.revision, MultiDict(pairs))
    return ItemForm(group, item, form.values, draft.revision, kept_at=draft.at)


def in_clash(form: ItemForm, item: Item | None, revision: int, stale: StaleRevision) -> ItemForm:
    """My form against the words that were saved meanwhile: what does not clash is theirs or mine, as it should be."""
    merged = {name: _as_shown(value) for name, value in stale.merged.items()}
    mine = {each.field: each.mine for each in stale.clashes if each.both}
    values = {**form.values, **merged, **mine}
    return replace(form, item=item, values=values, revision=revision, clashes=stale.clashes)


def _as_shown(value: Any) -> Any:
    return {key: str(part) for key, part in value.items()} if isinstance(value, Mapping) else value


def unsent(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """The words of a form that could not be saved, without its tokens."""
    return {name: form.getlist(name) for name in form if name not in NOT_WORDS}


def _shown(item: Item | None, name: str, kind: FieldKind) -> Any:
    if kind is FieldKind.LINKS:
        return list(item.links(name)) if item else []
    if kind is FieldKind.AMOUNT:
        return item.amount(name) if item else {}
    return item.text(name) if item else ""
