"""An edit and a sign-off of one section race: no sign-off ever stands on a text that it was not given for."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.at_once import at_once
from tests.faults.caller import Caller, signed_on
from tests.faults.checker import check
from tests.faults.ground import Ground
from tests.faults.history import Result
from tests.faults.kept import record_of, token_of
from tests.faults.outcome import Outcome, say, together
from tests.faults.signatures import SIGNED, Standing, Words, wrong_sign_offs
from tests.faults.writers import Writer, begin

SIDE_BY_SIDE = 2  # plans raced on at once
LATE_EVERY = 4  # then the edit comes from an old page: it is refused, and the sign-off goes on standing
SAY_EVERY = 500
HTML = {"Accept": "text/html"}
TAKEN, MOVED_ON, AWAY = 303, 409, 503
REVISION, HASH = re.compile(r'name="revision" value="(\d+)"'), re.compile(r'name="text_hash" value="([0-9a-f]{64})"')
TO_SIGN = re.compile(r'<section [^>]*aria-labelledby="text">(.*?)</section>', re.DOTALL)
TOKEN = re.compile(r"\b[0-9a-z]{20}\b")


@dataclass
class Race:
    """One plan, who writes and who signs in it, and what the signer's page said each time."""

    writer: Writer
    signer: Caller
    pages: set[Words] = field(default_factory=set)
    standing: list[Standing] = field(default_factory=list)
    taken: int = 0
    unknown: int = 0  # answered that the database is away: it may have been taken all the same
    findings: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"{self.writer.section.path}/sign-off"

    def run(self, times: int) -> None:
        for number in range(1, times + 1):
            if self._once(late=number % LATE_EVERY == 0):  # what stands is not signed again
                self.writer.look()
                self.writer.save()
            if number % SAY_EVERY == 0:
                say(f"{number} races in one plan")

    def _once(self, late: bool) -> bool:
        """Read the page to sign, then edit and sign at the same moment, then see whether anything stands."""
        page, answers = self._page(), list[int]()
        self.writer.base = page.revision - late

        def sign() -> None:
            reply = self.signer.post(self.path, {"revision": page.revision, "text_hash": page.hash}, HTML)
            answers.append(reply.status if reply else 0)

        self.findings += [repr(each) for each in at_once(self.writer.save, sign)]
        taken, edited = answers == [TAKEN], self.writer.notes.saves[-1].result is Result.ACCEPTED
        unknown = answers == [AWAY]
        self.taken += taken
        self.unknown += unknown
        stands = self._stands()
        wrong = stands and edited if unknown else stands != (taken and not edited)
        if edited is late or not (taken or unknown or answers == [MOVED_ON]) or wrong:
            self.findings.append(f"an edit ({edited}) and a sign-off ({answers}), which stands ({stands})")
        return stands

    def _page(self) -> Words:
        """The page as the signer has it: the words on it, and what the form will say they are."""
        reply = self.signer.get(self.path, **HTML)
        assert reply is not None
        revision, text_hash = REVISION.findall(reply.text), HASH.findall(reply.text)
        (token,) = set(TOKEN.findall("".join(TO_SIGN.findall(reply.text))))
        page = Words(int(revision[0]), text_hash[0], token)
        self.pages.add(page)
        return page

    def _stands(self) -> bool:
        """Whether the plan counts a sign-off as standing; each is noted with the words that the section has."""
        reply = self.signer.get(self.writer.section.path)
        assert reply is not None
        section = reply.json
        now = Words(section["revision"], section["hash"], token_of(self.writer.section.letter, section["items"]))
        self.standing += [Standing(each["revision"], each["hash"], now) for each in section["signed"]]
        return bool(section["signed"])


def run(ground: Ground, races: int) -> Outcome:
    """So many races, shared between plans that do not know of one another."""
    running = []
    for _ in range(SIDE_BY_SIDE):
        world = ground.world()
        _, writer = begin(world, "B", ground.ports)
        running.append(Race(writer, signed_on(world, "manager", ground.ports[::-1])))
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        list(pool.map(Race.run, running, [races // SIDE_BY_SIDE] * SIDE_BY_SIDE))
    say(f"{races} races of edit against sign-off")
    return together(_outcome(ground, each) for each in running)


def _outcome(ground: Ground, race: Race) -> Outcome:
    section, record = race.writer.section, record_of(ground.root, race.writer.section.plan)
    wrong = list(wrong_sign_offs(race.pages, race.standing, record, section.name))
    findings = [*race.findings, *wrong, *(str(each) for each in check(race.writer.notes.history, [record]))]
    kept = sum(1 for each in record.chain if each.kind == SIGNED)
    if not race.taken <= kept <= race.taken + race.unknown:
        findings.append(f"{race.taken} sign-offs were taken, {race.unknown} may have been, and {kept} are kept")
    return Outcome({"wrong_hash_sign_offs": len(wrong)}, findings)
