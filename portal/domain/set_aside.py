"""Words that clashed with somebody else's, recorded whatever their writer then chooses, so that none is lost."""

from collections.abc import Mapping

from portal.domain.actor import Actor
from portal.domain.audience import place_of
from portal.domain.compare import amount_words
from portal.domain.decision import Decision, mark
from portal.domain.edit import REMOVED, ItemEdit
from portal.domain.error import StaleRevision
from portal.domain.event import Event, EventKind
from portal.domain.hashing import Value
from portal.domain.moment import Moment
from portal.domain.permission import Permission, grants_for
from portal.domain.plan import Plan
from portal.domain.standard import Field, FieldKind, Group


def set_aside(
    plan: Plan, actor: Actor, letter: str, edit: ItemEdit, stale: StaleRevision, moment: Moment
) -> Decision | None:
    """Record what the actor sent in a save that clashed: the fields that clash and the others they changed.

    None where it holds no words. The section stays as it is: no revision is made, and no sign-off is voided.
    """
    standard, head = plan.section(letter)
    current = head.content.item(edit.item)
    changed = {name for name, value in stale.merged.items() if current and value != current.value(name)}
    words = _words(standard.group(edit.group), edit.values, changed | {each.field for each in stale.clashes})
    grants = grants_for(actor, Permission.SECTION_EDIT, plan, letter)
    if not words or not grants:
        return None
    beside: dict[str, Value] = {"words": words, "place": place_of(letter, edit.item)}
    event = Event(EventKind.WORDS_SET_ASIDE, letter, head.revision, head.hash, beside=beside)
    return Decision(plan, event, mark(actor, grants[0], moment), grants[0].agency_name)


def _words(group: Group, values: Mapping[str, Value], names: set[str]) -> str:
    gone = REMOVED in names
    told = ((each, _said(each, values.get(each.name, ""))) for each in group.fields if gone or each.name in names)
    return "\n\n".join(f"{field.label}: {said}" for field, said in told if said)


def _said(field: Field, value: Value) -> str:
    if field.kind is FieldKind.CHOICE:
        return field.choice_label(str(value))
    if isinstance(value, Mapping):
        return amount_words({key: str(part) for key, part in value.items()})
    return value if isinstance(value, str) else ""
