"""The command line: what goes as expected, and what goes wrong in a sentence on standard error with exit code 1."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from demo.mongod import EmbeddedMongod
from portal import cli
from portal.config import Settings
from portal.domain.agency import Agency, AgencyKind
from portal.domain.identifier import random_id
from portal.operations import people
from portal.store import caseload
from portal.store import database as database_module
from portal.store import people as people_store
from portal.store.database import Database
from tests.world import PASSWORDS, World, environment, now

ISSUER = "https://sign-in.northmere.example"
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def deployment(settings: Settings, provider_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of a deployment over this module's database, as the environment gives them."""
    for name in [each for each in os.environ if each.startswith(("PORTAL_", "MONGODB_"))]:
        monkeypatch.delenv(name)
    for name, value in environment(settings.mongodb_uri, settings.database, provider_file, settings.public_url).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is not there is given up after a moment, not after five seconds."""

    def client(uri: str, **options: Any) -> MongoClient[dict[str, Any]]:
        return MongoClient(uri, **{**options, "serverSelectionTimeoutMS": 100})

    monkeypatch.setattr(database_module, "MongoClient", client)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs a command; answers its exit code and what it wrote to standard output and standard error."""

    def command(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(arguments)
        written = capsys.readouterr()
        return code, written.out, written.err

    return command


Run = Callable[..., tuple[int, str, str]]


def must_be_one_sentence(result: tuple[int, str, str], *words: str) -> None:
    code, out, err = result
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    for each in words:
        assert each in err


# check-settings


def test_check_settings_says_that_all_is_well_and_names_the_providers(run: Run) -> None:
    expected = "The settings are complete. Identity providers: families, nhs, schools, council.\n"
    assert run("check-settings") == (0, expected, "")


def test_check_settings_says_all_that_is_wrong_at_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MONGODB_URI")
    monkeypatch.setenv("PORTAL_SECRET_KEY", "short")
    monkeypatch.setenv("PORTAL_ALLOW_HTTP_ISSUERS", "no")
    code, out, err = run("check-settings")
    assert (code, out) == (1, "")
    lines = err.splitlines()
    assert [line.split(" ")[0] for line in lines[:2]] == ["MONGODB_URI", "PORTAL_SECRET_KEY"]
    assert len(lines) == 6
    assert all("the issuer must begin with https" in line for line in lines[2:])


def test_a_process_without_settings_ends_with_sentences_and_exit_code_1() -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "MONGODB_"))}
    command = [sys.executable, "-m", "portal.cli", "check-settings"]
    ended = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert len(ended.stderr.splitlines()) == 5
    assert "Traceback" not in ended.stderr


@pytest.mark.usefixtures("impatient")
def test_a_database_that_can_not_be_reached_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGODB_URI", "mongodb://127.0.0.1:1/?replicaSet=rs0")
    for command in (("check-settings",), ("migrate",)):
        must_be_one_sentence(run(*command), "can't be reached")


@pytest.mark.usefixtures("impatient")
def test_an_import_into_a_database_that_can_not_be_reached_is_one_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MONGODB_URI", "mongodb://127.0.0.1:1/?replicaSet=rs0")
    must_be_one_sentence(run("people", "import", str(rows(tmp_path, person()))))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("uri", ["nonsense", "postgres://db.example", "mongodb://", "mongodb://a:b:c@d/"])
def test_an_address_that_is_no_databases_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch, uri: str) -> None:
    monkeypatch.setenv("MONGODB_URI", uri)
    must_be_one_sentence(run("check-settings"))


def test_a_wrong_password_is_one_sentence_that_does_not_repeat_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setenv("MONGODB_URI", settings.mongodb_uri.replace(PASSWORDS["app"], "a-wrong-password"))
    result = run("check-settings")
    must_be_one_sentence(result)
    assert "a-wrong-password" not in result[2]


# people import


def person(**changes: Any) -> dict[str, Any]:
    return {"issuer": ISSUER, "subject": random_id(8), "name": "Rosa Lind", **changes}


