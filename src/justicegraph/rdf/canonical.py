"""Canonical Turtle: `justicegraph format` writes it, so that a diff shows changed facts only.

Each line has one triple and ends with ` ;`; a line with ` .` ends a subject. A text may have several lines. There are
no blank nodes and no comments, and parts are in the order of their numbers. Equal sets of triples give equal text.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import PREFIXES, RDF, SKOS, TYPE, XSD, natural_sort_key

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_BARE = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
_FIRST = {TYPE: 0, SKOS + "prefLabel": 1, SKOS + "altLabel": 2, SKOS + "definition": 3}
_NAMED_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')
_ESCAPED_IN_LINES = re.compile(r'"(?="|\Z)|[\\\x00-\x09\x0b-\x1f\x7f]')


def canonical_turtle(triples: Iterable[Triple]) -> str:
    """Return the canonical Turtle (RDF 1.1 Turtle) of these triples; raise BrokenFile if one has a blank node."""
    facts = sorted({_format_triple(triple) for triple in triples})
    blocks = [_block(subject, group) for subject, group in groupby(facts, key=lambda fact: fact[0])]
    used = sorted({prefix for fact in facts for prefix in fact[3]})
    head = [f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in used]
    return "\n\n".join(["\n".join(head), *blocks]) + "\n" if blocks else ""


def format_term(term: NamedNode | Literal) -> str:
    """Return a term in the canonical form, as in `id:oakland`, `12` or `"Oakland"@en`."""
    return _literal(term) if isinstance(term, Literal) else format_iri(term.value)


_Order = tuple[tuple[tuple[str, int, str], ...], str]
_Fact = tuple[_Order, tuple[int, str], _Order, frozenset[str]]


def _format_triple(triple: Triple) -> _Fact:
    subject, predicate, value = triple.subject, triple.predicate, triple.object
    if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
        verb = "a" if predicate.value == TYPE else format_iri(predicate.value)
        words = format_iri(subject.value), verb, format_term(value)
        used = frozenset(prefix for iri in _iris(triple) if (prefix := _prefix(iri)))
        rank = _FIRST.get(predicate.value, len(_FIRST))
        return (natural_sort_key(words[0]), words[0]), (rank, verb), (natural_sort_key(words[2]), words[2]), used
    what = "a blank node" if isinstance(subject, BlankNode) or isinstance(value, BlankNode) else "a quoted triple"
    raise BrokenFile(f"there is {what} here: give it a name of its own, as in id:owner.custody-1")


def _iris(triple: Triple) -> Iterable[str]:
    yield triple.subject.value  # type: ignore[union-attr]  # _format_triple has let named nodes through only
    if triple.predicate.value != TYPE:
        yield triple.predicate.value
    if isinstance(triple.object, NamedNode):
        yield triple.object.value
    elif isinstance(triple.object, Literal) and _shows_datatype(triple.object):
        yield triple.object.datatype.value


def _block(subject: _Order, facts: Iterable[_Fact]) -> str:
    lines = [f"    {verb} {value} ;" for _, (_, verb), (_, value), _ in facts]
    return "\n".join([subject[1], *lines, "    ."])


@lru_cache(8192)
def _prefix(iri: str) -> str | None:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
            return prefix
    return None


def format_iri(iri: str) -> str:
    """Return an IRI in the canonical form: with a prefix of ours if one fits."""
    prefix = _prefix(iri)
    return f"<{iri}>" if prefix is None else f"{prefix}:{iri[len(PREFIXES[prefix]) :]}"


def _is_bare(literal: Literal) -> bool:
    form = _BARE.get(literal.datatype.value)
    return form is not None and form.fullmatch(literal.value) is not None


def _shows_datatype(literal: Literal) -> bool:
    return literal.datatype.value not in {XSD + "string", RDF + "langString"} and not _is_bare(literal)


def _literal(literal: Literal) -> str:
    if _is_bare(literal):
        return literal.value
    if "\n" in literal.value:
        quoted = f'"""{_ESCAPED_IN_LINES.sub(_escape, literal.value)}"""'
    else:
        quoted = f'"{_ESCAPED.sub(_escape, literal.value)}"'
    if literal.language is not None:
        direction = f"--{literal.direction}" if literal.direction else ""
        return f"{quoted}@{literal.language}{direction}"
    return f"{quoted}^^{format_iri(literal.datatype.value)}" if _shows_datatype(literal) else quoted


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    return _NAMED_ESCAPES.get(char) or f"\\u{ord(char):04X}"
