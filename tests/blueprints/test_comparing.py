"""Any two revisions of a section, chosen and compared: by ear as by eye, with rows known by their ids."""

from dataclasses import replace

from portal.domain.state import VersionKind
from portal.store import revisions
from tests.blueprints.page import Page
from tests.world import World


def choices(page: Page, name: str) -> dict[str, str]:
    return {str(each["value"]): " ".join(each.get_text().split()) for each in page.soup.select(f"#field-{name} option")}


def says(world: World, *texts: str) -> None:
    for each in texts:
        world.edit("parent", "A", "people", {"words": each}, "people")


def test_every_revision_can_be_chosen_by_who_saved_it_and_when(world: World) -> None:
    says(world, "My brother", "My brother Adam")
    world.edit("senco", "A", "people", {"words": "My brother Adam and Gran"}, "people")
    browser = world.client("parent")
    for path in ("history", "compare"):
        page = Page(browser.get(f"{browser.base}/sections/A/{path}"))
        for name in ("from", "to"):
            found = choices(page, name)
            assert list(found) == ["3", "2", "1", "0"]
            assert found["3"].startswith("Revision 3, Anita Patel, ")
            assert found["0"] == "The blank section"


def test_the_two_that_were_chosen_are_compared_in_either_order_and_with_the_blank_section(world: World) -> None:
    says(world, "My brother", "My brother Adam", "My brother Adam and Gran")
    browser = world.client("parent")
    said = {
        "from=1&to=3": (["added: Adam and Gran"], []),
        "from=3&to=1": ([], ["taken out: Adam and Gran"]),
        "from=0&to=2": (["added: My brother Adam"], []),
        "from=2&to=0": ([], ["taken out: My brother Adam"]),
        "": (["added: and Gran"], []),
        "from=1": (["added: Adam and Gran"], []),
        "to=2": (["added: Adam"], []),
    }
    for query, expected in said.items():
        page = Page(browser.get(f"{browser.base}/sections/A/compare?{query}"))
        assert (page.said_in("ins"), page.said_in("del")) == expected, query
    form = Page(browser.get(f"{browser.base}/sections/A/compare?from=1&to=3"))
    assert form.form("Compare").fields == {"from": ["1"], "to": ["3"]}


def test_a_revision_that_was_printed_says_in_which_version(world: World) -> None:
    ids = world.write_a_little()
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    world.edit("caseworker", "B", "needs", {"effect": "New words."}, ids["need"])
    browser = world.client("parent")
    found = choices(Page(browser.get(f"{browser.base}/sections/B/history")), "from")
    assert ", in the draft plan of " in found["1"]
    assert ", in the " not in found["2"]


def test_whoever_listens_hears_where_a_change_begins_and_where_it_ends(world: World) -> None:
    says(world, "She needs help now.", "She needs more time now.")
    browser = world.client("parent")
    page = Page(browser.get(f"{browser.base}/sections/A/compare"))
    assert "She needs taken out: help added: more time (end of change) now." in " ".join(page.said_in(".gt-words"))


def moved(world: World) -> Page:
    """Three rows of provision, the last of them brought to the front and nothing else changed."""
    for name in ("Speech therapy", "A quiet room", "Swimming"):
        world.add("caseworker", "F", "provision", what=name)
    plan = world.plan()
    newest = revisions.find(world.db, plan.id, "F", 3)
    first, second, third = newest.content.items
    again = replace(newest, number=4, content=replace(newest.content, items=(third, first, second)))
    world.db.transaction(lambda session: revisions.add(world.db, plan, [again], session))
    browser = world.client("caseworker")
    return Page(browser.get(f"{browser.base}/sections/F/compare?from=3&to=4"))


def test_a_row_that_only_moved_is_the_same_row_and_says_so_beside_its_number(world: World) -> None:
    page = moved(world)
    assert page.said_in(".gt-change h3")[0].startswith("F3 Provision, moved")
    assert len(page.said_in(".gt-change")) == 1
    assert "Its place in the list changed." in page.said_in(".gt-change")[0]
    assert (page.said_in("ins"), page.said_in("del")) == ([], [])
    assert ": 1 moved." in page.said_in(".gt-lead")[0]