def rows(folder: Path, *content: Any) -> Path:
    path = folder / "people.json"
    path.write_text(json.dumps(list(content)))
    return path


def caseworker(scope: str) -> dict[str, str]:
    return {"agency": "northmere-council", "role": "sen_caseworker", "scope": scope}


def everything(db: Database) -> list[list[dict[str, Any]]]:
    return [list(db[name].find({}, {"child": 0}).sort("_id", 1)) for name in ("people", "grants", "caseload")]


def test_a_good_file_makes_people_known_with_their_parts(run: Run, world: World, tmp_path: Path) -> None:
    one = {**person(grants=[caseworker(world.plan_id)]), "leads": ["northmere-icb"]}
    two = person(name="Zoë Őri")
    path = rows(tmp_path, one, two)
    assert run("people", "import", str(path)) == (0, "2 people are known.\n", "")
    known = people.signed_on(world.db, ISSUER, one["subject"], "Rosa Lind")
    actor = people.load_actor(world.db, known, now())
    assert actor is not None
    assert (actor.name, actor.leads) == ("Rosa Lind", ("northmere-icb",))
    assert [each.plan for each in caseload.rows_for(world.db, actor)] == [world.plan_id]
    found = world.db["people"].find_one({"issuer": ISSUER, "subject": two["subject"]})
    assert found is not None
    assert (found["name"], found["authorities"]) == ("Zoë Őri", [])


def test_the_same_file_again_changes_nothing(run: Run, world: World, tmp_path: Path) -> None:
    path = rows(tmp_path, person(grants=[caseworker(world.plan_id), caseworker("authority")]), person())
    first = run("people", "import", str(path))
    before = everything(world.db)
    assert run("people", "import", str(path)) == first == (0, "2 people are known.\n", "")
    assert everything(world.db) == before


def test_a_bad_file_names_each_bad_row_and_does_nothing(run: Run, world: World, tmp_path: Path) -> None:
    bad = [
        person(grants=[caseworker(world.plan_id)]),
        person(grants=[{**caseworker(world.plan_id), "agency": "nowhere"}]),
        person(name=""),
    ]
    before = everything(world.db)
    code, out, err = run("people", "import", str(rows(tmp_path, *bad)))
    assert (code, out) == (1, "")
    assert err.splitlines() == ["Row 2: there is no agency 'nowhere'.", "Row 3: name is missing."]
    assert everything(world.db) == before


NO_ROWS: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"issuer,subject,name",
    "no text": b"\xff\xfe\x00",
    "an object": b'{"issuer": "x", "subject": "y", "name": "z"}',
    "a number": b"7",
    "a list of words": b'["rosa"]',
    "a list of lists": b'[["x", "y", "z"]]',
    "a row without a name": b'[{"issuer": "x", "subject": "y"}]',
    "grants that are nothing": b'[{"issuer": "x", "subject": "y", "name": "z", "grants": null}]',
    "a grant that is a word": b'[{"issuer": "x", "subject": "y", "name": "z", "grants": ["all"]}]',
    "a subject that is a number": b'[{"issuer": "x", "subject": 7, "name": "z"}]',
    "a name that is nothing": b'[{"issuer": "x", "subject": "y", "name": null}]',
    "a question": b'[{"issuer": {"$gt": ""}, "subject": {"$gt": ""}, "name": "z"}]',
}


