"""A document sent as advice, or beside its form: cleaned as any upload is, then kept with the submission for good."""

import hashlib
from dataclasses import replace

from portal.domain.actor import Actor
from portal.domain.advice_form import Advice
from portal.domain.error import Invalid, NotFound, NotReady
from portal.domain.hashing import digest
from portal.domain.identifier import new_item_id
from portal.domain.media import LARGEST, REASONS, MediaFile, MediaKind, Reason, Unsafe
from portal.domain.moment import Moment
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading
from portal.domain.restricted import kept_from
from portal.media.container import HEAD, kind_of
from portal.operations import advice_given
from portal.store import media, plans, requests
from portal.store.database import Database, Session
from portal.store.media import READY, Upload
from portal.store.media_bytes import KeptBytes
from portal.store.requests import Request

NAMED = 10  # characters, as an item's id has
MOST_WAITING = 5
ONLY_PDF = "Send a PDF. Save or print your document as one, and send that."


def place_of(number: int) -> str:
    """What an upload for a request is kept under, beside the pictures that wait for section A."""
    return f"advice-{number}"


def is_advice(upload: Upload) -> bool:
    """Whether a file waits to go with advice, and not to be placed in section A."""
    return upload.shows.startswith("advice-")


def send(db: Database, reading: PlanReading, number: int, content: bytes, form: str, moment: Moment) -> str:
    """Keep a PDF for the worker to look at; the same form twice is one. Raises Invalid before anything is kept."""
    plan, person = reading.plan, reading.actor.person
    advice_given.to_answer(plan, reading.actor, number)
    _must_be_a_pdf(content)
    if len(waiting(db, reading, number)) >= MOST_WAITING:
        raise NotReady(["You have sent several documents for this advice. Throw one away first."])
    made = hashlib.sha256(content).hexdigest()
    name = digest([person, form, place_of(number), made])[:NAMED] if form else new_item_id()
    media.send(db, Upload(plan.id, name, person, place_of(number), moment.wall, media.WAITING), content)
    return name


def _must_be_a_pdf(content: bytes) -> None:
    try:
        kind = kind_of(content[:HEAD])
    except Unsafe as error:
        raise Invalid({"file": REASONS[error.reason]}) from None
    if kind is not MediaKind.LETTER:
        raise Invalid({"file": ONLY_PDF})
    if len(content) > LARGEST[kind]:
        raise Invalid({"file": REASONS[Reason.TOO_LARGE]})


def waiting(db: Database, reading: PlanReading, number: int) -> list[Upload]:
    """What this person sent for a request and did not give yet, the newest last."""
    found = media.of_person(db, reading.plan.id, reading.actor.person)
    return [each for each in found if each.shows == place_of(number)]


def chosen(db: Database, reading: PlanReading, number: int, name: str) -> Upload | None:
    """The document that goes with the form, cleaned; None where there is none. Raises Invalid, NotFound."""
    if not name:
        return None
    found = next((each for each in waiting(db, reading, number) if each.id == name), None)
    if found is None:
        raise Invalid({"upload": "This document is not here any more. Send it again."})
    if found.state != READY or found.file is None:
        raise Invalid({"upload": "We are still looking at this document. Try again in a moment."})
    return found


def throw_away(db: Database, reading: PlanReading, number: int, name: str) -> None:
    """Forget a document that was sent and not given; NotFound for anybody else's, and for none."""
    found = next((each for each in waiting(db, reading, number) if each.id == name), None)
    if found is None:
        raise NotFound("no such upload")
    media.throw_away(db, found)
    media.forget(db, found)


def give(
    db: Database,
    actor: Actor,
    plan_id: str,
    number: int,
    seen: int,
    advice: Advice,
    upload: Upload | None,
    moment: Moment,
    request: Request | None = None,
    tells: bool = False,
) -> Plan:
    """Submit advice with its document. Its pieces are copied first, and nobody reads them until the advice is there."""
    if upload is None or upload.file is None:
        return advice_given.give(db, actor, plan_id, number, seen, advice, moment, request, tells)
    advice, name = replace(advice, file=upload.file), name_of(number, seen + 1, upload.file)

    def move(session: Session) -> None:
        media.place(db, upload, name, session)

    advice_given.must_give(plans.load(db, plan_id), actor, number, seen, advice, moment)
    media.copy(db, upload, name, moment.wall)
    plan = advice_given.give(db, actor, plan_id, number, seen, advice, moment, request, tells, move)
    media.forget(db, upload)
    return plan


def read(db: Database, reading: PlanReading, number: int, version: int, moment: Moment) -> tuple[MediaFile, KeptBytes]:
    """The document of a submission; NotFound for none, and for whoever does not read that advice."""
    opened = advice_given.open_given(db, reading, number, version, moment)
    file = opened.submitted.advice.file
    # Words that are kept from somebody can't be taken out of a document of pages.
    theirs = opened.request.is_of(reading.actor.person)
    if file is None or (kept_from(reading.plan, reading.actor) and not theirs):
        raise NotFound("no such document")
    return file, media.opened(db, reading.plan.id, name_of(number, version, file), file)


def was_given(db: Database, plan_id: str, request: Request | None) -> bool:
    """Whether this very form was sent before: its document is with the advice then, and waits here no more."""
    return request is not None and requests.answered(db, plan_id, request)


def name_of(number: int, version: int, file: MediaFile) -> str:
    """What the document of a submission is kept under: of two sent at once for the same one, each has its own place."""
    return f"advice-{number}-{version}-{file.sha256[:NAMED]}"
