"""A fictional child's life so far, read from a file of steps and lived through by the portal's own operations."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from pathlib import Path
from typing import Any

from demo import advice, disagreements, letters, reviews
from portal.domain.actor import Actor, Grant, Role
from portal.domain.clocks.days import is_working_day
from portal.domain.content import Mark
from portal.domain.conversation import ConversationKind as Kind
from portal.domain.event import EventKind
from portal.domain.hashing import Value
from portal.domain.identifier import authority_of, new_plan_id
from portal.domain.moment import ENGLAND, Moment, local_day
from portal.domain.plan import Child, Plan, blank_plan
from portal.domain.reading_mark import shown
from portal.domain.reasoned_reading import Asked as Reason
from portal.domain.sentence import sentences
from portal.domain.standard import FieldKind
from portal.domain.state import VersionKind
from portal.domain.twin_write import Sent
from portal.operations import (
    case,
    conversations,
    invitations,
    people,
    plans,
    readings,
    restrict,
    rights,
    sections,
    sign_off,
    staff,
    twins,
    unread,
)
from portal.operations.conversations import Pointed, Said
from portal.operations.invitations import Asked
from portal.operations.sections import Submission
from portal.store.database import Database
from portal.store.people import agency

Step = Mapping[str, Any]
MORNING = "08:00"  # when a case's events are put on record, unless the file says otherwise


@dataclass
class Life:
    """One child's plan as it is being lived through: who may act, and the ids that the file's aliases stand for."""

    db: Database
    plan: Plan
    actors: Mapping[str, str]  # a person's key in the cast to their id
    now: datetime
    ids: dict[str, str] = field(default_factory=dict)

    def live(self, step: Step) -> None:
        """Do one step as the person who did it, at the time they did it."""
        DO[step["do"]](self, step)

    def actor(self, step: Step) -> Actor:
        """Who did it, having just signed on, with the grants of today."""
        at = self.moment(step).product
        known = Moment(product=at, wall=self.now)
        found = people.load_actor(self.db, self.actors[step["by"]], known, int(at.timestamp()))
        if found is None:
            raise LookupError(f"nobody is known as {step['by']}")
        return found

    def moment(self, step: Step) -> Moment:
        day = (self.now.astimezone(ENGLAND) - timedelta(days=step["days_ago"])).date()
        at = datetime.combine(day, time.fromisoformat(step.get("at", "10:00")), ENGLAND).astimezone(UTC)
        return Moment(at, at)

    def save(self, step: Step) -> None:
        letter, group = step["section"], step["group"]
        alias = step.get("item", "")
        item = self.ids.get(f"{letter}/{alias}", "") if alias else group
        values = self._values(letter, group, step.get("fields", {}))
        before = {each.id for each in self.plan.sections[letter].content.items}
        sent = Submission(letter, group, item, values, self.plan.sections[letter].revision, step["do"] == "remove")
        self.plan = sections.edit(self.db, self.actor(step), self.plan.id, sent, self.moment(step))
        for each in self.plan.sections[letter].content.items:
            if each.id not in before:
                self.ids[f"{letter}/{alias}"] = each.id

    def _values(self, letter: str, group: str, fields: Mapping[str, Any]) -> dict[str, Value]:
        shape = self.plan.standard.section(letter).group(group)
        return {name: self._value(shape.field(name).kind, value) for name, value in fields.items()}

    def _value(self, kind: FieldKind, value: Any) -> Value:
        if kind is FieldKind.LINKS:
            return sorted(self._linked(alias) for alias in value)
        if kind is FieldKind.TEXT:
            return str(value).strip()
        return dict(value) if kind is FieldKind.AMOUNT else str(value)

    def _linked(self, alias: str) -> str:
        found = [item for name, item in self.ids.items() if name.partition("/")[2] == alias]
        if len(found) != 1:
            raise LookupError(f"{alias} is linked before it is written, or stands for two items")
        return found[0]

    def record(self, step: Step) -> None:
        """Put on record what happened in the case, that day or on another one."""
        actor, at = self.actor(step), self.moment(step)
        on = working_day(self.moment({**step, "days_ago": step.get("on_days_ago", step["days_ago"])}).today)
        told = case.Told(EventKind(step["kind"]), on, step.get("facts", {}))
        self.plan = case.record(self.db, actor, self.plan.id, told, at)

    def hand_over(self, step: Step) -> None:
        self.plan = sign_off.hand_over(self.db, self.actor(step), self.plan.id, step["section"], self.moment(step))

    def sign(self, step: Step) -> None:
        letter = step["section"]
        head = self.plan.sections[letter]
        at, actor = self.moment(step), self.actor(step)
        self.plan = sign_off.sign(self.db, actor, self.plan.id, letter, head.revision, head.hash.hex(), at)

    def send_back(self, step: Step) -> None:
        at, actor = self.moment(step), self.actor(step)
        self.plan = sign_off.send_back(self.db, actor, self.plan.id, step["section"], step["reason"], at)

    def withdraw(self, step: Step) -> None:
        at, actor = self.moment(step), self.actor(step)
        self.plan = sign_off.withdraw(self.db, actor, self.plan.id, step["section"], step["reason"], at)

    def twin(self, step: Step) -> None:
        """Somebody writes a section in easier words or another language, for the items that the file names."""
        letter = step["section"]
        words = {self.ids.get(f"{letter}/{alias}", alias): text.strip() for alias, text in step["words"].items()}
        sent = Sent(words, frozenset(), self.plan.sections[letter].revision, 0)
        at, actor = self.moment(step), self.actor(step)
        self.plan = twins.write(self.db, actor, self.plan.id, letter, step["tag"], sent, at)

    def check_twin(self, step: Step) -> None:
        letter, tag, actor = step["section"], step["tag"], self.actor(step)
        found = twins.find(self.db, plans.reading_of(self.db, self.plan, actor), letter, tag).must_be_there()
        seen = (found.number, found.hash.hex())
        self.plan = twins.check(self.db, actor, self.plan.id, letter, tag, seen, self.moment(step))

    def read(self, step: Step) -> None:
        """Somebody reads all that they may: what others change from then on is new to them."""
        reading = plans.reading_of(self.db, self.plan, self.actor(step))
        unread.say_read(self.db, reading, shown(reading), self.moment(step))

    def consent(self, step: Step) -> None:
        """A young person lets somebody read the whole plan."""
        to, letters = self.actors[step["to"]], self.plan.standard.letters
        at, actor = Moment(self.moment(step).product, self.now), self.actor(step)
        self.plan = rights.give_consent(self.db, actor, self.plan.id, to, letters, None, at, writes=True)

    def invite(self, step: Step) -> None:
        asked = Asked(Role(step["role"]), staff.family(self.db).slug, self.plan.id, step["relation"])
        at, actor = self.moment(step), self.actor(step)
        invitations.invite(self.db, actor, asked, at)
        self.plan = plans.open_plan(self.db, actor, self.plan.id, at).plan

    def emergency(self, step: Step) -> None:
        """Somebody without a part here opens the plan for an hour, which is over."""
        reason = Reason(step["category"], step["reason"].strip())
        readings.emergency(self.db, self.actor(step), self.plan.id, reason, self.moment(step))

    def restrict(self, step: Step) -> None:
        """Keep one thing from those who are left out; everybody else who has a part may read it."""
        at, actor, out = self.moment(step), self.actor(step), {self.actors[each] for each in step["left_out"]}
        known = restrict.readers_of(self.db, self.plan.id, at)
        readers = tuple(each.id for each in known if each.id not in out)
        reason = step["reason"].strip()
        self.plan = restrict.restrict(self.db, actor, self.plan.id, step["place"], readers, reason, at)

    def answer(self, step: Step) -> None:
        text = step["text"].strip()
        self.plan = plans.answer(self.db, self.actor(step), self.plan.id, text, self.moment(step))

    def say(self, step: Step) -> None:
        """Comment on a sentence, which the file names by its beginning, suggest another wording, or send a message."""
        kind = {"comment": Kind.COMMENT, "suggest": Kind.SUGGESTION, "message": Kind.MESSAGE}[step["do"]]
        waits_for = self.actors[step["waits_for"]] if "waits_for" in step else ""
        said = Said(
            kind, step["section"], step.get("words", ""), step.get("wording", ""), self._pointed(step), waits_for
        )
        self.plan = conversations.begin(self.db, self.actor(step), self.plan.id, said, self.moment(step))

    def _pointed(self, step: Step) -> Pointed | None:
        if "sentence" not in step:
            return None
        letter, head = step["section"], self.plan.sections[step["section"]]
        item = head.content.item(self.ids[f"{letter}/{step['item']}"])
        said = sentences(item.text(step["field"])) if item else ()
        at = next(at for at, each in enumerate(said) if each.startswith(step["sentence"]))
        return Pointed(self.ids[f"{letter}/{step['item']}"], step["field"], at, head.revision)

    def answer_comment(self, step: Step) -> None:
        """The section's writer answers the newest comment on it."""
        letter, actor, at = step["section"], self.actor(step), self.moment(step)
        number = [each.number for each in self.plan.conversations if each.section == letter][-1]
        self.plan = conversations.answer(self.db, actor, self.plan.id, letter, number, step["words"], False, at)

    def finalise(self, step: Step) -> None:
        self.plan = plans.begin_finalising(self.db, self.actor(step), self.plan.id, self.moment(step))

    def issue_draft(self, step: Step) -> None:
        self._issue(step, VersionKind.DRAFT)

    def issue_final(self, step: Step) -> None:
        self._issue(step, VersionKind.FINAL)

    def _issue(self, step: Step, kind: VersionKind) -> None:
        reasons = {**step.get("exceptions", {})}
        if "g_reason" in step:
            reasons["G"] = step["g_reason"]
        actor, at = self.actor(step), self.moment(step)
        self.plan = plans.issue(self.db, actor, self.plan.id, kind, reasons, at)


