"""A twin's forms, how it stands in words, and what is said of it as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_login import current_user
from marshmallow import fields, validate

from portal.domain.error import Invalid
from portal.domain.identifier import ITEM_ID
from portal.domain.merge import Clash
from portal.domain.moment import stamp
from portal.domain.reading import PlanReading, Reach, number_of
from portal.domain.twin import TwinReading, TwinState
from portal.domain.twin_wording import Wording
from portal.domain.twin_write import LONGEST, Sent
from portal.operations import twins as operations
from portal.operations.twins import TWIN
from portal.store.drafts import Draft
from portal.web import current
from portal.web.filters import day
from portal.web.forms import UNKNOWN, Form, Words, load

MANY = validate.Length(max=300)
ITEMS = fields.String(validate=validate.Regexp(rf"(?:{ITEM_ID.pattern})\Z"))
NUMBER = validate.Range(min=0, max=1_000_000)


class TwinForm(Form):
    """`item` and `words` go in pairs; `fits` names the items whose older words say what the plan says now as well."""

    item = fields.List(ITEMS, validate=MANY, load_default=list)
    words = fields.List(Words(limit=40_000), validate=MANY, load_default=list)
    fits = fields.List(ITEMS, validate=MANY, load_default=list)
    revision = fields.Integer(required=True, validate=NUMBER)
    number = fields.Integer(required=True, validate=NUMBER)


class TwinDraftForm(Form):
    """The same as it is being typed: whether it can be saved so is asked when it is."""

    item = fields.List(ITEMS, validate=MANY, load_default=list)
    words = fields.List(fields.String(validate=validate.Length(max=40_000)), validate=MANY, load_default=list)
    fits = fields.List(ITEMS, validate=MANY, load_default=list)
    revision = fields.Integer(required=True, validate=NUMBER)
    number = fields.Integer(required=True, validate=NUMBER)
    typed_in = fields.String(load_default="", validate=validate.OneOf(["", "words", "fits"]))


class CheckForm(Form):
    number = fields.Integer(required=True, validate=NUMBER)
    text_hash = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))


class CheckerForm(Form):
    person = fields.String(
        required=True,
        validate=validate.Regexp(r"[a-z0-9-]{1,60}\Z", error="Choose who may check it."),
        error_messages={"required": "Choose who may check it."},
    )


def sent_words() -> tuple[Sent, dict[str, Any]]:
    """What the form of a twin sent, and the form as loaded; Invalid by item for words that are too long."""
    loaded = load(TwinForm(), request.form)
    if len(loaded["item"]) != len(loaded["words"]) or len(set(loaded["item"])) < len(loaded["item"]):
        raise Invalid({"form": UNKNOWN})
    words = dict(zip(loaded["item"], loaded["words"], strict=True))
    long = {item: len(text) for item, text in words.items() if len(text) > LONGEST}
    if long:
        raise Invalid({item: f"This is {size:,} characters. Shorten it to {LONGEST:,}." for item, size in long.items()})
    if not loaded["number"] and not any(words.values()):
        raise Invalid(dict.fromkeys(loaded["item"][:1], "Write something for one of these."))
    return Sent(words, frozenset(loaded["fits"]), loaded["revision"], loaded["number"]), loaded


@dataclass(frozen=True)
class Typed:
    """A form of a twin as somebody typed it, right or wrong: the words by item, and what they had before them."""

    words: Mapping[str, str]
    fits: tuple[str, ...]
    revision: str
    number: str


def typed() -> Typed:
    words = dict(zip(request.form.getlist("item"), request.form.getlist("words"), strict=False))
    fits = tuple(request.form.getlist("fits"))
    return Typed(words, fits, request.form.get("revision", "0"), request.form.get("number", "0"))


def draft_of(plan_id: str, letter: str, tag: str) -> Draft:
    """What this request's form holds, to be kept for whoever typed it."""
    said = typed()
    revision = int(said.revision) if said.revision.isdecimal() and len(said.revision) < 7 else 0
    kept = {"item": list(said.words), "words": list(said.words.values()), "fits": list(said.fits)}
    kept["number"] = [said.number if said.number.isdecimal() and len(said.number) < 7 else "0"]
    return Draft(plan_id, TWIN, letter, tag, kept, revision, current.moment().wall)


