"""Domain objects to documents and back: short keys in stored slots, because a nation's plans hold many."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.domain.audience import Restriction
from portal.domain.case import event_of, facts_of
from portal.domain.content import Content, Item, Mark, Slot
from portal.domain.conversation import Awaited, ConversationKind, OpenConversation
from portal.domain.plan import Answer, Child, Happened, Keeping, Note, SectionHead, SignOff, VersionLine
from portal.domain.rights import Capacity, Consent, Limit, Matter, Rights
from portal.domain.state import VersionKind

Document = dict[str, Any]


def mark_out(mark: Mark) -> Document:
    return {"person": mark.person, "name": mark.name, "agency": mark.agency, "at": mark.at}


def mark_in(document: Mapping[str, Any]) -> Mark:
    return Mark(document["person"], document["name"], document["agency"], document["at"])


def _maybe_mark(document: Mapping[str, Any] | None) -> Mark | None:
    return mark_in(document) if document else None


def slot_out(slot: Slot) -> Document:
    document: Document = {"h": slot.leaf} if slot.leaf else {"v": slot.value, "s": slot.salt}
    if slot.audience:
        document["a"] = list(slot.audience)
    if slot.writer:
        document["w"] = slot.writer
    return document


def slot_in(document: Mapping[str, Any]) -> Slot:
    audience = tuple(document.get("a", ()))
    if "h" in document:  # redacted: only the leaf is left
        return Slot("", b"", audience, bytes(document["h"]))
    return Slot(document["v"], bytes(document["s"]), audience, writer=document.get("w", ""))


def item_out(item: Item) -> Document:
    """The item as a document, made once and not to be changed: a save writes it twice, and most items again."""
    if "document" not in item.made:
        item.made["document"] = {
            "id": item.id,
            "group": item.group,
            "number": item.number,
            "owner": item.owner,
            "audience": list(item.audience),
            "salt": item.salt,
            "slots": {name: slot_out(slot) for name, slot in item.slots.items()},
            "changed": mark_out(item.changed) if item.changed else None,
            "revision": item.revision,
        }
    found: Document = item.made["document"]
    return found


def item_in(document: Mapping[str, Any]) -> Item:
    return Item(
        id=document["id"],
        group=document["group"],
        slots={name: slot_in(slot) for name, slot in document["slots"].items()},
        salt=bytes(document["salt"]),
        number=document["number"],
        owner=document["owner"],
        audience=tuple(document["audience"]),
        changed=_maybe_mark(document["changed"]),
        revision=document["revision"],
    )


def content_out(content: Content) -> Document:
    return {"items": [item_out(each) for each in content.items], "given": dict(content.given)}


def content_in(document: Mapping[str, Any]) -> Content:
    return Content(tuple(item_in(each) for each in document["items"]), document["given"])


def sign_off_out(sign_off: SignOff) -> Document:
    document = {
        "by": mark_out(sign_off.by),
        "agency_name": sign_off.agency_name,
        "revision": sign_off.revision,
        "hash": sign_off.hash,
        "statement": sign_off.statement,
    }
    return document if sign_off.whole else {**document, "whole": False}


def sign_off_in(document: Mapping[str, Any]) -> SignOff:
    by, revision = mark_in(document["by"]), document["revision"]
    digest, whole = bytes(document["hash"]), document.get("whole", True)
    return SignOff(by, document["agency_name"], revision, digest, document["statement"], whole)


def note_out(note: Note | None) -> Document | None:
    return {"by": mark_out(note.by), "words": note.words, "revision": note.revision} if note else None


def note_in(document: Mapping[str, Any] | None) -> Note | None:
    return Note(mark_in(document["by"]), document["words"], document["revision"]) if document else None


def head_out(head: SectionHead) -> Document:
    return {
        "content": content_out(head.content),
        "revision": head.revision,
        "hash": head.hash,
        "changed": mark_out(head.changed) if head.changed else None,
        "sign_offs": [sign_off_out(each) for each in head.sign_offs],
        "handed_over": note_out(head.handed_over),
        "sent_back": note_out(head.sent_back),
    }


def head_in(document: Mapping[str, Any]) -> SectionHead:
    return SectionHead(
        content=content_in(document["content"]),
        revision=document["revision"],
        hash=bytes(document["hash"]),
        changed=_maybe_mark(document["changed"]),
        sign_offs=tuple(sign_off_in(each) for each in document["sign_offs"]),
        handed_over=note_in(document["handed_over"]),
        sent_back=note_in(document["sent_back"]),
    )


def version_line_out(line: VersionLine) -> Document:
    known: Document = {"number": line.number, "kind": line.kind.value, "at": mark_out(line.at), "hash": line.hash}
    return {**known, "withdrawn": True} if line.withdrawn else known


def version_line_in(document: Mapping[str, Any]) -> VersionLine:
    kind = VersionKind(document["kind"])
    known = (document["number"], kind, mark_in(document["at"]), bytes(document["hash"]))
    return VersionLine(*known, document.get("withdrawn", False))


def answer_out(answer: Answer) -> Document:
    return {"by": mark_out(answer.by), "words": answer.words, "version": answer.version}


def answer_in(document: Mapping[str, Any]) -> Answer:
    return Answer(mark_in(document["by"]), document["words"], document["version"])


def keeping_out(keeping: Keeping) -> Document:
    return {"hold": note_out(keeping.hold), "confirmed": [mark_out(each) for each in keeping.confirmed]}


def keeping_in(document: Mapping[str, Any] | None) -> Keeping:
    """Nothing was kept of it before there were holds: such a plan has none."""
    if not document:
        return Keeping()
    return Keeping(note_in(document["hold"]), tuple(mark_in(each) for each in document["confirmed"]))


def rights_out(rights: Rights) -> Document:
    return {
        "consents": [{**_to(each), "until": str(each.until or ""), "writes": each.writes} for each in rights.consents],
        "capacity": [
            {"matter": each.matter.value, "person": each.person, "by": mark_out(each.by), "words": each.words}
            for each in rights.capacity
        ],
        "limits": [{**_to(each), "words": each.words} for each in rights.limits],
        "salt": rights.salt,
    }


def _to(said: Consent | Limit) -> Document:
    return {"person": said.person, "letters": list(said.letters), "by": mark_out(said.by)}


def rights_in(document: Mapping[str, Any] | None) -> Rights:
    """Nothing was recorded of them before the law was in the portal: such a plan has none."""
    if not document:
        return Rights()
    return Rights(
        tuple(Consent(*_from(each), day_in(each["until"]), each["writes"]) for each in document["consents"]),
        tuple(
            Capacity(Matter(each["matter"]), each["person"], mark_in(each["by"]), each["words"])
            for each in document["capacity"]
        ),
        tuple(Limit(*_from(each), each["words"]) for each in document["limits"]),
        bytes(document["salt"]),
    )


def _from(document: Mapping[str, Any]) -> tuple[str, tuple[str, ...], Mark]:
    return document["person"], tuple(document["letters"]), mark_in(document["by"])


def day_in(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def conversation_out(conversation: OpenConversation) -> Document:
    return {
        "number": conversation.number,
        "kind": conversation.kind.value,
        "section": conversation.section,
        "place": conversation.place,
        "by": {**mark_out(conversation.by), "role": conversation.role},
        "last": mark_out(conversation.last),
        "waits_for": vars(conversation.waits_for),
    }


def conversation_in(document: Mapping[str, Any]) -> OpenConversation:
    return OpenConversation(
        number=document["number"],
        kind=ConversationKind(document["kind"]),
        section=document["section"],
        place=document["place"],
        by=mark_in(document["by"]),
        last=mark_in(document["last"]),
        waits_for=Awaited(**document["waits_for"]),
        role=document["by"].get("role", ""),
    )


def happened_out(happened: Happened) -> Document:
    event = happened.event
    return {"number": happened.sequence, "kind": event.kind.value, **facts_of(event)}


def happened_in(document: Mapping[str, Any]) -> Happened:
    facts = {name: value for name, value in document.items() if name not in ("number", "kind", "on")}
    return Happened(document["number"], event_of(document["kind"], date.fromisoformat(document["on"]), facts))


def child_out(child: Child) -> Document:
    """Plain facts, to be sealed whole before they are stored."""
    return {
        "name": child.name,
        "called": child.called,
        "subject": child.subject,
        "born": child.born.isoformat(),
        "nhs_number": child.nhs_number,
        "upn": child.upn,
        "address": child.address,
        "hidden_address": child.hidden_address,
        "school": child.school,
        "looked_after": child.looked_after,
    }


def restrictions_out(restrictions: tuple[Restriction, ...]) -> Document:
    """Who alone may read what, to be sealed whole: it holds the very words that are hidden."""
    return {"restrictions": [[each.place, each.readers, each.words] for each in restrictions]}


def restrictions_in(document: Mapping[str, Any]) -> tuple[Restriction, ...]:
    return tuple(Restriction(place, tuple(readers), tuple(words)) for place, readers, words in document["restrictions"])


def child_in(document: Mapping[str, Any]) -> Child:
    return Child(**{**document, "born": date.fromisoformat(document["born"])})
