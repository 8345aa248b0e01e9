"""The PDF of an issued version as one reader may have it."""

from portal.operations.plans import VersionReading
from portal.store import checkpoints, outbox, revisions
from portal.store.database import Database


def pdf_for(db: Database, opened: VersionReading) -> bytes | None:
    """The PDF that the worker made; made anew where something is restricted from this reader, without it.

    None while the worker has not made it yet, for everybody alike.
    """
    plan, version = opened.plan, opened.version
    kept = outbox.document(db, plan.id, version.number)
    if kept is None or opened.as_issued:
        return kept
    from portal.documents.pdf import make_pdf  # the PDF maker is heavy, and few readers need it here

    whole = revisions.contents(db, plan.id, version.revisions)
    checkpoint = checkpoints.latest(db, before=version.by.at)
    return make_pdf(plan.id, plan.standard, version, whole, checkpoint, opened.contents)
