"""One case lived through by the portal's own rules, as the people would who were there."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from demo.caseload import words
from demo.caseload.story import Happening, Story
from portal.domain import amend, case, edit, issue, sign_off
from portal.domain.actor import WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.case import facts_of
from portal.domain.clocks.event import Event as CaseEvent
from portal.domain.content import Mark, blank_item
from portal.domain.decision import Decision, Revision
from portal.domain.edit import ItemEdit
from portal.domain.error import Refusal
from portal.domain.event import Event, EventKind
from portal.domain.hashing import Value
from portal.domain.moment import ENGLAND, Moment
from portal.domain.plan import Plan, blank_plan
from portal.domain.state import VersionKind
from portal.domain.young_person import is_young_person
from portal.store.bulk import Bulk

TEN = time(10)
COUNCIL_SIGNS, HEALTH_SIGNS, CARE_SIGNS = ("B", "E", "F"), ("C", "G"), ("D", "H1", "H2")
NONE_KNOWN = Mark("", "", "", datetime(2000, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Person:
    """Somebody of the cast, and the agency for which they act."""

    id: str
    name: str
    agency: str
    agency_name: str


@dataclass(frozen=True)
class Cast:
    """Whom the cases are lived through by. Without health, care and a parent, plans are begun and issued bare."""

    authority: str
    authority_name: str
    commissioner: str
    manager: Person
    workers: tuple[Person, ...]
    health: Person | None = None
    care: Person | None = None

    @property
    def writes(self) -> bool:
        return self.health is not None and self.care is not None


class Life:
    """One plan as it is lived through; `steps` of the story that the rules refuse end it there."""

    def __init__(self, bulk: Bulk, cast: Cast, story: Story, plan_id: str, parent: Person | None) -> None:
        self.bulk, self.cast, self.story, self.parent = bulk, cast, story, parent
        blank = blank_plan(plan_id, cast.authority, cast.authority_name, story.child)
        self.blank = self.plan = replace(blank, commissioner=cast.commissioner)
        self.worker = cast.workers[story.worker]
        self.at = NONE_KNOWN.at

    def live(self) -> Plan:
        first, *others = self.story.happenings
        self._at(first)
        self._begin(first)
        for each in others:
            self._at(each)
            try:
                self._step(each)
            except Refusal:
                break
        return self.plan

    def grants(self, school: Person) -> Iterator[Grant]:
        """Who has a part in the plan beside those with one in the whole caseload."""
        since = datetime.combine(self.story.happenings[0].on, TEN, UTC)
        parts = [(self.worker, Role.SEN_CASEWORKER, ""), (school, Role.SENCO, "")]
        if self.cast.health and self.cast.care:
            parts.append((self.cast.health, Role.DESIGNATED_CLINICAL_OFFICER, ""))
            parts.append((self.cast.care, Role.DESIGNATED_SOCIAL_CARE_OFFICER, ""))
        if self.parent:
            parts.append((self.parent, Role.PARENT, "parent"))
        for who, role, relation in parts:
            yield replace(self._grant(who, role), since=since, given_by="demonstration", relation=relation)

    def _step(self, happening: Happening) -> None:
        if happening.kind is None:
            DO[happening.act](self)
            return
        told = (happening.kind, happening.day, happening.facts, "", self._moment)
        self._save(case.record(self.plan, self._actor(self.worker, Role.SEN_CASEWORKER), *told))

    def _begin(self, first: Happening) -> None:
        """The request, by whom the council writes it down; every section stands blank from then on."""
        event = CaseEvent(EventKind.REQUEST_RECEIVED, first.day, {}, {}, {})
        by = Mark(self.worker.id, self.worker.name, self.worker.agency, self.at)
        blanks = tuple(Revision(letter, 0, head.content, head.hash, by) for letter, head in self.plan.sections.items())
        asked = Event(event.kind, facts=facts_of(event), beside={"words": "The family asked."})
        self._save(Decision(self.plan.with_event(event), asked, by, self.worker.agency_name, blanks))
        if self._speaks:
            self._write("A", "aspirations", {"hope": words.HOPE, "whose": "child"})
        self._need()

    def _need(self) -> None:
        need, effect = words.PLANS[self.story.need][0]
        named = {"effect": effect.format(self.story.child.called)} if self.cast.writes else {}
        self._write("B", "needs", {"area": self.story.need, "need": need, **named})

    def _outcome_and_provision(self) -> None:
        _, (outcome, measure), (what, minutes, how_often) = words.PLANS[self.story.need]
        called, needs = self.story.child.called, self._ids("B", "needs")
        hopes = self._ids("A", "aspirations")
        sought: dict[str, Value] = {
            "what": outcome.format(called),
            "measure": measure,
            "needs": needs,
            "aspirations": hopes,
        }
        self._write("E", "outcomes", sought)
        amount = {"minutes": str(minutes), "how_often": how_often}
        given: dict[str, Value] = {
            "what": what.format(called),
            "amount": amount,
            "needs": needs,
            "outcomes": self._ids("E", "outcomes"),
        }
        self._write("F", "provision", given)

    def _draft(self) -> None:
        if self.cast.writes:
            self._outcome_and_provision()
            for letter in COUNCIL_SIGNS:
                self._sign(self.cast.manager, Role.SEN_MANAGER, letter)
        if self._speaks:
            self._sign(self._speaks, Role.PARENT, "A")
        self._issue(VersionKind.DRAFT)

    def _final(self) -> None:
        self._finalise()
        placement = {"name": self.story.school[1], "type": "As named"} if self.cast.writes else {"type": "Mainstream"}
        self._write("I", "placement", placement)
        if self.cast.health and self.cast.care:
            for letter in HEALTH_SIGNS:
                self._sign(self.cast.health, Role.DESIGNATED_CLINICAL_OFFICER, letter)
            for letter in CARE_SIGNS:
                self._sign(self.cast.care, Role.DESIGNATED_SOCIAL_CARE_OFFICER, letter)
        self._issue(VersionKind.FINAL)

    def _amend(self) -> None:
        worker = self._actor(self.worker, Role.SEN_CASEWORKER)
        self._save(amend.begin_amending(self.plan, worker, amend.Because.REVIEW, "", self._moment))
        self._issue(VersionKind.PROPOSED_AMENDMENT)

    def _amended(self) -> None:
        self._finalise()
        self._issue(VersionKind.AMENDED_FINAL)

    def _finalise(self) -> None:
        worker = self._actor(self.worker, Role.SEN_CASEWORKER)
        self._save(issue.begin_finalising(self.plan, worker, self._moment))

    def _issue(self, kind: VersionKind) -> None:
        """By the manager, who says of each thing that is lacking why it is issued all the same."""
        reasons = {each.letter: words.REASON for each in issue.lacks(self.plan, kind)}
        manager = self._actor(self.cast.manager, Role.SEN_MANAGER)
        self._save(issue.issue(self.plan, manager, kind, reasons, self._moment))

    def _sign(self, who: Person, role: Role, letter: str) -> None:
        head = self.plan.sections[letter]
        self._save(
            sign_off.sign(self.plan, self._actor(who, role), letter, head.revision, head.hash.hex(), self._moment)
        )

    def _write(self, letter: str, group: str, values: Mapping[str, Value]) -> None:
        shape = self.plan.standard.section(letter).group(group)
        content = self.plan.sections[letter].content
        item = "" if shape.repeats else group
        sent = ItemEdit(
            group, item, {**{name: slot.value for name, slot in blank_item(shape, "").slots.items()}, **values}, content
        )
        by = self._speaks if letter == "A" and self._speaks else self.worker
        role = Role.SEN_CASEWORKER if by is self.worker else Role.PARENT
        number = sum(len(each.content.items) for each in self.plan.sections.values())
        new_id = f"{self.story.number % 10**7:07d}{number % 1000:03d}"
        self._save(edit.edit_item(self.plan, self._actor(by, role), letter, sent, self._moment, new_id))

    def _ids(self, letter: str, group: str) -> list[str]:
        return sorted(each.id for each in self.plan.sections[letter].content.in_group(group))

    def _save(self, decision: Decision | None) -> None:
        if decision:
            self.plan = self.bulk.save(self.plan, decision)
            self.at += timedelta(minutes=7)

    def _at(self, happening: Happening) -> None:
        """Ten in the morning of its day, and never before what was saved last."""
        self.at = max(datetime.combine(happening.on, TEN, ENGLAND).astimezone(UTC), self.at)

    @property
    def _speaks(self) -> Person | None:
        """The parent, until the young person speaks for themselves; of those nothing is made up in section A."""
        return None if is_young_person(self.story.child.born, self._moment.today) else self.parent

    @property
    def _moment(self) -> Moment:
        return Moment(self.at, self.at)

    def _actor(self, who: Person, role: Role) -> Actor:
        return Actor(who.id, who.name, "", who.id, (self._grant(who, role),), day=self._moment.today)

    def _grant(self, who: Person, role: Role) -> Grant:
        scope = WHOLE_CASELOAD if role is Role.SEN_MANAGER else self.plan.id
        return Grant(who.id, who.name, who.agency, who.agency_name, role, self.cast.authority, scope, NONE_KNOWN.at)


DO: Mapping[str, Callable[[Life], None]] = {
    "draft": Life._draft,
    "final": Life._final,
    "amend": Life._amend,
    "amended": Life._amended,
}
