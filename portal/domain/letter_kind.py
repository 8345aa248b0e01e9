"""The council's letters as data: what each tells, which decision that can be appealed it carries, and what it asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.clocks.event import Kind
from portal.domain.clocks.name import Clock
from portal.domain.clocks.rule import Answer


class LetterKind(StrEnum):
    ASSESSMENT_AGREED = "assessment_agreed"
    ASSESSMENT_REFUSED = "assessment_refused"
    NO_PLAN = "no_plan"
    DRAFT = "draft"
    FINAL = "final"
    REASSESSMENT_REFUSED = "reassessment_refused"
    MAINTAIN = "maintain"
    AMEND = "amend"
    CEASE = "cease"
    NO_AMENDMENT = "no_amendment"
    AMENDED_FINAL = "amended_final"
    MOVED_IN = "moved_in"


@dataclass(frozen=True)
class LetterStandard:
    """One kind of letter.

    `tells` are the events that must be on record, in their order, each with what may stand in its place; a letter
    that `records` puts on record those that are missing. `decision` is the outside contract's word for a decision
    that can be appealed (docs/clocks.md), `answer` the clock of the days that the family has to answer, `open` the
    clock without which there is nothing to tell, and one that is of what was `withdrawn` fits nothing else.
    `asks` is what its writer is asked to say where that is not why.
    """

    name: str
    title: str
    tells: tuple[tuple[Answer, ...], ...]
    decision: str = ""
    records: bool = True
    answer: Clock | None = None
    open: Clock | None = None
    withdrawn: bool = False
    asks: str = ""

    @property
    def needs_reasons(self) -> bool:
        """A plan says itself why it is as it is; every other decision that can be appealed is to be explained."""
        return bool(self.asks) or self.decision not in ("", "plan_contents")


def _on(kind: Kind, **says: str) -> Answer:
    return Answer(kind, says)


LETTERS: Mapping[LetterKind, LetterStandard] = {
    LetterKind.ASSESSMENT_AGREED: LetterStandard(
        "We will assess",
        "We will assess {name of child}",
        ((_on(Kind.ASSESSMENT_AGREED),),),
    ),
    LetterKind.ASSESSMENT_REFUSED: LetterStandard(
        "We will not assess",
        "Our decision not to assess {name of child}",
        ((_on(Kind.ASSESSMENT_REFUSED),),),
        decision="refuse_assessment",
    ),
    LetterKind.NO_PLAN: LetterStandard(
        "There will be no plan",
        "Our decision not to make a plan for {name of child}",
        ((_on(Kind.ISSUE_REFUSED),),),
        decision="refuse_plan",
    ),
    LetterKind.DRAFT: LetterStandard(
        "The draft plan",
        "The draft plan of {name of child}",
        ((_on(Kind.DRAFT_SERVED),),),
        records=False,
        answer=Clock.COMMENT_ON_DRAFT,
    ),
    LetterKind.FINAL: LetterStandard(
        "The final plan",
        "The final plan of {name of child}",
        ((_on(Kind.FINAL_ISSUED),),),
        decision="plan_contents",
        records=False,
    ),
    LetterKind.REASSESSMENT_REFUSED: LetterStandard(
        "We will not assess again",
        "Our decision not to assess {name of child} again",
        ((_on(Kind.REASSESSMENT_REQUESTED),),),
        decision="refuse_reassessment",
        records=False,
        open=Clock.DECIDE_TO_REASSESS,
    ),
    LetterKind.MAINTAIN: LetterStandard(
        "After the review, the plan stays as it is",
        "After the review: the plan of {name of child} stays as it is",
        ((_on(Kind.REVIEW_DECIDED, outcome="maintain"),),),
        decision="no_amendment",
    ),
    LetterKind.AMEND: LetterStandard(
        "After the review, the plan is to be amended",
        "Changes that we propose to the plan of {name of child}",
        ((_on(Kind.REVIEW_DECIDED, outcome="amend"),), (_on(Kind.AMENDMENT_NOTICE_SERVED),)),
        answer=Clock.COMMENT_ON_AMENDMENTS,
    ),
    LetterKind.CEASE: LetterStandard(
        "The plan is to cease",
        "Our decision to cease the plan of {name of child}",
        ((_on(Kind.CEASE_DECIDED), _on(Kind.REVIEW_DECIDED, outcome="cease")),),
        decision="cease",
    ),
    LetterKind.NO_AMENDMENT: LetterStandard(
        "The plan is not amended",
        "Our decision not to amend the plan of {name of child}",
        ((_on(Kind.AMENDMENT_NOTICE_SERVED),),),
        decision="no_amendment",
        records=False,
        open=Clock.AMENDED_FINAL,
        withdrawn=True,
    ),
    LetterKind.AMENDED_FINAL: LetterStandard(
        "The amended final plan",
        "The amended final plan of {name of child}",
        ((_on(Kind.AMENDED_FINAL_ISSUED),),),
        decision="plan_contents",
        records=False,
    ),
    LetterKind.MOVED_IN: LetterStandard(
        "The plan has come over",
        "The plan of {name of child} is now with us",
        ((_on(Kind.PLAN_TRANSFERRED),),),
        records=False,
        open=Clock.TELL_FAMILY_AFTER_MOVE,
        asks="Whether we assess, and when we review the plan",
    ),
}
