"""The files of a release: their media types and descriptions."""

from pathlib import Path

from justicegraph.release.dumps import CONTEXT, FRAMES
from justicegraph.release.manifest import MANIFEST, SUMS, File
from justicegraph.release.mappings import MAPPINGS
from justicegraph.system.compression import CODINGS
from justicegraph.system.files import sha256

_KINDS = {
    ".nq": "application/n-quads", ".ttl": "text/turtle", ".trig": "application/trig",
    ".jsonld": "application/ld+json", ".jsonl": "application/x-ndjson", ".json": "application/json",
    ".csv": "text/csv", ".tsv": "text/tab-separated-values", ".parquet": "application/vnd.apache.parquet",
    ".md": "text/markdown", ".txt": "text/plain",
}  # fmt: skip

_DESCRIPTIONS = {
    "justicegraph.nq": "All statements with their graphs, for a triple store: sorted canonical N-Quads",
    "justicegraph.ttl": "All statements without graphs, as Turtle",
    "justicegraph.trig": "All statements with their graphs, as TriG: readable for people",
    "justicegraph.jsonld": "All statements as one JSON-LD document with its context",
    "justicegraph.jsonl": "One entry a line as JSON (JSON-LD), for programs that read line by line, such as jq",
    "statements.csv": "One statement a row, with graph and source, for programs",
    "statements.parquet": "The same as Parquet, for DuckDB, pandas and similar tools",
    MAPPINGS: "Mappings: entries that match or nearly match entries of other data sets (SSSOM)",
    "ontology.ttl": "The ontology: classes and properties",
    "shapes.ttl": "The validation rules for entries (SHACL)",
    CONTEXT: "The JSON-LD context",
    FRAMES: "A JSON-LD frame for each class",
    "delta/added.nq": "Quads added since the previous release",
    "delta/removed.nq": "Quads removed since the previous release",
    "delta/entries.csv": "Entries added, changed and removed since the previous release",
    "delta/tombstones.txt": "Digests of entries that were removed on request, to delete them from copies",
    "catalogue.ttl": "Description of this release and its files for data catalogues (DCAT, VoID, schema.org)",
    "catalogue.jsonld": "The same description as JSON-LD",
    "README.md": "Overview and first steps",
    "CHANGES.md": "Changes since the previous release",
}


def contents(folder: Path) -> tuple[File, ...]:
    """Return the files of a release in its folder, sorted by name, without manifest and checksums."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in {MANIFEST, SUMS})
    return tuple(_file(path, path.relative_to(folder).as_posix()) for path in paths)


def _file(path: Path, name: str) -> File:
    plain, _, extension = name.rpartition(".")
    coding = CODINGS.get(extension, "")
    plain = plain if coding else name
    about = _DESCRIPTIONS.get(plain) or f"Table of {Path(plain).stem.replace('-', ' ')}"
    return File(name, path.stat().st_size, sha256(path), _KINDS[Path(plain).suffix], about, coding)
