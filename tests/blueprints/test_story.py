"""One plan from the first words to the final, by plain HTTP alone: six people, each with their own browser."""

from portal.domain.state import PlanState
from tests.blueprints.page import Page, SentForm
from tests.world import Browser, World

AMIRA = "Biscuit, my cat\n\n- swings\n- my brother’s jokes"


class Person:
    """Somebody with a browser, who opens pages, presses buttons and reads what comes."""

    def __init__(self, world: World, key: str) -> None:
        self.browser: Browser = world.client(key)

    def opens(self, path: str) -> Page:
        answer = self.browser.get(self.browser.base + path)
        assert answer.status_code == 200, path
        return Page(answer)

    def presses(self, form: SentForm, /, **typed: str | list[str]) -> Page:
        """Send the form as the page gave it, with some of it typed, and follow where it leads."""
        answer = self.browser.post(form.action, form.filled(**typed))
        assert answer.status_code == 303, Page(answer).words
        return Page(self.browser.get(answer.headers["Location"].split("#")[0]))

    def writes(self, letter: str, group: str, item: str = "new", /, **typed: str | list[str]) -> Page:
        return self.presses(self.opens(f"/sections/{letter}/items/{group}/{item}").form("Save"), **typed)

    def signs(self, letter: str) -> Page:
        verb = "Agree" if letter == "A" else "Sign"
        return self.presses(self.opens(f"/sections/{letter}/sign-off").form(f"{verb} section {letter}"))


def ids(world: World, letter: str, group: str) -> list[str]:
    return [each.id for each in world.plan().sections[letter].content.in_group(group)]


def test_a_parent_writes_about_the_child_and_sees_the_words_with_name_and_time(world: World) -> None:
    nadia = Person(world, "parent")
    turn = nadia.opens("").soup.select_one(".gt-turn__do a")
    assert turn is not None
    assert str(turn["href"]) == f"{nadia.browser.base}/sections/A"
    page = nadia.writes("A", "most-important", "most-important", words=AMIRA, told="At breakfast, with pictures")
    own = page.soup.select_one("#item-most-important")
    assert own is not None
    said = Page(str(own))
    assert said.said_in("blockquote p") == ["Biscuit, my cat"]
    assert said.said_in("blockquote li") == ["swings", "my brother’s jokes"]
    assert "At breakfast, with pictures" in said.words
    assert "Nadia Rahman , today at" in said.words
    assert any("Nadia Rahman" in each and "today at" in each for each in nadia.opens("").said_in(".gt-row"))


def test_a_therapist_writes_health_needs_and_provision_and_hands_them_over(world: World) -> None:
    ben = Person(world, "therapist")
    page = ben.writes("C", "needs", need="A hip that tires", effect="It aches after a short walk.")
    assert page.said_in(".gt-item__number")[0].startswith("C1")
    need = ids(world, "C", "needs")
    page = ben.writes("G", "provision", what="Physiotherapy at school", needs=["", *need], **{"amount.minutes": "30"})
    assert "Physiotherapy at school" in page.words
    assert "30 minutes" in page.words
    assert "A hip that tires" in " ".join(page.said_in(".gt-chip"))
    for letter in ("C", "G"):
        page = ben.presses(ben.opens(f"/sections/{letter}").form("Say that it is ready to sign"))
        assert "Ready to sign" in page.words
    assert "sign sections C and G" in Person(world, "dco").opens("").words


def test_a_clinical_officer_sees_what_changed_since_they_signed_and_signs_again(world: World) -> None:
    ben, jo = Person(world, "therapist"), Person(world, "dco")
    ben.writes("C", "needs", need="A hip that tires", effect="It aches after a short walk.")
    assert "Signed so far: 1 of 8" in jo.signs("C").words
    [need] = ids(world, "C", "needs")
    ben.writes("C", "needs", need, effect="It aches after a long walk.")
    assert "health needs (section C) changed since signing" in jo.opens("").said_in(".gt-turn__what")[0]
    page = jo.opens("/sections/C/sign-off")
    assert (page.said_in("del"), page.said_in("ins")) == (["taken out: short"], ["added: long"])
    assert "Signed so far: 1 of 8" in jo.signs("C").words
    assert [each.by.name for each in world.plan().sections["C"].standing] == ["Jo Mensah"]


