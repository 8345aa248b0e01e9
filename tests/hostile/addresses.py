"""Every address that the application has, with the ids of one plan filled in: taken from the URL map."""

from collections.abc import Iterator

from werkzeug.routing import Rule

from portal.web.security import UNSAFE
from tests.world import World

QUERIES = {"sections.compare": "?from=0&to=1", "versions.compare_two": "?from=1&to=1"}
# What a form of any route may ask for, filled so that it is understood.
TYPED = {
    "revision": "0", "text_hash": "0" * 64, "reason": "Because it was asked.", "words": "Words", "effect": "Words",
    "person": "0" * 16, "note": "Noted and seen to.", "why": "It is over.", "shown": "yes", "category": "danger",
}  # fmt: skip


def addresses(world: World, about: str = "", letter: str = "B") -> Iterator[tuple[Rule, str, str]]:
    """(rule, method, address) of every route; with `about`, of those alone whose address has such a part."""
    items = world.plan().sections[letter].content.items
    group, item = (items[0].group, items[0].id) if items else ("needs", "0" * 10)
    known = {"plan_id": world.plan_id, "letter": letter, "group": group, "item": item, "number": 1}
    known |= {"slug": "families", "token": "nmr-x", "tag": "easy-read", "filename": "favicon.svg"}
    adapter = world.app.url_map.bind("localhost")
    for rule in world.app.url_map.iter_rules():
        if about and about not in rule.arguments:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            path = adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments}, method=method)
            yield rule, method, path + (QUERIES.get(rule.endpoint, "") if method not in UNSAFE else "")
