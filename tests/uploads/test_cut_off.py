"""An upload that is cut off, sent twice, undone or exchanged: nothing of it is left over, nothing false shown."""

import http.client
from collections.abc import Iterator
from functools import partial
from threading import Thread

import pytest
from werkzeug.serving import BaseWSGIServer, make_server

from portal.domain.error import NotFound, NotReady
from portal.domain.media import GROUP, LETTER, Reason, file_of
from portal.operations import media, plans
from portal.store import media as store
from portal.store import plans as stored
from portal.store.database import Session
from portal.store.media_bytes import Altered
from tests.at_once import at_once
from tests.uploads.placed import placed_picture, sent_picture
from tests.uploads.plain import film, picture
from tests.world import World, now

BUCKETS = ("uploads.files", "uploads.chunks", "media.files", "media.chunks", "jobs")


def left(world: World) -> dict[str, int]:
    """How many documents of a file there are for this plan, by collection."""
    mine = {"authority": "nmr", "plan": world.plan_id}
    return {name: world.db[name].count_documents(mine) for name in BUCKETS}


@pytest.fixture
def served(world: World) -> Iterator[BaseWSGIServer]:
    """The portal on a socket, where a body can be cut off."""
    server = make_server("127.0.0.1", 0, world.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()


def begin(world: World, port: int, percent: int) -> http.client.HTTPConnection:
    """Send so much of the form that sends a file."""
    browser, mark = world.client("parent"), "--b\r\nContent-Disposition: form-data; name="
    fields = {"csrf_token": browser.token, "shows": "me"}
    words = "".join(f'{mark}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    head = f'{mark}"file"; filename="x.jpg"\r\n\r\n'
    body = f"{words}{head}".encode() + picture(size=(900, 900)) + b"\r\n--b--\r\n"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest("POST", f"{browser.base}/media")
    connection.putheader("Content-Type", "multipart/form-data; boundary=b")
    connection.putheader("Content-Length", str(len(body)))
    connection.putheader("Cookie", f"golden_thread_session={browser.session_id}")
    connection.endheaders()
    connection.send(body[: len(body) * percent // 100])
    return connection


@pytest.mark.parametrize("percent", [1, 50, 99])
def test_an_upload_that_is_cut_off_leaves_nothing(world: World, served: BaseWSGIServer, percent: int) -> None:
    begin(world, served.server_port, percent).close()
    whole = begin(world, served.server_port, 100)
    assert whole.getresponse().status == 303
    counted = left(world)
    assert (counted["uploads.files"], counted["jobs"], counted["media.files"]) == (1, 1, 0)


def test_an_attachment_whose_save_is_undone_leaves_its_file_where_it_was(world: World) -> None:
    upload, before = sent_picture(world), left(world)

    def undone(session: Session) -> None:
        store.place(world.db, upload, "0123456789", session)
        raise NotReady(["Not now."])

    with pytest.raises(NotReady):
        world.db.transaction(undone)
    assert left(world) == before
    assert upload.file is not None
    assert store.cleaned(world.db, world.plan_id, upload.id, upload.file).read()


def test_a_placed_file_has_left_the_waiting_ones_and_stands_once(world: World) -> None:
    placed_picture(world)
    counted = left(world)
    assert (counted["uploads.files"], counted["uploads.chunks"]) == (0, 0)
    assert (counted["media.files"], counted["media.chunks"]) == (1, 1)


def place(world: World, upload: store.Upload) -> None:
    words = {"alt": "A red wall.", "shows": "me"}
    media.place(world.db, world.actor("parent"), world.plan_id, upload, words, now())


def stands(world: World) -> list[bytes]:
    """The bytes of every picture that section A names, read as a reader would."""
    items = stored.load(world.db, world.plan_id).sections[LETTER].content.in_group(GROUP)
    files = {each.id: file for each in items if (file := file_of(each))}
    return [store.opened(world.db, world.plan_id, name, file).read() for name, file in files.items()]


def test_a_file_placed_from_two_tabs_at_once_stands_once_and_whole(world: World) -> None:
    for standing in range(1, 6):
        upload = sent_picture(world)
        refused = at_once(*[partial(place, world, upload)] * 3)
        assert len(refused) == 2
        assert {type(each) for each in refused} == {NotFound}
        assert len(stands(world)) == standing


def test_a_file_placed_and_thrown_away_at_once_is_whole_or_nowhere(world: World) -> None:
    for _ in range(5):
        upload, before = sent_picture(world), len(stands(world))
        refused = at_once(partial(place, world, upload), partial(media.throw_away, world.db, upload))
        assert len(stands(world)) == before + (0 if refused else 1)
        assert store.find(world.db, world.plan_id, upload.id) is None


def test_a_long_film_is_kept_in_pieces_and_comes_back_byte_for_byte(world: World) -> None:
    upload = sent_picture(world)
    content = film(top=bytes(0)) + bytes(3 * store.CHUNK)
    long = store.Upload(world.plan_id, "0123456789", upload.person, "", now().wall, store.WAITING)
    store.send(world.db, long, content)
    store.send(world.db, long, content)
    assert store.sent(world.db, world.plan_id, long.id) == content
    store.refuse(world.db, world.plan_id, long.id, Reason.DAMAGED)
    assert store.sent(world.db, world.plan_id, long.id) == b""


def test_what_was_thrown_away_while_it_was_looked_at_does_not_come_back(world: World) -> None:
    upload = sent_picture(world)
    assert upload.file is not None
    media.throw_away(world.db, upload)
    store.accept(world.db, world.plan_id, upload.id, upload.file, b"late")
    media.look_at(world.db, world.plan_id, upload.id, 1)
    assert store.find(world.db, world.plan_id, upload.id) is None
    assert left(world)["uploads.chunks"] == 0


def test_a_file_that_its_process_does_not_survive_is_refused_after_a_few_tries(world: World) -> None:
    upload = sent_picture(world)
    again = store.Upload(world.plan_id, "0123456789", upload.person, "", now().wall, store.WAITING)
    store.send(world.db, again, picture())
    media.look_at(world.db, world.plan_id, again.id, media.TRIES + 1)
    found = store.find(world.db, world.plan_id, again.id)
    assert found is not None
    assert (found.state, found.reason) == (store.REFUSED, Reason.TOO_MUCH)


def test_bytes_that_are_not_those_the_plan_names_are_never_given(world: World) -> None:
    one = placed_picture(world).sections[LETTER].content.in_group(GROUP)[-1]
    other = placed_picture(world).sections[LETTER].content.in_group(GROUP)[-1]
    file = file_of(one)
    assert file is not None
    assert store.opened(world.db, world.plan_id, one.id, file).read()
    wrong = type(file)(file.type, file.size, "0" * 64)
    for item, named in ((one.id, wrong), (other.id, wrong), ("0123456789", file)):
        with pytest.raises(Altered):
            store.opened(world.db, world.plan_id, item, named)


def test_nobody_fills_the_shelf_of_a_plan(world: World) -> None:
    reading = plans.open_plan(world.db, world.actor("parent"), world.plan_id, now())
    for _ in range(media.MOST_WAITING):
        media.send(world.db, reading, picture(size=(8, 8)), "me", now())
    with pytest.raises(NotReady):
        media.send(world.db, reading, picture(size=(8, 8)), "me", now())
