"""While a plan is open: each hears what others save and who is there, as far as they may know it, and no word more."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from portal.domain.state import VersionKind
from portal.operations.listening import MOST_OF_ONE_PERSON
from portal.operations.live import MOST_BEHIND
from portal.store import presence, sessions
from portal.web.live import listening
from tests.blueprints.page import bytes_of
from tests.blueprints.test_hidden_things import keep
from tests.every_reading import WHY, outside
from tests.world import Browser, World, now

JSON = {"Accept": "application/json"}
EVENTS = {"Accept": "text/event-stream"}
HEARTBEATS = 4
Event = tuple[str, str, Any]  # its name, its number, what it says


class Stream:
    """An open stream of somebody's, read event by event. TimeoutError when nothing comes for a minute."""

    def __init__(
        self, browser: Browser, after: int | None = None, last: str = "", environ: Mapping[str, Any] | None = None
    ) -> None:
        query = "" if after is None else f"?after={after}"
        headers = {**EVENTS, **({"Last-Event-ID": last} if last else {})}
        path = f"{browser.base}/live{query}"
        self.answer = browser.http.get(path, headers=headers, environ_overrides=dict(environ or {}))
        self._parts = iter(self.answer.response)

    def __iter__(self) -> Iterator[Event]:
        """Each event; ends with the stream."""
        silent = 0
        for part in self._parts:
            text = part.decode() if isinstance(part, bytes) else str(part)
            lines = dict(each.split(": ", 1) for each in text.strip().split("\n"))
            if "data" in lines:
                yield lines["event"], lines.get("id", ""), json.loads(lines["data"])
            silent += "" in lines
            if silent > HEARTBEATS:
                raise TimeoutError("nothing was told")

    def next(self, name: str) -> Any:
        """What the next event of that name says."""
        return next(said for found, _, said in self if found == name)

    def numbers(self, upto: int) -> list[int]:
        """The numbers of what was saved, up to that one."""
        found: list[int] = []
        for name, number, _ in self:
            found += [int(number)] if name == "saved" else []
            if found and found[-1] >= upto:
                break
        return found

    def rest(self) -> list[Event]:
        """Everything until it ends."""
        return list(self)


@contextmanager
def open_stream(browser: Browser, after: int | None = None, last: str = "") -> Iterator[Stream]:
    stream = Stream(browser, after, last)
    try:
        yield stream
    finally:
        stream.answer.close()


def poll(browser: Browser, after: int | None = None) -> dict[str, Any]:
    query = "" if after is None else f"?after={after}"
    answer = browser.get(f"{browser.base}/live{query}", **JSON)
    assert answer.status_code == 200
    return dict(answer.json or {})


def be(browser: Browser, **place: str) -> Any:
    """Say where somebody is; answers whom they are told of."""
    answer = browser.post(f"{browser.base}/live", place, **JSON)
    assert answer.status_code == 200, answer.text
    return (answer.json or {})["here"]


def write(world: World, key: str = "parent", words: str = "My brother") -> int:
    """Save something in section A; answers its number."""
    return world.edit(key, "A", "people", {"words": words}, "people").sequence


def at(name: str, where: str = "", section: str = "A") -> dict[str, str]:
    return {"name": name, "section": section, "where": where}


# What others save


def test_what_somebody_saves_is_heard_by_whoever_listens(world: World) -> None:
    with open_stream(world.client("other_parent")) as stream:
        assert stream.answer.mimetype == "text/event-stream"
        stream.next("here")
        number = write(world)
        assert next(iter(stream)) == ("saved", str(number), {"sequence": number, "section": "A"})


def test_five_people_in_one_section_each_hear_every_save_once_and_in_order(world: World) -> None:
    people = ("parent", "other_parent", "young_person", "senco", "caseworker")
    streams = [Stream(world.client(each)) for each in people]
    for each in streams:
        each.next("here")
    numbers = [write(world, key, f"Words of {key}, {turn}") for turn in range(3) for key in people[:3]]
    assert [each.numbers(numbers[-1]) for each in streams] == [numbers] * len(people)
    for each in streams:
        each.answer.close()


def test_a_page_that_was_cut_off_goes_on_from_the_last_event_it_heard(world: World) -> None:
    first, *later = [write(world, words=f"Words {each}") for each in range(4)]
    for last, after in ((str(first), 1), ("", first), ("x", first)):
        with open_stream(world.client("other_parent"), after, last) as stream:
            assert stream.numbers(later[-1]) == later


