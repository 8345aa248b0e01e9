"""The Education, Health and Care plan as a plan standard: sections A to K (SEND Regs 2014 reg 12, CFA 2014 s37)."""
# ruff: noqa: E501  (sentences that people read stand on one line)

from portal.domain.agency import AgencyKind
from portal.domain.standard import Field, FieldKind, Group, Needed, PlanStandard, SectionStandard, Voice
from portal.domain.state import ALWAYS_BUT_CEASED, PLACEMENT_OPEN

AREAS = (
    ("communication", "Communication and interaction"),
    ("cognition", "Cognition and learning"),
    ("semh", "Social, emotional and mental health"),
    ("sensory", "Sensory and physical"),
)

# Chronically Sick and Disabled Persons Act 1970 s2: the closed list of section H1.
H1_KINDS = (
    ("home-help", "Help in the home"),
    ("recreation", "Recreation or education facilities"),
    ("travel", "Travel to those facilities"),
    ("adaptations", "Adaptations to the home"),
    ("holidays", "Holidays"),
    ("meals", "Meals"),
    ("equipment", "Telephone or special equipment"),
    ("short-breaks", "Short breaks without an overnight stay"),
)

# SEND Regs 2014 reg 6(1)(a) to (h).
ADVICE_KINDS = (
    ("a", "The child's parent or the young person"),
    ("b", "Education: head teacher or principal"),
    ("c", "Health"),
    ("d", "Educational psychology"),
    ("e", "Social care"),
    ("f", "Anyone else the council thinks right"),
    ("g", "Preparing for adulthood"),
    ("h", "Anyone the family asked for"),
)


def _about(name: str, title: str, hint: str) -> Group:
    told = Field("told", "How these words were gathered", FieldKind.LINE, "Who helped, how, and when", limit=300)
    return Group(name, title, (Field("words", title, hint=hint), told), voice=Voice.CHILD)


PICTURED = (
    ("me", "Me: for the top of my page"),
    ("most-important", "What is most important to me"),
    ("people", "People who are important to me"),
    ("communication", "How I communicate"),
    ("wellness", "My wellness"),
    ("do-and-dont", "Please do and please don't"),
    ("support", "How and when to support me"),
    ("hopes", "What I hope for"),
)

# The headings of the PRSB About Me standard, then what section A needs beyond it.
ALL_ABOUT_ME = (
    _about("most-important", "What is most important to me", "People, animals, places, things to do"),
    _about("people", "People who are important to me", "Family, friends, who helps me"),
    _about("communication", "How I communicate and how to communicate with me", "Words, signs, pictures, languages"),
    _about("wellness", "My wellness", "How I am on a good day and a bad day, and what to look for"),
    Group(
        "do-and-dont",
        "Please do and please don't",
        (
            Field("do", "Please do", hint="Begin each with a dash to make a list"),
            Field("dont", "Please don't", hint="Begin each with a dash to make a list"),
            Field("told", "How these words were gathered", FieldKind.LINE, "Who helped, how, and when", limit=300),
        ),
        voice=Voice.CHILD,
    ),
    _about("support", "How and when to support me", "What I can do alone, what I need help with"),
    _about("also", "Also worth knowing about me", "Anything else"),
    Group(
        "admired",
        "What people like and admire about me",
        (
            Field("words", "What they like and admire", hint="In a sentence", limit=400, required=True),
            Field("told", "Who says so", FieldKind.LINE, limit=300),
        ),
        repeats=True,
        voice=Voice.CHILD,
        noun="thing that people like",
    ),
    Group(
        "pictures",
        "Pictures, sounds and films",
        (
            Field(
                "alt",
                "What it shows",
                hint="In a sentence, for somebody who can't see it",
                limit=500,
                required=True,
            ),
            Field("shows", "Where it belongs", FieldKind.CHOICE, choices=PICTURED),
            Field("transcript", "What is said and heard in it", hint="For a sound or a film, word for word"),
            Field("told", "How it was made", FieldKind.LINE, "Who drew, said or filmed it, and when", limit=300),
            Field("file", "The file", FieldKind.FILE, required=True),
        ),
        repeats=True,
        voice=Voice.CHILD,
        noun="picture, sound or film",
    ),
    Group(
        "aspirations",
        "What we hope for",
        (
            Field("hope", "The hope, in one sentence", hint="It need not be realistic", limit=400, required=True),
            Field(
                "whose",
                "Whose hope is it?",
                FieldKind.CHOICE,
                choices=(("child", "The child or young person"), ("parents", "The parents")),
            ),
            Field("more", "More about it", limit=2000),
        ),
        repeats=True,
        prefix="A",
        voice=Voice.FAMILY,
        noun="hope",
    ),
    Group(
        "parent-views",
        "What each parent says",
        (Field("views", "In your own words", hint="Only you can change what you write here", required=True),),
        repeats=True,
        voice=Voice.PARENT,
        own_items=True,
        noun="view",
    ),
    Group(
        "history",
        "The story so far",
        (Field("words", "The story so far", hint="Early years, schools, what was tried"),),
        voice=Voice.FAMILY,
    ),
)


