"""The links to what others say of the same, as a table that mapping tools read: SSSOM TSV in its canonical form.

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

FILE = "mappings.sssom.tsv"
COLUMNS = ("subject_id", "subject_label", "predicate_id", "object_id", "mapping_justification")
SAID = ("author_id", "author_label", "mapping_date", "confidence")
"""The columns that follow where a decision is known: who made it and when, and how sure they were."""

_PREDICATES = {f"<{name}>" for name in (*MATCHES, SAME_AS)}
_LABEL = f"<{SKOS}prefLabel>"

_Terms = tuple[str, str, str]
"""Subject, predicate and object as they stand in quads."""


def write_mappings(quads: Path, version: str, file: IO[bytes], decisions: Sequence[Decision] = ()) -> None:
    """Write each link by skos:…Match or schema:sameAs from an entry to an IRI elsewhere, from canonical N-Quads.

    `version` is the release's, as in 2026-11-21; `file` has a name, beside which rows wait on the disk to be sorted.
    Where `decisions` has a link, its row tells by whom it was decided, and when: only what is in the quads is told.
    """
    known = {(f"<{each.subject_id}>", f"<{each.predicate_id}>", f"<{each.object_id}>"): each for each in decisions}
    said = [slot for slot in SAID if any(getattr(each, slot) for each in decisions if each.is_positive)]
    ids = [place for place, slot in enumerate((*COLUMNS, *said)) if slot.endswith("_id")]
    with quads.open("rb") as lines, TemporaryFile(dir=Path(file.name).parent) as rows:
        used = {"jgid"}
        for row in _rows(groups_of(quads_of(lines)), known, said):
            used |= {row[column].partition(":")[0] for column in ids}
            rows.write(line_of_cells(row).encode())
        rows.seek(0)
        # Without quotes, YAML 1.1 takes the version for a date.
        head = {"mapping_set_id": f"{DATA}{version}/{FILE}", "mapping_set_version": quoted(version), "license": LICENCE}
        file.write(header(head, used - {""}, (*COLUMNS, *said)).encode())
        write_sorted(rows, file)


def _rows(groups: Iterable[Group], known: Mapping[_Terms, Decision], said: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for group in groups:
        links = list(_links(group.quads))
        labels = _labels(group.quads, {link.subject for link in links})
        for link in links:
            found = known.get(link[:3])
            why = curie(found.mapping_justification if found else REVIEWED)
            subject, label = _curie(link.subject), safe_cell(labels.get(link.subject, ""))
            yield (
                subject,
                label,
                _curie(link.predicate),
                _curie(link.value),
                why,
                *(_cell(slot, found) for slot in said),
            )


def _cell(slot: str, decision: Decision | None) -> str:
    value: str = getattr(decision, slot, "")
    return curie(value) if slot == "author_id" else safe_cell(value, is_number=slot == "confidence")


def _links(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield the mappings, each once; one that is derived is left out where the same two have an asserted one."""
    found = [quad for quad in quads if quad.predicate in _PREDICATES and _leads_elsewhere(quad)]
    asserted = {(quad.subject, quad.value) for quad in found if not _is_derived(quad)}
    told = {quad[:3]: quad for quad in found if not (_is_derived(quad) and (quad.subject, quad.value) in asserted)}
    yield from told.values()


def _leads_elsewhere(quad: Quad) -> bool:
    return quad.subject.startswith(f"<{ID}") and quad.value.startswith("<") and not quad.value.startswith(f"<{HOME}")


def _is_derived(quad: Quad) -> bool:
    return quad.graph == f"<{DERIVED_GRAPH}>"


def _labels(quads: Iterable[Quad], subjects: set[str]) -> dict[str, str]:
    """Return the name of each of these subjects: the English one, or else the first."""
    named = [quad for quad in quads if quad.subject in subjects and quad.predicate == _LABEL]
    named.sort(key=lambda quad: (not quad.value.endswith("@en"), quad.value), reverse=True)
    return {quad.subject: _text(quad) for quad in named}  # the last one stays


def _text(quad: Quad) -> str:
    """Return a literal's text on one line."""
    line = f"{quad.subject} {quad.predicate} {quad.value} .\n"
    said = next(iter(parse(line, format=RdfFormat.N_TRIPLES))).object
    return " ".join(said.value.split()) if isinstance(said, Literal) else ""


def _curie(term: str) -> str:
    """Return an IRI, as it stands in quads, with a prefix; whole where none fits."""
    return curie(term[1:-1])
