"""Who is told that something was written about a request for an assessment, and whether it still waits for them."""

from collections.abc import Sequence

from portal.domain.intake import WRITTEN, AssessmentRequest, is_answered_by, officer_parts
from portal.domain.moment import Moment
from portal.domain.notice import Happened, Notice, NoticeKind, ToTell
from portal.operations import people
from portal.store import assessment_requests as store
from portal.store import people as people_store
from portal.store.database import Database


def is_about_a_request(happened: Sequence[Happened]) -> bool:
    return any(each.kind == WRITTEN for each in happened)


def to_tell(db: Database, request_id: str, happened: Sequence[Happened], moment: Moment) -> list[ToTell]:
    """Who is told of the last thing that was written about a request, if its writer's other side is to know of it."""
    request = store.one(db, request_id)
    if request is None or not request.said:
        return []
    last = request.said[-1]
    if last.is_of_the_council:
        kind = NoticeKind.WAITS if request.waits else NoticeKind.ANSWERED
        return [ToTell(request.person, kind, happened[-1])]
    officers = _officers(db, request, moment) if request.waits else []
    return [ToTell(each, NoticeKind.WAITS, happened[-1]) for each in officers]


def still_due(db: Database, notice: Notice, moment: Moment) -> bool:
    """Whether a request still waits for somebody, or they are still to learn of an answer."""
    request = store.one(db, notice.plan)
    if request is None:
        return False
    if notice.kind is not NoticeKind.WAITS:
        return True
    if notice.person == request.person:
        return is_answered_by(request, officer=False)
    return is_answered_by(request, officer=True) and _is_officer(db, request, notice.person, moment)


def _officers(db: Database, request: AssessmentRequest, moment: Moment) -> list[str]:
    """Those of the council who have written about it and still see to requests; else who sees the whole caseload."""
    wrote = dict.fromkeys(each.by.person for each in request.said if each.is_of_the_council)
    found = [each for each in wrote if _is_officer(db, request, each, moment)]
    if found:
        return found
    parts = people_store.grants_on(db, request.id, moment.wall)
    everybody = dict.fromkeys(each.person for each in parts)
    return [each for each in everybody if _is_officer(db, request, each, moment)]


def _is_officer(db: Database, request: AssessmentRequest, person: str, moment: Moment) -> bool:
    actor = people.load_actor(db, person, moment)
    return actor is not None and request.authority in officer_parts(actor)
