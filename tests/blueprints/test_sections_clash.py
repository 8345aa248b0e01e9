"""Two people change the same words: both texts on the page, three ways on, and nobody's words overwritten unseen."""

import pytest
from werkzeug.test import TestResponse

from portal.domain.content import Item
from portal.domain.hashing import Value
from portal.domain.identifier import new_request_id
from tests.blueprints.page import Fields, Page
from tests.world import Browser, World

HTMX = {"HX_Request": "true"}
MINE, THEIRS = "She is understood by one listener in three.", "Strangers understand one word in five."


class Clash:
    """The caseworker opened a need; a colleague saved other words first; then the caseworker saves."""

    def __init__(self, world: World, **headers: str) -> None:
        self.world = world
        self.ids = world.write_a_little()
        self.browser: Browser = world.client("caseworker")
        self.here = f"{self.browser.base}/sections/B/items/needs/{self.ids['need']}"
        self.form = Page(self.browser.get(self.here)).form("Save")
        world.edit("other_caseworker", "B", "needs", {"effect": THEIRS}, self.ids["need"])
        self.revision = world.plan().sections["B"].revision
        self.answer = self.browser.post(self.here, self.form.filled(effect=MINE), **headers)
        self.page = Page(self.answer)

    def choose(self, button: str, **typed: str) -> TestResponse:
        form = self.page.form(button)
        return self.browser.post(form.action, form.filled(**typed))

    @property
    def item(self) -> Item:
        found = self.world.plan().sections["B"].content.item(self.ids["need"])
        assert found is not None
        return found


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_stale_save_is_refused_with_both_texts_on_the_page(world: World, headers: dict[str, str]) -> None:
    clash = Clash(world, **headers)
    assert clash.answer.status_code == 409
    assert "HX-Request" in clash.answer.headers["Vary"]
    assert "HX-Push-Url" not in clash.answer.headers
    assert clash.page.is_whole is not bool(headers)
    assert clash.page.said_in(".gt-clash__side p") == [MINE, THEIRS]
    assert "Priya Nair saved while you were writing, today at" in clash.page.words
    assert clash.item.text("effect") == THEIRS
    assert world.plan().sections["B"].revision == clash.revision


def test_the_words_that_differ_are_marked_on_either_side(world: World) -> None:
    marked = " ".join(Clash(world).page.said_in("mark")).split()
    assert "listener" in marked
    assert "Strangers" in marked
    assert "one" not in marked


def test_keeping_mine_saves_my_words_and_theirs_stay_in_the_history(world: World) -> None:
    clash = Clash(world)
    assert clash.choose("Keep mine").status_code == 303
    assert clash.item.text("effect") == MINE
    assert (clash.item.text("need"), clash.item.text("area")) == ("Being understood", "communication")
    compared = Page(clash.browser.get(f"{clash.browser.base}/sections/B/compare"))
    assert "Strangers" in " ".join(compared.said_in("del"))


def test_keeping_theirs_changes_nothing_and_lets_my_unsent_words_go(world: World) -> None:
    clash = Clash(world)
    assert clash.choose("Keep Priya's").status_code == 303
    assert clash.item.text("effect") == THEIRS
    assert world.plan().sections["B"].revision == clash.revision
    assert "are kept, and not saved yet" not in Page(clash.browser.get(f"{clash.browser.base}/sections/B")).words


def test_using_both_puts_theirs_first_then_mine_to_be_edited(world: World) -> None:
    clash = Clash(world)
    assert clash.page.form("Save").fields["effect"] == [f"{THEIRS}\n\n{MINE}"]
    assert clash.choose("Save").status_code == 303
    assert clash.item.text("effect") == f"{THEIRS}\n\n{MINE}"


def test_both_texts_made_into_one_by_hand_are_saved_as_typed(world: World) -> None:
    clash = Clash(world)
    assert clash.choose("Save", effect="One in three listeners; one word in five.").status_code == 303
    assert clash.item.text("effect") == "One in three listeners; one word in five."


def test_until_i_choose_my_words_are_kept_for_me_and_for_nobody_else(world: World) -> None:
    clash = Clash(world)
    again = Page(clash.browser.get(clash.here))
    assert again.form("Save").fields["effect"] == [MINE]
    assert "Your words from today at" in again.words
    other = Page(world.client("other_caseworker").get(clash.here))
    assert other.form("Save").fields["effect"] == [THEIRS]
    assert "Your words from" not in other.words


@pytest.mark.parametrize(
    ("button", "effect"), [("Keep mine", MINE), ("Keep Priya's", THEIRS), ("Save", f"{THEIRS}\n\n{MINE}")]
)
def test_whichever_i_keep_their_change_to_another_field_is_not_undone(world: World, button: str, effect: str) -> None:
    ids = world.write_a_little()
    browser = world.client("caseworker")
    here = f"{browser.base}/sections/B/items/needs/{ids['need']}"
    form = Page(browser.get(here)).form("Save")
    world.edit("other_caseworker", "B", "needs", {"effect": THEIRS, "need": "Being understood by all"}, ids["need"])
    page = Page(browser.post(here, form.filled(effect=MINE)))
    chosen = page.form(button)
    assert browser.post(chosen.action, chosen.fields).status_code == 303
    item = world.plan().sections["B"].content.item(ids["need"])
    assert item is not None
    assert (item.text("effect"), item.text("need")) == (effect, "Being understood by all")


def test_a_third_save_between_the_clash_and_the_choice_is_a_clash_again(world: World) -> None:
    clash = Clash(world)
    world.edit("other_caseworker", "B", "needs", {"effect": "A third text."}, clash.ids["need"])
    answer = clash.choose("Keep mine")
    assert answer.status_code == 409
    assert Page(answer).said_in(".gt-clash__side p") == [MINE, "A third text."]
    assert clash.item.text("effect") == "A third text."


