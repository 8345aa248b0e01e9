"""What a PDF says of checkpoints: the latest one made before it, and the key it is signed with."""

from datetime import timedelta

from portal.documents.pdf import make_pdf
from portal.domain.checkpoint import Checkpoint
from portal.domain.state import VersionKind
from tests.documents.paper import ISSUED, issued, pdf_of, signed, small_plan, text_of

EARLIER = Checkpoint(12, ISSUED - timedelta(days=1), 1, bytes.fromhex("abcdef012345") + bytes(26), "", bytes(32))


def test_a_version_carries_the_checkpoint_before_it_and_the_whole_fingerprint_of_its_key() -> None:
    plan = signed(small_plan())
    text = text_of(make_pdf(plan.id, plan.standard, *issued(plan, VersionKind.FINAL), EARLIER))
    assert "Last checkpoint before it Number 12 of 2 March 2027: abcd ef01 2345" in text
    assert EARLIER.key in text.replace(" ", "")


def test_a_version_made_before_any_checkpoint_says_nothing_of_one() -> None:
    assert "checkpoint" not in text_of(pdf_of(signed(small_plan())))
