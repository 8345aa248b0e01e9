"""Nobody is signed on by a provider that plays foul, and everybody by one that only does what it may."""

import logging

import pytest
from flask import Flask

from portal.auth import keys
from tests.auth.at_hostile import Visitor, hostile, lasting, make_portal, portal
from tests.auth.hostile_cases import CASES, Case
from tests.auth.hostile_provider import SECRET, SUBJECT, HostileProvider

__all__ = ["hostile", "lasting", "make_portal", "portal"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_a_provider_does_signs_somebody_on_or_is_refused(
    case: Case,
    portal: Flask,
    lasting: Flask,
    hostile: HostileProvider,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keys, "TIMEOUT_S", 1)
    caplog.set_level(logging.INFO)
    hostile.play(case.script)
    visitor = Visitor(lasting if case.slug == "lasting" else portal)
    if case.slug == "lasting":  # the keys were fetched a moment ago
        visitor.http.get("/sign-in/plain")
        visitor.app.extensions["providers"]["plain"].metadata.keys.get()
    answer = visitor.sign_on("plain" if case.slug == "lasting" else case.slug)
    assert visitor.is_signed_on is case.accepted
    if case.accepted:
        assert (answer.status_code, answer.headers["Location"]) == (303, "/worklist")
    else:
        assert 400 <= answer.status_code < 500 or "does not answer" in answer.text
        assert "elsewhere" not in hostile.asked
    written = caplog.text + answer.text
    assert [each for each in (SECRET, SUBJECT, *hostile.given) if each in written] == []


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case.name for case in CASES if "will not do" not in case.name]
    assert len(set(names)) == len(names) > 90
