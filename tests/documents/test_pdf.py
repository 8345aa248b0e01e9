"""The PDF of an issued version: tagged, complete, in order, and made of nothing but what was issued."""

import io
from dataclasses import replace

import pikepdf
import pytest

from portal.documents.pdf import make_pdf
from portal.documents.printed import Altered
from portal.domain import hashing
from portal.domain.content import Mark
from portal.domain.conversation import ConversationKind, OpenConversation
from portal.domain.state import VersionKind
from tests.documents.paper import CHILD, SIGNED, issued, pdf_of, poppler, signed, small_plan, tagged, text_of, written


@pytest.fixture(scope="module")
def final() -> bytes:
    return pdf_of(signed(small_plan()))


def test_a_version_is_a_tagged_document_with_a_language_a_title_and_an_outline(final: bytes) -> None:
    with pikepdf.open(io.BytesIO(final)) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.Root.Lang) == "en-GB"
        assert str(pdf.docinfo["/Title"]) == "Education, Health and Care plan: final plan, version 1"
        assert str(pdf.docinfo["/Author"]) == "Northmere Council"
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20270303140000")
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
        with pdf.open_outline() as outline:
            titles = [each.title for each in outline.root[0].children]
    assert [title.split()[0] for title in titles[1:]] == ["A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K"]


def test_every_section_has_a_heading_and_they_are_read_from_a_to_k(final: bytes) -> None:
    assert len(tagged(final, "H1")) == 1
    overview, *headings = tagged(final, "H2")
    assert overview == "What is in this plan"
    assert headings == [f"{each.letter} {each.title}" for each in small_plan().standard.sections]


def test_every_page_carries_the_version_its_date_and_the_code_taken_from_its_words() -> None:
    plan = signed(small_plan())
    version, contents = issued(plan, VersionKind.FINAL)
    pdf = make_pdf(plan.id, plan.standard, version, contents)
    pages = [" ".join(page.split()) for page in poppler("pdftotext", "-", "-", pdf=pdf).split("\f")[:-1]]
    for number, page in enumerate(pages, start=1):
        assert "Version 1, final plan, issued Wednesday 3 March 2027" in page
        assert hashing.short(version.hash) in page
        assert f"Page {number} of {len(pages)}" in page


def test_the_cover_carries_the_chains_head_as_it_was_at_issue(final: bytes) -> None:
    assert "Code of its history 0123 4567 89ab" in text_of(final)


def test_the_cover_says_whose_plan_it_is_and_who_issued_it(final: bytes) -> None:
    text = text_of(final)
    for said in ("Amira Rahman", "14 June 2016", "999 170 6216", "P801417314062", "12 Larch Street", "Elm Road"):
        assert said in text
    assert "Issued by Maria Silva, Northmere Council SEN team" in text
    assert "nmr-7k2q9fabcdef0123" in text


def test_a_hidden_address_takes_address_and_school_out_of_the_document_and_leaves_the_type_of_school() -> None:
    plan = replace(signed(small_plan()), child=replace(CHILD, hidden_address=True))
    pdf = pdf_of(plan)
    text = text_of(pdf)
    assert not any(secret in text for secret in ("Larch Street", "Elm Road", "Hartwell"))
    assert b"Larch" not in pdf
    assert "Mainstream academy" in text


def test_a_hidden_address_looks_like_one_that_was_never_given() -> None:
    without = replace(CHILD, address="", school="")
    covers = [
        text_of(pdf_of(replace(signed(small_plan()), child=child))).partition("Code of this version")[0]
        for child in (replace(CHILD, hidden_address=True), without)
    ]
    assert covers[0] == covers[1]


def test_the_childs_words_are_marked_as_theirs_with_how_they_were_gathered(final: bytes) -> None:
    assert "Amira’s own words My cat Biscuit. How these words were gathered: With picture cards" in text_of(final)


def test_provision_is_a_table_whose_rows_have_headers_and_whose_links_can_be_followed(final: bytes) -> None:
    text = text_of(final)
    assert "How much 45 minutes, every week, one to one, all year" in text
    assert "Meets B1 Being understood Serves E1 Amira tells a friend a story." in text
    assert {"How much", "Meets", "Serves"} <= set(tagged(final, "TH"))
    with pikepdf.open(io.BytesIO(final)) as pdf:
        links = {str(each.Dest) for page in pdf.pages for each in page.get("/Annots", []) if each.Subtype == "/Link"}
    assert {"B1", "E1"} <= links


