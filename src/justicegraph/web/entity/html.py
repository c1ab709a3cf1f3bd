"""Values, clauses, facts and sources as HTML. A page has hundreds of them: functions are faster than macros."""

from collections.abc import Iterable, Sequence
from html import escape

from markupsafe import Markup

from justicegraph.entity.model import Backlinks, Cited, Fact, Statement, Value
from justicegraph.namespaces import short
from justicegraph.text import mark as _
from justicegraph.web.i18n import Language, in_language, language, ngettext
from justicegraph.web.paths import local_address

_OUTSIDE = ' rel="nofollow noopener external"'


def value(item: Value) -> Markup:
    """Return a value as a link, a date or a text, with its language if that is not the page's."""
    return Markup(_value(item, language()))  # noqa: S704  # all that was said is escaped


def values(items: Iterable[Value]) -> Markup:
    """Return values, with commas between them."""
    return Markup(_values(items, language()))  # noqa: S704


def clauses(statement: Statement) -> Markup:
    """Return the clauses of a part of an entry, as one line of words."""
    reader = language()
    return Markup("".join([  # noqa: S704
        escape(text, quote=False).replace("{x}", _values(items, reader)) + glue
        for text, items, glue in statement.clauses
    ]))  # fmt: skip


def cited(sources: Sequence[Cited]) -> Markup:
    """Return sources as a paragraph; nothing if there are none."""
    return Markup(_paragraph(sources, language()))  # noqa: S704


def facts(items: Iterable[Fact]) -> Markup:
    """Return facts as a list, each with its label and its values."""
    return Markup(_list(items, language()))  # noqa: S704


def statement(part: Statement) -> Markup:
    """Return a part of an entry: its clauses, further facts and sources."""
    reader = language()
    more = _list(part.more, reader) if part.more else ""
    return Markup(f'<p class="said">{clauses(part)}</p>\n{more}{_paragraph(part.sources, reader)}')  # noqa: S704


def heading(linked: Backlinks) -> Markup:
    """Return the heading of the entries that link to one by a property."""
    return Markup(f"<h3>{_label(linked.heading, language())}</h3>")  # noqa: S704


def label(item: Value) -> Markup:
    """Return a label of the ontology, marked with its language if that is not the page's."""
    return Markup(_label(item, language()))  # noqa: S704


def labels(items: Iterable[Value]) -> Markup:
    """Return labels of the ontology likewise, with commas between them."""
    reader = language()
    return Markup(", ".join([_label(item, reader) for item in items]))  # noqa: S704


def spoken(text: str) -> Markup:
    """Return English words in the reader's language, or marked as English if they are not translated."""
    return Markup(_spoken(text, language()))  # noqa: S704


def lines(first: int | str, last: int | str) -> str:
    """Return "line 2", or "lines 2 to 3"."""
    if first == last:
        return language().text(_("line %(first)s")) % {"first": first}
    return language().text(_("lines %(first)s to %(last)s")) % {"first": first, "last": last}


def named_at(mention: Statement) -> Markup:
    """Return the lines of a source that name an entry, as a link to them; nothing without a source and lines."""
    first, last = mention.text("firstLine"), mention.text("lastLine")
    place = mention.facts["inSource"].values[0].iri if "inSource" in mention.facts else ""
    return Markup(_lines(place, first, last) if place and first else "")  # noqa: S704


def english() -> Markup:
    """Return the attribute of an element whose words are English, as labels are: none on an English page."""
    return in_tongue("en")


def in_tongue(code: str) -> Markup:
    """Return the attribute of an element whose words are in a language: none if that is the page's, or not known."""
    return Markup("" if code in {"", language().code} else f' lang="{escape(code)}"')  # noqa: S704


def _spoken(text: str, reader: Language) -> str:
    translation = reader.text(text)
    is_english = translation == text and reader.code != "en"
    return f'<span lang="en">{escape(text)}</span>' if is_english else escape(translation)


def _label(item: Value, reader: Language) -> str:
    text = escape(item.text if item.text != item.iri else short(item.iri))
    return text if item.language in {"", reader.code} else f'<span lang="{escape(item.language)}">{text}</span>'


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


def _list(items: Iterable[Fact], reader: Language) -> str:
    rows = [
        f"<div><dt>{_label(fact.label, reader)}</dt>"
        f"{''.join([f'<dd>{_value(value, reader)}</dd>' for value in fact.values])}</div>\n"
        for fact in items
    ]
    return f"<dl>\n{''.join(rows)}</dl>\n"


def _paragraph(sources: Sequence[Cited], reader: Language) -> str:
    """Return sources, each with links to the lines that support a fact."""
    if not sources:
        return ""
    head = ngettext("Source: ", "Sources: ", len(sources))
    links = "; ".join([_cited(source, reader) for source in sources])
    return f'<p class="sources">{escape(head)}{links}</p>\n'


def _cited(cited: Cited, reader: Language) -> str:
    link = _value(cited.source, reader)
    if not cited.lines:
        return link
    return f"{link} ({', '.join([_lines(cited.source.iri, first, last) for first, last in cited.lines])})"


def _lines(source: str, first: int | str, last: int | str) -> str:
    address = in_language(f"{local_address(source)}#line-{first}")
    return f'<a href="{escape(address)}">{lines(first, last)}</a>'
