"""Words of the field in a page's own texts: the first time a page uses one, it leads to what the word means."""

from flask import Flask, g, url_for
from markupsafe import Markup, escape

from portal.domain.content import Content
from portal.domain.glossary import Piece, Word, pieces, used_in
from portal.domain.standard import FieldKind, SectionStandard


def register(app: Flask) -> None:
    app.jinja_env.filters["explained"] = explained
    app.jinja_env.globals["words_used"] = words_used


def explained(text: str) -> Markup:
    """A text of ours with each word of the glossary as a link to its meaning, the first time on this page.

    Without script the link leads to /help/words; words.js shows the meaning where the word stands.
    """
    told: set[str] = g.setdefault("words_told", set())
    return Markup("").join(_shown(piece, told) for piece in pieces(text))


def words_used(standard: SectionStandard, content: Content) -> tuple[Word, ...]:
    """The words that a section uses: in its title, in what it is for, and in what people wrote in it."""
    fields = {each.name for group in standard.groups for each in group.fields if each.kind in _WORDS}
    written = (item.text(name) for item in content.items for name in item.slots if name in fields)
    return used_in((standard.title, standard.plain, *written))


_WORDS = (FieldKind.TEXT, FieldKind.LINE)


def _shown(piece: Piece, told: set[str]) -> Markup:
    word = piece.word
    if word is None or word.key in told:
        return escape(piece.text)
    told.add(word.key)
    link = Markup('<a class="gt-word" href="{}#{}" data-word="{}" data-means="{}">{}</a>')
    return link.format(url_for("home.words"), word.key, word.word, word.means, piece.text)
