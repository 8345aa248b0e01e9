"""The one-page profile over HTTP: made of what its reader may see, on screen, as data and as one sheet of paper."""

from tests.documents.paper import poppler, text_of
from tests.uploads.placed import placed_picture
from tests.world import World


def written(world: World) -> World:
    world.edit("parent", "A", "most-important", {"words": "Biscuit the cat."}, "most-important")
    world.edit("parent", "A", "do-and-dont", {"do": "- Wait for me", "dont": "- Finish my sentences"}, "do-and-dont")
    world.add("parent", "A", "admired", words="She tells stories in the voices of all the people in them.")
    placed_picture(world)
    return world


def test_it_says_in_boxes_what_section_a_says_and_shows_the_photograph(world: World) -> None:
    browser = written(world).client("senco")
    page = browser.get(f"{browser.base}/profile")
    for words in ("Hello, I am", "Biscuit the cat.", "Wait for me", "Finish my sentences", "She tells stories"):
        assert words in page.text
    assert 'alt="A red wall."' in page.text
    data = browser.get(f"{browser.base}/profile", Accept="application/json").json
    assert data is not None
    assert [each["texts"] for each in data["boxes"]][1] == ["Biscuit the cat."]


def test_it_is_printed_on_one_sheet_and_whoever_took_it_is_noted(world: World) -> None:
    browser = written(world).client("senco")
    answer = browser.get(f"{browser.base}/profile.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "Pages:           1\n" in poppler("pdfinfo", "-", pdf=answer.data)
    assert "Hello, I am Amira" in text_of(answer.data)
    family = world.client("parent")
    assert "took a copy of the one-page profile" in family.get(f"{family.base}/openings").text


def test_whoever_does_not_read_section_a_is_shown_none_of_it(world: World) -> None:
    browser = written(world).client("advocate")
    page = browser.get(f"{browser.base}/profile")
    assert page.status_code == 200
    assert "is not yours to read now" in page.text
    assert "Biscuit" not in page.text
    assert browser.get(f"{browser.base}/profile.pdf").status_code == 303


def test_words_and_pictures_that_are_kept_from_one_reader_are_in_no_profile_of_theirs(world: World) -> None:
    written(world)
    pictures = world.plan().sections["A"].content.in_group("pictures")
    manager = world.client("manager")
    for place in (f"pictures/{pictures[0].id}", "most-important/most-important"):
        sent = {"what": "whole", "who": "some", "readers": [world.people["parent"]], "reason": "A court order."}
        sent |= {"what": "words"} if place.startswith("most") else {}
        assert manager.post(f"{manager.base}/audience/A/{place}", sent).status_code == 303
    other = world.client("other_parent")
    for path in ("/profile", "", "/sections/A"):
        page = other.get(other.base + path).text
        assert "A red wall." not in page, path
        assert "Biscuit" not in page, path
    assert "Biscuit" not in text_of(other.get(f"{other.base}/profile.pdf").data)
    assert "A red wall." in world.client("parent").get(manager.base).text