def test_a_gap_in_provision_is_printed_as_a_gap(final: bytes) -> None:
    assert "Physiotherapy at home. Who does it Not stated How much Not stated" in text_of(final)


def test_every_section_without_words_says_so(final: bytes) -> None:
    text = text_of(final)
    for letter in ("C", "D", "H1", "H2", "J", "K"):
        assert small_plan().standard.section(letter).empty in text


def test_each_sign_off_is_printed_with_its_name_agency_date_and_statement(final: bytes) -> None:
    text = text_of(final)
    assert "Signed by Jo Mensah F (Northmere Integrated Care Board) on Monday 1 March 2027" in text
    assert "Agreed by Jo Mensah A" in text
    assert "I agree that “All about me” says what we, as a family, want it to say." in text


def test_a_section_issued_without_its_sign_off_carries_the_managers_reason() -> None:
    reasons = {"H2": "The post is vacant.", "A": "The family is abroad."}
    text = text_of(pdf_of(signed(small_plan(), but="H2 A"), reasons=reasons))
    assert "Not signed Why the council issued this without a signature The post is vacant." in text
    assert "Why the council issued this without the family’s agreement The family is abroad." in text


def test_a_section_issued_before_a_comment_on_it_was_answered_carries_the_managers_reason() -> None:
    by = Mark("helen", "Dr Helen Ward", "psychology", SIGNED)
    said = tuple(OpenConversation(7, ConversationKind.COMMENT, each, f"{each}/row/what", by, by) for each in "EK")
    reasons = {"E": "We meet her on Friday.", "K": "It came on the last day."}
    text = text_of(pdf_of(replace(signed(small_plan()), conversations=said), reasons=reasons))
    for reason in reasons.values():
        assert f"Why the council issued this before every comment was answered {reason}" in text


def test_a_final_says_that_no_health_provision_was_agreed_and_prints_none() -> None:
    text = text_of(pdf_of(signed(small_plan(), but="G"), reasons={"G": "The board has not decided."}))
    sentence = "No health provision has been agreed by the Integrated Care Board as at Wednesday 3 March 2027."
    assert f"{sentence} Why the council issued this without a signature The board has not decided." in text
    assert "Physiotherapy" not in text


def test_a_final_prints_the_words_that_health_last_agreed_and_why_not_the_newest() -> None:
    agreed = signed(small_plan())
    plan = written(agreed, "G", "provision", "row2", what="Physiotherapy once a year.")
    version, contents = issued(plan, VersionKind.FINAL, {"G": "The board asks for more time."})
    pdf = make_pdf(plan.id, plan.standard, version, {**contents, "G": agreed.sections["G"].content})
    text = text_of(pdf)
    assert "Physiotherapy at home." in text
    assert "once a year" not in text
    assert "Why the words that were last agreed are printed here The board asks for more time." in text


def test_a_draft_marks_health_provision_that_is_not_agreed_and_still_prints_it() -> None:
    text = text_of(pdf_of(signed(small_plan(), but="G"), VersionKind.DRAFT))
    assert "G Health provision Not yet agreed by health" in text
    assert "Physiotherapy at home." in text


def test_a_draft_has_no_placement_and_says_that_it_is_not_final() -> None:
    pdf = pdf_of(signed(small_plan()), VersionKind.DRAFT)
    text = text_of(pdf)
    assert "I School or college Left empty in a draft, by law." in text
    assert "This is not a final plan." in text
    assert "Version 1, draft plan, issued Wednesday 3 March 2027" in text


def test_words_that_are_not_those_issued_are_never_printed() -> None:
    plan = signed(small_plan())
    version, contents = issued(plan, VersionKind.FINAL)
    later = written(plan, "F", "provision", "row1", what="Less therapy.").sections["F"].content
    with pytest.raises(Altered):
        make_pdf(plan.id, plan.standard, version, {**contents, "F": later})


def test_a_section_whose_words_are_missing_is_never_printed_as_an_empty_one() -> None:
    plan = signed(small_plan())
    version, contents = issued(plan, VersionKind.FINAL)
    with pytest.raises(KeyError):
        make_pdf(plan.id, plan.standard, version, {each: contents[each] for each in contents if each != "C"})


def test_the_same_version_made_twice_is_the_same_file() -> None:
    plan = signed(small_plan())
    version, contents = issued(plan, VersionKind.FINAL)
    made = {make_pdf(plan.id, plan.standard, version, contents) for _ in range(2)}
    assert len(made) == 1
