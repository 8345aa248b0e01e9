"""A picture from the form to the page: sent, looked at, given its words, and shown to whoever may see it."""

import hashlib
import io
from functools import partial
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.domain.identifier import new_request_id
from portal.domain.media import GROUP, file_of
from portal.domain.state import VersionKind
from portal.store import media as store
from portal.store.media import CHUNK
from portal.worker import work_once
from tests.at_once import at_once
from tests.blueprints.page import Page
from tests.uploads.plain import GOOD
from tests.world import Browser, World, now

ALT = "A girl laughs at a cat on a wall."


def send(browser: Browser, content: bytes, name: str = "photo.jpg", **fields: Any) -> TestResponse:
    sent = {"file": (io.BytesIO(content), name), "shows": "me", "request_id": new_request_id(), **fields}
    return browser.post(f"{browser.base}/media", sent)


def looked_at(world: World) -> None:
    while work_once(world.db, now().wall):
        pass


def place(browser: Browser, address: str, **fields: str) -> TestResponse:
    return browser.post(address, {"revision": "0", "request_id": new_request_id(), "alt": ALT, "shows": "me", **fields})


def placed(world: World, key: str = "parent", content: bytes | None = None, **fields: str) -> str:
    """A file that stands in section A; answers the id of its item."""
    browser = world.client(key)
    sent = send(browser, content or GOOD["photograph.jpg"]())
    looked_at(world)
    answer = place(browser, sent.headers["Location"], **fields)
    assert answer.status_code == 303, answer.text
    return world.plan().sections["A"].content.in_group(GROUP)[-1].id


def test_a_photograph_is_sent_cleaned_given_its_words_and_shown(world: World) -> None:
    browser = world.client("parent")
    sent = send(browser, GOOD["photograph.jpg"]())
    assert sent.status_code == 303
    address = sent.headers["Location"]
    assert "We are looking at what you sent" in browser.get(address).text
    looked_at(world)
    assert Page(browser.get(address)).form("Put it in Amira's plan")
    assert world.plan().sections["A"].revision == 0
    answer = place(browser, address)
    (item,) = world.plan().sections["A"].content.in_group(GROUP)
    assert (answer.status_code, item.text("alt"), item.text("shows")) == (303, ALT, "me")
    page = browser.get(f"{browser.base}/sections/A").text
    assert f'src="{browser.base}/media/{item.id}" alt="{ALT}"' in page
    shown = browser.get(f"{browser.base}/media/{item.id}")
    file = file_of(item)
    assert file is not None
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert hashlib.sha256(shown.data).hexdigest() == file.sha256
    assert shown.data.startswith(b"\xff\xd8\xff")
    assert b"PhoneMaker" not in shown.data


def test_a_file_goes_out_as_exactly_what_it_is_with_no_power_over_a_page(world: World) -> None:
    item = placed(world)
    browser = world.client("senco")
    shown = browser.get(f"{browser.base}/media/{item}")
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Content-Disposition"] == "inline; filename=picture.jpg"
    letter = placed(world, content=GOOD["letter.pdf"]())
    given = browser.get(f"{browser.base}/media/{letter}")
    assert given.headers["Content-Disposition"] == "attachment; filename=letter.pdf"


def test_a_player_is_given_the_part_that_it_asks_for(world: World) -> None:
    item = placed(world, content=GOOD["voice.wav"](), transcript="A tone.")
    browser = world.client("parent")
    part = browser.get(f"{browser.base}/media/{item}", Range="bytes=0-3")
    assert (part.status_code, part.data) == (206, b"RIFF")


def test_a_player_seeks_in_a_long_sound_and_what_is_beyond_its_end_is_no_part_of_it(world: World) -> None:
    item = placed(world, content=GOOD["voice.wav"](), transcript="A tone.")
    browser = world.client("parent")
    address = f"{browser.base}/media/{item}"
    whole = browser.get(address)
    size = len(whole.data)
    assert (whole.headers["Accept-Ranges"], whole.headers["Content-Length"]) == ("bytes", str(size))
    for asked, start, end in (
        (f"bytes={size - 9}-", size - 9, size),
        ("bytes=-5", size - 5, size),
        ("bytes=7-7", 7, 8),
    ):
        part = browser.get(address, Range=asked)
        assert (part.status_code, part.data) == (206, whole.data[start:end])
        assert part.headers["Content-Range"] == f"bytes {start}-{end - 1}/{size}"
    assert browser.get(address, Range=f"bytes={size}-").status_code == 416


