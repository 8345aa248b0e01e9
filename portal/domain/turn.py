"""Whose turn is it: what a plan waits for from one person in their roles, in one sentence each, nearest date first."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.actor import FAMILY_ROLES, Role
from portal.domain.case_turn import waits_by_law
from portal.domain.clocks.name import Clock
from portal.domain.moment import local_day
from portal.domain.permission_table import codes
from portal.domain.plan import Plan
from portal.domain.represent import is_heard
from portal.domain.review_turn import waits_in_review
from portal.domain.section import SectionState, status_of
from portal.domain.standard import Needed
from portal.domain.state import PlanState


class TaskKind(StrEnum):
    REPLY = "reply"  # somebody waits for this one person to say something
    RESPOND = "respond"  # somebody commented on words of theirs, or suggested others
    WRITE = "write"
    WRITE_AGAIN = "write_again"
    AGREE = "agree"
    SIGN = "sign"
    SIGN_AGAIN = "sign_again"
    ANSWER = "answer"
    ISSUE_DRAFT = "issue_draft"
    FINALISE = "finalise"
    REPRESENTATIONS = "representations"  # what the family said of the draft is not answered
    OFFER = "offer"  # a school was asked whether it can offer a place
    PLACE = "place"
    ISSUE_FINAL = "issue_final"
    BY_LAW = "by_law"
    ADVISE = "advise"
    PROPOSE = "propose"  # serve the amendments
    PLAN_REVIEW = "plan_review"
    INVITE_TO_REVIEW = "invite_to_review"
    ADVISE_REVIEW = "advise_review"
    HOLD_REVIEW = "hold_review"
    REPORT_REVIEW = "report_review"
    HEAR = "hear"  # what they said was answered


ADVICE_LIST = "K"
# What comes first when two things have the same date, or none.
ORDER = tuple(TaskKind)
URGENT = (TaskKind.ANSWER, TaskKind.SIGN, TaskKind.SIGN_AGAIN, TaskKind.ISSUE_FINAL, TaskKind.ISSUE_DRAFT)


@dataclass(frozen=True)
class Task:
    """One thing a plan waits for. `due` is a legal last day, `opens` the first day it may be done.

    `clock` is the one that asks for it, where it is not something done to the plan's words; `conversation` the number
    of the one that asks for it of one `person`.
    """

    kind: TaskKind
    letters: tuple[str, ...] = ()
    due: date | None = None
    opens: date | None = None
    clock: Clock | None = None
    person: str = ""
    conversation: int = 0

    def is_open(self, day: date) -> bool:
        """Whether it is anybody's turn yet: a review asks nothing of anybody before its planning begins."""
        return self.kind is not TaskKind.PLAN_REVIEW or self.opens is None or self.opens <= day

    @property
    def sort_key(self) -> tuple[date, bool, int]:
        return self.due or self.opens or date.max, self.kind not in URGENT, ORDER.index(self.kind)


def tasks_for(plan: Plan, roles: Set[Role]) -> tuple[Task, ...]:
    """What the plan waits for from somebody in these roles, most pressing first."""
    found = [*_sections(plan, roles), *_family(plan, roles), *_council(plan, roles), *_by_law(plan, roles)]
    found += (Task(TaskKind(each.step), (), each.due, each.opens, each.clock) for each in waits_in_review(plan, roles))
    return tuple(sorted(found, key=lambda each: each.sort_key))


def situation(plan: Plan) -> tuple[object, ...]:
    """All that anybody's tasks are made of: two plans in one situation ask the same of everybody."""
    sections = tuple(status_of(plan, each.letter).state for each in plan.standard.sections)
    unanswered = any(each.is_open for each in plan.representations)
    placement = plan.sections["I"].content.is_empty
    told = plan.happened, plan.move_told
    return plan.state, plan.answered, plan.answer_by, sections, placement, told, unanswered, plan.advised


@dataclass(frozen=True)
class Waited:
    """What a plan waits for when nothing waits for the reader: `letters`, for whom (by role), since when."""

    kind: TaskKind
    letters: tuple[str, ...]
    roles: frozenset[Role]
    since: date | None = None


def waited_for(plan: Plan) -> Waited | None:
    """The nearest thing anybody else is to do: a signature asked for first, then words still to be written."""
    found = [each for role in Role for each in _waited_of(plan, role)]
    for kind in (TaskKind.SIGN, TaskKind.SIGN_AGAIN, TaskKind.WRITE_AGAIN, TaskKind.WRITE, TaskKind.ISSUE_DRAFT):
        same = [each for each in found if each.kind is kind]
        if same:
            letters = tuple(dict.fromkeys(letter for each in same for letter in each.letters))
            roles = frozenset(role for each in same for role in each.roles)
            return Waited(kind, letters, roles, min((each.since for each in same if each.since), default=None))
    return None