def _needs(prefix: str, *extra: Field) -> Group:
    fields = (
        *extra,
        Field("need", "The need, in a few words", FieldKind.LINE, limit=200, required=True),
        Field("effect", "What it means from day to day", hint="Describe the difficulty, not only a diagnosis"),
    )
    return Group("needs", "Needs", fields, repeats=True, prefix=prefix, noun="need", says="need")


AREA = Field("area", "Area of need", FieldKind.CHOICE, choices=AREAS, required=True)
STRENGTHS = Field("strengths", "Strengths to build on", limit=2000)
ALL_NEEDS = ("B.needs", "C.needs", "D.needs")


def _provision(prefix: str, *extra: Field) -> Group:
    fields = (
        *extra,
        Field("what", "What happens", limit=2000, required=True),
        Field("who", "Who does it", FieldKind.LINE, "Role, qualification and training", limit=300),
        Field("amount", "How much", FieldKind.AMOUNT, limit=200),
        Field("where", "Where", FieldKind.LINE, limit=200),
        Field("reviewed_by", "Who checks that it works, and when", FieldKind.LINE, limit=300),
        Field("needs", "Which needs it meets", FieldKind.LINKS, links_to=ALL_NEEDS),
        Field("outcomes", "Which outcomes it serves", FieldKind.LINKS, links_to=("E.outcomes",)),
    )
    return Group("provision", "Provision", fields, repeats=True, prefix=prefix, noun="provision", says="what")


OUTCOMES = Group(
    "outcomes",
    "Outcomes",
    (
        Field("what", "What will be different", hint="A difference for the child, not a service", required=True),
        Field("now", "Where things are now", limit=1000),
        Field("measure", "How we will know", limit=1000),
        Field("by_when", "By when", FieldKind.LINE, limit=120),
        Field("needs", "Which needs it grows from", FieldKind.LINKS, links_to=ALL_NEEDS),
        Field("aspirations", "Which hopes it works towards", FieldKind.LINKS, links_to=("A.aspirations",)),
    ),
    repeats=True,
    prefix="E",
    noun="outcome",
)

PLACEMENT = Group(
    "placement",
    "School or college",
    (
        Field("name", "Name of the school or college", FieldKind.LINE, limit=200),
        Field("type", "Type of school or college", FieldKind.LINE, limit=200),
    ),
)

BUDGET = Group(
    "budget",
    "Personal budget",
    (
        Field("arrangements", "The personal budget, and what it pays for", limit=3000),
        Field("needs", "Needs that direct payments meet", FieldKind.LINKS, links_to=ALL_NEEDS),
        Field("outcomes", "Outcomes that direct payments serve", FieldKind.LINKS, links_to=("E.outcomes",)),
    ),
)

ADVICE = Group(
    "advice",
    "Advice and reports",
    (
        Field("document", "Title of the report", FieldKind.LINE, limit=200, required=True),
        Field(
            "kind", "Kind of advice", FieldKind.CHOICE, "Regulation 6(1) of the SEND Regulations", choices=ADVICE_KINDS
        ),
        Field("author", "Who wrote it", FieldKind.LINE, limit=200, required=True),
        Field("role", "Their role", FieldKind.LINE, limit=200),
        Field("date", "Date of the report", FieldKind.LINE, limit=40),
        Field("summary", "What it says, in short", limit=3000),
    ),
    repeats=True,
    prefix="K",
    own_items=True,
    noun="report",
)