def test_a_sound_is_not_placed_before_somebody_has_written_down_what_is_said(world: World) -> None:
    browser = world.client("parent")
    address = send(browser, GOOD["voice.ogg"]()).headers["Location"]
    looked_at(world)
    answer = place(browser, address)
    assert answer.status_code == 422
    assert "Write down what is said and heard" in answer.text
    assert ALT in answer.text
    assert place(browser, address, transcript="Amira says hello.").status_code == 303
    page = browser.get(f"{browser.base}/sections/A").text
    assert "<audio" in page
    assert "Amira says hello." in page


def test_nothing_is_placed_without_words_for_whoever_can_not_see_it(world: World) -> None:
    browser = world.client("parent")
    address = send(browser, GOOD["drawing.png"]()).headers["Location"]
    looked_at(world)
    assert place(browser, address, alt="").status_code == 422
    assert world.plan().sections["A"].revision == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "There is nothing in this file."),
        (b"<svg onload='x'/>", "This file is something else, whatever its name says."),
        (b"PK\x03\x04" + bytes(60), "This is a document that can hold programs."),
        (b"\xff\xd8\xff" + bytes(11 * 1024 * 1024), "This file is too large."),
    ],
)
def test_what_its_first_bytes_and_its_size_tell_is_refused_at_once(world: World, content: bytes, said: str) -> None:
    answer = send(world.client("parent"), content)
    assert answer.status_code == 422
    assert said in answer.text
    assert world.db["uploads.files"].count_documents({"authority": "nmr", "plan": world.plan_id}) == 0


def test_what_the_worker_can_not_clean_is_refused_with_the_reason_and_its_bytes_are_forgotten(world: World) -> None:
    browser = world.client("parent")
    address = send(browser, GOOD["photograph.jpg"]()[:600]).headers["Location"]
    looked_at(world)
    assert "damaged or was cut off" in browser.get(address).text
    assert world.db["uploads.chunks"].count_documents({"authority": "nmr", "plan": world.plan_id}) == 0
    assert place(browser, address).status_code == 409


def test_whoever_may_not_write_section_a_sends_nothing_and_a_stranger_finds_nothing(world: World) -> None:
    for key, status in (("dco", 403), ("auditor", 403), ("stranger", 404)):
        browser = world.client(key)
        assert browser.get(f"{browser.base}/media/new").status_code == status, key
        assert send(browser, GOOD["drawing.png"]()).status_code == status, key


def test_whoever_may_not_add_is_told_so_before_their_form_is_judged(world: World) -> None:
    for key in ("dco", "auditor"):
        browser = world.client(key)
        assert browser.post(f"{browser.base}/media", {"shows": "nobody knows"}).status_code == 403, key


def test_nothing_of_a_file_is_shown_while_it_is_looked_at(world: World) -> None:
    browser = world.client("parent")
    address = send(browser, GOOD["drawing.png"]()).headers["Location"]
    assert browser.get(f"{address}/file").status_code == 404
    looked_at(world)
    assert browser.get(f"{address}/file").status_code == 200


def test_what_somebody_sent_is_theirs_alone_until_it_is_placed(world: World) -> None:
    address = send(world.client("parent"), GOOD["drawing.png"]()).headers["Location"]
    looked_at(world)
    for key in ("other_parent", "manager", "stranger"):
        browser = world.client(key)
        for path in (address, f"{address}/file"):
            assert browser.get(path).status_code == 404, key
        assert browser.post(f"{address}/discard").status_code == 404, key
        assert place(browser, address).status_code in (403, 404), key


def test_a_picture_that_is_kept_from_somebody_is_not_given_to_them_either(world: World) -> None:
    item = placed(world)
    manager = world.client("manager")
    sent = {"what": "whole", "who": "some", "readers": [world.people["parent"]], "reason": "A third party is seen."}
    assert manager.post(f"{manager.base}/audience/A/{GROUP}/{item}", sent).status_code == 303
    other, absent = world.client("other_parent"), f"/plans/{world.plan_id}/media/0000000000"
    kept = other.get(f"{other.base}/media/{item}")
    assert (kept.status_code, kept.data) == (404, other.get(absent).data)
    assert item not in other.get(f"{other.base}/sections/A").text
    assert world.client("parent").get(f"{manager.base}/media/{item}").status_code == 200


