"""Every request about advice, in the order in which a council and an adviser send them."""

from portal.domain.advice_asked import requests
from tests.world import World

HEALTH = "northmere-community-health"
# As in every_request.py: endpoint, section, group, item and what is typed.
STEPS: tuple[tuple[str, str, str, str, dict[str, str]], ...] = (
    ("case.record", "", "", "", {"kind": "assessment_agreed", "on": "2026-03-09"}),
    ("advice.ask", "", "", "", {"kind": "c", "agency": HEALTH, "person": "therapist", "words": "How does she hear?"}),
    ("advice.chase", "", "", "", {"words": "It waits."}),
    ("advice.agree", "", "", "", {}),
    ("advice.decline", "", "", "", {"answer": "not_known", "words": "She is not known to us."}),
    ("advice.pass_on", "", "", "", {"person": "therapist"}),
    ("advice_giving.keep", "", "", "", {"seen": "0", "answer_school": "She hears"}),
    ("advice_giving.attach", "", "", "", {}),
    ("advice_giving.discard", "", "", "", {}),
    ("advice_giving.send", "", "", "", {"seen": "0", "answer_school": "She hears well.", "needs_need": "Rest"}),
    ("advice_drafting.take", "G", "", "", {"row": "answers/school"}),
)
QUERIES = {"advice.ask_form": f"kind=c&agency={HEALTH}", "advice_giving.write": "more=yes"}


def number(world: World) -> int:
    """The newest request for advice, of those that nobody answered first; 1 while there is none."""
    found = requests(world.plan())
    waiting = [each.number for each in found if each.state == "waited"]
    return (waiting or [each.number for each in found] or [1])[0]


def given(world: World) -> tuple[int, str]:
    """The request to which advice was given, and the name of that submission."""
    found = next((each for each in requests(world.plan()) if each.given), None)
    return (found.number, f"{found.number}-1") if found else (1, "easy-read")