EHC_PLAN = PlanStandard(
    name="ehc-plan/2014",
    title="Education, Health and Care plan",
    thread=("A", "B", "E", "F"),
    sections=(
        SectionStandard(
            "A",
            "All about me",
            "Who {child} is, in {child}'s own words and the family's: what matters, what helps, what they hope for.",
            AgencyKind.FAMILY,
            ALL_ABOUT_ME,
            Needed.AGREED,
            "I agree that “All about me” says what we, as a family, want it to say.",
            "Nothing has been written here yet.",
            written_in=ALWAYS_BUT_CEASED,
        ),
        SectionStandard(
            "B",
            "Special educational needs",
            "What makes learning harder for {child} than for others of the same age. Every need must be here.",
            AgencyKind.EDUCATION,
            (_needs("B", AREA, STRENGTHS),),
            Needed.SIGNED,
            "I confirm, for the council, that section B sets out all the special educational needs found, as written here.",
            "No special educational needs have been written yet.",
        ),
        SectionStandard(
            "C",
            "Health needs",
            "Health needs that go with {child}'s special educational needs.",
            AgencyKind.HEALTH,
            (_needs("C"),),
            Needed.SIGNED,
            "I confirm, for the Integrated Care Board, that section C sets out the health needs as written here.",
            "No health needs related to special educational needs were found.",
        ),
        SectionStandard(
            "D",
            "Social care needs",
            "Social care needs that go with {child}'s special educational needs or with a disability.",
            AgencyKind.CARE,
            (_needs("D"),),
            Needed.SIGNED,
            "I confirm, for children's social care, that section D sets out the social care needs as written here.",
            "No social care needs related to special educational needs or a disability were found.",
        ),
        SectionStandard(
            "E",
            "Outcomes",
            "What will be different for {child}, how everyone will know, and by when.",
            AgencyKind.EDUCATION,
            (OUTCOMES,),
            Needed.SIGNED,
            "I confirm, for the council, that section E sets out the outcomes sought, as written here.",
            "No outcomes have been written yet.",
        ),
        SectionStandard(
            "F",
            "Special educational provision",
            "The help {child} will get to learn. The council must make sure that everything here happens.",
            AgencyKind.EDUCATION,
            (_provision("F"),),
            Needed.SIGNED,
            "I confirm, for the council, that it will secure the special educational provision in section F exactly as written here.",
            "No special educational provision has been written yet.",
        ),
        SectionStandard(
            "G",
            "Health provision",
            "The help {child} will get from the NHS. Health must agree this before it can stand in a final plan.",
            AgencyKind.HEALTH,
            (_provision("G"),),
            Needed.SIGNED,
            "I agree, for the Integrated Care Board, that it will arrange the health provision in section G exactly as written here.",
            "No health provision is needed because of special educational needs.",
        ),
        SectionStandard(
            "H1",
            "Social care that must be provided by law",
            "Help at home and outside it that the council must give under the Chronically Sick and Disabled Persons Act 1970.",
            AgencyKind.CARE,
            (_provision("H1-", Field("type", "Kind of help", FieldKind.CHOICE, choices=H1_KINDS, required=True)),),
            Needed.SIGNED,
            "I confirm, for children's social care, that it will make the provision in section H1 exactly as written here.",
            "No social care provision must be made under section 2 of the Chronically Sick and Disabled Persons Act 1970.",
        ),
        SectionStandard(
            "H2",
            "Other social care",
            "Other social care {child} reasonably needs, such as overnight short breaks.",
            AgencyKind.CARE,
            (_provision("H2-"),),
            Needed.SIGNED,
            "I confirm, for children's social care, that it will make the provision in section H2 exactly as written here.",
            "No other social care provision is reasonably needed.",
        ),
        SectionStandard(
            "I",
            "School or college",
            "The school or college {child} will go to. The law says this stays empty until the draft has been answered.",
            AgencyKind.COUNCIL,
            (PLACEMENT,),
            Needed.AT_ISSUE,
            empty="Left empty in a draft, by law.",
            written_in=PLACEMENT_OPEN,
            printed_in_draft=False,
        ),
        SectionStandard(
            "J",
            "Personal budget",
            "Money the family can choose how to spend on what the plan sets out, if they asked for it.",
            AgencyKind.COUNCIL,
            (BUDGET,),
            Needed.AT_ISSUE,
            empty="There is no personal budget.",
        ),
        SectionStandard(
            "K",
            "Advice and reports",
            "Everything that people who know {child} wrote for this plan.",
            AgencyKind.COUNCIL,
            (ADVICE,),
            Needed.NOTHING,
            empty="No advice has been listed yet.",
        ),
    ),
)

STANDARDS = {EHC_PLAN.name: EHC_PLAN}
