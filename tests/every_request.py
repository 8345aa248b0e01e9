"""Every request there is: the routes as the application lists them, each sent by everybody round one plan."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from werkzeug.routing import Rule

from portal.domain.identifier import new_request_id
from portal.store.sessions import key_of
from portal.web.security import UNSAFE
from tests.world import CAST, World

# What a browser, HTMX and a program ask for.
HEADERS = {"page": {}, "fragment": {"HX_Request": "true"}, "data": {"Accept": "application/json"}}
Fields = dict[str, str]

# One plan's life: endpoint, section, group, item and what is typed. "need", "other" and "hope" are items of the plan.
BEFORE_DRAFT: tuple[tuple[str, str, str, str, Fields], ...] = (
    ("sections.save", "B", "needs", "need", {"effect": "She needs a picture for each step."}),
    ("sections.save", "B", "needs", "new", {"need": "Waiting", "area": "communication", "effect": "It is hard."}),
    ("drafts.keep", "B", "needs", "need", {"effect": "She needs"}),
    ("sections.discard", "B", "needs", "need", {}),
    ("sections.remove", "B", "needs", "other", {}),
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
    ("issue.final", "", "", "", {}),
)
AFTER_IT: tuple[tuple[str, str, str, str, Fields], ...] = (
    ("sections.save", "A", "people", "people", {"words": "My brother"}),
    ("retention.hold", "", "", "", {"reason": "A tribunal has asked for it."}),
    ("retention.release", "", "", "", {"reason": "It is over."}),
    ("retention.confirm", "", "", "", {}),
    ("rights.give_consent", "", "", "", {"letters": "A", "person": "advocate"}),
    ("rights.withdraw_consent", "", "", "", {"person": "advocate"}),
    ("rights.record_capacity", "", "", "", {"person": "parent", "matter": "draft", "reason": "Assessed."}),
    ("rights.record_limit", "", "", "", {"person": "other_parent", "letters": "A", "reason": "An order."}),
    ("audience.settle", "", "", "", {"what": "address", "who": "everybody", "reason": "It was asked."}),
    ("audience.settle_item", "B", "needs", "need", {"what": "effect", "who": "everybody", "reason": "It was asked."}),
    ("search.find", "", "", "", {"words": "Rahman"}),
    ("sign_in.begin_from_elsewhere", "", "", "", {}),
    ("preferences.save", "", "", "", {"look": "larger"}),
    ("sessions.stay", "", "", "", {}),
    ("sessions.end", "", "", "", {}),
    ("sessions.end_others", "", "", "", {}),
    ("sign_in.leave", "", "", "", {}),
)
# What else a form sends: how far its page went.
REVISION = {"sections.save", "sections.remove", "sign_off.sign"}
# Addresses that may carry a question, and one that fits.
QUERIES = {
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

    def write(self, steps: tuple[tuple[str, str, str, str, Fields], ...]) -> None:
        """Send each form as everybody, one after the other: whoever may is answered, and the others are refused."""
        for endpoint, letter, group, item, typed in steps:
            parts = {"letter": letter, "group": group, "item": self.items.get(item, item)}
            for key, browser in self.browsers.items():
                path = self._path(self._rule(endpoint), parts)
                sent = {**typed, **self._as_shown(endpoint, letter)}
                if "person" in sent:
                    sent["person"] = self.world.people[sent["person"]]
                if endpoint == "sessions.end":
                    sent["session"] = key_of(self.world.client(key).session_id)[:16]
                self._note("POST", endpoint, browser.post(path, sent, **self.headers).status_code)

    def _as_shown(self, endpoint: str, letter: str) -> Fields:
        head = self.world.plan().sections.get(letter)
        shown = {"request_id": new_request_id()}
        if head and endpoint in REVISION:
            shown["revision"] = str(head.revision)
        if head and endpoint == "sign_off.sign":
            shown["text_hash"] = head.hash.hex()
        return shown

    def _addresses(self) -> Iterator[tuple[str, str]]:
        for rule in self.world.app.url_map.iter_rules():
            if "GET" in (rule.methods or ()):
                for letter in LETTERS if "letter" in rule.arguments else LETTERS[:1]:
                    item = self.world.plan().sections[letter].content.items[0]
                    path = self._path(rule, {"letter": letter, "group": item.group, "item": item.id})
                    yield rule.endpoint, path
                    if query := QUERIES.get(rule.endpoint):
                        yield rule.endpoint, f"{path}?{query.format(plan_id=self.world.plan_id)}"

    def _path(self, rule: Rule, parts: Fields) -> str:
        known: dict[str, Any] = {
            "plan_id": self.world.plan_id,
            "slug": "families",
            "number": 1,
            "token": "nmr-x",
            **parts,
        }
        known["filename"] = "favicon.svg"
        adapter = self.world.app.url_map.bind("localhost")
        method = "POST" if rule.methods and not rule.methods.isdisjoint(UNSAFE) else "GET"
        return adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments}, method=method)

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