def test_a_page_that_is_far_behind_is_told_of_the_newest_alone(world: World) -> None:
    newest = [write(world, words=f"Words {each}") for each in range(MOST_BEHIND + 1)][-1]
    with open_stream(world.client("other_parent"), 1) as stream:
        assert stream.numbers(newest) == [newest]
    assert poll(world.client("other_parent"), 1)["saved"] == [{"sequence": newest, "section": ""}]


def test_where_streams_are_blocked_a_question_tells_the_same(world: World) -> None:
    browser = world.client("other_parent")
    start = poll(browser)
    assert start["saved"] == []
    number = write(world)
    said = poll(browser, start["sequence"])
    assert (said["sequence"], said["saved"]) == (number, [{"sequence": number, "section": "A"}])
    assert poll(browser, number)["saved"] == []
    assert poll(browser, number + 7)["saved"] == []


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 12, "1&after=2"])
def test_a_number_that_is_none_is_refused(world: World, after: str) -> None:
    browser = world.client("parent")
    for headers in (JSON, EVENTS):
        assert browser.get(f"{browser.base}/live?after={after}", **headers).status_code == 422


def test_whoever_does_not_read_a_sections_working_text_is_not_told_which_it_was(world: World) -> None:
    before = world.plan().sequence
    world.add("caseworker", "B", "needs", need="Being understood", area="communication", effect="It is hard.")
    told = {
        key: poll(world.client(key), before)["saved"][0]["section"] for key in ("parent", "manager", "dco", "auditor")
    }
    assert told == {"parent": "", "manager": "B", "dco": "B", "auditor": ""}
    world.sign_all()
    drafted = world.issue("manager", VersionKind.DRAFT).sequence
    world.edit("caseworker", "B", "needs", {"need": "Waiting", "area": "cognition", "effect": "It is hard."})
    assert poll(world.client("parent"), drafted)["saved"][0]["section"] == "B"


def test_no_word_no_name_and_no_item_is_in_what_is_told_of_a_save(world: World) -> None:
    browser, before = world.client("other_parent"), world.plan().sequence
    item = world.add("parent", "A", "aspirations", hope="A canary", whose="child")
    said = json.dumps(poll(browser, before)["saved"])
    assert [each for each in ("canary", "Nadia", "Amira", item) if each in said] == []


# Who may listen


def test_a_stranger_is_told_that_there_is_nothing_in_the_same_bytes_as_for_no_plan(world: World) -> None:
    browser = world.client("stranger")
    absent = "/plans/nmr-0000000000000000/live"
    for headers in (JSON, EVENTS):
        here, nowhere = browser.get(f"{browser.base}/live", **headers), browser.get(absent, **headers)
        assert (here.status_code, bytes_of(here)) == (404, bytes_of(nowhere))
    posted = [browser.post(each, {"section": "A"}, **JSON) for each in (f"{browser.base}/live", absent)]
    assert [each.status_code for each in posted] == [404, 404]
    assert bytes_of(posted[0]) == bytes_of(posted[1])


def test_nobody_listens_who_is_not_signed_on(world: World) -> None:
    nobody = Browser(world, "")
    assert nobody.get(f"/plans/{world.plan_id}/live", **JSON).status_code == 401
    assert nobody.get(f"/plans/{world.plan_id}/live", **EVENTS).status_code == 303


def test_a_part_that_is_withdrawn_ends_the_stream(world: World) -> None:
    with open_stream(world.client("other_parent")) as stream:
        stream.next("here")
        world.end_grants({"authority": "nmr", "person": world.people["other_parent"], "scope": world.plan_id})
        assert stream.rest() == []
    answer = world.client("other_parent").get(f"/plans/{world.plan_id}/live", **EVENTS)
    assert answer.status_code == 404


def test_nothing_that_is_saved_after_a_part_was_withdrawn_is_told(world: World) -> None:
    with open_stream(world.client("other_parent")) as stream:
        stream.next("here")
        world.end_grants({"authority": "nmr", "person": world.people["other_parent"], "scope": world.plan_id})
        assert stream.rest() == []
        number = write(world)
        with open_stream(world.client("parent"), number - 1) as another:
            assert another.numbers(number) == [number]
        assert stream.rest() == []


