"""Values, clauses and sources as HTML within a line. A page has hundreds of them: functions are faster than macros."""

from collections.abc import Iterable, Sequence
from html import escape

from markupsafe import Markup

from justicegraph.names import short
from justicegraph.web.entity.shown import Cited, Statement, Value
from justicegraph.web.languages import Language, in_language, language
from justicegraph.web.languages import mark as _
from justicegraph.web.paths import local_address

_OUTSIDE = ' rel="nofollow noopener external"'


def value(item: Value) -> Markup:
    """Return a value as a link, a date or a text, with its language where that is not the page's."""
    return Markup(_value(item, language()))  # noqa: S704  # all that was said is escaped


def values(items: Iterable[Value]) -> Markup:
    """Return values, with commas between them."""
    return Markup(_values(items, language()))  # noqa: S704


def clauses(statement: Statement) -> Markup:
    """Return what a part of an entry says, as one line of words."""
    reader, said = language(), []
    for words, items, glue in statement.clauses:
        said.append(escape(reader.text(words), quote=False).replace("%(x)s", _values(items, reader)) + glue)
    return Markup("".join(said))  # noqa: S704


def sources(cited: Sequence[Cited]) -> Markup:
    """Return sources, each with links to the lines of it that tell."""
    reader = language()
    return Markup("; ".join([_cited(each, reader) for each in cited]))  # noqa: S704


def lines(first: int | str, last: int | str) -> str:
    """Return "line 2", or "lines 2 to 3"."""
    if first == last:
        return language().text(_("line %(first)s")) % {"first": first}
    return language().text(_("lines %(first)s to %(last)s")) % {"first": first, "last": last}


def named_at(mention: Statement) -> Markup:
    """Return the lines of a source that name an entry, as a link to them; nothing where it is not told which."""
    first, last = mention.text("firstLine"), mention.text("lastLine")
    place = mention.said["inSource"].values[0].iri if "inSource" in mention.said else ""
    return Markup(_lines(place, first, last) if place and first else "")  # noqa: S704


def english() -> Markup:
    """Return the attribute of an element whose words are English, as labels are: none on an English page."""
    return in_tongue("en")


def in_tongue(code: str) -> Markup:
    """Return the attribute of an element whose words are in a language: none where that is the page's, or not known."""
    return Markup("" if code in {"", language().code} else f' lang="{escape(code)}"')  # noqa: S704


def _values(items: Iterable[Value], reader: Language) -> str:
    return ", ".join([_value(item, reader) for item in items])


def _value(item: Value, reader: Language) -> str:
    text = escape(item.text if item.text != item.iri else short(item.iri))
    spoken = f' lang="{escape(item.language)}"' if item.language not in {"", reader.code} else ""
    if item.iri:
        address = local_address(item.iri)
        if not address:
            return f"<code>{text}</code>"
        outside = "" if address[0] == "/" else _OUTSIDE
        return f'<a href="{escape(in_language(address))}"{outside}{spoken}>{text}</a>'
    if item.form == "date":
        return f'<time datetime="{text}">{escape(reader.day(item.text))}</time>'
    if item.form == "number":
        return escape(reader.number(item.text))
    # A text stands apart from the words around it, so that its signs cannot turn them (UAX 9).
    return f"<bdi{spoken}>{text}</bdi>" if spoken or not text.isascii() else text


def _cited(cited: Cited, reader: Language) -> str:
    told = _value(cited.source, reader)
    if not cited.lines:
        return told
    return f"{told} ({', '.join([_lines(cited.source.iri, first, last) for first, last in cited.lines])})"


def _lines(source: str, first: int | str, last: int | str) -> str:
    address = in_language(f"{local_address(source)}#line-{first}")
    return f'<a href="{escape(address)}">{lines(first, last)}</a>'
