"""A parent takes a receipt home: from the plan's page to a page opened from disk and a check without a network."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Page

from portal.operations import checkpoints
from tests.blueprints.checking import Receipt, checked
from tests.journeys.live import Live
from tests.journeys.test_accessible import AXE, faults


def test_a_parent_downloads_a_receipt_reads_it_from_disk_and_checks_it(
    live: Live, desk: Callable[..., Page], tmp_path: Path
) -> None:
    made = checkpoints.make(live.db, Ed25519PrivateKey.generate(), partial(datetime.now, UTC))
    page = desk("Emma Whitfield", "families", viewport={"width": 320, "height": 740}, bypass_csp=True)
    page.add_init_script(AXE)
    page.goto(f"{live.url}/plans/{live.plan_of('Leo').id}")
    page.get_by_role("link", name="A receipt to check yourself").click()
    page.wait_for_url("**/receipt")
    page.goto(page.url)  # judged as it opens, not as the way there left it scrolled
    found = faults(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the receipt").click()
    download.value.save_as(tmp_path / "receipt.zip")
    page.get_by_role("link", name="the public page of checkpoints").click()
    page.get_by_text("In full").first.click()
    found += faults(page)

    folder = Receipt((tmp_path / "receipt.zip").read_bytes()).unpack(tmp_path / "receipt")
    page.goto((folder / "plan.html").as_uri())
    found += faults(page)
    assert found == []
    assert page.get_by_role("heading", level=1).inner_text().startswith("Education, Health and Care plan for Leo")
    page.get_by_role("link", name="F Special educational provision").click()
    assert page.get_by_text("minutes").first.is_visible()
    code, said = checked(folder, "--key", made.key)
    assert (code, "DOES NOT HOLD" in said) == (0, False), said
