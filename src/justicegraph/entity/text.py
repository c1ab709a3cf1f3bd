"""An entry as lines of a terminal: its name, facts, parts by kind and sources, in English."""

from collections.abc import Iterable, Iterator

from justicegraph.entity.model import EntityView, Fact, Statement
from justicegraph.entity.read import entity_view
from justicegraph.rdf.schema import Schema
from justicegraph.sparql.named import Row

_MORE = "More"
_SHOWN_APART = frozenset({"type", "source"})


def entity_lines(iri: str, rows: Iterable[Row], schema: Schema) -> Iterator[str]:
    """Yield the lines of an entry from the rows about it (queries/facts_of_an_entry.rq)."""
    entry = entity_view(iri, rows, "en", schema)
    yield f"{entry.name.text} ({', '.join(kind.text for kind in entry.kinds)})"
    yield from (line for line in (entry.definition.text if entry.definition else "", entry.iri) if line)
    for fact in (*entry.facts.values(), *entry.elsewhere, *entry.notes):
        yield from _fact_lines(fact, "")
    for kind in [*schema.parts, *(entry.parts.keys() - schema.parts.keys())]:
        if kind in entry.parts:
            yield from ("", _heading(kind, schema))
            for part in entry.parts[kind]:
                yield from _part_lines(part, entry)
    if entry.sources:
        yield from ("", "Sources", *(f"  {cited.source.text}" for cited in entry.sources))


def _heading(kind: str, schema: Schema) -> str:
    known = schema.parts.get(kind)
    return known.heading.get("en", _MORE) if known else _MORE


def _part_lines(part: Statement, entry: EntityView) -> Iterator[str]:
    """Yield the lines of a part; its link to its entry is left out."""
    yield f"  {part.anchor}"
    for name, fact in part.facts.items():
        if name not in _SHOWN_APART and [value.iri for value in fact.values] != [entry.iri]:
            yield from _fact_lines(fact, "    ")


def _fact_lines(fact: Fact, margin: str) -> Iterator[str]:
    yield from (f"{margin}{fact.label.text}: {value.text}" for value in fact.values)