def _waited_of(plan: Plan, role: Role) -> Iterator[Waited]:
    for task in tasks_for(plan, {role}):
        notes = [plan.sections[letter].handed_over for letter in task.letters]
        asked = [local_day(note.by.at) for note in notes if note and task.kind is TaskKind.SIGN]
        yield Waited(task.kind, task.letters, frozenset({role}), min(asked, default=None))


def _sections(plan: Plan, roles: Set[Role]) -> Iterator[Task]:
    """Writing and signing: a writer's turn until handed over, then a signer's."""
    by_kind: dict[TaskKind, list[str]] = {}
    for standard in plan.standard.sections:
        if standard.needed is not Needed.SIGNED or plan.state not in standard.written_in:
            continue
        cells = "".join(codes(role, standard.letter) for role in roles)
        kind = _section_task(status_of(plan, standard.letter).state, "E" in cells, "O" in cells)
        if kind:
            by_kind.setdefault(kind, []).append(standard.letter)
    for kind, letters in by_kind.items():
        yield Task(kind, tuple(letters))


def _section_task(state: SectionState, writes: bool, signs: bool) -> TaskKind | None:
    if state is SectionState.HANDED_OVER:
        return TaskKind.SIGN if signs else None
    if state is SectionState.VOID:
        return TaskKind.SIGN_AGAIN if signs else (TaskKind.WRITE if writes else None)
    if state is SectionState.SENT_BACK:
        return TaskKind.WRITE_AGAIN if writes else None
    return TaskKind.WRITE if writes and state in (SectionState.EMPTY, SectionState.WRITING) else None


def _family(plan: Plan, roles: Set[Role]) -> Iterator[Task]:
    if not roles & FAMILY_ROLES:
        return
    if plan.is_with_family and not plan.answered:
        amendments = Clock.COMMENT_ON_AMENDMENTS if plan.state is PlanState.AMENDING else None
        yield Task(TaskKind.ANSWER, due=plan.answer_by, clock=amendments)
    about = next(each for each in plan.standard.sections if each.needed is Needed.AGREED)
    if plan.state in (PlanState.DRAFTING, PlanState.DRAFT_ISSUED, PlanState.FINALISING):
        status = status_of(plan, about.letter)
        if status.state is not SectionState.SIGNED:
            empty = status.state is SectionState.EMPTY
            yield Task(TaskKind.WRITE if empty else TaskKind.AGREE, (about.letter,))


def _by_law(plan: Plan, roles: Set[Role]) -> Iterator[Task]:
    for each in waits_by_law(plan, roles):
        if each.clock is Clock.ADVICE:
            yield Task(TaskKind.ADVISE, (ADVICE_LIST,), each.due)
        else:
            yield Task(TaskKind.BY_LAW, due=each.due, clock=each.clock)


def _day_after(plan: Plan) -> date | None:
    """The first day after the family's 15, unless they have answered."""
    return None if plan.answered or plan.answer_by is None else plan.answer_by + timedelta(days=1)


def _is_to_be_proposed(plan: Plan) -> bool:
    """Whether words that somebody signs have changed since the version in force, and no clock asks for the notice."""
    force = plan.in_force
    if plan.state is not PlanState.AMENDING or plan.is_with_family:
        return False
    if any(each.clock is Clock.AMENDMENT_NOTICE and each.open for each in plan.clocks):
        return False
    signed = (plan.sections[each.letter].changed for each in plan.standard.sections if each.needed is Needed.SIGNED)
    return force is not None and any(each and each.at > force.at.at for each in signed)


def _council(plan: Plan, roles: Set[Role]) -> Iterator[Task]:
    if roles & {Role.SEN_CASEWORKER, Role.SEN_MANAGER} and plan.is_with_family:
        yield Task(TaskKind.FINALISE, opens=_day_after(plan))
    if Role.SEN_CASEWORKER in roles and is_heard(plan) and any(each.is_open for each in plan.representations):
        yield Task(TaskKind.REPRESENTATIONS)
    if Role.SEN_CASEWORKER in roles and plan.state is PlanState.FINALISING and plan.sections["I"].content.is_empty:
        yield Task(TaskKind.PLACE, ("I",))
    if Role.SEN_MANAGER not in roles:
        return
    unsigned = any(
        not plan.sections[each.letter].standing for each in plan.standard.sections if each.needed is Needed.SIGNED
    )
    if plan.state is PlanState.DRAFTING and not unsigned:
        yield Task(TaskKind.ISSUE_DRAFT)
    if not unsigned and _is_to_be_proposed(plan):
        yield Task(TaskKind.PROPOSE)
    if plan.state is PlanState.FINALISING and not plan.sections["I"].content.is_empty:
        yield Task(TaskKind.ISSUE_FINAL)
