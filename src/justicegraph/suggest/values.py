"""Reads the values that somebody typed into a form as RDF terms, or says in one word why a text is not a value.

A text never becomes syntax: each term is built from its parts, and a link is an existing entry or an http address.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.dates import bounds_of, datatype_of, is_written_as_date
from justicegraph.namespaces import ID, PART, SLUG, XSD, local_id
from justicegraph.rdf.canonical import format_term
from justicegraph.suggest.forms import Field, Section
from justicegraph.validate.literals import LANGUAGE_TAG

MAX_VALUES = 20
"""Values of a field up to which one more can be added. Existing values are all shown, even if they are more."""
MAX_SHOWN = 100
"""Values of a field that a form shows; the others stay unchanged."""
MAX_LENGTHS = {
    "line": 300, "text": 2_000, "plain": 300, "address": 500, "link": 400, "date": 10, "whole": 12, "number": 20,
}  # fmt: skip
"""Characters of a value, by the kind of its field."""
MAX_COMMENT = 2_000
"""Characters of a comment."""

Term = NamedNode | Literal
NameOf = Callable[[str], str]
"""Returns the name of an entry or a part by its IRI, "" if there is none."""
FindByName = Callable[[str, str], list[str]]
"""Returns the IRIs of the entries with exactly this name and of this class, "" for any class."""

_WHOLE = re.compile(r"0|-?[1-9][0-9]*")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_ID_IN_BRACKETS = re.compile(r"\[([a-z0-9.-]{1,200})\]\Z")
_JOINERS = "\u200c\u200d"
"""Invisible characters that many scripts need."""
_BLANKS = _JOINERS + "\u115f\u1160\u2800\u3164\uffa0 \n"
"""Characters that show nothing on their own."""
_INVISIBLE = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))
"""Unicode categories of characters that nobody can see."""
_MAX_MARKS = 4
"""Combining marks on one letter."""


class InvalidValue(ValueError):
    """A text is not a value of its field. The message is one word; the page has a sentence for it."""


class Value(NamedTuple):
    """A text in a form, and its language if it has one."""

    text: str
    language: str = "en"


@dataclass(frozen=True)
class FilledSection:
    """A section as somebody filled it in: the values by the name of each field."""

    section: Section
    values: Mapping[str, list[Value]]

    def with_blanks(self) -> "FilledSection":
        """Return the section with a blank value at the end of each field that can have one more."""
        fields = self.section.fields
        return replace(self, values={field.name: _with_blank(field, self.values) for field in fields})

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing is filled in."""
        return not any(value.text for values in self.values.values() for value in values)


def _with_blank(field: Field, values_by_field: Mapping[str, list[Value]]) -> list[Value]:
    values = values_by_field.get(field.name, [])
    has_blank = any(not value.text for value in values)
    is_full = field.is_single or has_blank or len(values) >= MAX_VALUES
    return values if values and is_full else [*values, Value("")]


def current_terms(subject: str, section: Section, triples: Iterable[Triple]) -> dict[str, list[Term]]:
    """Return by field the terms that a subject has in these triples, in a stable order."""
    terms_by_field: dict[str, list[Term]] = {}
    field_by_path = {field.path: field for field in section.fields}
    for triple in triples:
        field = field_by_path.get(triple.predicate.value)
        if field and triple.subject == NamedNode(subject) and isinstance(triple.object, NamedNode | Literal):
            terms_by_field.setdefault(field.name, []).append(triple.object)
    return {name: sorted(terms, key=format_term)[:MAX_SHOWN] for name, terms in terms_by_field.items()}


def fill_section(section: Section, terms_by_field: Mapping[str, list[Term]], name_of: NameOf) -> FilledSection:
    """Return a section filled in with these terms."""
    fields = {field.name: field for field in section.fields}
    values = {
        name: [value_of_term(fields[name], term, name_of) for term in terms] for name, terms in terms_by_field.items()
    }
    return FilledSection(section, values)


def value_of_term(field: Field, term: Term, name_of: NameOf) -> Value:
    """Return the value that a form shows for a term; `parse_value` returns that term again."""
    if isinstance(term, Literal):
        return Value(term.value, term.language or "en")
    local = local_id(term.value)
    if field.kind == "link" and local:
        return Value(link_text(name_of(term.value), local))
    return Value(term.value)


def link_text(name: str, local: str) -> str:
    """Return the text for a link to an entry: its name, and its id in brackets."""
    return f"{name} [{local}]".strip()


def parse_value(field: Field, value: Value, name_of: NameOf, find_by_name: FindByName) -> Term:
    """Return the term that a value means in a field; raise InvalidValue."""
    if len(value.text) > MAX_LENGTHS.get(field.kind, 200):
        raise InvalidValue("long")
    text = normalize_text(value.text, lines=field.kind == "text")
    if not text.strip(_BLANKS):
        raise InvalidValue("unseen")
    if field.has_language:
        if not LANGUAGE_TAG.fullmatch(value.language.strip().lower()):
            raise InvalidValue("language")
        return Literal(text, language=value.language.strip().lower())
    if field.kind == "choice":
        if text not in dict(field.choices):
            raise InvalidValue("choice")
        return NamedNode(text)
    parse = _PARSERS.get(field.kind)
    return parse(text) if parse else _parse_link(field, text, name_of, find_by_name)