DO: Mapping[str, Callable[[Life, Step], None]] = {
    "save": Life.save,
    "remove": Life.save,
    "record": Life.record,
    "letter": letters.write,
    "hand_over": Life.hand_over,
    "sign": Life.sign,
    "send_back": Life.send_back,
    "withdraw": Life.withdraw,
    "twin": Life.twin,
    "check_twin": Life.check_twin,
    "read": Life.read,
    "consent": Life.consent,
    "invite": Life.invite,
    "emergency": Life.emergency,
    "restrict": Life.restrict,
    "answer": Life.answer,
    "comment": Life.say,
    "suggest": Life.say,
    "message": Life.say,
    "answer_comment": Life.answer_comment,
    "finalise": Life.finalise,
    "issue_draft": Life.issue_draft,
    "issue_final": Life.issue_final,
    "review": reviews.write,
    "advice": advice.write,
    "disagree": disagreements.write,
}


def live(db: Database, path: Path, actors: Mapping[str, str], authority_name: str, now: datetime) -> Plan:
    """Live through one child's file from the first step to the last; answers the plan as it stands then."""
    story = tomllib.loads(path.read_text(encoding="utf-8"))
    life = Life(db, _start(db, story, actors, authority_name, now), actors, now)
    for person in story["person"]:
        people.give(db, _grant(db, life.plan, person, actors, _began(story, now)))
    happened = _earlier(story, ({"do": "record", "at": MORNING, **each} for each in story["happened"]))
    reviewed = ({"do": "review", "at": MORNING, **each} for each in story.get("review", ()))
    advised = _earlier(story, ({"do": "advice", "at": "09:00", **each} for each in story.get("advice", ())))
    written = _earlier(story, story["step"])
    disagreed = ({"do": "disagree", **each} for each in story.get("disagree", ()))
    told = (written, happened, advised, reviewed, disagreed)
    steps = merge(*told, key=lambda step: (-step["days_ago"], step.get("at", "10:00")))
    for number, step in enumerate(steps, 1):
        try:
            life.live(step)
        except Exception as error:
            raise RuntimeError(
                f"{path.name}, step {number} ({step['do']} {step.get('section', '')}): {error}"
            ) from error
    return life.plan


