"""What each file of a release is: its media type, and what it is for."""

from pathlib import Path

from justicegraph.release.dumps import CONTEXT, FRAMES
from justicegraph.release.manifest import MANIFEST, SUMS, File
from justicegraph.system.compression import CODINGS
from justicegraph.system.files import sha256

_KINDS = {
    ".nq": "application/n-quads", ".ttl": "text/turtle", ".trig": "application/trig",
    ".jsonld": "application/ld+json", ".jsonl": "application/x-ndjson", ".json": "application/json",
    ".csv": "text/csv", ".tsv": "text/tab-separated-values", ".parquet": "application/vnd.apache.parquet",
    ".md": "text/markdown", ".txt": "text/plain",
}  # fmt: skip

_FOR = {
    "justicegraph.nq": "Everything, with its graphs, for a triple store: canonical N-Quads, sorted",
    "justicegraph.ttl": "Every statement, without graphs, as Turtle",
    "justicegraph.trig": "Everything, with its graphs, as TriG: Turtle for people who look at it",
    "justicegraph.jsonld": "Every statement as one JSON-LD document, which carries its context",
    "justicegraph.jsonl": "An entry a line as JSON (JSON-LD), for programs that read line by line, such as jq",
    "statements.csv": "A statement a row, with graph and source, for programs",
    "statements.parquet": "The same for DuckDB, pandas and the like",
    "mappings.sssom.tsv": "Which entries are the same as, or near to, what is elsewhere (SSSOM)",
    "ontology.ttl": "What the words mean",
    "shapes.ttl": "What is demanded of an entry (SHACL)",
    CONTEXT: "The JSON-LD context",
    FRAMES: "A JSON-LD frame for each class",
    "delta/added.nq": "The quads that were added since the release before",
    "delta/removed.nq": "The quads that were removed since the release before",
    "delta/entries.csv": "The entries that were added, changed and removed since the release before",
    "delta/tombstones.txt": "What was removed on request, for copies to drop: it names nobody",
    "catalogue.ttl": "This release and its files, described for catalogues (DCAT, VoID, schema.org)",
    "catalogue.jsonld": "The same as JSON-LD",
    "README.md": "What is here, and how to begin",
    "CHANGES.md": "What changed since the release before",
}


def contents(folder: Path) -> tuple[File, ...]:
    """Return the files of a release that stand below a folder, by name, without manifest and checksums."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in {MANIFEST, SUMS})
    return tuple(_file(path, path.relative_to(folder).as_posix()) for path in paths)


def _file(path: Path, name: str) -> File:
    plain, _, extension = name.rpartition(".")
    coding = CODINGS.get(extension, "")
    plain = plain if coding else name
    about = _FOR.get(plain) or f"A table of the {Path(plain).stem.replace('-', ' ')}"
    return File(name, path.stat().st_size, sha256(path), _KINDS[Path(plain).suffix], about, coding)
