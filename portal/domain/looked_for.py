"""What a child is found by: an NHS number, a unique pupil number, or how a surname begins."""

import re
import unicodedata
from dataclasses import dataclass

from portal.domain.error import Invalid
from portal.domain.plan import Child

SHORTEST, LONGEST = 3, 8  # letters of a surname that are looked for; what follows is compared once it is found
NHS_NUMBER = re.compile(r"\d{10}")
UPN = re.compile(r"[a-z]\d{11}[a-z0-9]")


@dataclass(frozen=True)
class LookedFor:
    """`kind` is nhs, upn or surname; `words` is what was typed, without spaces, accents and capitals."""

    kind: str
    words: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.words[:LONGEST] if self.kind == 'surname' else self.words}"

    def fits(self, name: str) -> bool:
        """Whether a child of this name is meant, where a surname was typed."""
        return self.kind != "surname" or any(each.startswith(self.words) for each in surnames(name))


def looked_for(text: str) -> LookedFor:
    """What somebody typed; fewer than three letters are a whole surname, as Li is. Raises Invalid without letters."""
    words = plain(text)
    if NHS_NUMBER.fullmatch(words):
        return LookedFor("nhs", words)
    if UPN.fullmatch(words):
        return LookedFor("upn", words)
    letters = "".join(filter(str.isalpha, words))
    if not letters:
        raise Invalid({"words": "Type the whole number, or at least the first three letters of the surname."})
    return LookedFor("surname", letters)


def nhs_number_of(text: str) -> LookedFor:
    """A whole NHS number, however its digits are set apart. Raises Invalid for anything else."""
    words = plain(text)
    if not NHS_NUMBER.fullmatch(words):
        raise Invalid({"nhs_number": "An NHS number has ten digits, like 999 123 4567."})
    return LookedFor("nhs", words)


def keys_of(child: Child) -> frozenset[str]:
    """Everything by which this child is found."""
    numbers = {("nhs", plain(child.nhs_number)), ("upn", plain(child.upn))}
    found = {f"{kind}:{number}" for kind, number in numbers if number}
    beginnings = (name[:length] for name in surnames(child.name) for length in _lengths(name))
    return frozenset(found | {f"surname:{each}" for each in beginnings})


def _lengths(name: str) -> range:
    return range(min(SHORTEST, len(name)), min(LONGEST, len(name)) + 1)


def surnames(name: str) -> frozenset[str]:
    """Whatever may be meant by a child's surname: each name after the first, its parts, and all of them as one."""
    words = name.split()[1:] or name.split()
    parts = {part for each in words for part in (each, *re.split(r"[-'’]", each))}
    found = ("".join(filter(str.isalpha, plain(each))) for each in {*parts, " ".join(words)})
    return frozenset(filter(None, found))


def plain(text: str) -> str:
    """Without spaces, accents and capitals."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each) and not each.isspace())
