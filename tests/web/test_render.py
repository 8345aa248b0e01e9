"""One address, three shapes: the page, the fragment that HTMX swaps, and JSON; and where to go after a save."""

import pytest
from flask import Flask

from portal.web.render import VARY, go, render, wants_fragment, wants_json

HTMX = {"HX-Request": "true"}
SHAPES = [
    ({}, "<html>one</html>"),
    (HTMX, "<p>one</p>"),
    ({**HTMX, "HX-Target": "section"}, "<p>one</p>"),
    ({**HTMX, "HX-Boosted": "true"}, "<html>one</html>"),
    ({**HTMX, "HX-History-Restore-Request": "true"}, "<html>one</html>"),
    ({"HX-Request": "false"}, "<html>one</html>"),
    ({"HX-Boosted": "true"}, "<html>one</html>"),
    ({"Accept": "application/json"}, '{"word":"one"}\n'),
    ({**HTMX, "Accept": "application/json"}, '{"word":"one"}\n'),
    ({**HTMX, "Accept": "text/html, */*"}, "<p>one</p>"),
]


@pytest.mark.parametrize(("headers", "body"), SHAPES)
def test_who_gets_which_shape(bare: Flask, headers: dict[str, str], body: str) -> None:
    with bare.test_request_context(headers=headers):
        answer = render("page.html", "_part.html", json=lambda: {"word": "one"}, status=409, word="one")
    assert answer.get_data(as_text=True) == body
    assert (answer.status_code, answer.headers["Vary"]) == (409, VARY)


def test_a_page_without_a_fragment_is_whole_for_everybody(bare: Flask) -> None:
    with bare.test_request_context(headers=HTMX):
        assert render("page.html", word="one").get_data(as_text=True) == "<html>one</html>"


def test_a_page_without_json_is_a_page_for_everybody(bare: Flask) -> None:
    with bare.test_request_context(headers={"Accept": "application/json"}):
        assert wants_json()
        assert render("page.html", word="one").mimetype == "text/html"


def test_json_is_made_only_when_it_is_asked_for(bare: Flask) -> None:
    def never() -> dict[str, str]:
        raise AssertionError

    with bare.test_request_context():
        assert render("page.html", json=never, word="one").status_code == 200


def test_a_page_that_says_what_does_not_fit_is_no_success_in_any_shape_unless_it_says_its_status(bare: Flask) -> None:
    wrong = {"words": "Say what happened."}
    for headers, _ in SHAPES:
        with bare.test_request_context(headers=headers):
            answers = [render("page.html", "_part.html", dict, errors=each, word="") for each in (wrong, {})]
            assert [each.status_code for each in answers] == [422, 200]
            assert render("page.html", "_part.html", dict, 409, errors=wrong, word="").status_code == 409


def test_words_are_escaped_by_every_template(bare: Flask) -> None:
    with bare.test_request_context():
        assert "<script>" not in render("page.html", word="<script>").get_data(as_text=True)


def test_the_list_of_what_an_answer_varies_by_names_all_that_decides_its_shape() -> None:
    assert set(VARY.split(", ")) == {"HX-Request", "HX-Boosted", "HX-History-Restore-Request", "Accept", "Cookie"}


def test_after_a_save_a_browser_is_sent_on_so_that_reloading_never_posts_again(bare: Flask) -> None:
    with bare.test_request_context(method="POST"):
        answer = go("/plans/x#item-people")
        assert not wants_fragment()
    assert (answer.status_code, answer.headers["Location"]) == (303, "/plans/x#item-people")


def test_after_a_save_htmx_is_told_to_go_as_a_whole_page(bare: Flask) -> None:
    with bare.test_request_context(method="POST", headers=HTMX):
        answer = go("/plans/x")
    assert (answer.status_code, answer.headers["HX-Redirect"], answer.get_data()) == (204, "/plans/x", b"")
    with bare.test_request_context(method="POST", headers={**HTMX, "HX-Boosted": "true"}):
        assert go("/plans/x").status_code == 303
