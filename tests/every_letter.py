"""Every request about letters, in the order in which a council and a family send them."""

from portal.domain.error import NotReady
from portal.domain.letter_kind import LetterKind
from portal.domain.letter_own import CONTACTS
from portal.operations import letter_templates, letters
from portal.operations.letters import Asked
from tests.world import World, now

SHARED = {"words_mediation": "01632 960 140", "words_support": "01632 960 150", "words_reach": "01632 960 100"}
# As in every_request.py: endpoint, section, group, item and what is typed.
STEPS: tuple[tuple[str, str, str, str, dict[str, str]], ...] = (
    ("our_letters.save", "", "", "", {"kind": CONTACTS, "council": "nmr", "version": "0", "act": "save", **SHARED}),
    ("letters.send", "", "", "", {"kind": "final", "act": "preview"}),
    ("letters.send", "", "", "", {"kind": "final", "act": "send"}),
)
QUERIES = {"letters.write": "kind=final", "our_letters.edit": "kind=final&council=nmr"}


def sent(world: World) -> int:
    """The number of the letter about the final plan, once a caseworker sent it."""
    manager = world.actor("manager")
    shared = {name.removeprefix("words_"): text for name, text in SHARED.items()}
    newest = letter_templates.find(world.db, manager, "nmr", CONTACTS)
    letter_templates.save(world.db, manager, "nmr", CONTACTS, newest.number, shared, now())
    asked = Asked(LetterKind.FINAL, now().today, "")
    return letters.send(world.db, world.actor("caseworker"), world.plan_id, asked, seen(world), now())


def seen(world: World) -> str:
    """The digest of the letter about the final plan as it would be sent now; of no letter where it was sent."""
    asked = Asked(LetterKind.FINAL, now().today, "")
    try:
        return letters.drafted(world.db, world.plan(), world.actor("caseworker"), asked, now()).body.digest
    except NotReady:
        return "0" * 64
