"""The mappings to other data sets as SSSOM TSV in its canonical form.

https://mapping-commons.github.io/sssom/spec-formats-tsv/
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from pyoxigraph import Literal, RdfFormat, parse

from justicegraph.namespaces import DATA, DERIVED_GRAPH, HOME, ID, LICENCE, SKOS
from justicegraph.project.sssom import MATCHES, REVIEWED, SAME_AS, Decision, curie, header, line_of_cells, quoted
from justicegraph.rdf.nquads import Group, Quad, groups_of, quads_of, write_sorted
from justicegraph.spreadsheet import safe_cell

MAPPINGS = "mappings.sssom.tsv"
"""The name of the file."""

COLUMNS = ("subject_id", "subject_label", "predicate_id", "object_id", "mapping_justification")
DECISION_COLUMNS = ("author_id", "author_label", "mapping_date", "confidence")
"""The further columns of decisions: their author, date and confidence."""

_PREDICATES = {f"<{name}>" for name in (*MATCHES, SAME_AS)}
_LABEL = f"<{SKOS}prefLabel>"

_Terms = tuple[str, str, str]
"""Subject, predicate and object as N-Quads write them."""


def write_mappings(quads: Path, version: str, file: IO[bytes], decisions: Sequence[Decision] = ()) -> None:
    """Write the mappings in canonical N-Quads: links by skos:…Match or schema:sameAs from an entry to a foreign IRI.

    `version` is that of the release, as in 2026-11-21. `file` has a name; rows are sorted in a temporary file beside
    it. A row has author and date of its decision, if `decisions` has it. Decisions that the quads lack are left out.
    """
    decisions_by_link = {
        (f"<{decision.subject_id}>", f"<{decision.predicate_id}>", f"<{decision.object_id}>"): decision
        for decision in decisions
    }
    columns = [
        slot
        for slot in DECISION_COLUMNS
        if any(getattr(decision, slot) for decision in decisions if decision.is_positive)
    ]
    ids = [number for number, slot in enumerate((*COLUMNS, *columns)) if slot.endswith("_id")]
    with quads.open("rb") as lines, TemporaryFile(dir=Path(file.name).parent) as rows:
        used = {"jgid"}
        for row in _rows(groups_of(quads_of(lines)), decisions_by_link, columns):
            used |= {row[column].partition(":")[0] for column in ids}
            rows.write(line_of_cells(row).encode())
        rows.seek(0)
        # Without quotes, YAML 1.1 takes the version for a date.
        head = {
            "mapping_set_id": f"{DATA}{version}/{MAPPINGS}",
            "mapping_set_version": quoted(version),
            "license": LICENCE,
        }
        file.write(header(head, used - {""}, (*COLUMNS, *columns)).encode())
        write_sorted(rows, file)


def _rows(
    groups: Iterable[Group], decisions_by_link: Mapping[_Terms, Decision], columns: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    for group in groups:
        links = list(_links(group.quads))
        labels = _labels(group.quads, {link.subject for link in links})
        for link in links:
            decision = decisions_by_link.get(link[:3])
            why = curie(decision.mapping_justification if decision else REVIEWED)
            label = safe_cell(labels.get(link.subject, ""))
            terms = _curie(link.subject), label, _curie(link.predicate), _curie(link.value), why
            yield *terms, *(_cell(slot, decision) for slot in columns)


def _cell(slot: str, decision: Decision | None) -> str:
    value: str = getattr(decision, slot, "")
    return curie(value) if slot == "author_id" else safe_cell(value, is_number=slot == "confidence")


def _links(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield distinct mappings; a derived one is left out if the same two IRIs have an asserted one."""
    mappings = [quad for quad in quads if quad.predicate in _PREDICATES and _leads_elsewhere(quad)]
    asserted = {(quad.subject, quad.value) for quad in mappings if not _is_derived(quad)}
    distinct = {
        quad[:3]: quad for quad in mappings if not (_is_derived(quad) and (quad.subject, quad.value) in asserted)
    }
    yield from distinct.values()


def _leads_elsewhere(quad: Quad) -> bool:
    return quad.subject.startswith(f"<{ID}") and quad.value.startswith("<") and not quad.value.startswith(f"<{HOME}")


def _is_derived(quad: Quad) -> bool:
    return quad.graph == f"<{DERIVED_GRAPH}>"


def _labels(quads: Iterable[Quad], subjects: set[str]) -> dict[str, str]:
    """Return the labels of subjects: the English one, or else the first."""
    named = [quad for quad in quads if quad.subject in subjects and quad.predicate == _LABEL]
    named.sort(key=lambda quad: (not quad.value.endswith("@en"), quad.value), reverse=True)
    return {quad.subject: _text(quad) for quad in named}  # the last one of a subject is used


def _text(quad: Quad) -> str:
    """Return a literal's text on one line."""
    line = f"{quad.subject} {quad.predicate} {quad.value} .\n"
    literal = next(iter(parse(line, format=RdfFormat.N_TRIPLES))).object
    return " ".join(literal.value.split()) if isinstance(literal, Literal) else ""


def _curie(term: str) -> str:
    """Return an IRI as N-Quads write it as a CURIE; whole if no prefix fits."""
    return curie(term[1:-1])
