"""Deciding not to amend, once the family was served the amendments and heard: the words in force stand again."""

from collections.abc import Mapping
from dataclasses import replace

from portal.domain.actor import Actor, Grant
from portal.domain.clocks.name import Clock
from portal.domain.content import Content, content_hash
from portal.domain.decision import Decision, Revision, Version, mark
from portal.domain.edit import signed_by
from portal.domain.error import Invalid, NotAllowed, NotReady
from portal.domain.event import Event, EventKind
from portal.domain.moment import Moment
from portal.domain.permission import Permission, grants_for
from portal.domain.plan import Plan
from portal.domain.restricted import remembering
from portal.domain.standard import Needed
from portal.domain.state import PlanState

ORDERED = (Clock.ORDER_AMEND, Clock.ORDER_PLACEMENT)
# What an amendment changes. "All about me" is the family's and grows meanwhile; advice that came stays listed.
AMENDED = (Needed.SIGNED, Needed.AT_ISSUE)


def decide_not_to_amend(plan: Plan, actor: Actor, words: str, moment: Moment) -> Decision:
    """End an amendment that was proposed; `words` say why, to the family (SEND Regs 2014 reg 22(4)).

    The family is told by letter, which meets the clock. Raises NotAllowed, NotReady, Invalid.
    """
    grant = _grant(plan, actor)
    _must_be_heard(plan, moment)
    if not words.strip():
        raise Invalid({"words": "Say why the plan is not to be changed. The family reads it."})
    versions = tuple(replace(each, withdrawn=True) if each is plan.proposed else each for each in plan.versions)
    after = replace(plan, state=PlanState.FINAL, versions=versions)
    event = Event(EventKind.AMENDING_ENDED, beside={"words": words})
    return Decision(after, event, mark(actor, grant, moment), grant.agency_name)


def to_restore(plan: Plan, force: Version) -> dict[str, int]:
    """The sections whose words are no longer those of the version in force, each with the revision that it prints."""
    printed = [each for each in force.sections if each.hash and plan.standard.section(each.letter).needed in AMENDED]
    return {each.letter: each.revision for each in printed if plan.sections[each.letter].hash != each.hash}


def restore(plan: Plan, actor: Actor, letter: str, issued: Content, version: int, moment: Moment) -> Decision:
    """A new revision of a section with the words of the version in force: nothing that was proposed is lost."""
    grant, head = _grant(plan, actor), plan.sections[letter]
    by, number = mark(actor, grant, moment), head.revision + 1
    # A number that the amendment gave is not given again.
    given: Mapping[str, int] = {**issued.given, **head.content.given}
    content = signed_by(replace(issued, given=given), head.content, by, number)
    digest = content_hash(letter, content)
    after = plan.with_section(letter, content=content, revision=number, hash=digest, changed=by)
    event = Event(EventKind.SECTION_EDITED, letter, number, digest, facts={"restores": version})
    revision = Revision(letter, number, content, digest, by, grant.agency_name)
    return Decision(remembering(plan, after), event, by, grant.agency_name, (revision,))


def _must_be_heard(plan: Plan, moment: Moment) -> None:
    if plan.state not in (PlanState.AMENDING, PlanState.FINALISING) or plan.proposed is None:
        raise NotReady(["No amendments are with the family that the council could decide not to make."])
    if plan.answer_by and not plan.answered and moment.today <= plan.answer_by:
        raise NotReady(["The family has not answered yet, and their 15 days are not over."])
    if any(each.clock in ORDERED and each.open for each in plan.clocks):
        raise NotReady(["The tribunal ordered this amendment. Only its own later order sets it aside."])


def _grant(plan: Plan, actor: Actor) -> Grant:
    grants = grants_for(actor, Permission.PLAN_PROCESS, plan, "")
    if not grants:
        raise NotAllowed("The council decides whether the plan is amended.")
    return grants[0]