def test_a_sound_is_kept_from_whom_the_words_that_are_said_in_it_are_kept_from(world: World) -> None:
    manager = world.client("manager")
    sent = {"what": "address", "who": "some", "readers": [world.people["parent"]], "reason": "A court order."}
    assert manager.post(f"{manager.base}/audience", sent).status_code == 303
    said = "We live at 14 Larch Street now."
    item = placed(world, content=GOOD["voice.wav"](), transcript=said, tells_hidden="yes")
    for key, status in (("parent", 200), ("other_parent", 404)):
        browser = world.client(key)
        page = browser.get(f"{browser.base}/sections/A").text
        assert browser.get(f"{browser.base}/media/{item}").status_code == status
        assert ("Larch Street" in page, "<audio" in page) == (status == 200, status == 200)


def test_the_same_form_sent_several_times_at_once_is_one_whole_file(world: World) -> None:
    content = GOOD["voice.wav"]() + bytes(3 * CHUNK)
    browsers, once = [world.client("parent") for _ in range(4)], new_request_id()
    found: list[TestResponse] = []
    assert at_once(*(partial(sends, found, each, content, once) for each in browsers)) == []
    (address,) = {each.headers["Location"] for each in found}
    assert [each.status_code for each in found] == [303] * 4
    assert store.sent(world.db, world.plan_id, address.rpartition("/")[2]) == content


def sends(found: list[TestResponse], browser: Browser, content: bytes, once: str) -> None:
    found.append(send(browser, content, request_id=once))


def test_the_same_form_sent_twice_places_one_picture(world: World) -> None:
    browser = world.client("parent")
    address = send(browser, GOOD["drawing.png"]()).headers["Location"]
    looked_at(world)
    once = new_request_id()
    for _ in range(2):
        assert place(browser, address, request_id=once).status_code == 303
    assert len(world.plan().sections["A"].content.in_group(GROUP)) == 1
    twice, content = new_request_id(), GOOD["drawing.png"]()
    assert len({send(browser, content, request_id=twice).headers["Location"] for _ in range(2)}) == 1


def test_a_file_that_did_not_arrive_whole_is_refused(world: World) -> None:
    content = GOOD["photograph.jpg"]()
    digest = hashlib.sha256(content).hexdigest()
    browser = world.client("parent")
    assert send(browser, content[:-1], sha256=digest).status_code == 422
    assert send(browser, content, sha256=digest).status_code == 303


def test_taking_a_picture_out_is_an_edit_and_an_issued_version_goes_on_showing_it(world: World) -> None:
    item = placed(world)
    world.sign_all()
    signed = world.plan().sections["A"]
    assert signed.standing
    world.issue("manager", VersionKind.DRAFT)
    browser = world.client("parent")
    form = {"revision": str(signed.revision), "request_id": new_request_id()}
    assert browser.post(f"{browser.base}/sections/A/items/{GROUP}/{item}/remove", form).status_code == 303
    assert world.plan().sections["A"].void
    assert browser.get(f"{browser.base}/media/{item}").status_code == 404
    assert browser.get(f"{browser.base}/versions/1/media/{item}").status_code == 200
    assert f"/versions/1/media/{item}" in browser.get(f"{browser.base}/versions/1").text
    assert "JPG picture" in browser.get(f"{browser.base}/sections/A/compare").text


def test_the_words_of_a_picture_are_changed_like_any_others_and_its_file_never_by_a_form(world: World) -> None:
    item = placed(world)
    before = world.plan().sections["A"].content.item(item)
    browser = world.client("other_parent")
    assert ALT in browser.get(f"{browser.base}/sections/A/items/{GROUP}/{item}").text
    assert browser.save("A", GROUP, item, alt="A cat on a wall.").status_code == 303
    after = world.plan().sections["A"].content.item(item)
    assert before is not None
    assert after is not None
    assert (after.text("alt"), after.value("file")) == ("A cat on a wall.", before.value("file"))
    assert browser.save("A", GROUP, item, alt="", revision=None).status_code == 422
    assert browser.save("A", GROUP, item, alt="x", file="another").status_code == 422
    assert browser.get(f"{browser.base}/sections/A/items/{GROUP}/new").status_code == 404
