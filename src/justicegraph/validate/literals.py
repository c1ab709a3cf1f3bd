"""Literals: the text of each must be in the canonical form of its datatype, which parsers do not enforce."""

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from justicegraph.dates import PATTERNS, bounds_of
from justicegraph.namespaces import JGS, RDF, XSD, short
from justicegraph.rdf.document import Document
from justicegraph.validate.findings import Finding

_FORMS = {
    XSD + "integer": (re.compile(r"0|-?[1-9][0-9]*"), "Write the whole number plainly, as in 12."),
    XSD + "decimal": (re.compile(r"-?(?:0|[1-9][0-9]*)\.(?:0|[0-9]*[1-9])"), "Write the number plainly, as in 2.5."),
    XSD + "boolean": (re.compile(r"true|false"), "Write true or false."),
    XSD + "date": (PATTERNS[XSD + "date"], 'Write the day as in "2018-07-20"^^xsd:date.'),
    XSD + "gYearMonth": (PATTERNS[XSD + "gYearMonth"], 'Write the month as in "2018-07"^^xsd:gYearMonth.'),
    XSD + "gYear": (PATTERNS[XSD + "gYear"], 'Write the year as in "2018"^^xsd:gYear.'),
}
_TEXTS = {XSD + "string", RDF + "langString"}
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|^\s|\s$")
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?")
"""A language tag in lower case (BCP 47): a language with an optional script and region."""


def check_literals(documents: Iterable[Document]) -> Iterator[Finding]:
    """Yield each literal that is not in the form of its datatype, and each date that does not exist."""
    for document in documents:
        for triple in document.triples:
            value = triple.object
            if isinstance(value, Literal) and isinstance(triple.subject, NamedNode):
                for rule, wrong, remedy in _wrong_with(value):
                    about = triple.subject.value, triple.predicate.value, value
                    sentence = f"{short(triple.predicate.value)} has {wrong}"
                    yield Finding(document.path, JGS + rule, sentence, remedy, document.line_of(*about), *about)


def _wrong_with(literal: Literal) -> Iterator[tuple[str, str, str]]:
    kind, shown = literal.datatype.value, f'"{literal.value[:60]}"'
    if kind in _TEXTS:
        if _UNSEEN.search(literal.value):
            yield "Text", f"{shown}, with spaces at an end or an invisible character", "Remove them."
        if literal.language and not LANGUAGE_TAG.fullmatch(literal.language):
            yield "Language", f"the language @{literal.language}", "Write it in lowercase, as in @en or @pt-br."
    elif kind not in _FORMS:
        remedy = "Use a text, a whole number, a decimal, true or false, or a date."
        yield "Datatype", f"{shown} of the datatype {short(kind)}, which no entry may use", remedy
    elif not _FORMS[kind][0].fullmatch(literal.value):
        yield "LiteralForm", f"{shown}, which is not in the form of {short(kind)}", _FORMS[kind][1]
    elif kind == XSD + "date" and bounds_of(literal.value) is None:
        yield "Date-exists", f"{shown}, a date that does not exist", "Look the date up in the source."
