"""The worker process: makes what a save asked for (a version's PDF, a look at a file), again until it is kept."""

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from portal.clock import Clock
from portal.documents.letter import make_letter
from portal.documents.pdf import make_pdf
from portal.operations import media, waking
from portal.stopping import Stop
from portal.store import checkpoints, letters, outbox, plans, revisions, versions
from portal.store.database import Database, Document

IDLE_SECONDS = 1.0
LOUD_ATTEMPTS = 5  # then the job goes on waiting for its lease to run out, and the log has said it often enough

log = logging.getLogger(__name__)


def run(db: Database, stop: Stop, clock: Clock) -> None:
    """Work until `stop` is set; a job under way is finished first. Nothing that one job does ends the process."""
    # They report each glyph and each step of a child's document, which is nobody's business here.
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
    woken: datetime | None = None
    while not stop.is_set():
        try:
            now = clock.now()
            if waking.is_time(woken, now.product):
                woken = now.product
                waking.wake(db, now)
            busy = work_once(db, now.wall)
        except Exception as error:  # noqa: BLE001  # the database is away: this process waits for it, whatever it says
            log.warning("no job could be taken: %s", type(error).__name__)
            busy = False
        if not busy:
            stop.wait(IDLE_SECONDS)


def work_once(db: Database, wall: datetime) -> bool:
    """Lease one job and do it; False when none is waiting. A job that fails is left to its lease and done again."""
    job = outbox.lease(db, wall)
    if job is None:
        return False
    try:
        JOBS[job["kind"]](db, job)
        outbox.finish(db, job)
    except Exception as error:  # noqa: BLE001  # one job must not stop the others
        _report(job, error)
    return True


def _pdf(db: Database, job: Document) -> None:
    """Keep the version's PDF. Making it twice is harmless: the first one kept stays."""
    plan_id, number = str(job["plan"]), int(job["number"])
    version = versions.find(db, plan_id, number)
    standard = plans.load(db, plan_id).standard
    earlier = checkpoints.latest(db, before=version.by.at)
    content = make_pdf(plan_id, standard, version, revisions.contents(db, plan_id, version.revisions), earlier)
    outbox.keep_document(db, plan_id, number, content, hashlib.sha256(content).hexdigest())


def _letter(db: Database, job: Document) -> None:
    """Keep the PDF of a letter, made from what was sent and from nothing else."""
    plan_id, number = str(job["plan"]), int(job["number"])
    letter = letters.find(db, plan_id, number)
    content = make_letter(letter, letter.hash)
    outbox.keep_document(db, plan_id, number, content, hashlib.sha256(content).hexdigest(), outbox.LETTER)


def _file(db: Database, job: Document) -> None:
    """Look at a file that somebody sent; one that its process does not survive is refused after a few tries."""
    media.look_at(db, str(job["plan"]), str(job["upload"]), int(job["attempts"]))


def _report(job: Document, error: Exception) -> None:
    """Only the kind of job and of error: a message or a trace could quote a child's plan."""
    attempts = int(job["attempts"])
    if attempts < LOUD_ATTEMPTS:
        log.warning("a %s job failed (attempt %d): %s", job["kind"], attempts, type(error).__name__)
    elif attempts == LOUD_ATTEMPTS:
        log.error("a %s job has failed %d times and goes on waiting: %s", job["kind"], attempts, type(error).__name__)


JOBS: Mapping[str, Callable[[Database, Document], None]] = {
    outbox.PDF: _pdf,
    outbox.LETTER: _letter,
    outbox.FILE: _file,
}
