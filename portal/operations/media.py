"""Send a file, look at it once it was cleaned, place it in section A with its words, and open what stands there."""

import hashlib
from collections.abc import Mapping

from portal.domain.actor import Actor
from portal.domain.content import Content
from portal.domain.decision import Decision
from portal.domain.edit import ItemEdit, edit_item
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady
from portal.domain.hashing import Value, digest
from portal.domain.identifier import new_item_id
from portal.domain.media import GROUP, LARGEST, LETTER, REASONS, MediaFile, Reason, Unsafe, file_of
from portal.domain.moment import Moment
from portal.domain.plan import Plan
from portal.domain.profile import profile_of
from portal.domain.reading import PlanReading
from portal.domain.restricted import must_not_tell
from portal.media.apart import clean_apart
from portal.media.container import HEAD, kind_of
from portal.operations.act import act
from portal.store import media, plans, requests
from portal.store.database import Database, Session
from portal.store.media import READY, Upload
from portal.store.media_bytes import Altered, KeptBytes
from portal.store.requests import Request

MOST_WAITING = 20  # files of one person for one plan that are not placed yet
TRIES = 3
NAMED = 10  # characters, as an item's id has


def must_add(reading: PlanReading) -> None:
    """Refuse whoever may not add a picture to section A now."""
    group = reading.plan.standard.section(LETTER).group(GROUP)
    if not reading.may_edit_item(LETTER, group, None):
        raise NotAllowed(
            "You can see what stands here. The family, and who writes down the child's own words, add to it."
        )


def send(
    db: Database, reading: PlanReading, content: bytes, shows: str, moment: Moment, form: str = "", told: str = ""
) -> str:
    """Keep a file for the worker to look at; answers the id under which its sender finds it.

    `form` is the id of the form that sent it, so that one sent twice is kept once; `told` is the SHA-256 that the
    sender made of it, in hexadecimal. Raises Invalid with what is wrong, before anything is kept.
    """
    must_add(reading)
    plan, person, made = reading.plan, reading.actor.person, hashlib.sha256(content).hexdigest()
    _must_be_taken(content, told or made, made)
    if len(media.of_person(db, plan.id, person)) >= MOST_WAITING:
        raise NotReady(["You have sent many files that are not in the plan yet. Add them or throw them away first."])
    name = digest([person, form, shows, made])[:NAMED] if form else new_item_id()
    upload = Upload(plan.id, name, person, shows, moment.wall, media.WAITING)
    media.send(db, upload, content)
    return upload.id


def _must_be_taken(content: bytes, told: str, made: str) -> None:
    """Refuse at once what its first bytes, its size or its sender's own sum tell: the rest is the worker's."""
    if told != made:
        raise Invalid({"file": "The file did not arrive whole. Send it again."})
    try:
        if len(content) > LARGEST[kind_of(content[:HEAD])]:
            raise Unsafe(Reason.TOO_LARGE)
    except Unsafe as error:
        raise Invalid({"file": REASONS[error.reason]}) from None


def look_at(db: Database, plan_id: str, upload_id: str, attempts: int) -> None:
    """The worker's part: clean what was sent, or say why it is not taken."""
    content = media.sent(db, plan_id, upload_id)
    if not content:  # thrown away meanwhile
        return
    try:
        if attempts > TRIES:
            raise Unsafe(Reason.TOO_MUCH)
        made = clean_apart(content)
    except Unsafe as error:
        media.refuse(db, plan_id, upload_id, error.reason)
    else:
        media.accept(db, plan_id, upload_id, made.file, made.content)


def waiting(db: Database, reading: PlanReading, upload_id: str) -> Upload:
    """One's own upload; NotFound for anybody else's, and for none."""
    found = media.find(db, reading.plan.id, upload_id)
    if found is None or found.person != reading.actor.person:
        raise NotFound("no such upload")
    return found


def place(
    db: Database,
    actor: Actor,
    plan_id: str,
    upload: Upload,
    words: Mapping[str, Value],
    moment: Moment,
    request: Request | None = None,
    tells: bool = False,
) -> Plan:
    """Put a cleaned file into section A with its words, as one edit; of two who place one file at once, one does.

    Its pieces are copied first, too large for one transaction: until the edit names them nobody reads them.
    """
    file, item = upload.file, new_item_id()
    if file is None or upload.state != READY:
        raise NotReady(["We are still looking at this file."])
    _must_be_told(file, words)
    values = {**words, "file": file.value}

    def decide(plan: Plan) -> Decision | None:
        edit = ItemEdit(GROUP, "", values, plan.sections[LETTER].content)
        decision = edit_item(plan, actor, LETTER, edit, moment, item)
        if decision and plan.restrictions and not tells:
            must_not_tell(plan, decision.plan, actor, LETTER)
        return decision

    def move(session: Session) -> None:
        media.place(db, upload, item, session)

    decide(plans.load(db, plan_id))  # refused before anything is copied
    media.copy(db, upload, item, moment.wall)
    plan = act(db, actor, plan_id, decide, request, move)
    media.forget(db, upload)
    return plan


def _must_be_told(file: MediaFile, words: Mapping[str, Value]) -> None:
    """Nothing is shown that somebody who can't see or hear it would know nothing of."""
    missing = {}
    if not words.get("alt"):
        missing["alt"] = "Say in a sentence what it shows, for whoever can't see it."
    if file.is_heard and not words.get("transcript"):
        missing["transcript"] = "Write down what is said and heard, for whoever can't hear it."
    if missing:
        raise Invalid(missing)


def placed(db: Database, plan_id: str, request: Request | None) -> bool:
    """Whether this very form has placed its file before."""
    return request is not None and requests.answered(db, plan_id, request)


def throw_away(db: Database, upload: Upload) -> None:
    media.throw_away(db, upload)
    media.forget(db, upload)


def preview(db: Database, upload: Upload) -> tuple[MediaFile, KeptBytes]:
    """A cleaned file for whoever sent it; NotFound while it is looked at."""
    if upload.file is None or upload.state != READY:
        raise NotFound("nothing to show yet")
    try:
        return upload.file, media.cleaned(db, upload.plan, upload.id, upload.file)
    except Altered:  # placed or thrown away this moment, in another tab
        raise NotFound("nothing to show any more") from None


def in_content(db: Database, plan_id: str, content: Content, item_id: str) -> tuple[MediaFile, KeptBytes]:
    """A file that stands in section A as a person may read it; NotFound for what is kept from them, and for none."""
    item = content.item(item_id)
    file = file_of(item) if item and item.group == GROUP else None
    if file is None:
        raise NotFound("no such file")
    return file, media.opened(db, plan_id, item_id, file)


def profile_for(db: Database, reading: PlanReading, moment: Moment) -> bytes:
    """The one-page profile as a PDF, of what this person may read."""
    from portal.documents.profile import make_profile  # the PDF maker is heavy, and few readers need it here

    profile, content = profile_of(reading), reading.sections[LETTER].content
    found = {each.id: in_content(db, reading.plan.id, content, each.id) for each in profile.pictures}
    pictures = {item: (file, kept.read()) for item, (file, kept) in found.items()}
    return make_profile(profile, pictures, reading.plan.authority_name, moment.product)
