"""A receipt of a plan: each reader's own, checked alone and offline, with nothing in it that they may not see."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.domain.checkpoint import Checkpoint
from portal.domain.state import VersionKind
from portal.operations import checkpoints
from portal.operations import plans as plans_operations
from portal.receipt.program import fingerprint, program
from portal.store import evidence
from tests.blueprints.checking import Receipt, checked, receipt_of
from tests.world import World, now

SIGNING = Ed25519PrivateKey.generate()
FAMILY, COUNCIL = "parent", "caseworker"
# A word of its own in every section, and who writes it.
CANARIES = {
    "A": ("parent", "most-important", {"words": "canary-A"}, "most-important"),
    "B": ("caseworker", "needs", {"area": "semh", "need": "canary-B"}, ""),
    "C": ("therapist", "needs", {"need": "canary-C"}, ""),
    "D": ("social_worker", "needs", {"need": "canary-D"}, ""),
    "E": ("caseworker", "outcomes", {"what": "canary-E"}, ""),
    "F": ("caseworker", "provision", {"what": "canary-F"}, ""),
    "G": ("therapist", "provision", {"what": "canary-G"}, ""),
    "H1": ("social_worker", "provision", {"type": "travel", "what": "canary-H1"}, ""),
    "H2": ("social_worker", "provision", {"what": "canary-H2"}, ""),
    "Kc": ("therapist", "advice", {"document": "canary-Kc", "kind": "c", "author": "Ben Carter"}, ""),
    "Ke": ("social_worker", "advice", {"document": "canary-Ke", "kind": "e", "author": "Lee Grant"}, ""),
}


def fill(world: World) -> None:
    for name, (key, group, values, item) in CANARIES.items():
        world.edit(key, name.rstrip("ce"), group, dict(values), item)


def make_checkpoint(world: World) -> Checkpoint:
    return checkpoints.make(world.db, SIGNING, lambda: now().wall)


def canaries(receipt: Receipt) -> set[str]:
    """Which sections' words are anywhere in the ZIP."""
    return {name for name in [*CANARIES, "I"] if f"canary-{name}".encode() + b'"' in receipt.data}


def salts_hidden(world: World, receipt: Receipt) -> list[str]:
    """Salts in the ZIP of anything but what it shows: each of them would let somebody guess at what is kept back."""
    shown = _shown_salts(receipt)
    kept = [
        salt.hex()
        for revision in evidence.revisions(world.db, world.plan_id)
        if revision.content
        for item in revision.content.items
        for salt in (item.salt, *(slot.salt for slot in item.slots.values()))
    ]
    return [salt for salt in kept if salt not in shown and salt.encode() in receipt.data]


