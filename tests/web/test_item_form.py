"""The form of one item: what its controls show, whatever brought it there, and the three ways out of a clash."""

from datetime import UTC, datetime

from werkzeug.datastructures import MultiDict

from portal.domain.content import Mark
from portal.domain.edit import REMOVED
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.hashing import Value
from portal.domain.merge import Clash
from portal.store.drafts import Draft
from portal.web.item_form import ItemForm, from_draft, from_item, from_sent, unsent
from tests.factories import PLAN_ID, item

ROW = EHC_PLAN.section("F").group("provision")
NEED = EHC_PLAN.section("B").group("needs")
AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
BY = Mark("priya", "Priya Nair", "council", AT)
AMOUNT: Value = {"minutes": 45, "how_often": "weekly"}
STORED = item(ROW, "0123456789", what="Speech therapy", amount=AMOUNT, needs=["abcdefghjk"])


def clash(field: str, mine: Value, theirs: Value, both: str = "") -> Clash:
    return Clash(field, mine, theirs, BY, both)


def clashed(*clashes: Clash, **values: object) -> ItemForm:
    return ItemForm(ROW, STORED, {"what": "Mine", "where": "Here", **values}, 4, clashes=clashes)


def test_a_blank_form_has_a_value_for_every_control() -> None:
    form = from_item(ROW, None, 3)
    assert (form.item_id, form.revision) == ("new", 3)
    assert form.values == {
        "what": "", "who": "", "amount": {}, "where": "", "reviewed_by": "", "needs": [], "outcomes": [],
    }  # fmt: skip


def test_a_form_of_an_item_shows_what_is_stored() -> None:
    form = from_item(ROW, STORED, 3)
    assert form.item_id == "0123456789"
    assert form.values["what"] == "Speech therapy"
    assert form.values["amount"] == {"minutes": "45", "how_often": "weekly"}
    assert form.values["needs"] == ["abcdefghjk"]


def test_a_sent_form_shows_what_was_typed_even_when_it_can_not_be_saved() -> None:
    sent = MultiDict([("what", " two\nlines "), ("amount.minutes", "forty"), ("needs", ""), ("needs", "x")])
    form = from_sent(ROW, STORED, 3, sent)
    assert form.values["what"] == " two\nlines "
    assert form.values["amount"] == {"minutes": "forty"}
    assert form.values["needs"] == ["", "x"]


def test_what_a_form_did_not_hold_shows_as_it_is_stored() -> None:
    form = from_sent(ROW, STORED, 3, MultiDict({"where": "In class"}))
    assert (form.values["what"], form.values["where"]) == ("Speech therapy", "In class")
    assert form.values["amount"] == {"minutes": "45", "how_often": "weekly"}


def test_keeping_theirs_takes_their_words_where_the_two_clash_and_no_others() -> None:
    form = clashed(clash("what", "Mine", "Theirs"), amount={"minutes": "30"})
    assert form.theirs() == {"what": "Theirs", "where": "Here", "amount": {"minutes": "30"}}
    assert form.values["what"] == "Mine"


def test_keeping_theirs_takes_amounts_and_links_whole() -> None:
    form = clashed(clash("amount", {"minutes": 30}, AMOUNT), clash("needs", [], ["abcdefghjk"]))
    assert form.theirs()["amount"] == AMOUNT
    assert form.theirs()["needs"] == ["abcdefghjk"]


def test_using_both_puts_theirs_first_and_mine_after_a_blank_line() -> None:
    assert clashed(clash("what", "Mine", "Theirs", "Theirs\n\nMine")).both()["what"] == "Theirs\n\nMine"


def test_using_both_never_mixes_what_is_not_a_text() -> None:
    links: Value = ["abcdefghjk"]
    clashes = (clash("amount", {"minutes": 30}, AMOUNT), clash("needs", [], links), clash("where", "Here", "There"))
    form = clashed(*clashes, amount={"minutes": "30"}, needs=[])
    assert form.both() == form.values


def test_using_both_of_two_choices_stays_as_i_had_it() -> None:
    form = ItemForm(NEED, None, {"area": "semh"}, 1, clashes=(clash("area", "semh", "sensory"),))
    assert form.both() == {"area": "semh"}


def test_without_a_clash_the_three_ways_are_one() -> None:
    form = clashed()
    assert form.theirs() == form.both() == form.values
    assert not form.gone


def test_an_item_that_was_taken_out_is_gone() -> None:
    assert clashed(clash(REMOVED, "Mine", "")).gone


def test_unsent_words_are_all_the_words_and_none_of_the_tokens() -> None:
    sent = MultiDict(
        [("csrf_token", "x"), ("request_id", "y"), ("revision", "3"), ("needs", ""), ("needs", "b"), ("what", "W")]
    )
    assert unsent(sent) == {"needs": ["", "b"], "what": ["W"]}


def test_a_draft_shows_its_words_against_the_revision_they_were_written_for() -> None:
    fields = {"what": ["Mine"], "needs": ["", "abcdefghjk"], "amount.minutes": ["forty"], "$odd": ["x"]}
    form = from_draft(ROW, STORED, Draft(PLAN_ID, "F", "provision", "0123456789", fields, 2, AT))
    assert (form.revision, form.kept_at) == (2, AT)
    assert form.values["what"] == "Mine"
    assert form.values["needs"] == ["", "abcdefghjk"]
    assert form.values["amount"] == {"minutes": "forty"}
    assert "$odd" not in form.values


def test_a_draft_of_an_item_that_is_not_there_yet_is_a_form_for_a_new_one() -> None:
    draft = Draft(PLAN_ID, "F", "provision", "", {"what": ["Mine"]}, 0, AT)
    assert from_draft(ROW, None, draft).item_id == "new"
