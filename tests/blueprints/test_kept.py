"""Pages kept as they were made: the same bytes while nothing changed, and never a stale page nor somebody else's."""

from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from werkzeug.test import TestResponse

from demo.mongod import EmbeddedMongod
from portal.domain.actor import Role
from portal.domain.content import Mark
from portal.domain.identifier import new_request_id, random_id
from portal.domain.state import VersionKind
from portal.memory import Memory
from portal.operations import people, plans, retention, sections, sign_off
from portal.operations.sections import Submission
from portal.store import drafts
from portal.store.database import Database
from portal.store.drafts import Draft
from tests.blueprints.page import Page, bytes_of
from tests.blueprints.warm import a_day_later, end_parts, remembering_nothing
from tests.conftest import uri_of
from tests.world import CAST, MASTER_KEY, Browser, World, now

JSON = {"Accept": "application/json"}
HTMX = {"HX_Request": "true"}
KEPT = ("", "/as-at/1", "/as-at/3", "/sections/A/history", "/sections/B/history")


def pages(world: World) -> Memory[object]:
    found: Memory[object] = world.app.extensions["kept"]
    return found


def noted(kept: Memory[object], monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The pages that are kept from here on."""
    made: list[object] = []
    keep = kept.keep

    def note(key: Hashable, page: object) -> object:
        made.append(page)
        return keep(key, page)

    monkeypatch.setattr(kept, "keep", note)
    return made


def anew(browser: Browser, path: str, **headers: str) -> TestResponse:
    """The page as it is made when nothing is remembered."""
    with remembering_nothing(browser.world):
        return browser.get(path, **headers)


def must_be_true(browser: Browser, path: str = "") -> Page:
    """The page as memory gives it says what the page made anew says."""
    warm = browser.get(browser.base + path)
    assert (warm.status_code, bytes_of(warm)) == (200, bytes_of(anew(browser, browser.base + path)))
    return Page(warm)


@pytest.fixture
def written(world: World) -> World:
    world.write_a_little()
    return world


# The same while nothing changed


@pytest.mark.parametrize("path", KEPT)
def test_a_page_is_made_once_while_nothing_changed_and_is_the_same_to_the_byte(
    written: World, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    browser = written.client("caseworker")
    first = browser.get(browser.base + path)
    browser.get(browser.base + path)  # the first opening sets the reading marks, on which the page hangs too
    kept = pages(written)
    made = noted(kept, monkeypatch)
    again = [browser.get(browser.base + path) for _ in range(3)]
    assert made == []
    assert len({each.data for each in again}) == 1
    assert {bytes_of(each) for each in again} == {bytes_of(first)}
    for name in ("Content-Type", "Vary", "Cache-Control", "Content-Security-Policy", "Content-Length"):
        assert {each.headers[name] for each in again} == {first.headers[name]}


@pytest.mark.parametrize("issued", ["while written", "as a final"])
def test_every_kept_page_is_the_same_for_each_of_the_cast_whether_it_is_kept_or_made(world: World, issued: str) -> None:
    world.write_a_little()
    if issued == "as a final":
        world.to_finalising()
        world.issue("manager", VersionKind.FINAL)
    browsers = {key: world.client(key) for key in CAST}
    for headers in ({}, JSON):
        for path in KEPT:
            for browser in browsers.values():  # everybody after everybody else
                browser.get(browser.base + path, **headers)
            warm = {key: browser.get(browser.base + path, **headers) for key, browser in browsers.items()}
            for key, browser in browsers.items():
                cold = anew(browser, browser.base + path, **headers)
                assert warm[key].status_code == cold.status_code, (key, path)
                assert bytes_of(warm[key]) == bytes_of(cold), (key, path)


# Whatever changes is seen at once


def save(world: World) -> object:
    return world.edit("senco", "A", "people", {"words": "My brother"}, "people")


def hand_over(world: World) -> object:
    return sign_off.hand_over(world.db, world.actor("caseworker"), world.plan_id, "B", now())


def send_back(world: World) -> object:
    return sign_off.send_back(world.db, world.actor("manager"), world.plan_id, "B", "Say more.", now())


def hold(world: World) -> object:
    return retention.hold(world.db, world.actor("manager"), world.plan_id, "A claim is open.", now())


def served(world: World) -> object:
    return world.issue("manager", VersionKind.DRAFT, **dict.fromkeys("ABCDEFG", "Late."), H1="Late.", H2="Late.")


def somebody_new(world: World) -> None:
    person = people.signed_on(world.db, "https://issuer.example", random_id(12), "Rosa Lind")
    known = world.actor("therapist").grants
    first = next(each for each in known if each.scope == world.plan_id)
    people.give(world.db, replace(first, person=person, name="Rosa Lind"))


def unsent(world: World) -> None:
    words = Draft(world.plan_id, "A", "people", "people", {"words": ["Mine"]}, 0, now().wall)
    drafts.keep(world.db, world.people["parent"], words)


CHANGES: list[tuple[Callable[[World], object], str]] = [
    (save, "1 change since you last read"),
    (hand_over, "Ready to sign"),
    (lambda world: world.sign("manager", "B"), "Signed so far: 1 of 8"),
    (send_back, "Sent back"),
    (served, "Waiting for you: say what you think of the draft"),
    (somebody_new, "Rosa Lind"),
    (unsent, "Your words from today"),
]


@pytest.mark.parametrize(("change", "said"), CHANGES, ids=[said for _, said in CHANGES])
def test_whatever_somebody_does_is_on_the_plans_page_at_once(
    written: World, change: Callable[[World], object], said: str
) -> None:
    browser = written.client("parent")
    for _ in range(2):
        assert said not in must_be_true(browser).words
    change(written)
    assert said in must_be_true(browser).words


def test_a_sign_off_that_was_taken_back_no_longer_counts_on_the_plans_page(written: World) -> None:
    browser, manager = written.client("parent"), written.actor("manager")
    written.sign("manager", "B")
    for _ in range(2):
        assert "Signed so far: 1 of 8" in must_be_true(browser).words
    sign_off.withdraw(written.db, manager, written.plan_id, "B", "Not yet.", now())
    assert "Signed so far: 0 of 8" in must_be_true(browser).words


def test_somebody_whose_part_ended_is_gone_from_everybodys_page_at_once(written: World) -> None:
    browser = written.client("parent")
    for _ in range(2):
        assert "Ben Carter" in Page(browser.get(browser.base)).said_in(".gt-people")[0]
    end_parts(written, "therapist")
    assert "Ben Carter" not in must_be_true(browser).said_in(".gt-people")[0]


def test_a_part_that_runs_out_by_itself_is_gone_when_its_time_has_come(written: World) -> None:
    browser, key = written.client("therapist"), {"authority": "nmr", "person": written.people["therapist"]}
    other = written.client("parent")
    soon = now().wall + timedelta(seconds=1)
    written.end_grants({**key, "scope": written.plan_id}, soon)
    for each in (browser, other):
        assert each.get(each.base).status_code == 200
    while now().wall < soon:
        assert browser.get(browser.base).status_code in (200, 404)
    assert browser.get(browser.base).status_code == 404
    assert "Ben Carter" not in must_be_true(other).said_in(".gt-people")[0]


@pytest.mark.parametrize("path", KEPT)
def test_whoever_has_no_part_any_more_is_told_that_there_is_no_such_plan_although_their_page_is_kept(
    written: World, path: str
) -> None:
    browser = written.client("caseworker")
    for headers in ({}, HTMX, JSON):
        for _ in range(2):
            assert browser.get(browser.base + path, **headers).status_code == 200
    end_parts(written, "caseworker")
    for headers in ({}, HTMX, JSON):
        answer = browser.get(browser.base + path, **headers)
        assert answer.status_code == 404
        assert "Amira" not in answer.text


def test_a_role_more_opens_at_once_what_it_opens_and_a_role_less_closes_it(written: World) -> None:
    browser, paths = written.client("senco"), ("", "/as-at/6", "/sections/C/history", "/sections/B/history")
    first = next(each for each in written.actor("senco").grants if each.scope == written.plan_id)

    def statuses_of_true_pages() -> list[int]:
        warm = [browser.get(browser.base + path) for path in (*paths, *paths)][len(paths) :]
        for path, answer in zip(paths, warm, strict=True):
            assert bytes_of(answer) == bytes_of(browser.get(browser.base + path))
        with remembering_nothing(written):
            cold = [browser.get(browser.base + path) for path in paths]
        assert [bytes_of(each) for each in warm] == [bytes_of(each) for each in cold]
        assert ("A hip that tires" in warm[1].text) == (warm[2].status_code == 200)
        return [each.status_code for each in warm]

    assert statuses_of_true_pages() == [200, 200, 404, 200]
    people.give(written.db, replace(first, role=Role.HEALTH_CONTRIBUTOR, agency="northmere-community-health"))
    assert statuses_of_true_pages() == [200, 200, 200, 200]
    end_parts(written, "senco", "health_contributor")
    assert statuses_of_true_pages() == [200, 200, 404, 200]


def test_unsent_words_are_on_the_page_while_they_are_kept_and_as_they_were_last_kept(written: World) -> None:
    browser = written.client("parent")
    browser.get(browser.base)
    place = (written.db, written.people["parent"], written.plan_id, "A", "people", "people")
    for _ in range(2):
        unsent(written)
        assert "Your words from" in must_be_true(browser).words
        drafts.drop(*place)
        assert "Your words from" not in must_be_true(browser).words
    assert "Your words from" not in must_be_true(written.client("other_parent")).words


def test_unsent_words_that_are_kept_anew_are_said_to_be_from_then(written: World) -> None:
    browser, at = written.client("parent"), now().wall
    browser.get(browser.base)
    for since, said in ((at - timedelta(days=1), "yesterday"), (at, "today")):
        words = Draft(written.plan_id, "A", "people", "people", {"words": ["Mine"]}, 0, since)
        drafts.keep(written.db, written.people["parent"], words)
        for _ in range(2):
            assert f"Your words from {said} at" in must_be_true(browser).words


def test_a_reading_mark_that_moves_is_seen_at_once_and_by_its_reader_alone(written: World) -> None:
    browser, other = written.client("parent"), written.client("other_parent")
    for each in (browser, other, browser, other):
        each.get(each.base)
    save(written)
    for each in (browser, other):
        assert must_be_true(each).said_in("#unread") != []
    browser.get(f"{browser.base}/sections/A")
    assert must_be_true(browser).said_in("#unread") == []
    assert must_be_true(other).said_in("#unread") != []


def test_on_another_day_the_same_page_names_other_days(written: World, monkeypatch: pytest.MonkeyPatch) -> None:
    save(written)
    browser = written.client("caseworker")
    for path in KEPT:
        today = Page(browser.get(browser.base + path)).words
        with a_day_later(monkeypatch):
            tomorrow = must_be_true(browser, path).words
        assert ("today at" in today) == ("yesterday at" in tomorrow)
        assert "today at" not in tomorrow
        assert Page(browser.get(browser.base + path)).words == today


def test_a_save_in_another_process_is_seen_at_once(written: World) -> None:
    browser = written.client("parent")
    for _ in range(2):
        browser.get(browser.base)
    elsewhere = Database(written.settings.mongodb_uri, written.settings.database, written.settings.master_key)
    sent = Submission("A", "people", "people", {"words": "My brother"}, written.plan().sections["A"].revision)
    sections.edit(elsewhere, written.actor("senco"), written.plan_id, sent, now())
    elsewhere.close()
    assert "Anita Patel, today at" in must_be_true(browser).words


def test_the_page_as_it_stood_goes_on_with_the_chain(written: World) -> None:
    browser = written.client("caseworker")
    last = written.plan().sequence
    assert "One entry later" not in Page(browser.get(f"{browser.base}/as-at/{last}")).words
    assert browser.get(f"{browser.base}/as-at/{last + 1}").status_code == 404
    save(written)
    assert "One entry later" in must_be_true(browser, f"/as-at/{last}").words
    assert "Anita Patel changed section A" in must_be_true(browser, f"/as-at/{last + 1}").words


def test_a_hold_changes_the_page_of_what_stood_and_of_the_plan_no_less_than_any_other_entry(written: World) -> None:
    browser, before = written.client("manager"), written.plan().sequence
    browser.get(browser.base)
    assert browser.get(f"{browser.base}/as-at/{before + 1}").status_code == 404
    hold(written)
    must_be_true(browser)
    assert "put a hold on this plan" in must_be_true(browser, f"/as-at/{before + 1}").words


def test_a_list_that_is_kept_says_whatever_happens_what_it_would_say_made_anew(
    written: World, hidden: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browsers = {key: written.client(key) for key in ("parent", "other_parent", "dco", "manager", "auditor")}

    def asked(page: Page, what: str) -> int:
        return sum(what in each for each in page.said_in(".gt-task__what"))

    def lists() -> dict[str, Page]:
        """Everybody's list; each as it is kept, after everybody else's, and as it is made anew."""
        for _ in range(2):
            warm = {key: browser.get("/worklist") for key, browser in browsers.items()}
        assert {each.status_code for each in warm.values()} == {200}
        with remembering_nothing(written):
            cold = {key: browser.get("/worklist") for key, browser in browsers.items()}
        assert {key: bytes_of(each) for key, each in warm.items()} == {
            key: bytes_of(each) for key, each in cold.items()
        }
        return {key: Page(each) for key, each in warm.items()}

    first = lists()
    signed = asked(first["dco"], "sign health needs")
    sign_off.hand_over(written.db, written.actor("therapist"), written.plan_id, "C", now())
    assert asked(lists()["dco"], "sign health needs") == signed + 1
    answers = asked(first["parent"], "say what you think of the draft")
    served(written)
    assert asked(lists()["parent"], "say what you think of the draft") == answers + 1
    with a_day_later(monkeypatch):
        lists()
    end_parts(hidden, "parent")
    later = lists()
    assert f"/plans/{hidden.plan_id}" in first["parent"].links() & later["other_parent"].links()
    assert f"/plans/{hidden.plan_id}" not in later["parent"].links()


# Nobody gets another's


def test_two_parents_of_one_name_are_each_given_their_own_page(world: World) -> None:
    world.write_a_little()
    first = next(each for each in world.actor("parent").grants if each.scope == world.plan_id)
    twin = people.signed_on(world.db, world.settings.providers[0].issuer, random_id(12), "Nadia Rahman")
    people.give(world.db, replace(first, person=twin))
    twins = replace(world, people={**world.people, "twin": twin})
    one, other = twins.client("parent"), twins.client("twin")
    unsent(world)  # of the first alone
    for each in (one, other, one, other):
        each.get(each.base)
    assert "Your words from" in must_be_true(one).words
    assert "Your words from" not in must_be_true(other).words
    for path in KEPT[1:4]:
        assert one.get(one.base + path).data != other.get(other.base + path).data  # the token of each is theirs
        must_be_true(one, path)
        must_be_true(other, path)


def test_each_of_two_with_the_same_role_is_greeted_by_their_own_name_on_every_kept_page(written: World) -> None:
    browsers = {key: written.client(key) for key in ("caseworker", "other_caseworker", "parent", "other_parent")}
    for path in KEPT[:4]:
        for _ in range(2):
            for key, browser in browsers.items():
                answer = browser.get(browser.base + path)
                assert answer.status_code == 200
                assert set(Page(answer).said_in(".gt-nav__who bdi")) == {CAST[key][0]}, (key, path)


def test_a_page_kept_for_a_reader_is_not_given_to_a_stranger_or_to_nobody(written: World) -> None:
    browser = written.client("parent")
    for path in KEPT[:4]:
        for _ in range(2):
            assert browser.get(browser.base + path).status_code == 200
    stranger, nobody = written.client("stranger"), Browser(written, "")
    for path in KEPT[:4]:
        for headers in ({}, HTMX, JSON):
            answer = stranger.get(browser.base + path, **headers)
            assert (answer.status_code, "Amira" in answer.text) == (404, False)
            assert nobody.get(browser.base + path, **headers).status_code in (303, 204, 401)


def test_another_plans_page_is_another_page_although_both_have_the_same_number_of_entries(
    world: World, hidden: World
) -> None:
    assert world.plan().sequence == hidden.plan().sequence
    one, other = world.client("therapist"), hidden.client("therapist")
    for _ in range(2):
        pages_ = [one.get(one.base).text, other.get(other.base).text]
    assert (one.base in pages_[0], other.base in pages_[0]) == (True, False)
    assert (one.base in pages_[1], other.base in pages_[1]) == (False, True)


# What is asked for is what is given


def test_a_page_a_fragment_and_json_of_one_address_are_never_given_for_each_other(written: World) -> None:
    browser = written.client("caseworker")
    for path in KEPT:
        for headers, kind in 2 * [({}, "text/html"), (JSON, "application/json"), (HTMX, "text/html")]:
            answer = browser.get(browser.base + path, **headers)
            assert answer.mimetype == kind, (path, headers)
            assert answer.json is not None if kind == "application/json" else Page(answer).is_whole, (path, headers)
            assert {"HX-Request", "Accept", "Cookie"} <= set(answer.headers["Vary"].split(", "))


def test_an_address_with_other_numbers_behind_it_is_another_page(written: World) -> None:
    browser = written.client("caseworker")
    for _ in range(2):
        said = [Page(browser.get(f"{browser.base}/as-at/{number}")).words for number in range(1, 5)]
    assert len(set(said)) == 4


def test_a_page_that_is_asked_for_by_its_head_alone_is_kept_whole(written: World) -> None:
    browser = written.client("dsco")  # who has not opened the plan before
    head = browser.http.head(browser.base)
    assert (head.status_code, head.data) == (200, b"")
    must_be_true(browser)


def test_a_refusal_is_never_kept(written: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, kept = written.client("senco"), pages(written)
    made = noted(kept, monkeypatch)
    for path in ("/as-at/0", "/as-at/999", "/sections/C/history", "/sections/Z/history"):
        for headers in ({}, HTMX, JSON):
            assert browser.get(browser.base + path, **headers).status_code == 404
    stranger = written.client("stranger")
    assert stranger.get(stranger.base).status_code == 404
    assert made == []
    assert browser.get(browser.base).status_code == 200
    assert len(made) == 1


# Forms


def test_a_page_with_a_form_that_is_sent_once_is_made_anew_each_time(written: World) -> None:
    browser = written.client("parent")
    browser.get(browser.base)
    gone = Draft(written.plan_id, "A", "aspirations", random_id(10), {"hope": ["A friend"]}, 0, now().wall)
    drafts.keep(written.db, written.people["parent"], gone)
    ids = [Page(browser.get(browser.base)).form("Throw these words away").fields["request_id"][0] for _ in range(3)]
    assert len(set(ids)) == 3
    assert all(len(each) == len(new_request_id()) for each in ids)


def test_the_token_in_a_page_that_was_kept_sends_a_form(written: World) -> None:
    browser = written.client("parent")
    for _ in range(3):
        page = Page(browser.get(browser.base))
    browser.token = str(page.soup.find("meta", {"name": "csrf-token"})["content"])  # type: ignore[index]
    assert browser.save("A", "people", "people", words="My brother").status_code == 303
    form = page.form("Sign out")
    assert browser.http.post(form.action, data=form.fields).status_code == 303
    assert browser.get(browser.base).status_code == 303


def test_whoever_signed_out_is_not_shown_the_page_that_is_kept_for_them(written: World) -> None:
    browser = written.client("parent")
    for _ in range(2):
        browser.get(browser.base)
    browser.post("/sign-out")
    assert browser.get(browser.base).status_code == 303


# What is no more


def test_the_page_of_a_plan_that_was_destroyed_is_no_longer_there_although_it_is_kept(
    cast: World, mongod: EmbeddedMongod
) -> None:
    child = replace(cast.plan().child, born=date(now().today.year - 40, 1, 15))
    by = Mark(cast.people["manager"], "Maria Silva", "northmere-council", now().product)
    old = replace(cast, plan_id=plans.start(cast.db, "nmr", "Northmere Council", child, by, "SEN team").id)
    for key in ("manager", "auditor"):
        retention.confirm(old.db, old.actor(key), old.plan_id, now())
    browser = old.client("manager")
    for path in ("", "/as-at/1", "/sections/B/history"):
        for _ in range(2):
            assert browser.get(browser.base + path).status_code == 200
    name = old.settings.database
    eraser = Database(uri_of(mongod, name, "retention"), name, MASTER_KEY)
    assert old.plan_id in list(retention.destroy(old.db, eraser, now()))
    eraser.close()
    for path in ("", "/as-at/1", "/sections/B/history"):
        for headers in ({}, HTMX, JSON):
            answer = browser.get(browser.base + path, **headers)
            assert (answer.status_code, "Amira" in answer.text) == (404, False)


def test_an_address_that_is_shown_in_full_is_the_portals_own_by_whatever_name_somebody_came(cast: World) -> None:
    nobody = Browser(cast, "")
    for host in ("one.example", "other.example", "one.example"):
        html = nobody.http.get("/checkpoints", base_url=f"http://{host}").text
        assert f"{cast.settings.public_url}/checkpoints" in html
        assert host not in html