@pytest.mark.parametrize("how", ["signed out", "unused", "old"])
def test_a_session_that_is_over_ends_its_stream(world: World, how: str) -> None:
    browser = world.client("parent")
    with open_stream(browser) as stream:
        stream.next("here")
        if how == "signed out":
            browser.post("/sign-out")
        else:
            moved = (
                {"seen": now().wall - timedelta(hours=2)}
                if how == "unused"
                else {"started": now().wall - timedelta(hours=13)}
            )
            world.db["sessions"].update_one({"_id": sessions.key_of(browser.session_id)}, {"$set": moved})
        assert stream.rest() == []


def test_listening_and_saying_where_one_is_prolong_no_session_and_note_no_opening(world: World) -> None:
    browser = world.client("parent")
    seen = now().wall - timedelta(minutes=30)
    key = {"_id": sessions.key_of(browser.session_id)}
    world.db["sessions"].update_one(key, {"$set": {"seen": seen}})
    poll(browser)
    be(browser, section="A")
    browser.get(f"{browser.base}/sections/A", HX_Request="true", X_By_Itself="yes")
    with open_stream(browser) as stream:
        stream.next("here")
    assert world.db["sessions"].find_one(key)["seen"] == seen  # type: ignore[index]  # it is there
    other = world.client("other_parent")
    poll(other)
    mine = {"authority": "nmr", "plan": world.plan_id, "person": world.people["other_parent"]}
    assert world.db["openings"].find_one(mine) is None
    browser.get(f"{browser.base}/sections/A")
    assert world.db["sessions"].find_one(key)["seen"] > seen  # type: ignore[index]  # it is there


def test_what_an_open_page_asks_for_by_itself_counts_as_read_by_nobody(world: World) -> None:
    browser = world.client("other_parent")
    page = f"{browser.base}/sections/A"

    def unread() -> int:
        return int((browser.get(f"{browser.base}/unread", **JSON).json or {})["count"])

    browser.get(page)
    write(world)
    assert "My brother" in browser.get(page, HX_Request="true", X_By_Itself="yes").text
    assert unread() == 1
    browser.get(page, HX_Request="true")
    assert unread() == 0


def test_whoever_opens_one_page_more_than_so_many_ends_their_oldest(world: World) -> None:
    with open_stream(world.client("other_parent")) as other:
        other.next("here")
        streams = [Stream(world.client("parent")) for _ in range(MOST_OF_ONE_PERSON + 1)]
        for each in streams:
            each.next("here")
        assert streams[0].rest() == []
        number = write(world)
        assert [each.numbers(number) for each in (*streams[1:], other)] == [[number]] * (MOST_OF_ONE_PERSON + 1)
        for each in streams:
            each.answer.close()


def test_nobody_is_left_listening_once_the_pages_are_closed(world: World) -> None:
    for _ in range(5):
        with open_stream(world.client("parent")) as stream:
            stream.next("here")
    with world.app.app_context():
        assert len(listening()) == 0


# Who else is there

PEOPLE = {"section": "A", "group": "people", "item": "people", "field": "words"}
WRITES = "People who are important to me"


def choose(world: World, key: str, shown: str = "yes") -> None:
    browser = world.client(key)
    assert browser.post(f"{browser.base}/openings/choice", {"shown": shown}).status_code == 303


def test_each_sees_who_else_is_there_and_in_which_field(world: World) -> None:
    with open_stream(world.client("senco")) as stream:
        assert stream.next("here") == []
        be(world.client("parent"), section="A")
        assert stream.next("here") == [at("Nadia Rahman")]
        be(world.client("parent"), **PEOPLE)
        assert stream.next("here") == [at("Nadia Rahman", WRITES)]
        be(world.client("parent"), **{**PEOPLE, "field": "told"})
        assert stream.next("here") == [at("Nadia Rahman", f"{WRITES}: How these words were gathered")]
        be(world.client("parent"), gone="yes")
        assert stream.next("here") == []


def test_whoever_says_where_they_are_is_told_who_else_is_there_and_never_of_themselves(world: World) -> None:
    assert be(world.client("senco"), section="A") == []
    assert be(world.client("parent"), section="A", group="aspirations", item="new") == [at("Anita Patel")]
    assert be(world.client("senco"), section="A") == [at("Nadia Rahman", "a new hope")]
    assert poll(world.client("senco"))["here"] == [at("Nadia Rahman", "a new hope")]


