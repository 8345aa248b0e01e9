"""A plugin of pytest: the tests run against the product with one of its permission checks taken away."""

from collections.abc import Iterator

import pytest

from tests.permissions.mutants import named, neutralised


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--mutant", help="the check that is taken away, as the report names it")


@pytest.fixture(scope="session", autouse=True)
def without_one_check(request: pytest.FixtureRequest) -> Iterator[None]:
    with neutralised(named(request.config.getoption("--mutant"))):
        yield