@pytest.mark.parametrize("content", NO_ROWS.values(), ids=NO_ROWS.keys())
def test_a_file_that_is_no_list_of_people_is_refused_in_sentences(
    run: Run, db: Database, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "people.json"
    path.write_bytes(content)
    before = everything(db)
    code, out, err = run("people", "import", str(path))
    assert (code, out) == (1, "")
    assert err.strip()
    assert "Traceback" not in err
    assert everything(db) == before


def test_a_file_that_is_not_there_is_one_sentence(run: Run, tmp_path: Path) -> None:
    must_be_one_sentence(run("people", "import", str(tmp_path / "none.json")), "none.json")


# agencies import


AGENCY = {"slug": "westbrook-council", "name": "Westbrook Council SEN team", "kind": "council", "authority": "wbk"}


def test_agencies_are_made_known_and_brought_up_to_date(run: Run, db: Database, tmp_path: Path) -> None:
    health = {**AGENCY, "slug": "westbrook-icb", "kind": "health"}
    for second in (False, True, True):
        path = rows(tmp_path, AGENCY, {**health, "second_person": second})
        assert run("agencies", "import", str(path)) == (0, "2 agencies are known.\n", "")
    council = Agency("westbrook-council", "Westbrook Council SEN team", AgencyKind.COUNCIL, "wbk")
    assert people_store.agency(db, "westbrook-council") == council
    known = people_store.agency(db, "westbrook-icb")
    assert known is not None
    assert known.second_person is True


NO_AGENCIES: dict[str, Any] = {
    "a word": "council",
    "no kind": {name: value for name, value in AGENCY.items() if name != "kind"},
    "an unknown kind": {**AGENCY, "kind": "police"},
    "something more": {**AGENCY, "password": "x"},
    "a slug that is a question": {**AGENCY, "slug": {"$gt": ""}},
    "a name that is a number": {**AGENCY, "name": 7},
    "a yes or no that is a word": {**AGENCY, "second_person": "no"},
}


@pytest.mark.parametrize("bad", NO_AGENCIES.values(), ids=NO_AGENCIES.keys())
def test_a_file_that_is_no_list_of_agencies_is_refused_and_nothing_is_done(
    run: Run, db: Database, tmp_path: Path, bad: Any
) -> None:
    before = list(db["agencies"].find().sort("_id", 1))
    result = run("agencies", "import", str(rows(tmp_path, {**AGENCY, "slug": "another"}, bad)))
    must_be_one_sentence(result)
    assert list(db["agencies"].find().sort("_id", 1)) == before


# The other commands


def test_migrate_says_what_ran_and_then_that_there_is_nothing_to_do(
    run: Run, mongod: EmbeddedMongod, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"test_{random_id(8)}"
    monkeypatch.setenv("MONGODB_ADMIN_URI", mongod.uri("root"))
    monkeypatch.setenv("PORTAL_DB_PASSWORDS", json.dumps(PASSWORDS))
    monkeypatch.setenv("PORTAL_DATABASE", name)
    assert run("create-users") == (0, "Made the users app, migrator, retention and backup.\n", "")
    where = f"127.0.0.1:{mongod.port}/?replicaSet=rs0&authSource={name}"
    monkeypatch.setenv("MONGODB_MIGRATOR_URI", f"mongodb://migrator:{PASSWORDS['migrator']}@{where}")
    code, out, _ = run("migrate")
    assert code == 0
    assert out.splitlines()[:2] == ["ran 0001_people_and_agencies.py", "ran 0002_plans.py"]
    assert run("migrate") == (0, "Nothing to migrate.\n", "")
    with MongoClient[dict[str, Any]](mongod.uri("root")) as client:
        client.drop_database(name)


@pytest.mark.parametrize("passwords", ["", "not JSON", "[]", '{"app": "x"}'])
def test_users_are_not_made_without_the_passwords_of_all_four(
    run: Run, mongod: EmbeddedMongod, monkeypatch: pytest.MonkeyPatch, passwords: str
) -> None:
    monkeypatch.setenv("MONGODB_ADMIN_URI", mongod.uri("root"))
    monkeypatch.setenv("PORTAL_DB_PASSWORDS", passwords)
    monkeypatch.setenv("PORTAL_DATABASE", "test_never_made")
    must_be_one_sentence(run("create-users"), "PORTAL_DB_PASSWORDS")


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for command in ("check-settings", "create-users", "migrate", "serve", "work", "seed", "people", "agencies"):
        assert re.search(rf"^ +{command}\b", said, re.MULTILINE), command


def test_an_unknown_command_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["nonsense"], ["people", "export", "x"], ["people", "import"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 2
        assert "usage: portal" in capsys.readouterr().err
