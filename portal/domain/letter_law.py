"""What the law has every such letter say, as dated rows with their source: no council can edit or leave them out.

A later row of the same name takes an earlier one's place from its `since`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.domain.clocks.rule import SEND_REGULATIONS
from portal.domain.letter_kind import LETTERS, LetterKind


@dataclass(frozen=True)
class Statutory:
    """One paragraph with its heading. `after` names what the council adds to it: who gives advice, and how."""

    name: str
    heading: str
    text: str
    source: str
    kinds: frozenset[LetterKind]
    after: str = ""
    since: date = SEND_REGULATIONS


APPEALED = frozenset(kind for kind, each in LETTERS.items() if each.decision)
CONTENTS = frozenset({LetterKind.FINAL, LetterKind.AMENDED_FINAL})
ALL = frozenset(LetterKind)


def _decision(kind: LetterKind, text: str, source: str) -> Statutory:
    return Statutory("decision", "What we decided", text, source, frozenset({kind}))


DECISIONS = (
    _decision(
        LetterKind.ASSESSMENT_AGREED,
        "On {date of decision} the council decided to carry out an Education, Health and Care needs assessment of "
        "{name of child}.",
        "CFA 2014 s36; SEND Regs 2014 reg 5",
    ),
    _decision(
        LetterKind.ASSESSMENT_REFUSED,
        "On {date of decision} the council decided not to carry out an Education, Health and Care needs assessment of "
        "{name of child}.",
        "CFA 2014 s36(5); SEND Regs 2014 reg 5",
    ),
    _decision(
        LetterKind.NO_PLAN,
        "After the assessment, on {date of decision} the council decided that it is not necessary to make an "
        "Education, Health and Care plan for {name of child}.",
        "CFA 2014 s36(9); SEND Regs 2014 reg 10",
    ),
    _decision(
        LetterKind.DRAFT,
        "The council proposes to make an Education, Health and Care plan for {name of child}. On {date of decision} "
        "it served the draft of that plan, which goes with this letter. The draft names no school or college and no "
        "type of one: the law says that it must not.",
        "CFA 2014 s38; SEND Regs 2014 reg 13",
    ),
    _decision(
        LetterKind.FINAL,
        "On {date of decision} the council made the final Education, Health and Care plan of {name of child}, which "
        "goes with this letter.",
        "CFA 2014 ss39 and 40; SEND Regs 2014 reg 14",
    ),
    _decision(
        LetterKind.REASSESSMENT_REFUSED,
        "The council was asked on {date of decision} to assess {name of child} again. It decided not to.",
        "CFA 2014 s44(2); SEND Regs 2014 reg 25",
    ),
    _decision(
        LetterKind.MAINTAIN,
        "The council has reviewed the Education, Health and Care plan of {name of child}. On {date of decision} it "
        "decided to keep the plan as it is.",
        "CFA 2014 s44; SEND Regs 2014 regs 20 and 21",
    ),
    _decision(
        LetterKind.AMEND,
        "The council has reviewed the Education, Health and Care plan of {name of child}. On {date of decision} it "
        "decided to amend the plan. The plan as it stands, the changes that the council proposes and the evidence for "
        "them go with this letter.",
        "CFA 2014 s44; SEND Regs 2014 regs 20 and 22(2)",
    ),
    _decision(
        LetterKind.CEASE,
        "On {date of decision} the council decided to cease to maintain the Education, Health and Care plan of {name "
        "of child}.",
        "CFA 2014 s45; SEND Regs 2014 regs 29 to 31",
    ),
    _decision(
        LetterKind.NO_AMENDMENT,
        "On {date of decision} the council served notice that it proposed to amend the Education, Health and Care plan "
        "of {name of child}. It has considered what was said of that, and decided not to amend the plan, which stays "
        "in force as it is.",
        "CFA 2014 s44; SEND Regs 2014 reg 22(4)",
    ),
    _decision(
        LetterKind.AMENDED_FINAL,
        "On {date of decision} the council amended the Education, Health and Care plan of {name of child}. The amended "
        "plan goes with this letter.",
        "CFA 2014 s44; SEND Regs 2014 reg 22(3) and (5)",
    ),
    _decision(
        LetterKind.MOVED_IN,
        "On {date of decision} the Education, Health and Care plan of {name of child} was transferred to this council. "
        "From that day it is treated as if this council had made it: we maintain it, and all that it says is to be "
        "given goes on. We tell you here whether we propose to assess {name of child}, and when we will review the "
        "plan.",
        "SEND Regs 2014 reg 15(3) to (5)",
    ),
)
AFTER_IT = (
    Statutory(
        "answer",
        "What you may say and ask for",
        "You have until {last day to answer}. That is at least 15 days, beginning with the day on which it was "
        "served.\n\nUntil then you may:\n\n"
        "- say what you think of what is written, and what should be changed\n"
        "- ask for a particular school, college or other institution to be named\n"
        "- ask for a meeting with an officer of the council",
        "CFA 2014 s38(2); SEND Regs 2014 reg 13(1)",
        frozenset({LetterKind.DRAFT}),
    ),
    Statutory(
        "answer",
        "What you may say and ask for",
        "You have until {last day to answer}. That is at least 15 days, beginning with the day on which the notice was "
        "served.\n\nUntil then you may:\n\n"
        "- say what you think of the changes, and what should be different\n"
        "- ask for a particular school, college or other institution to be named\n"
        "- ask for a meeting with an officer of the council\n\n"
        "Within eight weeks of the notice the council sends you the amended plan, or tells you that it will not amend "
        "it and why.",
        "SEND Regs 2014 reg 22(2) to (4)",
        frozenset({LetterKind.AMEND}),
    ),
    Statutory(
        "schools",
        "Schools and colleges",
        "The council’s local offer lists the schools and colleges you can choose from. The Department for Education "
        "keeps a list of independent special schools and specialist post-16 institutions that may be asked for too.",
        "SEND Regs 2014 reg 13(1)",
        frozenset({LetterKind.DRAFT}),
    ),
    Statutory(
        "in force",
        "The plan stays in force for now",
        "The plan stays in force until the time to appeal is over. If you appeal, it stays in force until the appeal "
        "is decided.",
        "CFA 2014 s45(4)",
        frozenset({LetterKind.CEASE}),
    ),
    Statutory(
        "appeal",
        "Your right to appeal",
        "You may appeal against this decision to the First-tier Tribunal (Special Educational Needs and Disability).",
        "CFA 2014 s51; SEND Regs 2014 regs 5, 10, 20, 25 and 31",
        APPEALED - CONTENTS,
    ),
    Statutory(
        "appeal",
        "Your right to appeal",
        "You may appeal to the First-tier Tribunal (Special Educational Needs and Disability) against what the plan "
        "says of:\n\n"
        "- special educational needs (section B)\n"
        "- special educational provision (section F)\n"
        "- the school, college or other institution, or the type of it, that is named, or that none is (section I)\n\n"
        "In such an appeal the tribunal may also make recommendations about health and social care (sections C, D, G, "
        "H1 and H2).",
        "CFA 2014 s51(2)(c); SEND Regs 2014 regs 14 and 22(5)",
        CONTENTS,
    ),
    Statutory(
        "time to appeal",
        "By when",
        "The tribunal must receive your appeal by {last day to appeal}: two months from the date of this letter, or "
        "the tribunal’s next working day after that. If one month from the date of a mediation certificate is later, "
        "you have until then.",
        "Tribunal Procedure (HESC) Rules 2008 rr 12 and 20",
        APPEALED,
    ),
    Statutory(
        "mediation",
        "Before you appeal: mediation",
        "You have a right to mediation: a meeting with somebody who is not of the council, to find an agreement. You "
        "need not take it up. But before you appeal you must speak to a mediation adviser, within two months of the "
        "date of this letter. The adviser gives you a certificate, within three working days of your saying that you "
        "do not want mediation, or of the end of it. You send it to the tribunal with your appeal.",
        "CFA 2014 ss52 to 55; SEND Regs 2014 regs 32 to 34 and 38",
        APPEALED,
        after="mediation",
    ),
    Statutory(
        "no certificate",
        "When you need no certificate",
        "If your appeal is only about the school, college or other institution in section I, or its type, or that none "
        "is named, you need not speak to a mediation adviser and need no certificate.",
        "CFA 2014 s55(2)",
        CONTENTS,
    ),
    Statutory(
        "support",
        "Advice and support for you",
        "You can get information, advice and support about special educational needs that is free, confidential and "
        "apart from the council. There is also a service for settling disagreements, whether or not you appeal.",
        "CFA 2014 ss32 and 57; SEND Regs 2014 regs 5, 10, 14, 20, 22, 25 and 31",
        ALL,
        after="support",
    ),
)
ROWS = (*DECISIONS, *AFTER_IT)


def statutory(kind: LetterKind, day: date, rows: Iterable[Statutory] = ROWS) -> tuple[Statutory, ...]:
    """The paragraphs that a letter of this kind must hold on a day, in their order."""
    newest: dict[str, Statutory] = {}
    for each in sorted((each for each in rows if kind in each.kinds), key=lambda each: each.since):
        if each.name not in newest or each.since <= day:
            newest[each.name] = each
    return tuple(newest.values())
