"""Mentions, compared with the texts of their sources: the bytes have the recorded hash, and the lines have the words.

Lines end at a line feed only and count from 1. Runs of white space, no-break spaces included, compare as one space.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.namespaces import JG, JGS
from justicegraph.rdf.document import Document
from justicegraph.validate.findings import Finding

_SHA256, _SOURCE, _EXACT, _FIRST, _LAST = (
    JG + name for name in ("sha256", "inSource", "exact", "firstLine", "lastLine")
)


@dataclass
class Text:
    """A source's text: its lines, and the numbers, from 1, of those that a mention touches."""

    source: str
    lines: list[str]
    touched: set[int] = field(default_factory=set)

    def untouched(self) -> list[tuple[int, str]]:
        """Return the lines with content that no mention touches, each with its number."""
        numbered = enumerate(self.lines, 1)
        return [(number, line) for number, line in numbered if line.strip() and number not in self.touched]


def check_mentions(documents: Collection[Document], folder: Path) -> tuple[list[Finding], list[Text]]:
    """Return the findings on mentions in sources whose texts are in this folder, and these texts."""
    by_hash = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in folder.rglob("*") if path.is_file()}
    texts: dict[str, Text] = {}
    findings: list[Finding] = []
    for document in documents:
        for triple in document.triples:
            if triple.predicate.value == _SHA256 and isinstance(triple.subject, NamedNode):
                path = by_hash.get(_text(triple))
                if path:
                    lines = path.read_bytes().decode("utf-8").split("\n")
                    texts[triple.subject.value] = Text(triple.subject.value, lines)
                else:
                    findings.append(_missing(document, triple, folder))
    for document in documents:
        findings += _check_document(document, texts)
    return findings, [texts[source] for source in sorted(texts)]


def _check_document(document: Document, texts: Mapping[str, Text]) -> Iterator[Finding]:
    facts_by_iri: dict[str, dict[str, Triple]] = defaultdict(dict)
    for triple in document.triples:
        if isinstance(triple.subject, NamedNode):
            facts_by_iri[triple.subject.value][triple.predicate.value] = triple
    for iri, facts in facts_by_iri.items():
        if not {_SOURCE, _EXACT, _FIRST, _LAST} <= facts.keys():
            continue
        text = texts.get(_text(facts[_SOURCE]))
        if text is None:
            continue
        first, last = int(_text(facts[_FIRST])), int(_text(facts[_LAST]))
        text.touched |= set(range(first, last + 1))
        lines = " ".join(" ".join(text.lines[first - 1 : last]).split())
        exact = " ".join(_text(facts[_EXACT]).split())
        if last > len(text.lines):
            about = iri, _LAST, facts[_LAST].object
            wrong, remedy = f"the source has only {len(text.lines)} lines", "Correct the line numbers."
        elif exact not in lines:
            about = iri, _EXACT, facts[_EXACT].object
            position = f"line {first}" if first == last else f"lines {first} to {last}"
            wrong, remedy = (
                f'"{exact}" is not in {position}',
                "Copy the name from the source, and correct the line numbers.",
            )
        else:
            continue
        value = about[2] if isinstance(about[2], NamedNode | Literal) else None
        line = document.line_of(about[0], about[1], value)
        yield Finding(document.path, JGS + "Mention-in-text", wrong, remedy, line, about[0], about[1], value)


def _missing(document: Document, triple: Triple, folder: Path) -> Finding:
    iri = triple.subject.value  # type: ignore[union-attr]  # the caller has looked
    wrong = f"no text in {folder} has this SHA-256"
    remedy = "Put the text there, unchanged since it was read."
    line = document.line_of(iri, _SHA256)
    return Finding(document.path, JGS + "Source-text", wrong, remedy, line, iri, _SHA256, Literal(_text(triple)))


def _text(triple: Triple) -> str:
    return triple.object.value if isinstance(triple.object, NamedNode | Literal) else ""
