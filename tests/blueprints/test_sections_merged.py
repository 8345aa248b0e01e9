"""Two people write in one field: what does not touch is saved together and told, and what clashes stands in history."""

import pytest

from portal.domain.identifier import new_request_id
from portal.operations import restrict
from tests.blueprints.page import Fields, Page
from tests.world import Browser, World, now

HTMX = {"HX_Request": "true"}
TEXT = "She needs 30 minutes a week. Gran helps at home.\n\n- a picture for each step"
MINE = TEXT.replace("Gran helps at home", "Gran and Grandad help at home")
THEIRS = TEXT.replace("a picture", "a drawn picture")


class Desk:
    """The caseworker has a need open whose text a colleague then saves anew."""

    def __init__(self, world: World, theirs: str = THEIRS) -> None:
        self.world = world
        self.need = world.add("caseworker", "B", "needs", area="semh", need="Worry", effect=TEXT)
        self.browser: Browser = world.client("caseworker")
        self.section = f"{self.browser.base}/sections/B"
        self.here = f"{self.section}/items/needs/{self.need}"
        self.form: Fields = Page(self.browser.get(self.here)).form("Save").fields
        world.edit("other_caseworker", "B", "needs", {"effect": theirs}, self.need)

    @property
    def effect(self) -> str:
        item = self.world.plan().sections["B"].content.item(self.need)
        assert item is not None
        return item.text("effect")


def test_changes_to_different_sentences_are_saved_together_and_the_page_says_whose_was_what(world: World) -> None:
    desk = Desk(world)
    answer = desk.browser.post(desk.here, {**desk.form, "effect": MINE})
    assert answer.status_code == 303
    assert desk.effect == MINE.replace("a picture", "a drawn picture")
    address, _, place = answer.headers["Location"].partition("#")
    page = Page(desk.browser.get(address))
    assert "saved together with what Priya Nair saved today at" in page.words
    assert page.said_in(f"#{place} ins") == ["added: drawn"]
    assert "Priya" not in address


def test_the_part_of_a_page_that_is_swapped_says_it_too_and_aloud(world: World) -> None:
    desk = Desk(world)
    answer = desk.browser.post(desk.here, {**desk.form, "effect": MINE}, **HTMX)
    assert answer.status_code == 200
    assert "saved together with what Priya Nair saved today at" in Page(answer).words
    assert 'data-announce="B1 saved, together with what Priya Nair saved"' in answer.text


def test_nothing_is_said_when_nobody_else_changed_that_item(world: World) -> None:
    desk = Desk(world)
    other = world.add("caseworker", "B", "needs", area="semh", need="Change", effect="She dislikes it.")
    form = Page(desk.browser.get(f"{desk.section}/items/needs/{other}")).form("Save").fields
    world.edit("other_caseworker", "B", "needs", {"effect": "Other words."}, desk.need)
    answer = desk.browser.post(f"{desk.section}/items/needs/{other}", {**form, "effect": "She dislikes all of it."})
    assert answer.headers["Location"].endswith(f"#item-{other}")


def test_the_address_that_tells_what_came_from_whom_tells_nobody_else(world: World) -> None:
    desk = Desk(world)
    address = desk.browser.post(desk.here, {**desk.form, "effect": MINE}).headers["Location"].partition("#")[0]
    assert "saved together" not in Page(world.client("other_caseworker").get(address)).words
    assert world.client("stranger").get(address).status_code == 404
    assert desk.browser.get(f"{desk.section}?from=1&to=x").status_code in (400, 404, 422)


def test_where_two_clash_all_that_does_not_is_in_whichever_is_chosen(world: World) -> None:
    desk = Desk(world, THEIRS.replace("30", "45"))
    page = Page(desk.browser.post(desk.here, {**desk.form, "effect": MINE.replace("30", "60")}))
    assert page.form("Save").fields["effect"][0].replace("\r", "") == (
        "She needs 45 minutes a week. She needs 60 minutes a week. Gran and Grandad help at home."
        "\n\n- a drawn picture for each step"
    )
    chosen = page.form("Keep Priya's")
    assert desk.browser.post(chosen.action, chosen.fields).status_code == 303
    assert desk.effect == MINE.replace("30", "45").replace("a picture", "a drawn picture")


