"""How we tell you: an address counts once its code was typed, and nobody sees anybody else's."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from portal.domain.contact import CODES_A_DAY, TRIES, Contact, Way
from portal.operations import contact as operations
from portal.store import contacts
from tests.at_once import at_once
from tests.world import World, now

PAGE = "/preferences/contact"
FORM = {"email": "", "mobile": "", "address": "", "first": "email", "often": "at-once"}
ADDRESS = "Nadia Rahman\n14 Larch Street\nNorthmere\nNE1 4XF"


@pytest.fixture(autouse=True)
def unknown(world: World) -> None:
    forget(world)


def forget(world: World) -> None:
    world.db["people"].update_one({"_id": world.people["parent"]}, {"$unset": {"contact": "", "unconfirmed": ""}})


def kept(world: World) -> Contact:
    return contacts.of_person(world.db, world.people["parent"])


def code(world: World) -> str:
    waits = contacts.waiting(world.db, world.people["parent"])
    assert waits is not None
    return waits.code


def test_what_is_chosen_is_kept_and_shown_again(world: World) -> None:
    browser = world.client("parent")
    sent = {**FORM, "mobile": "07700 900 123", "address": ADDRESS, "first": "letter", "often": "daily"}
    assert browser.post(PAGE, sent).status_code == 303
    assert kept(world) == Contact("", "+447700900123", tuple(ADDRESS.split("\n")), Way.LETTER, daily=True)
    page = browser.get(PAGE).text
    assert "+447700900123" in page
    assert "14 Larch Street" in page


def test_an_email_address_counts_once_its_code_was_typed(world: World) -> None:
    browser = world.client("parent")
    browser.post(PAGE, {**FORM, "email": "nadia@example.org"})
    assert kept(world).email == ""
    assert "Is this address yours?" in browser.get(PAGE).text
    typed = code(world).upper()
    assert browser.post(f"{PAGE}/confirm", {"code": f"{typed[:4]} {typed[4:]}"}).status_code == 303
    assert kept(world).email == "nadia@example.org"
    assert "Is this address yours?" not in browser.get(PAGE).text


def test_an_address_that_is_confirmed_and_a_number_that_is_saved_at_the_same_moment_are_both_kept(world: World) -> None:
    actor, email = world.actor("parent"), "nadia@example.org"
    chosen = operations.Chosen(email, "", "", Way.EMAIL, daily=False)
    for _ in range(5):
        forget(world)
        operations.choose(world.db, actor, chosen, now())
        confirm = partial(operations.confirm, world.db, actor, code(world), now())
        add = partial(operations.choose, world.db, actor, replace(chosen, mobile="07700900123"), now())
        assert at_once(confirm, add) == []
        assert kept(world) == Contact(email, "+447700900123")


def test_until_a_new_address_is_confirmed_the_one_before_goes_on(world: World) -> None:
    contacts.keep(world.db, world.people["parent"], Contact("old@example.org"))
    browser = world.client("parent")
    browser.post(PAGE, {**FORM, "email": "new@example.org"})
    assert kept(world).email == "old@example.org"
    browser.post(f"{PAGE}/confirm", {"code": code(world)})
    assert kept(world).email == "new@example.org"
    browser.post(PAGE, FORM)
    assert kept(world).email == ""


def test_a_code_works_once_and_five_wrong_ones_end_it(world: World) -> None:
    browser = world.client("parent")
    browser.post(PAGE, {**FORM, "email": "nadia@example.org"})
    right = code(world)
    for _ in range(TRIES):
        wrong = browser.post(f"{PAGE}/confirm", {"code": "00000000"})
        assert wrong.status_code == 422
        assert 'href="#field-code"' in wrong.text
    assert browser.post(f"{PAGE}/confirm", {"code": right}).status_code == 422
    assert kept(world).email == ""
    browser.post(PAGE, {**FORM, "email": "nadia@example.org"})
    right = code(world)
    assert browser.post(f"{PAGE}/confirm", {"code": right}).status_code == 303
    assert browser.post(f"{PAGE}/confirm", {"code": right}).status_code == 422


def test_a_code_is_too_old_after_two_hours(world: World) -> None:
    browser = world.client("parent")
    browser.post(PAGE, {**FORM, "email": "nadia@example.org"})
    past = {"unconfirmed.until": now().wall - timedelta(seconds=1)}
    world.db["people"].update_one({"_id": world.people["parent"]}, {"$set": past})
    assert browser.post(f"{PAGE}/confirm", {"code": code(world)}).status_code == 422


def test_nobody_has_a_mailbox_filled_by_us(world: World) -> None:
    browser = world.client("parent")
    for number in range(CODES_A_DAY):
        assert browser.post(PAGE, {**FORM, "email": f"n{number}@example.org"}).status_code == 303
    sixth = browser.post(PAGE, {**FORM, "email": "n6@example.org"})
    assert sixth.status_code == 422
    assert "five codes" in sixth.text


def test_one_persons_code_confirms_nothing_for_another(world: World) -> None:
    browser, other = world.client("parent"), world.client("other_parent")
    browser.post(PAGE, {**FORM, "email": "nadia@example.org"})
    assert other.post(f"{PAGE}/confirm", {"code": code(world)}).status_code == 422
    assert "nadia@example.org" not in other.get(PAGE).text


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("email", "nadia"),
        ("email", "a@b"),
        ("email", "a b@example.org"),
        ("email", "a@example.org, b@example.org"),
        ("email", "nadia@example.org\r\nBcc: all@example.org"),
        ("mobile", "12345"),
        ("mobile", "+1 202 555 0100"),
        ("address", "14 Larch Street, NE1 4XF"),
        ("address", "Nadia Rahman\n14 Larch Street\nNorthmere"),
        ("first", "pigeon"),
        ("often", "hourly"),
    ],
)
def test_what_can_not_be_right_comes_back_with_what_to_do(world: World, field: str, typed: str) -> None:
    answer = world.client("parent").post(PAGE, {**FORM, field: typed})
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    assert kept(world) == Contact()


def test_everything_that_is_wrong_is_said_at_once(world: World) -> None:
    answer = world.client("parent").post(PAGE, {**FORM, "email": "x", "mobile": "y", "address": "z"})
    assert all(f'href="#field-{each}"' in answer.text for each in ("email", "mobile", "address"))


def test_the_database_holds_no_address_that_can_be_read(world: World) -> None:
    sent = {**FORM, "email": "nadia@example.org", "mobile": "07700900123", "address": ADDRESS}
    world.client("parent").post(PAGE, sent)
    stored = repr(world.db["people"].find_one({"_id": world.people["parent"]}))
    for each in ("nadia@", "7700900123", "Larch"):
        assert each not in stored


def test_the_same_as_data(world: World) -> None:
    browser = world.client("parent")
    browser.post(PAGE, {**FORM, "email": "nadia@example.org"})
    told = browser.get(PAGE, Accept="application/json").json
    assert told == {**FORM, "email": "nadia@example.org", "confirmed": False}


def test_saving_something_else_meanwhile_asks_for_no_second_code(world: World) -> None:
    browser = world.client("parent")
    browser.post(PAGE, {**FORM, "email": "nadia@example.org"})
    first = code(world)
    browser.post(PAGE, {**FORM, "email": "nadia@example.org", "mobile": "07700900123"})
    assert code(world) == first
    browser.post(f"{PAGE}/confirm", {"code": first})
    assert (kept(world).email, kept(world).mobile) == ("nadia@example.org", "+447700900123")


def test_whoever_takes_the_address_out_again_can_not_confirm_it(world: World) -> None:
    browser = world.client("parent")
    browser.post(PAGE, {**FORM, "email": "nadia@example.org"})
    first = code(world)
    browser.post(PAGE, FORM)
    assert "Is this address yours?" not in browser.get(PAGE).text
    assert browser.post(f"{PAGE}/confirm", {"code": first}).status_code == 422
    assert kept(world).email == ""
