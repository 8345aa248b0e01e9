"""A request for an assessment before it is a record: what it must say of a child, and how it is settled."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from stdnum.gb import nhs, upn

from portal.domain.actor import Actor, Grant, Role
from portal.domain.between_parents import is_parent
from portal.domain.content import Mark
from portal.domain.error import Invalid, NotAllowed, NotReady
from portal.domain.permission import Permission, allows
from portal.domain.permission_law import VIEWS
from portal.domain.plan import Child, Plan
from portal.domain.restricted import kept_from
from portal.domain.young_person import is_young_person

OFFICERS = (Role.SEN_CASEWORKER, Role.SEN_MANAGER)
SELF = "self"  # who a young person is to themselves
OLDEST = 25  # years: CFA 2014 s37 and s83(2)
MOST_WAITING = 5  # of one person: a family has few children, and a mistake is answered
# The kind of an outbox entry for each message about a request: its plan is not begun, so that no chain tells of it.
WRITTEN = "request_written_about"
MOST_SAID = 100  # messages about one request, before somebody picks up the telephone
ASKED_BY = {
    "parent": "A parent asked.",
    "young_person": "The young person asked.",
    "school": "A school or college asked.",
    "other": "Somebody else brought the child to the council’s notice.",
}


class RequestState(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Message:
    """What somebody wrote about a request: the council's for its `agency`, and whoever asked for none.

    `id` tells the same form sent twice; `waits` whether its writer waits for an answer.
    """

    id: str
    by: Mark
    words: str
    waits: bool

    @property
    def is_of_the_council(self) -> bool:
        return bool(self.by.agency)


@dataclass(frozen=True)
class AssessmentRequest:
    """One request. The child's facts are None once a record holds them; `answer` says why there is none.

    `by_school`: a school or college asks (CFA 2014 s36(1)), and `agency` is its slug where the portal knows it.
    """

    id: str
    authority: str
    person: str
    name: str
    at: datetime
    child: Child | None
    relation: str = ""
    words: str = ""
    state: RequestState = RequestState.WAITING
    plan: str = ""
    answer: str = ""
    settled: Mark | None = None
    by_school: bool = False
    agency: str = ""
    said: tuple[Message, ...] = ()  # oldest first

    @property
    def waits(self) -> Message | None:
        """The message whose writer waits for the other side: the last one, if it asks for an answer."""
        last = self.said[-1] if self.said else None
        return last if last and last.waits and self.state is RequestState.WAITING else None

    @property
    def is_their_own(self) -> bool:
        """Whether a young person asks for themselves (CFA 2014 s36(1))."""
        return self.relation == SELF and not self.by_school

    @property
    def asked_by(self) -> str:
        """Who asked, by the keys of ASKED_BY."""
        return "school" if self.by_school else "young_person" if self.is_their_own else "parent"


def is_answered_by(request: AssessmentRequest, officer: bool) -> bool:
    """Whether one side, the council's officers or whoever asked, is waited for in a request."""
    last = request.waits
    return last is not None and last.is_of_the_council != officer


def is_read_by(request: AssessmentRequest, plan: Plan, actor: Actor) -> bool:
    """Whether somebody of the plan that a request began reads what was written about it.

    Who reads "All about me" does, and nobody from whom anything is kept; what a parent wrote no other parent does.
    """
    by_parent = not request.by_school and not request.is_their_own
    if by_parent and actor.person != request.person and is_parent(actor, plan):
        return False
    return allows(actor, Permission.SECTION_VIEW, plan, VIEWS) and kept_from(plan, actor) is None


def saying(request: AssessmentRequest, message: Message) -> AssessmentRequest:
    """The request with a message more. Raises Invalid without words, NotReady once it is settled."""
    if not message.words.strip():
        raise Invalid({"words": "Write what you want to say."})
    if request.state is not RequestState.WAITING:
        raise NotReady(["This request is settled, so nothing more is written here. What was written stays."])
    if len(request.said) >= MOST_SAID:
        raise NotReady(["There are very many messages here already. Phone each other, and write down what you agreed."])
    return replace(request, said=(*request.said, message))


def officer_parts(actor: Actor) -> dict[str, Grant]:
    """The authorities whose requests the actor sees to, each with the part by which."""
    return {each.authority: each for each in reversed(actor.grants) if each.role in OFFICERS and not each.reading}


def must_be_officer(actor: Actor) -> dict[str, Grant]:
    found = officer_parts(actor)
    if not found:
        raise NotAllowed("Requests for an assessment are for the council’s SEN team.")
    return found


def checked(child: Child, today: date) -> Child:
    """The child with plain numbers. Raises Invalid for what can't be so, a message for each field."""
    found = nhs.compact(child.nhs_number), upn.compact(child.upn)
    wrong = {
        "name": "" if child.name else "Give the child’s full name.",
        "called": "" if child.called else "Say what the child is called.",
        "born": _wrong_day(child.born, today),
        "nhs_number": "" if not found[0] or _is_nhs_number(found[0]) else "This is no NHS number. Look at it again.",
        "upn": "" if not found[1] or upn.is_valid(found[1]) else "This is no unique pupil number. Look at it again.",
    }
    errors = {name: message for name, message in wrong.items() if message}
    if errors:
        raise Invalid(errors)
    return Child(**{**vars(child), "nhs_number": found[0], "upn": found[1]})


def school_of(actor: Actor, authority: str) -> str:
    """The slug of the school or college that a SENCO works with children for in an authority; empty where none is."""
    parts = (each for each in actor.grants if each.role is Role.SENCO and each.authority == authority)
    return next((each.agency for each in parts if not each.reading), "")


def must_be_theirs_to_ask(child: Child, relation: str, by_school: bool, today: date) -> None:
    """A parent asks until the child is over compulsory school age, then the young person does; a school at any age.

    Raises Invalid.
    """
    if by_school:
        if relation == SELF:
            raise Invalid({"relation": "Say what you do, and at which school or college."})
        return
    of_age = is_young_person(child.born, today)
    if relation == SELF and not of_age:
        raise Invalid({"relation": "Until you are over compulsory school age, a parent or carer asks for you."})


def _is_nhs_number(digits: str) -> bool:
    """Ten digits with the right check digit; ten like ones pass that and are nobody's."""
    return nhs.is_valid(digits) and len(set(digits)) > 1


def _wrong_day(born: date, today: date) -> str:
    if born > today:
        return "This day is still to come."
    if born.year < today.year - OLDEST - 1:
        return "Nobody over 25 can be assessed. Look at the year again."
    return ""