def test_a_social_worker_writes_and_signs_the_care_sections_and_sees_no_health(world: World) -> None:
    lee = Person(world, "social_worker")
    Person(world, "therapist").writes("C", "needs", need="A hip that tires", effect="It aches.")
    lee.writes("D", "needs", need="Sleep", effect="She wakes four times a night.")
    need = ids(world, "D", "needs")
    lee.writes("H1", "provision", type="short-breaks", what="A Saturday club", needs=["", *need])
    lee.writes("H2", "provision", what="Two overnight stays a month", needs=["", *need])
    for letter in ("D", "H1", "H2"):
        page = lee.signs(letter)
    assert "Signed so far: 3 of 8" in page.words
    for path in ("", "/sections/C", "/history"):
        assert "A hip that tires" not in lee.opens(path).html


def test_a_senco_reads_what_a_school_may_and_writes_down_the_childs_own_words(world: World) -> None:
    world.write_a_little()
    anita = Person(world, "senco")
    for letter, words in (("B", "Being understood"), ("E", "She tells a friend a story"), ("F", "Speech therapy")):
        assert words in anita.opens(f"/sections/{letter}").words
    for letter in ("C", "G"):
        assert "These words come to you with the final plan." in anita.opens(f"/sections/{letter}").words
    page = anita.writes("A", "people", "people", words="Miss Patel and my brother", told="With picture cards")
    assert "Miss Patel and my brother" in page.words
    assert "Change" not in " ".join(anita.opens("/sections/B").said_in(".gt-item__acts"))


def write_everything(world: World) -> None:
    """All of it by the people whose it is, through their own pages."""
    nadia, chris = Person(world, "parent"), Person(world, "caseworker")
    nadia.writes("A", "aspirations", hope="That friends understand her", whose="child")
    chris.writes("B", "needs", area="communication", need="Being understood", effect="Strangers do not follow her.")
    chris.writes(
        "E",
        "outcomes",
        what="She tells a friend a story",
        needs=["", *ids(world, "B", "needs")],
        aspirations=["", *ids(world, "A", "aspirations")],
    )
    links: dict[str, str | list[str]] = {"needs": ["", *ids(world, "B", "needs")]}
    links["outcomes"] = ["", *ids(world, "E", "outcomes")]
    amount: dict[str, str | list[str]] = {"amount.minutes": "45", "amount.how_often": "every week"}
    page = chris.writes("F", "provision", what="Speech therapy", who="A speech therapist", **links, **amount)
    assert "every week, 45 minutes." in page.words.replace(" ,", ",").replace(" .", ".")
    Person(world, "therapist").writes("G", "provision", what="Physiotherapy at school", **links)


def test_a_plan_goes_from_the_first_words_to_the_final(world: World) -> None:
    write_everything(world)
    maria, nadia, chris = Person(world, "manager"), Person(world, "parent"), Person(world, "caseworker")
    for key, letters in {"parent": "A", "manager": "BEF", "dco": "CG"}.items():
        for letter in letters:
            Person(world, key).signs(letter)
    lee = Person(world, "social_worker")
    for letter in ("D", "H1", "H2"):
        lee.signs(letter)
    assert "issue the draft" in maria.opens("").said_in(".gt-turn__what")[0]
    draft = maria.presses(maria.opens("/issue").form("Issue the draft plan"))
    assert "Draft plan, version 1" in draft.words
    assert "say what you think of the draft by" in nadia.opens("").said_in(".gt-turn__what")[0]
    assert "Speech therapy" in nadia.opens("/sections/F").words
    answer = "We agree. Please name Elm Road."
    nadia.presses(nadia.opens("/answer").form("Send to the council"), words=answer)
    assert answer in chris.opens("/issue").words
    chris.presses(chris.opens("/issue").form("Open section I"))
    chris.writes("I", "placement", "placement", name="Elm Road Primary School", type="Mainstream primary")
    assert "check and issue the final plan" in maria.opens("").said_in(".gt-turn__what")[0]
    final = maria.presses(maria.opens("/issue").form("Issue the final plan"))
    assert "Final plan, version 2" in final.words
    assert world.plan().state is PlanState.FINAL
    for key in ("parent", "senco", "social_worker", "dco"):
        read = Person(world, key).opens("/versions/2")
        for words in ("Elm Road Primary School", "Speech therapy", "Physiotherapy at school", "Being understood"):
            assert words in read.words, key
    assert world.client("caseworker").save("F", "provision", "new", what="More").status_code == 409
    assert "This plan is in force." in nadia.opens("").words


def test_after_the_final_all_about_me_goes_on_and_the_final_stays_as_it_was(world: World) -> None:
    world.write_a_little()
    world.to_finalising()
    maria = Person(world, "manager")
    maria.presses(maria.opens("/issue").form("Issue the final plan"))
    Person(world, "parent").writes("A", "people", "people", words="A new baby sister")
    assert "A new baby sister" not in maria.opens("/versions/2").words
    assert "A new baby sister" in Person(world, "parent").opens("/sections/A").words
