"""An application without a database, for what the web room does by itself."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, g

import blueprints
from portal.domain.moment import Moment
from portal.web.render import htmx

NOW = datetime(2027, 3, 17, 14, 2, tzinfo=UTC)  # a Wednesday, before summer time
At = Callable[[datetime], None]


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The routes' addresses and a template of two shapes; nobody is signed on."""
    folder: Path = tmp_path_factory.mktemp("templates")
    (folder / "page.html").write_text("<html>{{ word }}</html>")
    (folder / "_part.html").write_text("<p>{{ word }}</p>")
    made = Flask("bare", template_folder=str(folder))
    blueprints.register(made)
    htmx.init_app(made)
    return made


@pytest.fixture
def at(bare: Flask) -> Iterator[At]:
    """Sets what time it is for the page being made."""
    with bare.test_request_context():

        def set_moment(now: datetime) -> None:
            g.moment = Moment(now, now)

        set_moment(NOW)
        yield set_moment
