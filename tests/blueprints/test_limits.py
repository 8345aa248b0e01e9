"""Everything that may be written is taken, up to its very last character."""

import pytest

from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.standard import FieldKind
from tests.world import World

WRITERS = dict.fromkeys("BEFIJK", "caseworker") | dict.fromkeys("CG", "therapist") | {"A": "parent"}
WRITERS |= dict.fromkeys(("D", "H1", "H2"), "social_worker")
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
WORDS = (FieldKind.TEXT, FieldKind.LINE)


@pytest.fixture(scope="module")
def finalising(shared: World) -> World:
    """A plan in the one state in which every section may be written."""
    shared.to_finalising()
    return shared


@pytest.mark.parametrize("letter", WRITERS)
def test_every_field_takes_exactly_as_much_as_it_says(finalising: World, letter: str) -> None:
    browser = finalising.client(WRITERS[letter])
    for group in EHC_PLAN.section(letter).groups:
        if group.holds_files:  # added by a form of its own: test_media.py
            continue
        full = {each.name: "é" * each.limit for each in group.fields if each.kind in WORDS}
        choices = {each.name: each.choices[-1][0] for each in group.fields if each.kind is FieldKind.CHOICE}
        answer = browser.save(letter, group.name, "new" if group.repeats else group.name, None, **full, **choices)
        assert answer.status_code == 303, group.name
        saved = finalising.plan().sections[letter].content.in_group(group.name)[-1]
        assert {name: saved.text(name) for name in full} == full


def test_what_is_counted_is_what_is_kept(finalising: World) -> None:
    browser = finalising.client("parent")
    spaced = "  \r\n" + "x" * 5999 + "   \r\n\r\n\r\n"
    assert browser.save("A", "support", "support", words=spaced).status_code == 303
    combined = "e\u0301" * 6000
    assert browser.save("A", "also", "also", words=combined).status_code == 303
    kept = finalising.plan().sections["A"].content
    support, also = kept.item("support"), kept.item("also")
    assert support is not None
    assert also is not None
    assert (support.text("words"), also.text("words")) == ("x" * 5999, "é" * 6000)


@pytest.mark.parametrize(
    "words",
    [
        "שלום, אני אוהבת חתולים",
        "أحب القطط",
        "猫が好きです",
        "👩‍👧 🏳️‍🌈 ♿️",
        "Ń̴̛̦ö̷́",
        "“quotes” – dashes — and … dots",
        "a\u200bb\u200ec\u200fd",
        "$where: {a.b} [c] \\ / % & = +",
        "- one\n- two\n\nthree",
        "Null None undefined NaN",
    ],
)
def test_what_families_write_is_kept_as_they_wrote_it(finalising: World, words: str) -> None:
    assert finalising.client("parent").save("A", "also", "also", words=words).status_code == 303
    item = finalising.plan().sections["A"].content.item("also")
    assert item is not None
    assert item.text("words") == words
    answer = finalising.client("parent").get(f"/plans/{finalising.plan_id}/sections/A", Accept="application/json").json
    assert answer is not None
    assert words in [each["fields"].get("words") for each in answer["items"]]


ESCAPED = [b"%ED%A0%80", b"%C3%28", b"%FF%FE", b"%F4%90%80%80", b"%C0%AF", b"%E2%82"]
RAW = [b"\xed\xa0\x80", b"\xff\xfe", b"\xc3(", b"\xc0\xaf"]


def test_what_is_not_utf_8_is_refused_and_never_saved_as_something_that_nobody_typed(world: World) -> None:
    browser = world.client("parent")
    path, token = f"{browser.base}/sections/A/items/people/people", browser.token.encode()
    part = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    took = {}
    for broken in ESCAPED + RAW:
        revision = str(world.plan().sections["A"].revision).encode()
        whole = part % (b"revision", revision) + part % (b"csrf_token", token) + part % (b"words", broken) + b"--b--"
        plain = b"revision=" + revision + b"&csrf_token=" + token + b"&words=My " + broken
        for body, kind in ((plain, FORM), (whole, PARTS)) if broken in RAW else ((plain, FORM),):
            answer = browser.http.post(path, data=body, content_type=kind, headers={"X-CSRF-Token": browser.token})
            if not 400 <= answer.status_code < 500:
                took[broken, kind] = answer.status_code
    assert took == {}
    assert world.plan().sections["A"].revision == 0
