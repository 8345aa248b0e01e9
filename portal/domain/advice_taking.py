"""Taking a row or a paragraph of advice into a section: an ordinary edit, and the link to where its words came from."""

from collections.abc import Mapping
from dataclasses import replace

from portal.domain.actor import Actor
from portal.domain.advice import AdviceRequest, Taken
from portal.domain.advice_form import Advice, Row, Table, amount_of
from portal.domain.decision import Decision
from portal.domain.edit import ItemEdit, edit_item
from portal.domain.error import Invalid, NotFound, NotReady
from portal.domain.event import EventKind
from portal.domain.hashing import Value
from portal.domain.moment import Moment
from portal.domain.plan import Plan
from portal.domain.standard import FieldKind, Group, SectionStandard

# Into which sections the rows of a table fit; a paragraph fits into all of them.
FITS: Mapping[Table, tuple[str, ...]] = {
    Table.NEEDS: ("B", "C", "D"),
    Table.PROVISION: ("F", "G", "H1", "H2"),
    Table.OUTCOMES: ("E",),
}
LETTERS = tuple(letter for letters in FITS.values() for letter in letters)
# Where the help that a kind of advice asks for belongs, while nobody has taken it anywhere.
BELONGS = {"c": "G", "e": "H2"}


def group_of(standard: SectionStandard) -> Group:
    """The group of a section that rows are taken into; NotFound for a section that takes none."""
    if standard.letter not in LETTERS:
        raise NotFound("no section that advice is taken into")
    return standard.groups[0]


def asked_beside(group: Group) -> tuple[str, ...]:
    """What must be chosen when a row is taken, since advice does not say it: the area of need, the kind of help."""
    return tuple(each.name for each in group.fields if each.kind is FieldKind.CHOICE and each.required)


def fits(letter: str, row: str) -> bool:
    """Whether a row, by its address, can be taken into a section."""
    table = row.partition("/")[0]
    return letter in LETTERS if table == "answers" else letter in FITS.get(Table(table), ())


def values_of(letter: str, row: Row) -> dict[str, Value]:
    """A row of advice as an item of the section; a text too long for its field stays whole where there is room."""
    if letter in FITS[Table.NEEDS]:
        text = row.get("text", "")
        return {"need": row.get("need") or _first_words(text), "effect": row.get("effect", text)}
    if letter in FITS[Table.OUTCOMES]:
        return {"what": row.get("what") or row.get("text", ""), "by_when": row.get("by_when", "")}
    said: dict[str, Value] = {"what": row.get("what") or row.get("text", "")}
    return {**said, "who": row.get("who", ""), "where": row.get("where", ""), "amount": amount_of(row)}


def _first_words(text: str, most: int = 120) -> str:
    line = text.partition("\n")[0].removeprefix("- ")
    first = line.partition(". ")[0].rstrip(".")
    return first if len(first) <= most else first[:most].rsplit(" ", 1)[0]


def take(
    plan: Plan,
    actor: Actor,
    letter: str,
    request: AdviceRequest,
    number: int,
    row: str,
    advice: Advice,
    beside: Mapping[str, Value],
    moment: Moment,
    new_id: str,
) -> Decision:
    """The edit that adds a row of advice to a section, with the link to it: on the chain, and with the plan.

    `number` is the submission's; `beside` holds what the row can't say. Raises what an edit raises, NotFound, Invalid.
    """
    standard = plan.standard.section(letter)
    group, found = group_of(standard), advice.row(row)
    if found is None or not fits(letter, row):
        raise NotFound("no such row of advice")
    values = {**values_of(letter, found), **{name: beside[name] for name in asked_beside(group) if beside.get(name)}}
    missing = [each for each in group.fields if each.required and not values.get(each.name)]
    if missing:
        raise Invalid({each.name: f"Choose one for “{each.label}”." for each in missing})
    _must_have_room(group, values)
    edit = ItemEdit(group.name, "", values, plan.sections[letter].content)
    decision = edit_item(plan, actor, letter, edit, moment, new_id)
    if decision is None:
        raise NotReady(["The section says this already."])
    facts: dict[str, Value] = {"asked": request.number, "given": number, "row": row}
    event = replace(decision.event, kind=EventKind.ADVICE_TAKEN, facts=facts, beside={"place": f"{letter}/{new_id}"})
    link = Taken(new_id, letter, request.number, number, row)
    return replace(decision, plan=replace(decision.plan, taken=(*decision.plan.taken, link)), event=event)


def _must_have_room(group: Group, values: Mapping[str, Value]) -> None:
    for field in group.fields:
        text = values.get(field.name, "")
        if isinstance(text, str) and len(text) > field.limit:
            raise Invalid({"row": f"This is too long for “{field.label}”. Copy the part that belongs here by hand."})