def test_two_people_who_change_different_fields_are_never_bothered(world: World) -> None:
    ids = world.write_a_little()
    browser = world.client("caseworker")
    here = f"{browser.base}/sections/B/items/needs/{ids['need']}"
    form = Page(browser.get(here)).form("Save")
    world.edit("other_caseworker", "B", "needs", {"need": "Being understood by all"}, ids["need"])
    assert browser.post(here, form.filled(effect=MINE)).status_code == 303
    item = world.plan().sections["B"].content.item(ids["need"])
    assert item is not None
    assert (item.text("effect"), item.text("need")) == (MINE, "Being understood by all")


def amount(item: str, minutes: int) -> dict[str, str]:
    return {"what": "Speech therapy", "amount.minutes": str(minutes), "amount.how_often": item}


def test_two_amounts_are_shown_whole_and_kept_whole(world: World) -> None:
    ids = world.write_a_little()
    browser = world.client("caseworker")
    here = f"{browser.base}/sections/F/items/provision/{ids['provision']}"
    seen = str(world.plan().sections["F"].revision)
    theirs: Value = {"minutes": 30, "how_often": "daily"}
    world.edit("other_caseworker", "F", "provision", {"amount": theirs}, ids["provision"])
    answer = browser.post(here, {"revision": seen, **amount("weekly", 45)})
    page = Page(answer)
    assert answer.status_code == 409
    assert page.said_in(".gt-clash__side p") == ["45 minutes, weekly", "30 minutes, daily"]
    kept = page.form("Keep Priya's").fields
    assert (kept["amount.minutes"], kept["amount.how_often"]) == (["30"], ["daily"])
    mine = page.form("Keep mine")
    assert browser.post(mine.action, mine.fields).status_code == 303
    item = world.plan().sections["F"].content.item(ids["provision"])
    assert item is not None
    assert item.value("amount") == {"minutes": 45, "how_often": "weekly"}


def test_two_sets_of_links_are_shown_by_name_and_kept_whole(world: World) -> None:
    ids = world.write_a_little()
    second = world.add("caseworker", "B", "needs", area="semh", need="Worry", effect="At night.")
    browser = world.client("caseworker")
    here = f"{browser.base}/sections/F/items/provision/{ids['provision']}"
    form = Page(browser.get(here)).form("Save")
    world.edit("other_caseworker", "F", "provision", {"needs": [ids["health"]]}, ids["provision"])
    page = Page(browser.post(here, form.filled(needs=["", second])))
    sides = page.said_in(".gt-clash__side ul")
    assert ["Worry" in sides[0], "A hip that tires" in sides[1]] == [True, True]
    chosen = page.form("Keep mine")
    assert browser.post(chosen.action, chosen.fields).status_code == 303
    item = world.plan().sections["F"].content.item(ids["provision"])
    assert item is not None
    assert item.links("needs") == (second,)


def two_tabs(world: World) -> tuple[Browser, str, Fields, Fields]:
    """One person with the same item open twice."""
    browser = world.client("parent")
    here = f"{browser.base}/sections/A/items/people/people"
    one, two = (Page(browser.get(here)).form("Save") for _ in range(2))
    return browser, here, one.filled(words="In the first tab"), two.filled(words="In the second tab")


def test_two_tabs_of_one_person_clash_like_two_people_and_nothing_is_lost(world: World) -> None:
    browser, here, one, two = two_tabs(world)
    assert browser.post(here, one).status_code == 303
    answer = browser.post(here, two)
    assert answer.status_code == 409
    assert Page(answer).said_in(".gt-clash__side p") == ["In the second tab", "In the first tab"]


def test_each_tab_has_a_form_of_its_own_so_that_neither_is_taken_for_the_other(world: World) -> None:
    _, _, one, two = two_tabs(world)
    assert one["request_id"] != two["request_id"]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_form_sent_twice_is_saved_once_and_answered_alike(world: World, headers: dict[str, str]) -> None:
    world.write_a_little()
    browser = world.client("caseworker")
    form = Page(browser.get(f"{browser.base}/sections/B/items/needs/new")).form("Save")
    sent = form.filled(area=["semh"], need="Worry", effect="At night.")
    before = world.plan().sequence
    first, second = (browser.post(form.action, sent, **headers) for _ in range(2))
    assert first.status_code == second.status_code
    assert first.headers.get("Location") == second.headers.get("Location")
    assert first.headers.get("HX-Push-Url") == second.headers.get("HX-Push-Url")
    assert Page(first).words == Page(second).words
    assert world.plan().sequence == before + 1
    assert len(world.plan().sections["B"].content.items) == 2


def test_one_request_id_with_other_words_is_judged_as_a_save_of_its_own(world: World) -> None:
    browser = world.client("parent")
    same = {"revision": "0", "request_id": new_request_id()}
    here = f"{browser.base}/sections/A/items/people/people"
    assert browser.post(here, {**same, "words": "My brother"}).status_code == 303
    assert browser.post(here, {**same, "words": "My sister"}).status_code == 409
    assert world.plan().sections["A"].revision == 1


def test_taking_the_same_item_out_twice_is_done_once(world: World) -> None:
    ids = world.write_a_little()
    browser = world.client("caseworker")
    form = Page(browser.get(f"{browser.base}/sections/B/items/needs/{ids['need']}")).form("Take it out")
    before = world.plan().sequence
    answers = [browser.post(form.action, form.fields) for _ in range(2)]
    assert [(each.status_code, each.headers["Location"]) for each in answers] == [
        (303, f"{browser.base}/sections/B")
    ] * 2
    assert world.plan().sequence == before + 1