def _shown_salts(receipt: Receipt) -> set[str]:
    found: set[str] = set()

    def walk(tree: object) -> None:
        if isinstance(tree, dict):
            assert tree["value"], "nothing empty is ever shown"
            found.add(str(tree["salt"]))
        elif isinstance(tree, list):
            for each in tree:
                walk(each)

    for revision in receipt.plan["revisions"]:
        walk(revision["tree"])
    return found


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Unpacks a receipt somewhere else and runs its check.py there."""
    number = iter(range(100))

    def run(receipt: Receipt, *arguments: str) -> tuple[int, str]:
        return checked(receipt.unpack(tmp_path / f"receipt-{next(number)}"), *arguments)

    return run


Check = Callable[..., tuple[int, str]]


def must_hold(result: tuple[int, str]) -> str:
    code, said = result
    assert (code, "DOES NOT HOLD" in said, "Not vouched for" in said) == (0, False, False), said
    assert said.startswith("Everything that can be checked here HOLDS.")
    return said


def must_fit(result: tuple[int, str]) -> str:
    """Nothing fails, but something is newer than the checkpoint, or there is none."""
    code, said = result
    assert (code, "DOES NOT HOLD" in said, "Not vouched for yet: " in said) == (4, False, True), said
    assert said.startswith("Nothing FAILED.")
    return said


def test_each_reader_gets_what_they_read_and_nothing_else_and_it_holds(world: World, check: Check) -> None:
    fill(world)
    key = make_checkpoint(world).key
    # While the plan is written, by hand from the table (tests/permissions/expected.csv).
    expected = {
        "parent": {"A"},
        "senco": {"A", "B", "E", "F"},
        "psychologist": {"A", "B", "C", "E", "F"},
        "therapist": {"A", "B", "C", "E", "F", "G", "Kc"},
        "dco": {"A", "B", "C", "E", "F", "G", "Kc"},
        "dsco": {"A", "B", "D", "E", "F", "H1", "H2", "Ke"},
        "caseworker": set(CANARIES),
        "auditor": set(),
    }
    for reader, sections in expected.items():
        receipt = receipt_of(world, reader)
        assert canaries(receipt) == sections, reader
        assert salts_hidden(world, receipt) == [], reader
        must_hold(check(receipt, "--key", key))


def test_a_parent_gets_the_other_parts_once_the_draft_is_issued_and_a_school_with_the_final(
    world: World, check: Check
) -> None:
    fill(world)
    world.to_finalising()
    make_checkpoint(world)
    draft = receipt_of(world, "parent")
    assert canaries(draft) == set(CANARIES)
    assert salts_hidden(world, draft) == []
    must_hold(check(draft))
    assert canaries(receipt_of(world, "senco")) == {"A", "B", "E", "F"}
    world.edit("caseworker", "I", "placement", {"name": "canary-I"}, "placement")
    assert "I" in canaries(receipt_of(world, "parent"))
    assert "I" not in canaries(receipt_of(world, "senco"))
    world.issue("manager", VersionKind.FINAL)
    make_checkpoint(world)
    for reader in ("parent", "senco"):
        receipt = receipt_of(world, reader)
        assert canaries(receipt) == {*CANARIES, "I"}, reader
        assert salts_hidden(world, receipt) == []
        said = must_hold(check(receipt))
        assert "version 1 (Draft plan" in said
        assert "version 2 (Final plan" in said


def test_words_changed_since_the_final_are_kept_from_those_who_see_finals(world: World, check: Check) -> None:
    fill(world)
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    world.edit("parent", "A", "most-important", {"words": "newer-words-of-the-family"}, "most-important")
    make_checkpoint(world)
    must_hold(check(receipt_of(world, "parent")))
    senco = receipt_of(world, "senco")
    must_hold(check(senco))
    assert b"newer-words-of-the-family" in senco.data  # a school reads A while it is written
    social = receipt_of(world, "social_worker")
    assert "C" in canaries(social)
    must_hold(check(social))


def test_the_words_beside_an_entry_go_to_those_who_may_read_them(world: World) -> None:
    world.write_a_little()
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    plans_operations.answer(world.db, world.actor("parent"), world.plan_id, "We would like another school.", now())
    for reader, reads in (("parent", True), ("caseworker", True), ("other_parent", False), ("senco", False)):
        assert (b"another school" in receipt_of(world, reader).data) is reads, reader


def test_how_somebody_signed_on_is_in_their_own_receipt_alone(world: World) -> None:
    world.write_a_little()
    world.sign("dco", "G")
    issuer = world.settings.providers[0].issuer.encode()
    assert [key for key in ("dco", "therapist", "manager", "parent") if issuer in receipt_of(world, key).data] == [
        "dco"
    ]


def test_a_hidden_address_and_the_school_are_in_no_receipt(hidden: World, check: Check) -> None:
    hidden.write_a_little()
    hidden.edit("senco", "A", "people", {"words": "My friends"}, "people")
    hidden.to_finalising()
    hidden.edit("caseworker", "I", "placement", {"name": "Marigold Primary"}, "placement")
    hidden.issue("manager", VersionKind.FINAL)
    make_checkpoint(hidden)
    for reader in ("parent", "manager", "senco", "social_worker"):
        receipt = receipt_of(hidden, reader)
        for word in (b"Quince", b"Marigold", b"Elm Road", b"elm-road"):
            assert word not in receipt.data, (reader, word)
        code, said = check(receipt)
        assert (code, "DOES NOT HOLD" in said) == (3, False), said
        assert "kept back, to keep the child safe" in said
        assert "what came before it is not tied to what came after it" in said


def test_the_page_in_it_says_the_words_and_who_signed_them_and_fetches_nothing(world: World) -> None:
    world.write_a_little()
    world.sign_all()
    world.edit(
        "caseworker",
        "F",
        "provision",
        {"what": "<b>Speech</b> & therapy"},
        world.plan().sections["F"].content.items[0].id,
    )
    page = receipt_of(world, "manager").files["plan.html"].decode()
    assert "&lt;b&gt;Speech&lt;/b&gt; &amp; therapy" in page
    assert "Agreed by Nadia Rahman" in page
    assert "Signed by Maria Silva (Northmere Council SEN team)" in page
    assert "for words that have changed since" in page
    assert '<html lang="en-GB">' in page
    assert [word for word in ("http:", "https:", "<script", "<link", "<img", "src=") if word in page] == []


def test_a_save_after_the_checkpoint_is_said_to_be_newer(world: World, check: Check) -> None:
    world.write_a_little()
    covered = make_checkpoint(world)
    at = world.plan().sequence
    world.edit("caseworker", "B", "needs", {"area": "semh", "need": "Another need"})
    receipt = receipt_of(world, "caseworker")
    said = must_fit(check(receipt, "--key", covered.key))
    assert f"1 entry is newer than checkpoint {covered.number} of " in said
    assert "It fits the ones before, and the next checkpoint will vouch for it: download the receipt again" in said
    assert f"Holds: the history: entries 1 to {at}, " in said
    assert "Not vouched for yet: section B, revision 2: these are the words that were sealed." in said
    assert "1 entry is newer than checkpoint" in receipt.files["plan.html"].decode()
    make_checkpoint(world)
    must_hold(check(receipt_of(world, "caseworker"), "--key", covered.key))


def test_without_a_key_from_elsewhere_it_says_that_the_key_must_be_compared(world: World, check: Check) -> None:
    made = make_checkpoint(world)
    receipt = receipt_of(world, "parent")
    said = must_hold(check(receipt)).splitlines()[1]
    assert said.startswith("But anybody can sign with a key of their own.")
    assert made.key in said.replace(" ", "")
    assert "a key of their own" not in must_hold(check(receipt, "--key", made.key))


def test_a_file_that_lies_beside_the_receipts_own_is_named(world: World, check: Check, tmp_path: Path) -> None:
    make_checkpoint(world)
    folder = receipt_of(world, "parent").unpack(tmp_path / "unpacked")
    (folder / ".desktop").write_text("what a desktop keeps there")
    (folder / "earlier.zip").write_bytes(receipt_of(world, "parent").data)
    must_hold(checked(folder, "--earlier", "earlier.zip"))
    (folder / "json.py").write_text("print('Everything that can be checked here HOLDS.')")
    code, said = checked(folder)
    assert (code, said.startswith("1 of these checks FAILED.")) == (1, True), said
    assert "DOES NOT HOLD: the folder: earlier.zip, json.py: no part of the receipt." in said


def test_a_receipt_before_any_checkpoint_of_the_plan_says_so(world: World, check: Check) -> None:
    receipt = receipt_of(world, "parent")
    assert "checkpoint.json" not in receipt.files
    assert "There is no checkpoint in this receipt, so nothing in it is vouched for yet." in must_fit(check(receipt))
    code, said = check(receipt, "--key", "00")
    assert (code, "nothing is signed with the key you trust" in said) == (1, True)


def test_a_receipt_can_be_asked_for_against_the_checkpoint_that_somebody_holds(
    world: World, check: Check, tmp_path: Path
) -> None:
    world.write_a_little()
    first, second = make_checkpoint(world), make_checkpoint(world)
    held = tmp_path / "held.json"
    held.write_text(json.dumps(first.facts))
    older = receipt_of(world, "parent", f"?checkpoint={first.number}")
    assert older.checkpoint["statement"]["number"] == first.number
    assert "that you hold: the same as here" in must_hold(check(older, "--checkpoint", str(held)))
    assert "the one here follows it" in must_hold(check(receipt_of(world, "parent"), "--checkpoint", str(held)))
    make_checkpoint(world)
    assert f"receipt.zip?checkpoint={first.number}" in must_hold(
        check(receipt_of(world, "parent"), "--checkpoint", str(held))
    )
    assert second.number == first.number + 1
    assert world.client("parent").get(f"/plans/{world.plan_id}/receipt.zip?checkpoint=9999999").status_code == 404


def test_another_checkpoint_of_the_same_number_is_found(world: World, check: Check, tmp_path: Path) -> None:
    made = make_checkpoint(world)
    other = Checkpoint(made.number, made.at, made.plans, bytes(32), made.previous, made.public_key)
    forged = {**other.facts, "signature": SIGNING.sign(other.message).hex()}
    held = tmp_path / "held.json"
    held.write_text(json.dumps(forged))
    code, said = check(receipt_of(world, "parent"), "--checkpoint", str(held))
    assert (code, "There are two histories" in said) == (1, True)


def test_an_earlier_receipt_shows_that_nothing_was_rewritten(world: World, check: Check, tmp_path: Path) -> None:
    world.write_a_little()
    earlier = tmp_path / "earlier.zip"
    earlier.write_bytes(receipt_of(world, "parent").data)
    world.sign_all()
    make_checkpoint(world)
    now_receipt = receipt_of(world, "parent")
    assert "entries stand here as they stood there" in must_hold(check(now_receipt, "--earlier", str(earlier)))
    older = Receipt(earlier.read_bytes())
    later = tmp_path / "later.zip"
    later.write_bytes(now_receipt.data)
    code, said = check(older, "--earlier", str(later))
    assert (code, "The history was rewritten" in said) == (1, True)


def test_a_receipt_holds_for_the_zip_itself_and_for_the_file_from_the_public_page(
    world: World, check: Check, tmp_path: Path
) -> None:
    world.write_a_little()
    make_checkpoint(world)
    receipt = receipt_of(world, "parent")
    (tmp_path / "mine.zip").write_bytes(receipt.data)
    assert receipt.files["check.py"] == world.client("").get("/checkpoints/check.py").data == program()
    must_hold(check(receipt, str(tmp_path / "mine.zip")))


def test_another_version_of_the_program_says_what_it_cannot_check(world: World, tmp_path: Path) -> None:
    make_checkpoint(world)
    folder = receipt_of(world, "parent").unpack(tmp_path / "unpacked")
    (tmp_path / "newer").mkdir()
    (tmp_path / "newer" / "check.py").write_bytes(program() + b"\n# newer\n")
    said = must_hold(checked(tmp_path / "newer", str(folder)))
    assert "only the check.py of the receipt can make it again" in said


def test_a_word_changed_in_the_unpacked_page_is_found(world: World, tmp_path: Path) -> None:
    world.write_a_little()
    folder = receipt_of(world, "caseworker").unpack(tmp_path / "unpacked")
    page = folder / "plan.html"
    page.write_text(page.read_text().replace("Physiotherapy", "Physiotherapy twice"))
    code, said = checked(folder)
    assert code == 1
    assert "DOES NOT HOLD: the file plan.html" in said


def test_the_page_about_it_explains_and_has_the_button(world: World) -> None:
    make_checkpoint(world)
    browser = world.client("parent")
    page = browser.get(f"{browser.base}/receipt")
    assert page.status_code == 200
    assert f"{browser.base}/receipt.zip" in page.text
    assert "python3 -I check.py" in page.text
    assert f"{browser.base}/receipt" in browser.get(browser.base).text
    found = json.loads(browser.get(f"{browser.base}/receipt", Accept="application/json").text)
    assert found["checkpoint"]["leaf"]["plan"] == world.plan_id


def test_a_receipt_is_for_nobody_but_those_with_a_part_in_the_plan(world: World) -> None:
    for path in ("/receipt", "/receipt.zip"):
        assert world.client("stranger").get(f"/plans/{world.plan_id}{path}").status_code == 404
        assert world.client("").get(f"/plans/{world.plan_id}{path}").status_code == 303
    assert world.client("parent").get(f"/plans/{world.plan_id}/receipt.zip?checkpoint=x").status_code == 422


def test_the_download_is_named_for_its_day_and_not_for_the_child(world: World) -> None:
    browser = world.client("parent")
    answer = browser.get(f"{browser.base}/receipt.zip")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="receipt-{now().today}.zip"'
    assert answer.mimetype == "application/zip"


def test_anybody_may_see_the_checkpoints_and_take_the_program(world: World) -> None:
    made = make_checkpoint(world)
    nobody = world.client("")
    page = nobody.get("/checkpoints")
    assert page.status_code == 200
    assert fingerprint() in page.text.replace(" ", "")
    assert made.key in page.text.replace(" ", "")
    assert "Amira" not in page.text
    assert world.plan_id not in page.text
    found = json.loads(nobody.get("/checkpoints", Accept="application/json").text)
    assert found["checkpoints"][0] == made.facts
    assert found["check_py"] == fingerprint()
