"""The links to what others say of the same, as a table that mapping tools read: SSSOM TSV in its canonical form.

https://mapping-commons.github.io/sssom/spec-formats-tsv/
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from pyoxigraph import Literal, RdfFormat, parse

from justicegraph.names import DATA, DERIVED_GRAPH, HOME, ID, LICENCE, PREFIXES, SKOS
from justicegraph.nquads import Group, Quad, groups_of, quads_of, write_sorted

FILE = "mappings.sssom.tsv"
COLUMNS = ("subject_id", "subject_label", "predicate_id", "object_id", "mapping_justification")

_REVIEWED = "semapv:ManualMappingCuration"
_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
_PREDICATES = {f"<{SKOS}{name}>" for name in _MATCHES} | {f"<{PREFIXES['schema']}sameAs>"}
_LABEL = f"<{SKOS}prefLabel>"
_SPACES = {
    "dbpedia": "http://dbpedia.org/resource/",
    "eurovoc": "http://eurovoc.europa.eu/",
    "geonames": "https://sws.geonames.org/",
    "gnd": "https://d-nb.info/gnd/",
    "isni": "https://isni.org/isni/",
    "jgid": ID,
    "lcnaf": "http://id.loc.gov/authorities/names/",
    "lcsh": "http://id.loc.gov/authorities/subjects/",
    "ror": "https://ror.org/",
    "schema": PREFIXES["schema"],
    "skos": SKOS,
    "viaf": "http://viaf.org/viaf/",
    "wd": "http://www.wikidata.org/entity/",
}
_BUILT_IN = {"skos"}
"""Prefixes that every reader of SSSOM knows: the canonical form leaves them out."""

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")


def write_mappings(quads: Path, version: str, file: IO[bytes]) -> None:
    """Write each link by skos:…Match or schema:sameAs from an entry to an IRI elsewhere, from canonical N-Quads.

    `version` is the release's, as in 2026-11-21; `file` has a name, beside which rows wait on the disk to be sorted.
    """
    with quads.open("rb") as lines, TemporaryFile(dir=Path(file.name).parent) as rows:
        used = {"jgid"}
        for row in _rows(groups_of(quads_of(lines))):
            used |= {row[column].partition(":")[0] for column in (0, 2, 3)}
            rows.write(_line(row))
        rows.seek(0)
        file.write(_header(version, used).encode())
        write_sorted(rows, file)


def _rows(groups: Iterable[Group]) -> Iterator[tuple[str, ...]]:
    for group in groups:
        links = list(_links(group.quads))
        labels = _labels(group.quads, {link.subject for link in links})
        for link in links:
            terms = _curie(link.subject), labels.get(link.subject, ""), _curie(link.predicate), _curie(link.value)
            yield *terms, _REVIEWED


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
    iri = term[1:-1]
    for prefix, namespace in _SPACES.items():
        if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def _header(version: str, used: set[str]) -> str:
    """Return the metadata, as YAML in comments, and the names of the columns.

    Readers refuse a prefix that the map lacks, and take the scheme of a whole IRI for one. So `https` stands for
    `https:`, which makes of a whole IRI itself.
    """
    spaces = {prefix: _SPACES.get(prefix, f'"{prefix}:"') for prefix in sorted(used - _BUILT_IN)}
    said = [
        "curie_map:",
        *(f"  {prefix}: {namespace}" for prefix, namespace in spaces.items()),
        f"mapping_set_id: {DATA}{version}/{FILE}",
        f"mapping_set_version: {json.dumps(version)}",  # without quotes, YAML 1.1 takes it for a date
        f"license: {LICENCE}",
    ]
    return "".join(f"#{line}\n" for line in said) + "\t".join(COLUMNS) + "\n"


def _line(row: Iterable[str]) -> bytes:
    """Return a row as SSSOM quotes it: as RFC 4180 does, with tabs."""
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerow(row)
    return text.getvalue().encode()
