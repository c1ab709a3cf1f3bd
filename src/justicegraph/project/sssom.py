"""Mapping decisions as SSSOM TSV: one line each, parsed strictly, and written in one form.

https://mapping-commons.github.io/sssom/spec-formats-tsv/

The form is the canonical one of the standard without condensation: a date that all lines share is in each of them.
So a decision is always one line, whatever the other decisions are.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import ID, LICENCE, MAPPINGS_GRAPH, PREFIXES, RDFS, SKOS

SUFFIX = ".sssom.tsv"
SSSOM, SEMAPV, WIKIDATA = "https://w3id.org/sssom/", "https://w3id.org/semapv/vocab/", "http://www.wikidata.org/entity/"
NO_TERM, NOT = SSSOM + "NoTermFound", "Not"
"""The object if there is no such item, and the modifier of a rejection (SSSOM, Mapping)."""

REVIEWED = SEMAPV + "ManualMappingCuration"
_BY_PEOPLE = frozenset({REVIEWED, SEMAPV + "MappingReview"})
SAME_AS, EXACT_MATCH = f"{PREFIXES['schema']}sameAs", SKOS + "exactMatch"
SEE_ALSO = RDFS + "seeAlso"
EXACT = frozenset({SAME_AS, EXACT_MATCH})
MATCHES = tuple(SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"))

SPACES = {
    "dbpedia": "http://dbpedia.org/resource/",
    "eurovoc": "http://eurovoc.europa.eu/",
    "geonames": "https://sws.geonames.org/",
    "gnd": "https://d-nb.info/gnd/",
    "isni": "https://isni.org/isni/",
    "jgid": ID,
    "lcnaf": "http://id.loc.gov/authorities/names/",
    "lcsh": "http://id.loc.gov/authorities/subjects/",
    "orcid": "https://orcid.org/",
    "ror": "https://ror.org/",
    "schema": PREFIXES["schema"],
    "semapv": SEMAPV,
    "skos": SKOS,
    "sssom": SSSOM,
    "viaf": "http://viaf.org/viaf/",
    "wd": WIKIDATA,
}
_BUILT_IN = frozenset({"semapv", "skos", "sssom"})
"""Prefixes that every reader of SSSOM knows; the canonical form leaves them out."""

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
_CONFIDENCE = re.compile(r"0|1|0\.[0-9]{0,2}[1-9]")
_REFERENCES = frozenset(
    {"subject_id", "predicate_id", "object_id", "mapping_justification", "author_id", "object_source"}
)
_NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A decision, with the slots of SSSOM in its order. Ids are whole IRIs; a missing value is empty."""

    subject_id: str
    subject_label: str = ""
    predicate_id: str
    predicate_modifier: str = ""
    object_id: str
    object_label: str = ""
    mapping_justification: str = REVIEWED
    author_id: str = ""
    author_label: str = ""
    object_source: str = ""
    mapping_date: str = ""
    confidence: str = ""
    comment: str = ""
    line: int = field(default=0, compare=False)

    @property
    def is_positive(self) -> bool:
        """Whether the decision is a match: neither a rejection, nor that no such item was found."""
        return not self.predicate_modifier and self.object_id != NO_TERM

    @property
    def about(self) -> tuple[str, str, str]:
        """The key of the decision: subject, predicate and object; without an object, the collection that lacks it."""
        thing = f"{NO_TERM} {self.object_source}" if self.object_id == NO_TERM else self.object_id
        return self.subject_id, self.predicate_id, thing

    @property
    def triple(self) -> Triple:
        """The triple of the decision; before a person has reviewed it, only a link from one to the other."""
        predicate = self.predicate_id if self.mapping_justification in _BY_PEOPLE else SEE_ALSO
        return Triple(NamedNode(self.subject_id), NamedNode(predicate), NamedNode(self.object_id))

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as it is written, in the order of SLOTS."""
        values = ((slot, getattr(self, slot)) for slot in SLOTS)
        return tuple(curie(value) if value and slot in _REFERENCES else value for slot, value in values)


SLOTS = tuple(slot.name for slot in fields(Decision) if slot.compare)


def read_sssom(path: Path) -> list[Decision]:
    """Return the decisions in a file, in its order; raise BrokenFile, with the line, for any mistake."""
    if not path.name.endswith(SUFFIX):
        raise BrokenFile(f"{path}: the name does not end with {SUFFIX}; rename the file")
    try:
        lines = path.read_bytes().decode().removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        raise BrokenFile(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except OSError as error:
        raise BrokenFile(f"{path}: cannot be read: {error.strerror}") from error
    head = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    spaces = _spaces(path, lines[:head])
    slots = _slots(path, head + 1, lines[head] if head < len(lines) else "")
    return [_decision(path, number, line, slots, spaces) for number, line in enumerate(lines[head + 1 :], head + 2)]


def canonical_sssom(decisions: Iterable[Decision], name: str) -> str:
    """Return decisions as the text of the file with this name: sorted, each once, without columns that are empty."""
    rows = sorted({decision.cells for decision in decisions})
    used = [slot in _NEEDED or any(row[index] for row in rows) for index, slot in enumerate(SLOTS)]
    columns = [slot for slot, is_used in zip(SLOTS, used, strict=True) if is_used]
    references = [cell for row in rows for slot, cell in zip(SLOTS, row, strict=True) if cell and slot in _REFERENCES]
    metadata = {"mapping_set_id": f"{MAPPINGS_GRAPH}#{name.removesuffix(SUFFIX)}", "license": LICENCE}
    cells = ([cell for cell, is_used in zip(row, used, strict=True) if is_used] for row in rows)
    prefixes = {cell.partition(":")[0] for cell in references}
    return header(metadata, prefixes, columns) + "".join(map(line_of_cells, cells))


def curie(iri: str) -> str:
    """Return an IRI with its prefix; the whole IRI if no prefix fits."""
    for prefix, namespace in SPACES.items():
        if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def header(metadata: Mapping[str, str], used: Iterable[str], columns: Sequence[str]) -> str:
    """Return the metadata, as YAML in comments, and the names of the columns; `used` are the prefixes of the ids.

    Readers refuse a prefix that the map lacks, and read the scheme of a whole IRI as a prefix. So the map has `https`
    for `https:`, which leaves a whole IRI unchanged.
    """
    spaces = {prefix: SPACES.get(prefix, f'"{prefix}:"') for prefix in sorted(set(used) - _BUILT_IN)}
    lines = ["curie_map:", *(f"  {prefix}: {namespace}" for prefix, namespace in spaces.items())]
    lines += [f"{slot}: {value}" for slot, value in metadata.items()]
    return "".join(f"#{line}\n" for line in lines) + "\t".join(columns) + "\n"


def line_of_cells(row: Iterable[str]) -> str:
    """Return a row with the quoting of SSSOM: that of RFC 4180, with tabs."""
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerow(row)
    return text.getvalue()


def _broken(path: Path, line: int, wrong: str) -> BrokenFile:
    error = BrokenFile(f"{path}, line {line}: {wrong}")
    error.line = line
    return error


def _spaces(path: Path, head: Sequence[str]) -> dict[str, str]:
    """Return the prefixes that the metadata declares, and the built-in ones."""
    spaces = {prefix: SPACES[prefix] for prefix in _BUILT_IN}
    within = False
    for number, line in enumerate(head, 1):
        key, colon, value = line[1:].partition(":")
        if not colon:
            raise _broken(path, number, "a line of the metadata is a name, a colon and a value")
        if within and key.startswith(" "):
            prefix, space = key.strip(), value.strip().strip("\"'")
            if SPACES.get(prefix, space) != space:
                raise _broken(path, number, f'"{prefix}" is the prefix of {SPACES[prefix]} in this project')
            spaces[prefix] = space
        else:
            within = key.strip() == "curie_map"
    return spaces


def _slots(path: Path, number: int, line: str) -> list[str]:
    """Return the names of the columns; raise BrokenFile for an unknown, a missing or a repeated one."""
    slots = line.split("\t")
    if unknown := [slot for slot in slots if slot not in SLOTS]:
        raise _broken(path, number, f'"{unknown[0]}" is not a column here; the columns are {", ".join(SLOTS)}')
    if missing := [slot for slot in _NEEDED if slot not in slots]:
        raise _broken(path, number, f"the column {missing[0]} is missing; add it")
    if len(set(slots)) < len(slots):
        raise _broken(path, number, "a column is repeated; keep one of them")
    return slots


def _decision(path: Path, number: int, line: str, slots: Sequence[str], spaces: Mapping[str, str]) -> Decision:
    try:
        cells = next(csv.reader([line], delimiter="\t", strict=True), [])
    except csv.Error as error:
        raise _broken(path, number, f"{error}; a cell with quotes is quoted, and its quotes are doubled") from error
    if len(cells) != len(slots):
        raise _broken(path, number, f"{len(cells)} cells for {len(slots)} columns; separate cells by tabs")
    values = dict(zip(slots, cells, strict=True))
    if missing := [slot for slot in _NEEDED if not values[slot]]:
        raise _broken(path, number, f"{missing[0]} is empty; fill it in")
    for slot in _REFERENCES & {slot for slot, cell in values.items() if cell}:
        values[slot] = _iri(path, number, values[slot], spaces)
    if values.get("predicate_modifier", "") not in {"", NOT}:
        raise _broken(path, number, f'predicate_modifier is "{NOT}" or empty')
    if not _is_day(values.get("mapping_date") or "2000-01-01"):
        raise _broken(path, number, f'"{values["mapping_date"]}" is not a date; write it as in 2026-11-21')
    if not _CONFIDENCE.fullmatch(values.get("confidence") or "1"):
        raise _broken(path, number, f'"{values["confidence"]}" is not a confidence; write it from 0 to 1, as in 0.95')
    return Decision(**values, line=number)


def _iri(path: Path, number: int, cell: str, spaces: Mapping[str, str]) -> str:
    prefix, colon, local = cell.partition(":")
    if not colon or prefix not in spaces:
        raise _broken(path, number, f'"{cell}" has no prefix that curie_map above declares; add it there')
    iri = spaces[prefix] + local
    if not _IRI.fullmatch(iri):
        raise _broken(path, number, f'"{cell}" is not an IRI; correct it')
    return iri


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def quoted(text: str) -> str:
    """Return a text in the quotes of YAML, so that no reader takes it for a date or a number."""
    return json.dumps(text)
