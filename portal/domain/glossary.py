"""The words of the field, each with what it means in plain ones, and where a text uses them."""
# ruff: noqa: E501  (sentences that people read stand on one line)

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Word:
    """A word with its meaning; `forms` are the other ways it is written, such as its plural."""

    word: str
    means: str
    forms: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What its place on the page of words is called: "annual-review"."""
        return re.sub(r"[^a-z0-9]+", "-", self.word.lower()).strip("-")


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `word` is what it uses, or None."""

    text: str
    word: Word | None = None


GLOSSARY: tuple[Word, ...] = (
    Word("advice", "What somebody who knows or has assessed the child wrote for this plan. It is kept in section K."),
    Word("advocate", "Somebody who speaks up for the child or the family, and is on nobody else’s side.", ("advocates",)),
    Word("amendment", "A change to a final plan. The family is sent the new words first and has time to answer.", ("amendments", "amended plan")),
    Word("annual review", "A meeting at least once a year to ask what has changed and whether the plan is still right.", ("annual reviews",)),
    Word("appeal", "Asking the Tribunal to change what the council decided. It costs nothing.", ("appeals",)),
    Word("aspirations", "What the child and the family hope for in life. They need not be realistic.", ("aspiration",)),
    Word("Care Act", "The law on social care for adults, in England, from 2014."),
    Word("Chronically Sick and Disabled Persons Act 1970", "The law that says which help at home and outside it a council must give to a disabled child. It is what section H1 is about."),
    Word("Code of Practice", "The government’s guidance on special educational needs. Councils, schools and the NHS must follow it unless they have a good reason.", ("SEND Code",)),
    Word("consent", "Saying yes, freely and knowing what to. It can be taken back."),
    Word("court order", "A judge’s decision that has to be kept to.", ("court’s order", "court orders")),
    Word("Designated Clinical Officer", "The person in the NHS who makes sure that health does its part in plans, and who signs the health sections.", ("DCO",)),
    Word("Designated Social Care Officer", "The person in social care who makes sure that social care does its part in plans, and who signs those sections.", ("DSCO",)),
    Word("direct payment", "Money that the council pays to the family, so that they buy agreed help themselves.", ("direct payments",)),
    Word("draft", "The plan as the council proposes it. The family reads it and answers before it becomes final.", ("draft plan", "drafts")),
    Word("Education, Health and Care plan", "A legal document for a child or young person who needs more help to learn than a school usually gives. It says what they need, what should change, and the help they must get.", ("EHC plan", "EHCP")),
    Word("educational psychologist", "Somebody trained in how children learn and feel, who finds out what makes learning hard and what helps.", ("educational psychologists", "educational psychology")),
    Word("final plan", "The plan once the council has issued it. From then on its provision must be given.", ("final plans",)),
    Word("half term", "Half of a school term: about six weeks.", ("half terms",)),
    Word("Integrated Care Board", "The part of the NHS that plans and pays for health care in an area.", ("ICB",)),
    Word("key stage", "A stretch of school years, such as Years 3 to 6 (Key Stage 2).", ("key stages",)),
    Word("local authority", "The council, which answers for the plan.", ("local authorities",)),
    Word("mainstream", "A school or college for everybody, not only for children with special needs."),
    Word("mediation", "A talk between the family and the council with somebody neutral, to settle a disagreement."),
    Word("need", "What makes something harder for this child than for others of the same age.", ("needs",)),
    Word("occupational therapist", "Somebody who helps with everyday things such as dressing, writing, eating and playing.", ("occupational therapists", "occupational therapy")),
    Word("outcome", "What will be different for the child by a certain time, such as “tells a joke to a friend”. It is not a service.", ("outcomes",)),
    Word("personal budget", "Money set aside for some of the help in a plan, which the family can have a say in spending.", ("personal budgets",)),
    Word("physiotherapist", "Somebody who helps with moving, strength and balance.", ("physiotherapists", "physiotherapy")),
    Word("placement", "The school or college that the child goes to.", ("placements",)),
    Word("preparing for adulthood", "Getting ready for work, a home, friends and health as a grown-up. It is part of every plan from Year 9."),
    Word("provision", "The help that is given: what, by whom, how often and for how long."),
    Word("ratio", "How many adults there are for how many children, such as one to one.", ("ratios",)),
    Word("SEND", "Special educational needs and disability."),
    Word("SENDIASS", "A free service in each area that gives families information and advice, and is independent of the council."),
    Word("SENCO", "The teacher in a school who sees to it that children with special educational needs get their help.", ("SENCOs", "special educational needs co-ordinator")),
    Word("SEN caseworker", "The person at the council who writes the plan and whom the family can ask.", ("caseworker", "caseworkers", "SEN caseworkers")),
    Word("short break", "Time away for the child, or a rest for those who care for them, by the hour, the day or overnight.", ("short breaks",)),
    Word("sign off", "To say with your name that exactly these words are right. If a word is changed later, it no longer counts.", ("sign-off", "sign-offs", "signed off")),
    Word("social worker", "Somebody who helps a family to keep a child safe and well, at home and outside it.", ("social workers",)),
    Word("special educational needs", "Difficulties that make it harder to learn than for others of the same age, so that other help is called for.", ("SEN", "special educational need")),
    Word("special educational provision", "Help with learning beyond what schools usually give. The council must make sure that what section F says happens."),
    Word("special school", "A school only for children with special educational needs.", ("special schools",)),
    Word("speech and language therapist", "Somebody who helps with talking, understanding and sometimes eating.", ("speech and language therapists", "speech and language therapy", "speech therapy")),
    Word("statutory", "Set down in law, so that it must be done."),
    Word("teaching assistant", "Somebody who helps children in class, beside the teacher.", ("teaching assistants",)),
    Word("transition", "Moving on: to a new school, to college or to being an adult.", ("transitions",)),
    Word("Tribunal", "Independent judges who decide when a family and a council disagree about a plan.", ("First-tier Tribunal",)),
    Word("young person", "Somebody over compulsory school age: from the end of June in the school year in which they turn 16. They decide about their plan themselves."),
)  # fmt: skip

