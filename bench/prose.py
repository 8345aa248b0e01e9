"""Prose of fictional children from a fixed generator: the same words in every run."""

import random
import re
from pathlib import Path

# The words of a fictional child's plan, as often as they stand there: what is made of them compresses as prose does.
PLAN = Path(__file__).resolve().parents[1] / "demo" / "children" / "amira.toml"
WORDS = re.findall(r"\b[a-z]+\b", PLAN.read_text(encoding="utf-8"))[:1000]


class Writer:
    """Writes sentences; two writers with one seed write the same."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # nothing here is secret

    def text(self, size: int) -> str:
        """Paragraphs of about so many bytes."""
        sentences: list[str] = []
        length = 0
        while length < size:
            words = self._random.choices(WORDS, k=self._random.randint(8, 18))
            sentences.append(" ".join(words).capitalize() + ".")
            length += len(sentences[-1]) + 1
        return " ".join(sentences)[:size].rstrip()

    def line(self, size: int) -> str:
        return self.text(size).rstrip(".")

    def item_id(self) -> str:
        return "".join(self._random.choices("0123456789abcdefghjkmnpqrstvwxyz", k=10))

    def plan_id(self, authority: str) -> str:
        return f"{authority}-" + "".join(self._random.choices("0123456789abcdefghjkmnpqrstvwxyz", k=16))
