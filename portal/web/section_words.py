"""How a section stands at a glance, how much is in it, and whose act brought it there."""

from portal.domain.reading import SectionReading
from portal.domain.section import SectionState
from portal.domain.standard import Needed
from portal.web.filters import day, number_word, when

TAGS = {
    SectionState.EMPTY: "empty",
    SectionState.LOCKED: "empty",
    SectionState.WRITING: "draft",
    SectionState.OPEN: "empty",
    SectionState.HANDED_OVER: "wait",
    SectionState.SENT_BACK: "void",
    SectionState.SIGNED: "signed",
    SectionState.VOID: "void",
}


def tag_of(section: SectionReading) -> tuple[str, str]:
    """(the tag's kind, its words): the state at a glance, never by colour alone."""
    status = section.status
    agreed = section.standard.needed is Needed.AGREED
    on = day(status.by.at, weekday=False) if status.by else ""
    since = f"since {day(status.by.at)}" if status.by else ""
    said = {
        SectionState.EMPTY: "Nothing written yet",
        SectionState.LOCKED: "Left empty in a draft, by law",
        SectionState.WRITING: "Being written",
        SectionState.OPEN: f"Last changed {on}",
        SectionState.HANDED_OVER: f"Ready to {'agree' if agreed else 'sign'}, {since}",
        SectionState.SENT_BACK: f"Sent back, {on}",
        SectionState.SIGNED: f"{'Agreed' if agreed else 'Signed'} {on}",
        SectionState.VOID: "Changed since it was agreed" if agreed else "Changed since signing",
    }
    return TAGS[status.state], said[status.state]


def line_of(section: SectionReading) -> str:
    """The line under a section's name: how much is in it, and whose act brought it to its state."""
    parts = []
    if section.readable:
        counted = [
            number_word(len(section.content.in_group(group.name)), group.noun)
            for group in section.standard.groups
            if group.noun and section.content.in_group(group.name)
        ]
        parts.append(", ".join(counted))
    parts.append(_who_and_when(section))
    return ". ".join(part for part in parts if part)


def _who_and_when(section: SectionReading) -> str:
    status, changed = section.status, section.head.changed
    if status.state is SectionState.SIGNED and status.by:
        names = " and ".join(each.by.name for each in section.head.standing)
        return f"{names}, {when(status.by.at)}"
    if status.since_void and changed:
        verb = "agreed" if section.standard.needed is Needed.AGREED else "signed"
        signed = f"{status.since_void.name} {verb} it {when(status.since_void.at)}"
        return f"{signed}; {changed.name} changed it {when(changed.at)}"
    return f"{changed.name}, {when(changed.at)}" if changed else ""
