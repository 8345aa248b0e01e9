"""What a page is made of, so that a browser is shown only pages on which something is new to it."""

import re
from collections import Counter
from html.parser import HTMLParser

# What says nothing by its value about how a page is built or looks: whether there is one is enough.
NAMES = {"id", "for", "aria-labelledby", "aria-describedby", "aria-controls", "list"}
VALUES = {"href", "src", "action", "value", "content", "datetime", "alt", "title", "aria-label", "placeholder", "name"}
OPEN_ENDED = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
HEADING = re.compile(r"h[1-6]")
SHORT = 12  # letters: no screen is too narrow for such a word


class Makeup(HTMLParser):
    """The `signs` of a page: its elements with their classes and states, and below and after what each stands.

    A page whose signs were all seen on others holds nothing that an examination of those would have passed over: the
    same element on the same ground, with words no longer than there, after the same heading. What hangs on the page
    as a whole is a sign too: an id given twice, and a reference to an id that is not there.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.signs: set[str] = set()
        self._below: list[str] = []
        self._after: list[str] = [""]
        self._heading = ""
        self._ids: Counter[str] = Counter()
        self._meant: dict[str, str] = {}
        self.feed(html)
        if self._ids and max(self._ids.values()) > 1:
            self.signs.add("an id twice")
        self.signs |= {f"nowhere {sign}" for each, sign in self._meant.items() if each not in self._ids}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        sign = " ".join([tag, *sorted(_said(name, value or "") for name, value in attrs)])
        self._note(f"{sign} after {self._after[-1]}")
        self._after[-1] = sign
        for name, value in attrs:
            self._refer(name, (value or "").split(), sign)
        if HEADING.fullmatch(tag):
            self.signs.add(f"{tag} after {self._heading}")
            self._heading = tag
        if tag not in OPEN_ENDED:
            self._below.append(sign)
            self._after.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._below:
            self._after.pop()
            if self._below.pop().split(" ")[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        longest = max((len(each) for each in data.split()), default=0)
        if longest:
            self._note(f"words of {longest if longest > SHORT else 'any'} letters")

    def _note(self, sign: str) -> None:
        self.signs.add(" > ".join([*self._below, sign]))

    def _refer(self, name: str, ids: list[str], sign: str) -> None:
        if name == "id":
            self._ids.update(ids)
        elif name in NAMES:
            self._meant.update(dict.fromkeys(ids, sign))


def _said(name: str, value: str) -> str:
    if name in NAMES | VALUES or name.startswith(("data-", "hx-")):
        return f"{name}={bool(value.strip())}"
    return f"{name}={value}"