def test_parents_see_each_other_only_if_both_chose_it_and_staff_see_and_are_seen_always(world: World) -> None:
    keys = ("parent", "other_parent", "senco")

    def seen() -> dict[str, set[str]]:
        for each in keys:
            be(world.client(each), section="A")
        return {each: {one["name"] for one in poll(world.client(each))["here"]} for each in keys}

    alone = {"parent": {"Anita Patel"}, "other_parent": {"Anita Patel"}, "senco": {"Nadia Rahman", "Yusuf Rahman"}}
    assert seen() == alone
    choose(world, "parent")
    assert seen() == alone
    choose(world, "other_parent")
    assert seen() == {
        **alone,
        "parent": {"Anita Patel", "Yusuf Rahman"},
        "other_parent": {"Anita Patel", "Nadia Rahman"},
    }
    choose(world, "parent", "no")
    assert {each["name"] for each in poll(world.client("other_parent"))["here"]} == {"Anita Patel"}
    assert seen() == alone


def test_a_parent_who_is_not_there_themselves_sees_no_other_parent(world: World) -> None:
    for each in ("parent", "other_parent"):
        choose(world, each)
    be(world.client("parent"), section="A")
    assert poll(world.client("other_parent"))["here"] == []


def test_nobody_is_told_of_somebody_in_a_section_that_they_do_not_read(world: World) -> None:
    be(world.client("caseworker"), section="B")
    assert poll(world.client("parent"))["here"] == []
    assert poll(world.client("manager"))["here"] == [at("Chris Doyle", section="B")]
    be(world.client("parent"), section="B")  # by an address that no page of theirs has
    assert poll(world.client("manager"))["here"] == [at("Chris Doyle", section="B")]


def test_an_item_that_is_kept_from_a_reader_is_not_named_as_the_place_where_somebody_writes(world: World) -> None:
    item = world.add("caseworker", "B", "needs", need="Being understood", area="communication", effect="It is hard.")
    be(world.client("caseworker"), section="B", group="needs", item=item, field="need")
    assert poll(world.client("psychologist"))["here"] == [at("Chris Doyle", "B1: The need, in a few words", "B")]
    keep(world, f"B/{item}")
    assert poll(world.client("psychologist"))["here"] == [at("Chris Doyle", section="B")]
    assert poll(world.client("manager"))["here"] == [at("Chris Doyle", "B1: The need, in a few words", "B")]


def test_whoever_says_nothing_more_is_there_no_longer(world: World) -> None:
    be(world.client("senco"), section="A")
    place = {"authority": "nmr", "_id": f"{world.plan_id}:{world.people['senco']}"}
    gone = world.db["presence"].find_one(place)["gone"]  # type: ignore[index]  # it is there
    assert timedelta(0) < gone - now().wall <= presence.STAYS
    world.db["presence"].update_one(place, {"$set": {"gone": now().wall}})
    assert poll(world.client("parent"))["here"] == []


@pytest.mark.parametrize(
    "place",
    [
        {"section": "Z"},
        {"section": "A", "group": "needs"},
        {"section": "A", "group": "people", "item": "people", "field": "need"},
        {"section": "A", "group": "people", "item": "PEOPLE"},
        {"section": "A", "item": "people"},
        {"section": "A", "field": "words"},
        {"group": "people"},
        {"section": "A<b>"},
        {"gone": "no"},
        {"words": "My brother"},
    ],
)
def test_a_place_that_no_plan_has_is_refused(world: World, place: dict[str, str]) -> None:
    browser = world.client("parent")
    assert browser.post(f"{browser.base}/live", place, **JSON).status_code in (404, 422)
    assert world.db["presence"].find_one({"authority": "nmr", "plan": world.plan_id}) is None


def test_whoever_reads_for_a_written_reason_alone_is_shown_to_nobody(world: World) -> None:
    reader = replace(world, people={**world.people, "outside": outside(world)}).client("outside")
    hidden = {"delay": "7", "delay_reason": "A danger at home."}
    begun = {"plan": world.plan_id, "category": "medical", "reason": WHY, **hidden}
    assert reader.post("/emergency", begun).status_code == 303
    assert poll(reader)["here"] == []
    assert reader.post(f"{reader.base}/live", {"section": "A"}, **JSON).status_code == 403
    assert "data-live" in reader.get(f"{reader.base}/sections/A").text
    assert "data-here" not in reader.get(f"{reader.base}/sections/A").text
    assert "data-here" in world.client("parent").get(f"/plans/{world.plan_id}/sections/A").text
    assert poll(world.client("parent"))["here"] == []
