"""What somebody has filled in: texts by field, and the terms that they make; what cannot be one is told by a word.

Nothing of a text becomes syntax: values are built as terms, and an IRI is an entry that is there, or an http address.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.namespaces import ID, PART, SLUG, XSD, local_id
from justicegraph.rdf.canonical import format_term
from justicegraph.suggest.forms import Field, Section

MOST = 20
"""Values of a field that may be added to; what stands is shown, be it more."""
SHOWN = 100
"""Values of a field that a form shows; the others stay as they are."""
LENGTHS = {"line": 300, "text": 2_000, "plain": 300, "address": 500, "link": 400, "date": 10, "whole": 12, "number": 20}
"""Letters of a value by the kind of its field."""
COMMENT = 2_000
"""Letters of a comment."""

Term = NamedNode | Literal
NameOf = Callable[[str], str]
"""Gives the name of an entry or part of ours by its IRI, "" where there is none."""
Known = Callable[[str, str], list[str]]
"""Gives the IRIs of what has exactly this name and is of this class, "" for any."""

_DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}
_DATE = re.compile(r"[12]\d{3}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
_WHOLE = re.compile(r"0|-?[1-9][0-9]*")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?")
_BRACKETED = re.compile(r"\[([a-z0-9.-]{1,200})\]\Z")
_JOINERS = "\u200c\u200d"
"""What nobody sees and many scripts need."""
_BLANKS = _JOINERS + "\u115f\u1160\u2800\u3164\uffa0 \n"
"""What shows nothing where it stands alone."""
_UNSEEN = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))
_MARKS = 4
"""Marks on one letter, at most."""


class Unfit(ValueError):
    """A text is no value of its field; the text of this says why in one word, which the page has a sentence for."""


class Value(NamedTuple):
    """A text as it stands in a form, and its language where it has one."""

    text: str
    language: str = "en"


@dataclass(frozen=True)
class Filled:
    """A section as it is filled in: by the name of each field its values."""

    section: Section
    values: Mapping[str, list[Value]]

    def with_blanks(self) -> "Filled":
        """Return it with a blank to fill in after the values of each field that can have one more."""
        return replace(self, values={each.name: _blank_after(each, self.values) for each in self.section.fields})

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing is filled in."""
        return not any(value.text for values in self.values.values() for value in values)


def _blank_after(field: Field, values: Mapping[str, list[Value]]) -> list[Value]:
    found = values.get(field.name, [])
    has_blank = any(not value.text for value in found)
    return found if found and (field.is_single or has_blank or len(found) >= MOST) else [*found, Value("")]


def stood_in(subject: str, section: Section, triples: Iterable[Triple]) -> dict[str, list[Term]]:
    """Return by field what these triples say of a subject, in an order that depends on nothing else."""
    found: dict[str, list[Term]] = {}
    by_path = {field.path: field for field in section.fields}
    for triple in triples:
        field = by_path.get(triple.predicate.value)
        if field and triple.subject == NamedNode(subject) and isinstance(triple.object, NamedNode | Literal):
            found.setdefault(field.name, []).append(triple.object)
    return {name: sorted(terms, key=format_term)[:SHOWN] for name, terms in found.items()}


def filled_with(section: Section, stood: Mapping[str, list[Term]], name_of: NameOf) -> Filled:
    """Return a section filled in with what stands."""
    by_name = {field.name: field for field in section.fields}
    return Filled(
        section, {name: [shown(by_name[name], term, name_of) for term in found] for name, found in stood.items()}
    )


def shown(field: Field, term: Term, name_of: NameOf) -> Value:
    """Return a term as a form shows it; `term_of` makes it that term again."""
    if isinstance(term, Literal):
        return Value(term.value, term.language or "en")
    local = local_id(term.value)
    if field.kind == "link" and local:
        return Value(option(name_of(term.value), local))
    return Value(term.value)


def option(name: str, local: str) -> str:
    """Return an entry as it is offered: its name, and its id in brackets, by which it is known."""
    return f"{name} [{local}]".strip()


def term_of(field: Field, value: Value, name_of: NameOf, known: Known) -> Term:
    """Return the term that a text makes in a field; raise Unfit."""
    if len(value.text) > LENGTHS.get(field.kind, 200):
        raise Unfit("long")
    text = clean(value.text, lines=field.kind == "text")
    if not text.strip(_BLANKS):
        raise Unfit("unseen")
    if field.has_language:
        if not _LANGUAGE.fullmatch(value.language.strip().lower()):
            raise Unfit("language")
        return Literal(text, language=value.language.strip().lower())
    if field.kind == "choice":
        if text not in dict(field.choices):
            raise Unfit("choice")
        return NamedNode(text)
    return _PLAIN[field.kind](text) if field.kind in _PLAIN else _link(field, text, name_of, known)


