"""A release says the same in all its forms: by the hash of its triples, and by what pyld reads in a sample of lines.

`prove` is a step of benchmarks.release. Memory stays flat, however large the graph is: lines are sorted on disk.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, cast

from justicegraph.namespaces import CONTEXT, SKOS, TYPE
from justicegraph.rdf.nquads import Lines, digest, groups_of, quads_of, write_sorted
from justicegraph.system.compression import read_lines

SAMPLE = 500
"""One line of so many is read by pyld, which takes a hundred times as long as we do."""
WHOLE = 100_000_000
"""Bytes of a JSON-LD document up to which Oxigraph reads it whole; it holds all of it, in fifteen times the bytes."""
PIECE = 1_000
"""Nodes that it reads at a time of a larger one."""

_NAMING = {f"<{SKOS}prefLabel>", f"<{TYPE}>"}


def prove(place: Path) -> dict[str, Any]:
    """Prove that the release in a folder is whole, and that its JSON-LD says what its N-Quads say."""
    from justicegraph.release import list_releases, verify

    verified = list(verify(place))
    (release,) = list_releases(place)
    context = json.loads((release.path / "context/v1.jsonld").read_bytes())["@context"]
    quads, lines = (partial(read_lines, release.path / f"justicegraph.{name}.zst") for name in ("nq", "jsonl"))
    triples = digest(triples_of(quads()))
    for name, found, expected in (
        ("justicegraph.jsonld", _read(_documents(release.path / "justicegraph.jsonld.zst")), triples),
        ("justicegraph.jsonl", _read(_with_context(lines(), context)), triples),
        ("justicegraph.trig", _of_trig(release.path / "justicegraph.trig.zst"), release.sha256),
    ):
        check_same(name, _hash(place, found), expected)
    count = sampled(quads, lines(), context)
    return {"verified": verified, "triples": triples, "quads": release.sha256, "sampled": count}


def triples_of(quads: Lines) -> Iterator[bytes]:
    """Yield canonical quads as canonical triples, each once: without their ends, they stay in order."""
    return (line for line, _ in groupby(line[: line.rindex(b" <")] + b" .\n" for line in quads))


def _hash(folder: Path, lines: Lines) -> str:
    """Return the RDFC-1.0 hash of lines in any order, some more than once; memory stays flat."""
    with NamedTemporaryFile(dir=folder) as file:
        write_sorted(lines, file)
        file.seek(0)
        return digest(line for line, _ in groupby(file))


def _documents(path: Path) -> Iterator[bytes]:
    """Yield the one JSON-LD document as Oxigraph can read it: whole, or a large one in pieces with its head and end."""
    if sum(map(len, read_lines(path))) <= WHOLE:
        yield b"".join(read_lines(path))
        return
    lines = read_lines(path)
    head = next(lines)
    while piece := [line.rstrip(b",\n") for line in islice(lines, PIECE)]:
        yield head + b",".join(node for node in piece if node != b"]}") + b"]}"


def _with_context(lines: Lines, context: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield lines of JSON-LD with the context in place of its address, as an HTTP client would put it there."""
    address, inline = (f'"@context":{json.dumps(each)}'.encode() for each in (CONTEXT, context))
    return (line.replace(address, inline, 1) for line in lines)


def _read(documents: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the triples of JSON-LD documents as lines of N-Triples."""
    from pyoxigraph import RdfFormat, parse, serialize

    for document in documents:
        triples = (quad.triple for quad in parse(document, format=RdfFormat.JSON_LD))
        yield from (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)


def _of_trig(path: Path) -> Iterator[bytes]:
    """Yield the quads of compressed TriG as lines of N-Quads."""
    import zstandard
    from pyoxigraph import RdfFormat, parse, serialize

    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as plain:
        quads = parse(cast("IO[bytes]", plain), format=RdfFormat.TRIG)
        while some := list(islice(quads, 10 * PIECE)):
            yield from (serialize(some, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)


def sampled(quads: Callable[[], Lines], lines: Lines, context: Mapping[str, Any]) -> int:
    """Return how many lines pyld reads as just their entry and names of neighbours; exit where it reads another."""
    told: set[bytes] = set()
    count = 0
    for at, (line, group) in enumerate(zip(lines, groups_of(quads_of(quads())), strict=True)):
        if at % SAMPLE == 0:
            own, read = {" ".join(quad[:3]) for quad in group.quads}, _by_pyld(line, context)
            linked = {quad.value for quad in group.quads}
            names = {triple for triple in read - own if triple.split(" ", 2)[1] in _NAMING}
            if own - read or read - own - names or {triple.partition(" ")[0] for triple in names} - linked:
                sys.exit(f"pyld reads another entry than {group.subject} from its line")
            told |= {f"{triple} .\n".encode() for triple in names}
            count += 1
    if unknown := told.difference(triple for triple in triples_of(quads()) if triple in told):
        sys.exit(f"a line tells of a neighbour what the graph does not: {min(unknown).decode()}")
    return count


def _by_pyld(line: bytes, context: Mapping[str, Any]) -> set[str]:
    """Return the triples of a line of JSON-LD as N-Triples write them, without the point at the end."""
    from pyld import jsonld
    from pyoxigraph import RdfFormat, parse

    def load(address: str, _options: object) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": address, "document": {"@context": context}}

    said = jsonld.to_rdf(json.loads(line), {"format": "application/n-quads", "documentLoader": load})
    return {str(quad.triple) for quad in parse(said, format=RdfFormat.N_QUADS)}


def check_same(name: str, found: str, expected: str) -> None:
    """Exit where what was found is not what was expected."""
    if found != expected:
        sys.exit(f"{name} has the hash {found}, and not {expected}, which is that of the N-Quads")
