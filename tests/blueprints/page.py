"""A page as its reader has it: the words it says, and each form with what it would send."""

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

TOKEN = re.compile(r'(csrf[-_]token" (?:content|value)=")[^"]*')
Fields = dict[str, list[str]]


@dataclass(frozen=True)
class SentForm:
    """What pressing a button would send, before anybody types."""

    action: str
    fields: Fields
    htmx: str

    def filled(self, **values: str | list[str]) -> Fields:
        """The fields with some of them typed anew."""
        typed = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
        assert set(typed) <= set(self.fields), f"the form has no {set(typed) - set(self.fields)}"
        return {**self.fields, **typed}


class Page:
    """An answer's HTML, parsed as a browser would, never searched as a string."""

    def __init__(self, answer: TestResponse | str) -> None:
        self.html = answer if isinstance(answer, str) else answer.text
        self.soup = BeautifulSoup(self.html, "html.parser")

    @property
    def words(self) -> str:
        """Everything the page says, with single spaces."""
        return " ".join(self.soup.get_text(" ").split())

    @property
    def is_whole(self) -> bool:
        return self.soup.find("html") is not None

    @property
    def title(self) -> str:
        return str(self.soup.title.string) if self.soup.title else ""

    def said_in(self, selector: str) -> list[str]:
        """The words of every element that the selector finds."""
        return [" ".join(each.get_text(" ").split()) for each in self.soup.select(selector)]

    def links(self) -> set[str]:
        return {str(each["href"]) for each in self.soup.find_all("a", href=True)}

    def buttons(self) -> list[str]:
        return [" ".join(each.get_text(" ").split()) for each in self.soup.find_all("button")]

    def form(self, button: str) -> SentForm:
        """The form whose button says so; the page may show it twice, never two that do different things."""
        found = [
            each
            for each in self.soup.find_all("form")
            if any(" ".join(one.get_text(" ").split()) == button for one in each.find_all("button"))
        ]
        actions = {str(each["action"]) for each in found}
        assert len(actions) == 1, f"{len(actions)} forms say “{button}”; buttons: {self.buttons()}"
        form = found[0]
        return SentForm(str(form["action"]), _fields(form), str(form.get("hx-post", "")))


def _fields(form: Tag) -> Fields:
    sent: Fields = {}
    for each in form.find_all(["input", "textarea", "select"]):
        name, value = str(each.get("name", "")), _value(each)
        if name:
            sent.setdefault(name, [])
            if value is not None:
                sent[name].append(value)
    return sent


def _value(control: Tag) -> str | None:
    if control.name == "textarea":
        return control.get_text().removeprefix("\n")
    if control.name == "select":
        chosen = control.find("option", selected=True) or control.find("option")
        return str(chosen["value"]) if isinstance(chosen, Tag) else None
    if control.get("type") in ("radio", "checkbox") and not control.has_attr("checked"):
        return None
    return str(control.get("value", ""))


def bytes_of(answer: TestResponse) -> str:
    """The whole body but for the form token, which is signed anew each second."""
    return TOKEN.sub(r"\1", answer.text)
