"""Signing on at a provider that others wrote (Canaille, by pytest-iam), so that the protocol is not ours alone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from flask import Flask

from demo.mongod import EmbeddedMongod
from portal.app import create_app
from portal.config import read_settings
from portal.store.database import Database
from tests.auth.at_hostile import PORTAL_URL, Visitor
from tests.conftest import uri_of
from tests.world import environment

CALLBACK = f"{PORTAL_URL}/sign-in/canaille/callback"
SECRET = "a client secret of the tests, long enough"


@pytest.fixture(scope="module")
def issuer(iam_server: Any) -> str:
    address = f"{iam_server.url}.well-known/openid-configuration"
    found = requests.get(address, timeout=10).json()
    return str(found["issuer"])


@pytest.fixture(scope="module")
def person(iam_server: Any) -> Iterator[Any]:
    """Somebody who is signed on there, and has said yes to the portal."""
    with iam_server.app.app_context():
        client = iam_server.models.Client(
            client_id="golden-thread",
            client_secret=SECRET,
            client_name="Golden Thread",
            client_uri=PORTAL_URL,
            redirect_uris=[CALLBACK],
            grant_types=["authorization_code"],
            response_types=["code"],
            scope=["openid", "profile"],
            token_endpoint_auth_method="client_secret_basic",
        )
        iam_server.backend.save(client)
        client.audience = [client]
        iam_server.backend.save(client)
    user = iam_server.random_user(user_name="anita", formatted_name="Anita Patel")
    iam_server.login(user)
    iam_server.consent(user)
    yield user
    iam_server.logout()


@pytest.fixture(scope="module")
def portal_that_pins(
    issuer: str, mongod: EmbeddedMongod, make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Flask]]:
    """Makes portals that know this one provider, each with its own pinned algorithm."""
    made: list[Flask] = []
    name = make_database()

    def make(algorithm: str) -> Flask:
        path = tmp_path_factory.mktemp("canaille") / "providers.toml"
        settings = {"slug": "canaille", "name": "Canaille", "agency_kind": "education", "issuer": issuer}
        settings |= {"client_id": "golden-thread", "client_secret": SECRET}
        lines = [f"{key} = {value!r}" for key, value in settings.items()]
        path.write_text("\n".join(["[[provider]]", *lines, f"signing_algorithms = ['{algorithm}']"]))
        made.append(create_app(read_settings(environment(uri_of(mongod, name, "app"), name, path, PORTAL_URL))))
        return made[-1]

    yield make
    for each in made:
        each.extensions["database"].close()


def test_somebody_signs_on_at_a_provider_that_others_wrote_if_it_signs_as_is_pinned(
    portal_that_pins: Callable[[str], Flask], person: Any, issuer: str
) -> None:
    answers = {}
    for algorithm in ("RS256", "RS512"):
        visitor = Visitor(portal_that_pins(algorithm))
        answer = visitor.sign_on("canaille")
        answers[answer.status_code] = answer
        assert visitor.is_signed_on is (answer.status_code == 303)
    assert set(answers) == {303, 403}
    assert answers[303].headers["Location"] == "/worklist"
    db: Database = portal_that_pins("RS256").extensions["database"]
    (found,) = db["people"].find({"issuer": issuer})
    assert found["name"] == "Anita Patel"
