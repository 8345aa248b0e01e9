"""Ask for advice, hand it on, chase it, decline it, and agree that earlier advice is used again."""

from dataclasses import dataclass, replace
from datetime import timedelta

from portal.domain import advise as rules
from portal.domain.access import Part, must_give
from portal.domain.actor import FAMILY_ROLES, Actor, Grant
from portal.domain.advice import AdviceState, Adviser
from portal.domain.advice_asked import AGENCIES, FAMILYS, role_for
from portal.domain.agency import Agency
from portal.domain.decision import Decision
from portal.domain.error import Invalid, NotAllowed
from portal.domain.identifier import authority_of
from portal.domain.moment import Moment
from portal.domain.permission import Permission, allows
from portal.domain.permission_law import ADVISER
from portal.domain.plan import Plan
from portal.operations.access import agency_named, enlist, grant_for
from portal.operations.act import act
from portal.operations.notices import present
from portal.store import parts, people
from portal.store.database import Database, Session
from portal.store.ledger import Also
from portal.store.requests import Request

# An adviser's part outlasts the twenty weeks in which a plan is made (SEND Regs 2014 reg 13(2)).
LASTS = timedelta(weeks=26)


@dataclass(frozen=True)
class Ask:
    """What the council asks: which kind of advice, of which agency's person (nobody: its lead hands it on), in words.

    `reuses` is the line of section K whose advice is to be used again.
    """

    kind: str
    agency: str
    person: str
    words: str
    reuses: str = ""


def ask(db: Database, actor: Actor, plan_id: str, asked: Ask, moment: Moment, request: Request | None = None) -> Plan:
    """Ask, and give whoever has none an adviser's part in the plan with it. Raises NotAllowed, Invalid, NotReady."""
    given: list[Grant] = []

    def decide(plan: Plan) -> Decision:
        given.clear()
        to, part = _adviser(db, actor, plan, asked, moment)
        given.extend(part)
        return rules.ask(plan, actor, asked.kind, to, asked.words, moment, asked.reuses, bool(part))

    return act(db, actor, plan_id, decide, request, _giving(db, given))


def pass_on(
    db: Database, actor: Actor, plan_id: str, number: int, person: str, moment: Moment, request: Request | None = None
) -> Plan:
    """The lead of the agency names who answers, who is given an adviser's part where they have none."""
    given: list[Grant] = []

    def decide(plan: Plan) -> Decision:
        given.clear()
        asked = rules.to_hand_on(plan, actor, number).to
        agency = agency_named(db, asked.agency)
        to = replace(asked, person=person, name=_colleague(db, agency, person, moment))
        given.extend(_part(db, actor, plan, to, agency, moment))
        return rules.pass_on(plan, actor, number, to, moment)

    return act(db, actor, plan_id, decide, request, _giving(db, given), entitled=True)


def chase(
    db: Database, actor: Actor, plan_id: str, number: int, words: str, moment: Moment, request: Request | None = None
) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.chase(plan, actor, number, words, moment), request)


def decline(
    db: Database,
    actor: Actor,
    plan_id: str,
    number: int,
    state: AdviceState,
    words: str,
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    """Say why there is no advice (`DECLINED`), or that the child is not known (`NOT_KNOWN`)."""
    return act(db, actor, plan_id, lambda plan: rules.decline(plan, actor, number, state, words, moment), request)


def agree(
    db: Database, actor: Actor, plan_id: str, number: int, moment: Moment, request: Request | None = None
) -> Plan:
    """Agree, for the side whose it is, that earlier advice is used again."""
    return act(db, actor, plan_id, lambda plan: rules.agree(plan, actor, number, moment), request)


def agencies_for(db: Database, kind: str) -> list[Agency]:
    """Whom advice of a kind can be asked of, by name; none for the family's own."""
    return parts.agencies(db, *AGENCIES[kind]) if kind in AGENCIES else []


def people_for(db: Database, plan: Plan, kind: str, agency: Agency | None, moment: Moment) -> list[tuple[str, str]]:
    """(id, name) of those who could be asked, by name: the family's members with a part, or an agency's people."""
    if kind == FAMILYS:
        return sorted(((each.person, each.name) for each in _family(db, plan, moment)), key=lambda each: each[1])
    if agency is None:
        return []
    held = {each.person: each.name for each in parts.people_of(db, agency, moment.wall) if not each.reading}
    return sorted(held.items(), key=lambda each: each[1])


def _family(db: Database, plan: Plan, moment: Moment) -> list[Grant]:
    live = people.grants_on(db, plan.id, moment.wall)
    return [each for each in live if each.role in FAMILY_ROLES]


def _adviser(db: Database, actor: Actor, plan: Plan, asked: Ask, moment: Moment) -> tuple[Adviser, list[Grant]]:
    """Who is asked, and the part they are given for it, if they need one."""
    if asked.kind == FAMILYS:
        part = next((each for each in _family(db, plan, moment) if each.person == asked.person), None)
        if part is None:
            raise Invalid({"person": "Choose somebody of the family."})
        return Adviser(part.person, part.name, part.agency, part.agency_name, part.role), []
    agency = agency_named(db, asked.agency)
    role = role_for(asked.kind, agency)
    if role is None:
        raise Invalid({"agency": "Choose an agency that gives this kind of advice."})
    if not asked.person:
        return Adviser("", "", agency.slug, agency.name, role), []
    to = Adviser(asked.person, _colleague(db, agency, asked.person, moment), agency.slug, agency.name, role)
    return to, _part(db, actor, plan, to, agency, moment)


def _colleague(db: Database, agency: Agency, person: str, moment: Moment) -> str:
    """The name of somebody who works for the agency; Invalid for anybody else."""
    found = people.standing(db, person)
    held = found.actor(moment.wall).grants if found else ()
    if found is None or not any(each.agency == agency.slug and not each.reading for each in held):
        raise Invalid({"person": "Choose somebody who works for this agency."})
    return found.name


def _part(db: Database, actor: Actor, plan: Plan, to: Adviser, agency: Agency, moment: Moment) -> list[Grant]:
    """An adviser's part for somebody who can give no advice here by another; nobody gives one to themselves."""
    if to.person == actor.person and agency.slug not in actor.leads:
        raise NotAllowed("You can’t ask yourself for advice. Ask a colleague to.")
    adviser = next((each for each in present(db, plan.id, moment) if each.person == to.person), None)
    if adviser and allows(adviser, Permission.SECTION_EDIT, plan, rules.LIST):
        return []
    part = Part(to.role, agency, plan.id, authority_of(plan.id))
    must_give(actor, to.person, part)
    grant = grant_for(part, to.person, to.name, actor, moment.wall, ADVISER)
    return [replace(grant, until=moment.wall + LASTS)]


def _giving(db: Database, given: list[Grant]) -> Also:
    def also(session: Session) -> None:
        for each in given:
            enlist(db, each, session)

    return also
