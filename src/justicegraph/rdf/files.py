"""RDF files of any format, compressed or not: loaded into a store, or checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, Store, parse

from justicegraph.errors import BrokenFile
from justicegraph.system.compression import open_gzip
from justicegraph.text import first_line

_FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".json": RdfFormat.JSON_LD,
}


def load_store(files: list[Path]) -> Store:
    """Return a store in memory with the quads of RDF files, compressed or not; raise BrokenFile."""
    store = Store()
    for path in files:
        with _parse_errors(path), _source(path) as source:
            store.bulk_load(**source, format=_format(path), base_iri=path.resolve().as_uri())
    return store


def check_readable(files: list[Path]) -> None:
    """Parse RDF files without storing them; raise BrokenFile as `load_store` does."""
    for path in files:
        with _parse_errors(path), _source(path) as source:
            for _ in parse(**source, format=_format(path), base_iri=path.resolve().as_uri()):
                pass


@contextmanager
def _source(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the engine's input: the file's name, which is quicker, or the decompressed content."""
    if _is_zipped(path):
        with open_gzip(path) as file:
            yield {"input": file}
    else:
        yield {"path": str(path)}


def _is_zipped(path: Path) -> bool:
    return path.suffix.lower() == ".gz"


def _format(path: Path) -> RdfFormat:
    suffix = path.with_suffix("").suffix if _is_zipped(path) else path.suffix
    form = _FORMATS.get(suffix.lower())
    if form is None:
        raise BrokenFile(f'{path}: "{suffix}" is not an extension of an RDF format. Use one of: {", ".join(_FORMATS)}.')
    return form


@contextmanager
def _parse_errors(path: Path) -> Iterator[None]:
    """Turn errors of parsing and reading into BrokenFile."""
    try:
        yield
    except SyntaxError as error:
        position = f", line {error.lineno}, column {error.offset}" if error.lineno else ""
        raise BrokenFile(f"{path}{position}: {first_line(error.args[0])}") from error
    except OSError as error:
        raise BrokenFile(f"{path}: cannot be read: {error.strerror or error}") from error