BY_KEY = {each.key: each for each in GLOSSARY}
# Initials are words only as they are written; "sen" and "send" mean something else.
_FORMS = {form if form.isupper() else form.lower(): each for each in GLOSSARY for form in (each.word, *each.forms)}


def _any_of(forms: Iterable[str]) -> str:
    """A pattern for any of these, the longest first, by their first letters: most words begin none of them."""
    words: dict[str, list[str]] = {}
    for form in sorted(forms, key=len, reverse=True):
        first = form[0] if form.isupper() else f"[{form[0].lower()}{form[0].upper()}]"
        words.setdefault(first, []).append(re.escape(form[1:]) if form.isupper() else f"(?i:{re.escape(form[1:])})")
    # What is longer than some initials begins with them, and stands before them.
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in sorted(words.items(), reverse=True))


_ALL = {form for each in GLOSSARY for form in (each.word, *each.forms)}
_ANY = re.compile(rf"(?<![\w-])(?:{_any_of(_ALL)})(?![\w-])")


def pieces(text: str) -> tuple[Piece, ...]:
    """The text cut where it uses a word of the glossary; joined, the pieces are the text."""
    found, at = [], 0
    for each in _ANY.finditer(text):
        if each.start() > at:
            found.append(Piece(text[at : each.start()]))
        found.append(Piece(each.group(), _word(each.group())))
        at = each.end()
    return (*found, Piece(text[at:])) if at < len(text) else tuple(found)


def used_in(texts: Iterable[str]) -> tuple[Word, ...]:
    """The words that any of these texts uses, each once, by the alphabet."""
    keys = frozenset[str]().union(*(_keys_in(each) for each in texts))
    return tuple(each for each in alphabetical() if each.key in keys)


@lru_cache(5000)
def _keys_in(text: str) -> frozenset[str]:
    """A section is shown again and again, and few of its texts are new."""
    return frozenset(piece.word.key for piece in pieces(text) if piece.word)


def alphabetical() -> tuple[Word, ...]:
    return tuple(sorted(GLOSSARY, key=lambda each: each.word.lower()))


def _word(written: str) -> Word:
    return _FORMS.get(written) or _FORMS[written.lower()]
