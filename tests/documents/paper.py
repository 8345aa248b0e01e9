"""A small plan issued in memory, and its PDF read back by programs that had no part in making it."""

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from portal.documents.pdf import make_pdf
from portal.domain import issue
from portal.domain.actor import WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.content import Content, Mark, Slot, blank_item, content_hash, new_salt
from portal.domain.decision import Version
from portal.domain.hashing import Value
from portal.domain.moment import Moment
from portal.domain.plan import Child, Plan, SignOff, blank_plan
from portal.domain.standard import Needed
from portal.domain.state import PlanState, VersionKind

ISSUED = datetime(2027, 3, 3, 14, 0, tzinfo=UTC)
SIGNED = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
HEAD = bytes.fromhex("0123456789ab") + bytes(26)
CHILD = Child(
    "Amira Rahman",
    "Amira",
    "she",
    date(2016, 6, 14),
    "9991706216",
    "P801417314062",
    "12 Larch Street",
    school="Elm Road",
)
GRANT = Grant(
    "maria", "Maria Silva", "council", "Northmere Council SEN team", Role.SEN_MANAGER, "nmr", WHOLE_CASELOAD, SIGNED
)
MANAGER = Actor("maria", "Maria Silva", "https://council.example", "maria", (GRANT,))


def written(plan: Plan, letter: str, group: str, item_id: str, **values: Value) -> Plan:
    """The plan with one item saved, as an edit would leave it."""
    standard, head = plan.section(letter)
    item = head.content.item(item_id) or blank_item(standard.group(group), item_id)
    slots = {name: Slot(values.get(name, slot.value), new_salt()) for name, slot in item.slots.items()}
    by = Mark("nadia", "Nadia Rahman", "family", SIGNED)
    content = head.content.with_item(replace(item, slots=slots, changed=by))
    return plan.with_section(letter, content=content, revision=head.revision + 1, hash=content_hash(letter, content))


def signed(plan: Plan, but: str = "") -> Plan:
    for standard in plan.standard.sections:
        if standard.needed in (Needed.SIGNED, Needed.AGREED) and standard.letter not in but.split():
            head = plan.sections[standard.letter]
            by = Mark("jo", f"Jo Mensah {standard.letter}", "icb", SIGNED)
            sign_off = SignOff(by, "Northmere Integrated Care Board", head.revision, head.hash, standard.statement)
            plan = plan.with_section(standard.letter, sign_offs=(sign_off,))
    return plan


def small_plan() -> Plan:
    plan = blank_plan("nmr-7k2q9fabcdef0123", "nmr", "Northmere Council", CHILD)
    plan = written(plan, "A", "most-important", "most-important", words="My cat Biscuit.", told="With picture cards")
    plan = written(plan, "A", "aspirations", "hope1", hope="I want to be understood.", whose="child")
    plan = written(plan, "B", "needs", "need1", area="communication", need="Being understood", effect="Is not heard.")
    plan = written(plan, "E", "outcomes", "outcome1", what="Amira tells a friend a story.", needs=["need1"])
    amount = {"minutes": "45", "how_often": "every week", "ratio": "one to one", "how_long": "all year"}
    links: dict[str, Value] = {"needs": ["need1"], "outcomes": ["outcome1"]}
    plan = written(plan, "F", "provision", "row1", what="Speech therapy.", who="A therapist", amount=amount, **links)
    return written(plan, "G", "provision", "row2", what="Physiotherapy at home.")


def issued(
    plan: Plan, kind: VersionKind, reasons: Mapping[str, str] | None = None
) -> tuple[Version, dict[str, Content]]:
    if kind is VersionKind.FINAL:
        plan = written(plan, "I", "placement", "placement", name="Hartwell Academy", type="Mainstream academy")
    state = PlanState.FINALISING if kind is VersionKind.FINAL else PlanState.DRAFTING
    decision = issue.issue(replace(plan, state=state), MANAGER, kind, reasons or {}, Moment(ISSUED, ISSUED))
    assert decision.version
    return replace(decision.version, head=HEAD), {letter: head.content for letter, head in plan.sections.items()}


def pdf_of(plan: Plan, kind: VersionKind = VersionKind.FINAL, reasons: Mapping[str, str] | None = None) -> bytes:
    return make_pdf(plan.id, plan.standard, *issued(plan, kind, reasons))


def poppler(command: str, *options: str, pdf: bytes) -> str:
    return subprocess.run([command, *options], input=pdf, capture_output=True, check=True).stdout.decode()


def text_of(pdf: bytes) -> str:
    """All its words with single spaces, so that where a line ends does not matter."""
    return " ".join(poppler("pdftotext", "-", "-", pdf=pdf).split())


def tagged(pdf: bytes, tag: str) -> list[str]:
    """The text inside each structure element of that kind, in reading order."""
    found: list[str] = []
    depth = -1
    for line in poppler("pdfinfo", "-struct-text", "-", pdf=pdf).splitlines():
        indent, said = len(line) - len(line.lstrip()), line.strip()
        if said.split()[:1] == [tag]:
            depth = indent
            found.append("")
        elif indent <= depth:
            depth = -1
        elif depth >= 0 and said.startswith('"'):
            found[-1] += said.strip('"')
    return [" ".join(each.split()) for each in found]
