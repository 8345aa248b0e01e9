"""Conversations as pages and JSON say them: the sentences to point at, and what was said of one."""

from typing import Any

from portal.domain.ancestry import IN_SENTENCES
from portal.domain.content import Item
from portal.domain.conversation import Conversation
from portal.domain.moment import stamp
from portal.domain.sentence import key_of, sentences
from portal.domain.standard import Field, Group


def sentences_of(group: Group, item: Item) -> list[tuple[Field, list[tuple[str, str]]]]:
    """By field that says something: ("what:0", "The first sentence.") for each of its sentences."""
    found = []
    for field in group.fields:
        if field.kind in IN_SENTENCES:
            pieces = enumerate(sentences(item.text(field.name)))
            told = [(f"{field.name}:{at}", text.strip()) for at, text in pieces if key_of(text)]
            if told:
                found.append((field, told))
    return found


def conversation_json(conversation: Conversation) -> dict[str, Any]:
    """One conversation as JSON."""
    return {
        "number": conversation.number,
        "kind": conversation.kind.value,
        "state": conversation.state.value,
        "item": conversation.item,
        "field": conversation.field,
        "sentence": conversation.quote.sentence,
        "remarks": [
            {
                "kind": each.kind.value,
                "name": each.by.name,
                "at": stamp(each.by.at),
                "words": each.words,
                "wording": each.wording,
                "shown_to_parents": each.shown,
            }
            for each in conversation.remarks
        ],
    }