def _start(
    db: Database, story: Mapping[str, Any], actors: Mapping[str, str], authority_name: str, now: datetime
) -> Plan:
    facts = story["child"]
    child = Child(
        name=facts["name"],
        called=facts["called"],
        subject=facts["subject"],
        born=facts["born"],
        nhs_number=facts["nhs_number"],
        upn=facts.get("upn", ""),
        address=facts["address"],
        hidden_address=facts.get("address_hidden", False),
        school=story["school"],
    )
    began = _began(story, now)
    by = Mark(actors["maria-silva"], "Maria Silva", "northmere-council", began)
    plan = blank_plan(new_plan_id(story["authority"]), story["authority"], authority_name, child)
    plan = replace(plan, commissioner="Northmere Integrated Care Board")
    asked = plans.Asked(working_day(local_day(began)), "The family asked.")
    return plans.start_by_request(db, plan, asked, by, "Northmere Council SEN team")


def _earlier(story: Mapping[str, Any], steps: Iterable[Step]) -> Iterator[Step]:
    """The steps as many days earlier as the file says that it began: its reviews are of today."""
    return ({**each, "days_ago": each["days_ago"] + story.get("earlier", 0)} for each in steps)


def working_day(day: date) -> date:
    """The day, or the last on which councils and schools were at work."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def _began(story: Mapping[str, Any], now: datetime) -> datetime:
    """The day on which the request came, before the first step."""
    return now - timedelta(days=story["request"]["days_ago"] + story.get("earlier", 0))


def _grant(db: Database, plan: Plan, person: Mapping[str, str], actors: Mapping[str, str], since: datetime) -> Grant:
    where = agency(db, person["agency"])
    if where is None:
        raise LookupError(f"there is no agency {person['agency']}")
    key = person["key"]
    return Grant(
        person=actors[key],
        name=actors[f"{key}:name"],
        agency=where.slug,
        agency_name=where.name,
        role=Role(person["role"]),
        authority=authority_of(plan.id),
        scope=plan.id,
        since=since,
        given_by="demonstration",
        relation=person.get("relation", ""),
        second_person=where.second_person,
    )
