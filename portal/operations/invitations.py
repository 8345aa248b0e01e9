"""Invite somebody by a link that works once, and let in whoever knows the facts that go with it; never by email."""

from dataclasses import dataclass, replace
from datetime import date

from portal.domain import invitation as rules
from portal.domain.access import FAMILY, PROVIDERS_OF, TWO_PEOPLE, Part, hat_for
from portal.domain.actor import WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.agency import Agency
from portal.domain.decision import Decision
from portal.domain.error import Invalid, NotAllowed, NotFound
from portal.domain.event import EventKind
from portal.domain.invitation import LIFETIME, Facts, Invitation, InvitationState, Secrets
from portal.domain.moment import Moment
from portal.domain.plan import Plan
from portal.operations.access import Hat, agency_named, enlist, grant_for, hat_to_give, noted, place_of
from portal.operations.act import act
from portal.store import access, invitations, people, plans
from portal.store.database import Database, Session
from portal.store.requests import Request


class Closed(NotFound):
    """The link opens nothing: never made, used, run out, taken back or tried too often. Which of these is not said."""


@dataclass(frozen=True)
class Asked:
    """What is asked for: a part, and how a family member stands to the child."""

    role: Role
    agency: str
    scope: str
    relation: str = ""


def invite(db: Database, actor: Actor, asked: Asked, moment: Moment, request: Request | None = None) -> Invitation:
    """A new invitation. Its link and code are sealed until `reveal`. Raises NotAllowed, Invalid, NotFound."""
    agency = agency_named(db, asked.agency)
    part = Part(asked.role, agency, asked.scope, place_of(db, actor, agency, asked.scope))
    hat = hat_to_give(db, actor, "", part)
    if asked.role in FAMILY and not asked.relation:
        raise Invalid({"relation": "Say who they are to the child: mother, foster carer, advocate."})
    secrets = rules.new_secrets(part.authority)
    made = _made(actor, hat, part, asked.relation if asked.role in FAMILY else "", secrets, moment)
    if asked.scope == WHOLE_CASELOAD:
        db.transaction(lambda session: invitations.add(db, made, secrets, session))
        return made
    to_come = grant_for(part, "", "", actor, moment.wall)

    def decide(plan: Plan) -> Decision:
        return noted(plan, actor, hat, EventKind.PERSON_INVITED, to_come, moment, {})

    act(
        db,
        actor,
        asked.scope,
        decide,
        request,
        lambda session: invitations.add(db, made, secrets, session),
        entitled=True,
    )
    return made


def _made(actor: Actor, hat: Hat, part: Part, relation: str, secrets: Secrets, moment: Moment) -> Invitation:
    return Invitation(
        id=invitations.id_for(part.authority, part.scope, secrets.token),
        authority=part.authority,
        token=rules.hash_of(secrets.token),
        code=rules.bound(secrets.token, secrets.code),
        agency=part.agency.slug,
        role=part.role,
        scope=part.scope,
        relation=relation,
        by=actor.person,
        by_name=actor.name,
        by_agency=hat[0],
        at=moment.wall,
        until=moment.wall + LIFETIME,
    )


def reveal(db: Database, actor: Actor, found: list[Invitation], moment: Moment) -> list[tuple[Invitation, Secrets]]:
    """What the inviter has not been shown yet, this once; nobody else is shown it."""
    mine = [each for each in found if each.by == actor.person and each.state_at(moment.wall) is InvitationState.WAITING]
    shown = [(each, invitations.reveal(db, each)) for each in mine if each.unseen]
    return [(each, secrets) for each, secrets in shown if secrets]


def open_link(db: Database, actor: Actor, provider_kind: str, token: str, moment: Moment) -> tuple[Invitation, Agency]:
    """The invitation behind a link that still opens. Closed for any other; NotAllowed for who can't be meant by it."""
    found = invitations.by_token(db, token)
    if found is None or found.state_at(moment.wall) is not InvitationState.WAITING:
        raise Closed("no such invitation")
    agency = agency_named(db, found.agency)
    if found.by == actor.person:
        raise NotAllowed("You made this invitation yourself. Send its link to the person whom you invited.")
    if provider_kind not in PROVIDERS_OF[agency.kind]:
        raise NotAllowed("This invitation is for a different way of signing in. Sign out, and sign in the other way.")
    return found, agency


def accept(db: Database, actor: Actor, provider_kind: str, token: str, facts: Facts, moment: Moment) -> Grant:
    """Give the part to whoever knows the facts. Closed for a dead link, Invalid for a wrong fact, which costs a try."""
    found, agency = open_link(db, actor, provider_kind, token, moment)
    part = Part(found.role, agency, found.scope, found.authority)
    if not _still_stands(db, found, part, moment) or not invitations.take_a_try(db, found, moment.wall):
        raise Closed("no such invitation")
    if not rules.match(found, token, facts, _born(db, found)):
        raise Invalid({"code": "That is not what we were told. Look at each part again, then ask whoever invited you."})
    inviter = replace(actor, person=found.by, name=found.by_name)
    grant = grant_for(part, actor.person, actor.name, inviter, moment.wall, found.relation)
    _let_in(db, actor, found, grant, moment)
    return grant


def _still_stands(db: Database, found: Invitation, part: Part, moment: Moment) -> bool:
    """Whether whoever invited may still give this: an invitation by somebody who left opens nothing."""
    inviter = people.standing(db, found.by)
    return inviter is not None and hat_for(inviter.actor(moment.wall), part) is not None


def _born(db: Database, found: Invitation) -> date | None:
    return plans.load(db, found.scope).child.born if found.role in FAMILY else None


def _let_in(db: Database, actor: Actor, found: Invitation, grant: Grant, moment: Moment) -> None:
    """Close the invitation and give the part in one transaction: of several at once, one is let in."""

    def close(session: Session) -> None:
        state = InvitationState.ACCEPTED
        if not invitations.close(db, found, state, moment.wall, session, actor.person, actor.name):
            raise Closed("no such invitation")

    def over_caseload(session: Session) -> None:
        close(session)
        if grant.role in TWO_PEOPLE:
            access.ask(db, grant, found.by, found.by_name, moment.wall, session)
        else:
            people.give(db, grant, session)
        kind = "asked" if grant.role in TWO_PEOPLE else "given"
        access.log(db, kind, grant, found.by, found.by_name, moment.wall, session)

    def on_plan(session: Session) -> None:
        close(session)
        enlist(db, grant, session)

    def decide(plan: Plan) -> Decision:
        hat = (grant.agency, grant.agency_name)
        return noted(plan, actor, hat, EventKind.INVITATION_ACCEPTED, grant, moment, {"invited_by": found.by})

    if grant.scope == WHOLE_CASELOAD:
        db.transaction(over_caseload)
    else:
        act(db, actor, grant.scope, decide, None, on_plan, entitled=True)


def take_back(db: Database, actor: Actor, authority: str, invitation_id: str, moment: Moment) -> Invitation:
    """Take back an invitation that waits. NotFound unless it waits and the actor may give what it gives."""
    found = invitations.by_id(db, authority, invitation_id)
    if found is None:
        raise NotFound("no such invitation")
    agency = agency_named(db, found.agency)
    place_of(db, actor, agency, found.scope)
    if hat_for(actor, Part(found.role, agency, found.scope, found.authority)) is None:
        raise NotAllowed("This invitation is not yours to take back.")
    db.transaction(lambda session: invitations.close(db, found, InvitationState.WITHDRAWN, moment.wall, session))
    return found
