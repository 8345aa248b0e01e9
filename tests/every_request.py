"""Every request there is: the routes as the application lists them, each sent by everybody round one plan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import url_for
from werkzeug.routing import Rule

from portal.domain.identifier import new_request_id
from portal.operations import intake, plans, review
from portal.store import twins
from portal.store.sessions import key_of
from portal.web.security import UNSAFE
from tests import every_advice, every_letter
from tests.world import CAST, Browser, World, now

# What a browser, HTMX and a program ask for.
HEADERS = {"page": {}, "fragment": {"HX_Request": "true"}, "data": {"Accept": "application/json"}}
Fields = dict[str, str]

A_CHILD = {"name": "Noor Rahman", "called": "Noor", "subject": "she", "born": "2018-04-09"}
REQUESTED = {**A_CHILD, "council": "northmere-council", "relation": "mother", "reason": "She is unhappy."}
MOVED_IN = {"old_council": "Southfell Council", "on": "2026-03-02", "aware": "2026-03-02", "came": "2026-03-09"}
# One plan's life: endpoint, section, group, item and what is typed. "need", "other" and "hope" are items of the plan.
BEFORE_DRAFT: tuple[tuple[str, str, str, str, Fields], ...] = (
    ("case.record", "", "", "", {"kind": "request_received", "on": "2026-03-02"}),
    *every_advice.STEPS,
    ("sections.save", "B", "needs", "need", {"effect": "She needs a picture for each step."}),
    ("sections.save", "B", "needs", "new", {"need": "Waiting", "area": "communication", "effect": "It is hard."}),
    ("drafts.keep", "B", "needs", "need", {"effect": "She needs"}),
    ("sections.discard", "B", "needs", "need", {}),
    ("sections.remove", "B", "needs", "other", {}),
    ("conversations.suggest", "E", "outcomes", "outcome", {"sentence": "what:0", "wording": "She tells two friends."}),
    ("conversations.accept", "E", "", "", {}),
    ("conversations.withdraw", "E", "", "", {}),
    ("conversations.comment", "B", "needs", "need", {"sentence": "effect:0", "words": "At school too?"}),
    ("conversations.answer", "B", "", "", {"words": "Where?", "then": "ask"}),
    ("conversations.reply", "B", "", "", {"words": "In every lesson."}),
    ("conversations.answer", "B", "", "", {"words": "It says so in F.", "then": "answer"}),
    ("conversations.send", "B", "", "", {"words": "Who comes on Monday?", "waits_for": "caseworker"}),
    ("sign_off.hand_over", "B", "", "", {}),
    ("sign_off.send_back", "B", "", "", {"reason": "Say how often."}),
    ("unread.read", "", "", "", {"seen": "B:1"}),
    *(("sign_off.sign", letter, "", "", {}) for letter in ("A", "B", "C", "D", "E", "F", "G", "H1", "H2")),
    ("sign_off.withdraw", "B", "", "", {"reason": "Not yet."}),
    ("sign_off.sign", "B", "", "", {}),
)
TO_THE_FINAL: tuple[tuple[str, str, str, str, Fields], ...] = (
    ("issue.draft", "", "", "", {}),
    ("answers.keep", "", "", "", {"words": "We"}),
    ("answers.send", "", "", "", {"words": "We agree."}),
    ("issue.finalise", "", "", "", {}),
    ("sections.save", "I", "placement", "placement", {"name": "Elm Road Primary School", "type": "Mainstream"}),
    ("issue.final", "", "", "", {"reason.B": "They were asked in person.", "reason.E": "They were asked in person."}),
    *every_letter.STEPS,
    ("sections.save", "A", "people", "people", {"words": "My brother"}),
    ("twins.keep", "A", "", "", {"item": "people", "words": "I have a", "number": "0"}),
    ("twins.save", "A", "", "", {"item": "people", "words": "I have a brother.", "number": "0"}),
    ("twins.name_checker", "A", "", "", {"person": "dco"}),
    ("twins.sign", "A", "", "", {"number": "1"}),
)
A_MEETING = (now().today + timedelta(days=20)).isoformat()
A_RECORD = {"on": now().today.isoformat(), "there": "All.", "said": "It goes well.", "recommends": "amend"}
# The review of a plan in force, up to the plan as amended.
REVIEWED: tuple[tuple[str, str, str, str, Fields], ...] = (
    ("review.set_day", "", "", "", {"on": A_MEETING, "words": "At two."}),
    ("review.invite", "", "", "", {"people": "parent", "words": "At two."}),
    ("review_drafts.advice", "", "", "", {"progress": "It"}),
    ("review.advise", "", "", "", {"progress": "It goes well.", "change": "More of it."}),
    ("review_drafts.views", "", "", "", {"views": "I"}),
    ("review.tell", "", "", "", {"views": "I like it.", "told": "She drew it."}),
    ("review.circulate", "", "", "", {}),
    ("review_drafts.meeting", "", "", "", {"said": "It"}),
    ("review.record", "", "", "", A_RECORD),
    ("review.report", "", "", "", {}),
    ("review_drafts.decision", "", "", "", {"words": "It"}),
    ("review.decide", "", "", "", {"outcome": "amend", "words": "It is right."}),
    ("review.amend", "", "", "", {"because": "review", "why": ""}),
    ("issue.propose", "", "", "", {"reason.A": "They were asked in person."}),
    ("answers.send", "", "", "", {"words": "Please leave it as it is."}),
    ("review.keep", "", "", "", {"words": "The family is right."}),
    ("review.amend", "", "", "", {"because": "review", "why": ""}),
    ("issue.propose", "", "", "", {"reason.A": "They were asked in person."}),
    ("answers.send", "", "", "", {"words": "We agree."}),
    ("issue.finalise", "", "", "", {}),
    ("issue.amended", "", "", "", {f"reason.{each}": "They were asked." for each in "ABCDEFG"}),
)
AFTER_IT: tuple[tuple[str, str, str, str, Fields], ...] = (
    ("retention.hold", "", "", "", {"reason": "A tribunal has asked for it."}),
    ("retention.release", "", "", "", {"reason": "It is over."}),
    ("retention.confirm", "", "", "", {}),
    ("rights.give_consent", "", "", "", {"letters": "A", "person": "advocate"}),
    ("rights.withdraw_consent", "", "", "", {"person": "advocate"}),
    ("rights.record_capacity", "", "", "", {"person": "parent", "matter": "draft", "reason": "Assessed."}),
    ("rights.record_limit", "", "", "", {"person": "other_parent", "letters": "A", "reason": "An order."}),
    ("audience.settle", "", "", "", {"what": "address", "who": "everybody", "reason": "It was asked."}),
    ("audience.settle_item", "B", "needs", "need", {"what": "effect", "who": "everybody", "reason": "It was asked."}),
    ("live.here", "A", "", "", {"section": "A", "group": "people", "item": "people", "field": "words"}),
    ("case.correct", "", "", "", {"reason": "Another child’s."}),
    *REVIEWED,
    ("intake.send", "", "", "", REQUESTED),
    ("intake.say", "", "", "", {"words": "Has a doctor seen her?", "waits": "yes"}),
    ("intake.answer", "", "", "", {"reason": "There is a record already."}),
    ("intake.send", "", "", "", REQUESTED),
    ("intake.take", "", "", "", {}),
    ("intake.write_down", "", "", "", {**A_CHILD, "asked_by": "school", "on": "2026-03-02", "evening": "no"}),
    ("intake.move_in", "", "", "", {**A_CHILD, **MOVED_IN}),
    ("search.find", "", "", "", {"words": "Rahman"}),
    ("sign_in.begin_from_elsewhere", "", "", "", {}),
    ("preferences.save", "", "", "", {"look": "larger"}),
    ("clock.move", "", "", "", {"ahead": "7", "days": "1"}),  # it was moved meanwhile, and stays
    ("reminders.save", "", "", "", {"council": "nmr", "version": "0", "days_0": "3", "when_0": "after"}),
    ("together.act", "", "", "", {"act": "remind", "plans": "the plan"}),
    ("sessions.stay", "", "", "", {}),
    ("sessions.end", "", "", "", {}),
    ("sessions.end_others", "", "", "", {}),
    ("sign_in.leave", "", "", "", {}),
)
# What else a form sends: how far its page went.
REVISION = {"sections.save", "sections.remove", "sign_off.sign", "conversations.comment", "conversations.suggest"}
# Addresses that may carry a question, and one that fits.
QUERIES = {
    **every_letter.QUERIES,
    **every_advice.QUERIES,
    "redress.act": "kind=appeal_lodged",
    "live.listen": "after=1",
    "plans.history": "before=4",
    "receipts.download": "checkpoint=1",
    "sections.compare": "from=0&to=1",
    "versions.compare_two": "from=1&to=1",
    "worklist.index": "due=2026-01-01&after={plan_id}",
}
LETTERS = ("A", "B", "G")
# Whoever writes, signs, issues and answers, and a stranger.
FEW = ("parent", "caseworker", "dco", "social_worker", "manager", "stranger")


@dataclass
class Rounds:
    """Sends one plan's requests and keeps what was answered: the statuses of each endpoint, by method."""

    world: World
    headers: Fields
    items: dict[str, str]
    keys: tuple[str, ...] = tuple(CAST)
    answered: dict[tuple[str, str], set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.browsers = {key: self.world.client(key) for key in self.keys}

    def read(self) -> None:
        """Open every address there is, as everybody."""
        for endpoint, path in self._addresses():
            for browser in self.browsers.values():
                self._note("GET", endpoint, browser.get(path, **self.headers).status_code)

    def look_at(self, *endpoints: str) -> None:
        """Open the addresses that are somebody's at this moment alone, as everybody."""
        for endpoint, path in self._addresses():
            for browser in self.browsers.values() if endpoint in endpoints else ():
                self._note("GET", endpoint, browser.get(path, **self.headers).status_code)

    def write(self, steps: tuple[tuple[str, str, str, str, Fields], ...]) -> None:
        """Send each form as everybody, one after the other: whoever may is answered, and the others are refused."""
        for endpoint, letter, group, item, typed in steps:
            for key, browser in self.browsers.items():
                parts = {"letter": letter, "group": group, "item": self.items.get(item, item)}
                parts |= self._said(letter) if endpoint.startswith("conversations.") else {}
                path = self._path(self._rule(endpoint), parts)
                sent = {**typed, **self._as_shown(endpoint, letter)}
                if "person" in sent:
                    sent["person"] = self.world.people[sent["person"]]
                if "plans" in sent:
                    sent["plans"] = self.world.plan_id
                if "people" in sent:
                    sent["people"] = self.world.people[sent["people"]]
                if "waits_for" in sent:
                    sent["waits_for"] = self.world.people[sent["waits_for"]]
                if endpoint == "sessions.end":
                    sent["session"] = key_of(self.world.client(key).session_id)[:16]
                self._note("POST", endpoint, browser.post(path, sent, **self.headers).status_code)

    def ask(self, endpoint: str, browser: Browser, fields: Mapping[str, Any] | None = None, **parts: Any) -> None:
        """Send one request as somebody who may: a form where there are `fields`; `parts` are of its address."""
        with self.world.app.test_request_context():
            path = url_for(endpoint, **parts)
        sent = browser.get(path, **self.headers) if fields is None else browser.post(path, dict(fields), **self.headers)
        self._note("GET" if fields is None else "POST", endpoint, sent.status_code)

    def _said(self, letter: str) -> dict[str, Any]:
        """The newest open conversation about a section, where an address asks for one."""
        found = [each.number for each in self.world.plan().conversations if each.section == letter]
        return {"number": found[-1]} if found else {}

    def _as_shown(self, endpoint: str, letter: str) -> Fields:
        head = self.world.plan().sections.get(letter)
        shown = {"request_id": new_request_id()}
        if head and endpoint in (*REVISION, "twins.keep", "twins.save"):
            shown["revision"] = str(head.revision)
        if endpoint == "advice_drafting.take":
            shown["request"] = str(every_advice.given(self.world)[0])
        if endpoint == "letters.send":
            shown["seen"] = every_letter.seen(self.world)
        if head and endpoint == "sign_off.sign":
            shown["text_hash"] = head.hash.hex()
        if endpoint == "twins.sign" and (twin := twins.newest(self.world.db, self.world.plan_id, letter, "easy-read")):
            shown["text_hash"] = twin.hash.hex()
        return shown

    def _addresses(self) -> Iterator[tuple[str, str]]:
        for rule in self.world.app.url_map.iter_rules():
            if "GET" in (rule.methods or ()):
                for letter in LETTERS if "letter" in rule.arguments else LETTERS[:1]:
                    item = self.world.plan().sections[letter].content.items[0]
                    said = self._said(letter) if rule.endpoint.startswith("conversations.") else {}
                    path = self._path(rule, {"letter": letter, "group": item.group, "item": item.id, **said})
                    yield rule.endpoint, path
                    if query := QUERIES.get(rule.endpoint):
                        yield rule.endpoint, f"{path}?{query.format(plan_id=self.world.plan_id)}"

    def _path(self, rule: Rule, parts: dict[str, Any]) -> str:
        known: dict[str, Any] = {
            "plan_id": self.world.plan_id,
            "slug": "families",
            "number": 1,
            "token": "nmr-x",
            "tag": "easy-read",
            **parts,
        }
        known["filename"] = "favicon.svg"
        if rule.endpoint == "pictures.table":
            known["slug"] = "stages"
        if rule.endpoint == "review.one":
            reading = plans.open_plan(self.world.db, self.world.actor("manager"), self.world.plan_id, now())
            known["number"] = next((each.number for each in review.all_of(self.world.db, reading)), 1)
        if rule.endpoint.startswith("case.") and self.world.plan().happened:
            known["number"] = self.world.plan().happened[0].sequence
        if rule.endpoint.startswith("advice"):
            known |= {"number": every_advice.number(self.world), "tag": every_advice.given(self.world)[1]}
            known["token"] = self.world.plan_id
        if rule.endpoint in ("intake.show", "intake.say", "intake.take", "intake.answer"):
            known["token"] = self._request_sent()
        adapter = self.world.app.url_map.bind("localhost")
        method = "POST" if rule.methods and not rule.methods.isdisjoint(UNSAFE) else "GET"
        return adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments}, method=method)

    def _request_sent(self) -> str:
        """A request for an assessment that waits, or else one that a parent sent, if there is one."""
        db, officer, parent = self.world.db, self.world.actor("manager"), self.world.actor("parent")
        found = [*intake.waiting(db, officer), *intake.sent_by(db, parent)]
        return next((each.id for each in found), "nmr-x")

    def _rule(self, endpoint: str) -> Rule:
        return next(self.world.app.url_map.iter_rules(endpoint))

    def _note(self, method: str, endpoint: str, status: int) -> None:
        self.answered.setdefault((method, endpoint), set()).add(status)


def routes(world: World) -> set[tuple[str, str]]:
    """(method, endpoint) of every route there is."""
    return {
        (method, rule.endpoint)
        for rule in world.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
