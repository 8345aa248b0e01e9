"""Items as cards, each rendered once for all who see the same of it: a page is put together from pieces it has."""

from collections.abc import Hashable
from typing import Any

from flask import Flask, render_template
from markupsafe import Markup

from portal.domain.content import Item
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading, Reach, SectionReading
from portal.domain.standard import Group, Voice
from portal.memory import Memory
from portal.web import current

SIZE = 4_000


def register(app: Flask) -> None:
    app.extensions["cards"] = Memory(SIZE)

    def piece(template: str, key: tuple[Hashable, ...], context: dict[str, Any]) -> Markup:
        kept: Memory[Markup] = app.extensions["cards"]
        made = kept.get((template, *key), lambda: Markup(render_template(template, **context)))  # noqa: S704  # our own
        return made

    def card(section: SectionReading, group: Group, item: Item, **given: Any) -> Markup:
        """The card of one item. `given` is what its template needs beside it: reading, level, just_saved, news."""
        template = "sections/_item.html" if group.voice is Voice.AGENCY else "sections/_voice.html"
        template = "media/_card.html" if group.holds_files else template
        context = {**given, "plan": given["reading"].plan, "section": section, "group": group, "item": item}
        return piece(template, _card_key(section, group, item, **given), context)

    def joins(section: SectionReading, group: Group, item: Item, reading: PlanReading, signing: bool) -> Markup:
        """What an item is joined to: it seldom changes when the item's words do."""
        context = {"section": section, "group": group, "item": item, "reading": reading, "signing": signing}
        return piece("sections/_joins.html", (signing, *_joins_key(section, group, item, reading)), context)

    app.jinja_env.globals.update(card=card, joins=joins, may_speak=may_speak)


def _card_key(
    section: SectionReading, group: Group, item: Item, reading: PlanReading, level: int, just_saved: str, news: Any
) -> tuple[Hashable, ...]:
    """All that a card is made from. A salt stands for its value: it is made anew with every new value."""
    words = tuple((slot.salt, slot.leaf, bool(slot.value)) for slot in item.slots.values())
    changed = (item.number, item.revision, item.changed)
    may = (
        reading.may_edit_item(section.letter, group, item),
        reading.may(Permission.PLAN_RESTRICT),
        section.reach,
        section.head.revision > 0,
        *may_speak(reading, section),
    )
    called = (reading.plan.child.called, reading.plan.child.hidden_address)
    fresh = (level, item.id == just_saved, bool(news and item.id in news.items), current.moment().today)
    return (words, changed, may, called, fresh, _joins_key(section, group, item, reading))


def may_speak(reading: PlanReading, section: SectionReading) -> tuple[bool, bool]:
    """Whether the reader may comment on a sentence of a section now, and suggest another wording."""
    open_now = section.reach is Reach.WORKING and reading.plan.state in section.standard.written_in
    wanted = (Permission.SECTION_COMMENT, Permission.SECTION_SUGGEST)
    comments, suggests = (open_now and reading.may(each, section.letter) for each in wanted)
    return comments, suggests


def _joins_key(section: SectionReading, group: Group, item: Item, reading: PlanReading) -> tuple[Hashable, ...]:
    """All that the joins of an item are made from: whose they are, and what each is called."""
    names = tuple(
        (each.words, each.gone, each.dark, tuple((knot.letter, reading.names[knot.item.id]) for knot in each.knots))
        for each in (*reading.joins.of(group, item), *reading.joins.to(item))
    )
    place = (reading.plan.id, section.letter, group.name, item.id)
    return (*place, names, reading.joins.breaks_at(section.letter, item))
