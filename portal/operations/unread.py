"""Know how far somebody has read a plan, tell what is new to them, and move their marks."""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby

from portal.domain import reading_mark as rules
from portal.domain.content import Content
from portal.domain.moment import Moment
from portal.domain.plan import FINAL_KINDS
from portal.domain.reading import PlanReading
from portal.domain.reading_mark import FINAL, Marks
from portal.domain.unread import News, SectionNews, Unread, changed_by_others, visible_changes
from portal.store import reading_marks, revisions, versions
from portal.store.database import Database

HowFar = Mapping[str, tuple[int, datetime]]  # by the place of a mark: the number read up to, and when


def marks_of(db: Database, reading: PlanReading, moment: Moment) -> Marks:
    """The reader's marks in this plan; at their first opening they are set, so that nothing there is new yet."""
    numbers = rules.shown(reading)
    if not numbers:  # an auditor is shown no words, and so has nothing to mark
        return {}
    marks = reading_marks.of_person(db, reading.plan.id, reading.actor.person)
    if marks is None:
        marks = rules.all_read(numbers, moment.product)
        reading_marks.advance(db, reading.plan.id, reading.actor.person, marks)
    return marks


def beyond(db: Database, reading: PlanReading, marks: Marks) -> Unread:
    """What is new to the reader beyond these marks. Writes nothing, and reads nothing while nothing is new."""
    numbers = rules.shown(reading)
    news = _news(db, reading, {place: (marks[place].number, marks[place].at) for place in numbers if place in marks})
    filled = (each for each in reading.sections.values() if not each.content.is_empty)
    return Unread(news, tuple(each.standard for each in filled if rules.place_of(each) in numbers.keys() - marks))


def open_section(db: Database, reading: PlanReading, letter: str, moment: Moment) -> SectionNews | None:
    """Move the reader's mark to what the section's page shows; answers what was new when this sitting began."""
    place = rules.place_of(reading.sections[letter])
    if not place:
        return None
    mark = marks_of(db, reading, moment).get(place)
    moved = rules.opened(mark, rules.shown(reading)[place], moment.product)
    if moved != mark:
        reading_marks.advance(db, reading.plan.id, reading.actor.person, {place: moved})
    news = _news(db, reading, {place: moved.read_before(moment.product)})
    return news[0] if news else None


def say_read(db: Database, reading: PlanReading, seen: Mapping[str, int], moment: Moment) -> None:
    """Move the reader's marks to exactly what they say that they were shown: what came meanwhile stays unread."""
    moved = rules.said_read(reading, marks_of(db, reading, moment), seen, moment.product)
    if moved:
        reading_marks.advance(db, reading.plan.id, reading.actor.person, moved)


def _news(db: Database, reading: PlanReading, read: HowFar) -> tuple[SectionNews, ...]:
    """The sections in which something is new beyond what was read, in the order of the plan."""
    numbers = rules.shown(reading)
    behind = {place: numbers[place] for place, (number, _) in read.items() if number < numbers[place]}
    if not behind:
        return ()
    news = {**_in_working_text(db, reading, read, behind), **_in_finals(db, reading, read, behind)}
    return tuple(
        SectionNews(place, each.standard, *read[place], numbers[place], news[place])
        for each in reading.sections.values()
        if news.get(place := rules.place_of(each))
    )


def _in_working_text(
    db: Database, reading: PlanReading, read: HowFar, behind: Mapping[str, int]
) -> dict[str, tuple[News, ...]]:
    unseen = {
        place: range(read[place][0] + 1, number + 1) for place, number in behind.items() if not place.startswith(FINAL)
    }
    authors = revisions.authors(db, reading.plan.id, unseen)
    others = {letter for letter, person in authors if person != reading.actor.person}  # one's own saves are no news
    wanted = {letter: range(numbers.start - 1, numbers.stop) for letter, numbers in unseen.items() if letter in others}
    found = groupby(revisions.of_numbers(db, reading.plan.id, wanted), key=lambda each: each.section)
    return {letter: changed_by_others(reading, letter, list(run)) for letter, run in found}


def _in_finals(
    db: Database, reading: PlanReading, read: HowFar, behind: Mapping[str, int]
) -> dict[str, tuple[News, ...]]:
    """For readers of finals: a section that a new final prints otherwise than the one they read is one change."""
    places = [place for place in behind if place.startswith(FINAL)]
    final = reading.plan.last_version(*FINAL_KINDS)
    earlier = {
        number: revisions.contents(db, reading.plan.id, versions.find(db, reading.plan.id, number).revisions)
        for number in {read[place][0] for place in places}
    }
    news: dict[str, tuple[News, ...]] = {}
    for place in places:
        letter = place.removeprefix(FINAL)
        before = earlier[read[place][0]].get(letter, Content())
        changes = visible_changes(reading, letter, before, reading.sections[letter].content)
        if changes and final:
            news[place] = (News(final.number, final.at, "", changes),)
    return news
