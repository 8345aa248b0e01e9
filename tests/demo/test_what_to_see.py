"""What a newcomer is told to look at is there: each person, a lead, an invitation, an alert and a kept value."""

import tomllib

import pytest

from demo import seed
from demo.__main__ import WHAT_TO_SEE
from portal.config_providers import IdentityProvider
from portal.store import plans
from portal.store.database import Database

PEOPLE = {each["key"] for each in tomllib.loads(seed.CAST.read_text(encoding="utf-8"))["person"]}


@pytest.fixture(scope="module")
def seeded(db: Database) -> Database:
    slugs = ("families", "nhs", "schools", "council")
    seed.seed(db, [IdentityProvider(slug, slug, "council", f"http://127.0.0.1:1/{slug}", "demo") for slug in slugs])
    return db


def test_everybody_in_the_table_can_sign_on() -> None:
    assert {key for key, _ in WHAT_TO_SEE} <= PEOPLE


def test_a_lead_sees_to_a_team_and_holds_no_part(seeded: Database) -> None:
    lead = seeded["people"].find_one({"leads": "northmere-community-health"})
    assert lead is not None
    assert lead["name"] == "Moira Lennox"
    assert seeded["grants"].count_documents({"authority": "nmr", "person": lead["_id"]}) == 0


def test_an_invitation_waits_and_an_emergency_has_not_been_looked_at(seeded: Database) -> None:
    assert [each["role"] for each in seeded["invitations"].find({"authority": "nmr"})] == ["advocate"]
    readings = list(seeded["reasoned_readings"].find({"authority": "nmr"}))
    assert [(each["kind"], each["name"], each.get("seen")) for each in readings] == [
        ("emergency", "Idris Vaughan", None)
    ]


def test_where_leo_lives_is_kept_from_his_father_alone_of_the_family(seeded: Database) -> None:
    ids = [each["_id"] for each in seeded["plans"].find({"authority": "nmr"}, {"_id": 1})]
    kept = {plan.child.called: plan.restrictions for each in ids if (plan := plans.load(seeded, each)).restrictions}
    assert list(kept) == ["Leo"]
    emma, daniel = (seeded["people"].find_one({"name": name}) for name in ("Emma Whitfield", "Daniel Price"))
    assert emma is not None
    assert daniel is not None
    (restriction,) = kept["Leo"]
    assert restriction.place == "child/address"
    assert emma["_id"] in restriction.readers
    assert daniel["_id"] not in restriction.readers
