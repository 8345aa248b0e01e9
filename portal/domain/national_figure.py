"""What England's councils did on average, as dated figures with their source, to stand beside a council's own."""

from dataclasses import dataclass

from portal.domain.picture import What

SEN2 = "Department for Education, Education, health and care plans, England: reporting year 2025 (SEN2)"


@dataclass(frozen=True)
class NationalFigure:
    """The share of England's decisions of one calendar year that were made in their time, in percent."""

    what: What
    year: int
    percent: float
    words: str
    source: str = SEN2


# Without cases to which an exemption applied. The return of 2026 is to be added once it is published.
FIGURES = (
    NationalFigure(What.PLAN, 2023, 50.3, "new plans issued within 20 weeks"),
    NationalFigure(What.PLAN, 2024, 46.4, "new plans issued within 20 weeks"),
    NationalFigure(What.REVIEW, 2024, 44.4, "decisions made within 4 weeks of the review meeting"),
)


def newest(what: What, year: int) -> NationalFigure | None:
    """The newest figure there is for a year or any before it."""
    found = [each for each in FIGURES if each.what is what and each.year <= year]
    return max(found, key=lambda each: each.year, default=None)