def clean(text: str, *, lines: bool) -> str:
    """Return a text without blanks at its ends; raise Unfit where it has a sign that nobody sees."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text if lines else " ".join(text.split())
    marks = 0
    for sign in text:
        kind = unicodedata.category(sign)
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if marks > _MARKS or (kind in _UNSEEN and sign not in _JOINERS and not (lines and sign == "\n")):
            raise Unfit("unseen")
    return text.strip().strip(_JOINERS)


def _date(text: str) -> Literal:
    if not _DATE.fullmatch(text):
        raise Unfit("date")
    try:
        date.fromisoformat(f"{text}-01-01"[:10] if len(text) < 10 else text)
    except ValueError as error:
        raise Unfit("day") from error
    return Literal(text, datatype=NamedNode(XSD + _DATES[len(text)]))


def _whole(text: str) -> Literal:
    if not _WHOLE.fullmatch(text):
        raise Unfit("whole")
    return Literal(text, datatype=NamedNode(XSD + "integer"))


def _number(text: str) -> Literal:
    if _WHOLE.fullmatch(text):
        return _whole(text)
    if not _DECIMAL.fullmatch(text):
        raise Unfit("number")
    whole, _, rest = text.partition(".")
    return Literal(f"{whole}.{rest.rstrip('0') or '0'}", datatype=NamedNode(XSD + "decimal"))


def _address(text: str) -> NamedNode:
    """Return an address on the web: http or https, a host with a dot in it, and nobody's name or password."""
    try:
        parts = urlsplit(text)
        fits = parts.scheme in {"http", "https"} and "." in (parts.hostname or "").strip(".") and not parts.username
        if fits and text.isascii() and text.isprintable() and "@" not in parts.netloc and parts.port != 0:
            return NamedNode(text)
    except ValueError:
        pass
    raise Unfit("address")


_PLAIN: dict[str, Callable[[str], Term]] = {
    "plain": Literal, "date": _date, "whole": _whole, "number": _number, "address": _address,
}  # fmt: skip


def _link(field: Field, text: str, name_of: NameOf, known: Known) -> NamedNode:
    """Return what a name, an id, or a name with its id in brackets links; an id must be one that is there."""
    found = _BRACKETED.search(text)
    local = found[1] if found else text.removeprefix(ID).removeprefix("id:")
    if (SLUG.fullmatch(local) or PART.fullmatch(local)) and name_of(ID + local):
        return NamedNode(ID + local)
    if found:
        raise Unfit("nobody")
    same = known(text, field.wanted)
    if len(same) != 1:
        raise Unfit("several" if same else "nobody")
    return NamedNode(same[0])


def terms(
    filled: Filled, before: Filled, stood: Mapping[str, list[Term]], name_of: NameOf, known: Known
) -> tuple[list[tuple[Field, Term]], list[tuple[Field, Term]], dict[str, str]]:
    """Return what a section says anew, what it says no more, and by the name of an input the word for what is wrong.

    `stood` are by field the terms that `before` shows. What was shown and is sent as it was stays that very term, and
    what was not sent stays too.
    """
    added: list[tuple[Field, Term]] = []
    removed: list[tuple[Field, Term]] = []
    wrong: dict[str, str] = {}
    for field, place, value in inputs(filled):
        number = int(place.rpartition(".")[2])
        old = stood.get(field.name, [])[number : number + 1]
        if old and same(field, value, before.values[field.name][number]):
            continue
        removed += [(field, term) for term in old]
        try:
            added += [(field, term_of(field, value, name_of, known))] if value.text.strip() else []
        except Unfit as unfit:
            wrong[place] = str(unfit)
    return added, removed, wrong


def same(field: Field, one: Value, other: Value) -> bool:
    """Tell whether two values are the same in a form; browsers write the ends of lines their own way."""
    text = one.text.replace("\r\n", "\n") == other.text.replace("\r\n", "\n")
    return text and (not field.has_language or one.language == other.language)


def inputs(filled: Filled) -> Iterator[tuple[Field, str, Value]]:
    """Yield each input of a section: its field, its name in the form, as in entry.jg-worksOn.0, and its value."""
    for field in filled.section.fields:
        for number, value in enumerate(filled.values.get(field.name, ())):
            yield field, f"{filled.section.key}.{field.name}.{number}", value


def read(section: Section, sent: Mapping[str, str]) -> Filled:
    """Return a section as a form sent it; a choice among those that were found comes before what was typed."""
    values: dict[str, list[Value]] = {}
    for field in section.fields:
        name = f"{section.key}.{field.name}"
        for number in range(SHOWN + MOST):
            place = f"{name}.{number}"
            if place not in sent:
                break
            text = sent.get(f"{place}.pick") or sent[place]
            values.setdefault(field.name, []).append(Value(text, sent.get(f"{place}.lang", "en")))
    return Filled(section, values)