def normalize_text(text: str, *, lines: bool) -> str:
    """Return a text in NFC without blanks at its ends; raise InvalidValue for invisible characters.

    `lines` says whether the text may have several lines.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text if lines else " ".join(text.split())
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        is_invisible = category in _INVISIBLE and char not in _JOINERS and not (lines and char == "\n")
        if marks > _MAX_MARKS or is_invisible:
            raise InvalidValue("unseen")
    return text.strip().strip(_JOINERS)


def _parse_date(text: str) -> Literal:
    if not is_written_as_date(text):
        raise InvalidValue("date")
    if bounds_of(text) is None:
        raise InvalidValue("day")
    return Literal(text, datatype=NamedNode(datatype_of(text)))


def _parse_whole(text: str) -> Literal:
    if not _WHOLE.fullmatch(text):
        raise InvalidValue("whole")
    return Literal(text, datatype=NamedNode(XSD + "integer"))


def _parse_number(text: str) -> Literal:
    if _WHOLE.fullmatch(text):
        return _parse_whole(text)
    if not _DECIMAL.fullmatch(text):
        raise InvalidValue("number")
    whole, _, fraction = text.partition(".")
    return Literal(f"{whole}.{fraction.rstrip('0') or '0'}", datatype=NamedNode(XSD + "decimal"))


def _parse_address(text: str) -> NamedNode:
    """Return a web address: http or https, a host with a dot in it, no user name and no password."""
    try:
        parts = urlsplit(text)
        fits = parts.scheme in {"http", "https"} and "." in (parts.hostname or "").strip(".") and not parts.username
        if fits and text.isascii() and text.isprintable() and "@" not in parts.netloc and parts.port != 0:
            return NamedNode(text)
    except ValueError:
        pass
    raise InvalidValue("address")


_PARSERS: dict[str, Callable[[str], Term]] = {
    "plain": Literal, "date": _parse_date, "whole": _parse_whole, "number": _parse_number, "address": _parse_address,
}  # fmt: skip
"""Parsers that need the text only, by the kind of the field."""


def _parse_link(field: Field, text: str, name_of: NameOf, find_by_name: FindByName) -> NamedNode:
    """Return the entry that a text links to: by its name, by its id, or by its name with the id in brackets."""
    bracketed = _ID_IN_BRACKETS.search(text)
    local = bracketed[1] if bracketed else text.removeprefix(ID).removeprefix("id:")
    if (SLUG.fullmatch(local) or PART.fullmatch(local)) and name_of(ID + local):
        return NamedNode(ID + local)
    if bracketed:
        raise InvalidValue("nobody")
    entries = find_by_name(text, field.wanted)
    if len(entries) != 1:
        raise InvalidValue("several" if entries else "nobody")
    return NamedNode(entries[0])


class Changes(NamedTuple):
    """The terms that a filled-in section adds and removes, and one word for each input that is not a value."""

    added: list[tuple[Field, Term]]
    removed: list[tuple[Field, Term]]
    errors: dict[str, str]


def changes_of(
    filled: FilledSection,
    before: FilledSection,
    terms_by_field: Mapping[str, list[Term]],
    name_of: NameOf,
    find_by_name: FindByName,
) -> Changes:
    """Return the changes in a section since the form was shown as `before`, which showed `terms_by_field`.

    A value that comes back as it was shown stays exactly that term. A value that does not come back stays, too.
    """
    changes = Changes([], [], {})
    for field, name, value in inputs(filled):
        number = int(name.rpartition(".")[2])
        old = terms_by_field.get(field.name, [])[number : number + 1]
        if old and _is_same(field, value, before.values[field.name][number]):
            continue
        changes.removed.extend((field, term) for term in old)
        try:
            if value.text.strip():
                changes.added.append((field, parse_value(field, value, name_of, find_by_name)))
        except InvalidValue as error:
            changes.errors[name] = str(error)
    return changes


def _is_same(field: Field, one: Value, other: Value) -> bool:
    """Tell whether two values are the same in a form; browsers change the ends of lines."""
    has_same_text = one.text.replace("\r\n", "\n") == other.text.replace("\r\n", "\n")
    return has_same_text and (not field.has_language or one.language == other.language)


def inputs(filled: FilledSection) -> Iterator[tuple[Field, str, Value]]:
    """Yield each input of a section: its field, its name in the form, as in entry.jg-worksOn.0, and its value."""
    for field in filled.section.fields:
        for number, value in enumerate(filled.values.get(field.name, ())):
            yield field, f"{filled.section.key}.{field.name}.{number}", value


def read_section(section: Section, form: Mapping[str, str]) -> FilledSection:
    """Return a section as a form sent it; an entry that was picked from a list goes before the typed text."""
    values: dict[str, list[Value]] = {}
    for field in section.fields:
        prefix = f"{section.key}.{field.name}"
        for number in range(MAX_SHOWN + MAX_VALUES):
            name = f"{prefix}.{number}"
            if name not in form:
                break
            text = form.get(f"{name}.pick") or form[name]
            values.setdefault(field.name, []).append(Value(text, form.get(f"{name}.lang", "en")))
    return FilledSection(section, values)