def typed_before(draft: Draft | None) -> Typed | None:
    """The form as it was kept."""
    if draft is None:
        return None
    words = dict(zip(draft.fields["item"], draft.fields["words"], strict=True))
    return Typed(words, tuple(draft.fields["fits"]), str(draft.revision), draft.fields["number"][0])


def says_anything_new(said: Typed, found: TwinReading) -> bool:
    """Whether the form differs from what is saved: words that were taken back leave nothing to keep."""
    saved = {each.item.id: each.part.words for each in found.lines if each.part}
    plain = {item: text.replace("\r\n", "\n").strip() for item, text in said.words.items()}
    return bool(said.fits) or any(text != saved.get(item, "").strip() for item, text in plain.items())


TAGS = {
    TwinState.UNWRITTEN: "empty",
    TwinState.UNCHECKED: "wait",
    TwinState.CHECKED: "signed",
    TwinState.OUT_OF_DATE: "void",
}


def tag_of(found: TwinReading) -> tuple[str, str]:
    """(the tag's kind, its words): how a wording stands, at a glance, never by colour alone."""
    check = found.twin.checked if found.twin else None
    said = {
        TwinState.UNWRITTEN: "Not written yet",
        TwinState.UNCHECKED: "Not yet checked",
        TwinState.CHECKED: f"Checked by {check.by.name}, {day(check.by.at, weekday=False)}" if check else "",
        TwinState.OUT_OF_DATE: "Out of date"
        + (f": the plan changed {day(found.since, weekday=False)}" if found.since else ""),
    }
    return TAGS[found.state], said[found.state]


def liked(reading: PlanReading, letter: str) -> tuple[Wording, tuple[str, str]] | None:
    """A section in the words that its reader would rather read, and how they stand; None where there are none."""
    tag = current_user.wording
    if not tag or reading.sections[letter].reach not in (Reach.WORKING, Reach.FINAL):
        return None
    found = operations.find(current.db(), reading, letter, tag)
    return (found.wording, tag_of(found.reading)) if found.reading.twin else None


def twins_json(found: Sequence[tuple[Wording, TwinReading]]) -> list[dict[str, Any]]:
    return [_state_json(*each) for each in found]


def problems_json(errors: Mapping[str, str] | None, clashes: Mapping[str, Clash] | None) -> dict[str, Any]:
    """Why a form came back: what to put right, or both texts where two people wrote different words."""
    both = [{"item": name, "mine": each.mine, "theirs": each.theirs} for name, each in (clashes or {}).items()]
    return {"errors": dict(errors or {}), "clashes": both}


def twin_json(wording: Wording, found: TwinReading) -> dict[str, Any]:
    """A wording with its words by item: whether each says again what the plan says now."""
    lines = [
        {
            "item": each.item.id,
            "number": number_of(each.group, each.item),
            "words": each.part.words if each.part else "",
            "fits": each.fits,
        }
        for each in found.lines
    ]
    gone = [{"item": each.item, "words": each.words} for each in found.gone]
    return {**_state_json(wording, found), "lines": lines, "taken_out": gone}


def _state_json(wording: Wording, found: TwinReading) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "tag": wording.tag,
        "lang": wording.lang,
        "dir": wording.direction,
        "name": wording.name,
        "state": found.state.value,
        "since": stamp(found.since) if found.since else None,
    }
    if found.twin:
        check = found.twin.checked
        facts |= {"number": found.twin.number, "hash": found.twin.hash.hex(), "by": found.twin.by.name}
        facts |= {"at": stamp(found.twin.by.at), "checked_by": check.by.name if check else None}
    return facts
