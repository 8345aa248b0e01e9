"""The demonstration's services, running for real, for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.identity_provider import RunningProviders, read_people, start
from demo.identity_provider.relying_party import PORTAL, SigningOn, signing_on

CAST = Path(__file__).parents[2] / "demo" / "people.toml"


@pytest.fixture(scope="session")
def cast() -> list[dict[str, Any]]:
    return read_people(CAST)


@pytest.fixture(scope="session")
def providers(cast: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProviders]:
    with start(cast, [PORTAL, "http://localhost:8001/"], tmp_path_factory.mktemp("providers")) as running:
        yield running


@pytest.fixture
def families(providers: RunningProviders) -> SigningOn:
    return signing_on(providers, "families")


@pytest.fixture(params=["families", "nhs", "schools", "council"])
def anywhere(request: pytest.FixtureRequest, providers: RunningProviders) -> SigningOn:
    return signing_on(providers, request.param)
