"""An agency's people, over HTTP: whoever does not see to them is refused before their form is judged."""

import pytest

from tests.blueprints.page import Page
from tests.world import AGENCIES, World

TRUST, COUNCIL = AGENCIES["health"].slug, AGENCIES["council"].slug
DAYS = {"first": "2030-01-07", "last": "2030-01-08"}


def typed(world: World, form: str, person: str) -> dict[str, str]:
    """The whole form, as the page of whoever sees to the agency would send it."""
    to, part = {"to": world.people["other_caseworker"]}, {"role": "health_contributor", "scope": world.plan_id}
    fields = {"invite": part, "give": part, "cover": to | DAYS, "hand-over": to}[form]
    return fields if form == "invite" else {"person": person, **fields}


@pytest.mark.parametrize("agency", [TRUST, "southfell-council", "nowhere"])
@pytest.mark.parametrize("form", ["invite", "give", "cover", "hand-over"])
@pytest.mark.parametrize("who", ["caseworker", "parent", "stranger"])
def test_whoever_does_not_see_to_an_agency_is_told_the_same_of_every_one(
    world: World, who: str, form: str, agency: str
) -> None:
    """A caseworker gives such parts on the plan's own page: not here, where an agency's lead does."""
    if (who, agency) == ("stranger", "southfell-council"):
        agency = COUNCIL
    browser, before = world.client(who), world.actor("therapist").grants
    for sent in (typed(world, form, world.people["therapist"]), {}):
        assert browser.post(f"/access/{form}", {"agency": agency, **sent}).status_code == 403
    assert browser.get(f"/access?agency={agency}").status_code == 403
    assert world.actor("therapist").grants == before


def test_whoever_only_works_there_is_refused_to_hand_their_work_over_whatever_they_send(world: World) -> None:
    browser, me = world.client("caseworker"), world.people["caseworker"]
    for sent in (typed(world, "hand-over", me), {"person": me}):
        assert browser.post("/access/hand-over", {"agency": COUNCIL, **sent}).status_code == 403


def test_what_is_wrong_with_a_handover_stands_in_its_own_form(world: World) -> None:
    sent = {"agency": COUNCIL, "person": world.people["caseworker"], "to": ""}
    page = Page(world.client("manager").post("/access/hand-over", sent))
    (wrong,) = page.soup.select(".govuk-form-group--error")
    assert "Who takes it on?" in wrong.get_text()
    assert wrong.select("select#field-to")
    assert wrong.find_parent("details", open=True)
    assert "#field-to" in page.links()


def test_a_plan_that_was_named_stands_in_the_form_that_comes_back(world: World) -> None:
    sent = {"agency": COUNCIL, "person": world.people["caseworker"], "role": "", "scope": world.plan_id}
    page = Page(world.client("manager").post("/access/give", sent))
    assert page.form("Give the part").fields["scope"] == [world.plan_id]