@pytest.mark.parametrize("button", ["Keep mine", "Keep Priya's", ""])
def test_both_texts_of_a_clash_stand_in_the_history_whatever_is_chosen(world: World, button: str) -> None:
    desk = Desk(world, TEXT.replace("30", "45"))
    mine = TEXT.replace("30", "60")
    page = Page(desk.browser.post(desk.here, {**desk.form, "effect": mine}))
    if button:
        chosen = page.form(button)
        assert desk.browser.post(chosen.action, chosen.fields).status_code == 303
    told = Page(world.client("manager").get(f"{desk.browser.base}/history")).words
    assert "as somebody else, who saved first" in told
    assert "She needs 60 minutes a week." in told
    history = desk.browser.get(f"{desk.section}/history", Accept="application/json").get_json()
    assert any("45 minutes" in str(each["items"]) for each in history["revisions"])


def test_the_words_that_were_not_saved_are_read_only_by_those_who_read_the_working_text(world: World) -> None:
    desk = Desk(world, TEXT.replace("30", "45"))
    desk.browser.post(desk.here, {**desk.form, "effect": TEXT.replace("30", "60")})
    read = {
        key: "60 minutes" in world.client(key).get(f"{desk.browser.base}/history").text
        for key in ("parent", "other_parent", "social_worker", "other_caseworker")
    }
    assert read == {"parent": False, "other_parent": False, "social_worker": True, "other_caseworker": True}


def test_a_clashing_form_that_is_sent_twice_is_recorded_once_and_voids_no_sign_off(world: World) -> None:
    desk = Desk(world, TEXT.replace("30", "45"))
    world.sign("manager", "B")
    before = world.plan().sequence
    sent = {**desk.form, "effect": TEXT.replace("30", "60"), "request_id": new_request_id()}
    assert [desk.browser.post(desk.here, sent).status_code for _ in range(2)] == [409, 409]
    assert world.plan().sequence == before + 1
    assert world.plan().sections["B"].standing


@pytest.mark.parametrize("field", ["", "/effect"])
def test_words_that_were_not_saved_are_hidden_with_the_place_they_were_for(world: World, field: str) -> None:
    desk = Desk(world, TEXT.replace("30", "45"))
    desk.browser.post(desk.here, {**desk.form, "effect": TEXT.replace("30", "60")})
    place = f"B/{desk.need}{field}"
    restrict.restrict(world.db, world.actor("manager"), world.plan_id, place, (), "It could tell too much.", now())
    for key, read in {"social_worker": False, "other_caseworker": True}.items():
        assert ("60 minutes" in world.client(key).get(f"{desk.browser.base}/history").text) is read


@pytest.mark.parametrize("taken_out", [False, True])
def test_a_clash_over_advice_is_read_by_those_who_read_that_advice(world: World, taken_out: bool) -> None:
    """The Designated Clinical Officer reads health's advice, and no other."""
    given = {"kind": "e", "document": "A report", "author": "Social care", "summary": "Short."}
    advice = world.add("caseworker", "K", "advice", **given)
    browser = world.client("caseworker")
    here = f"{browser.base}/sections/K/items/advice/{advice}"
    form: Fields = Page(browser.get(here)).form("Save").fields
    world.edit("other_caseworker", "K", "advice", {"summary": "Theirs."}, advice)
    assert browser.post(here, {**form, "summary": "Zebra."}).status_code == 409
    if taken_out:
        newest = str(world.plan().sections["K"].revision)
        sent = {"revision": newest, "request_id": new_request_id()}
        assert browser.post(f"{here}/remove", sent).status_code == 303
    read = {key: "Zebra" in world.client(key).get(f"{browser.base}/history").text for key in ("manager", "dsco", "dco")}
    assert read == {"manager": True, "dsco": not taken_out, "dco": False}
