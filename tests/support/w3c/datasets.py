"""One dataset for the whole suite: each of its data files a named graph, so that a request can choose among them."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from pyoxigraph import Dataset, DefaultGraph, NamedNode, Quad, RdfFormat, parse, serialize

from tests.support.w3c.exchanges import Exchange
from tests.support.w3c.manifests import Case, Node, path_of
from tests.support.w3c.results import meaning

Source = tuple[bytes, RdfFormat, str]
"""A graph as it is written: its bytes, their format, and what its relative IRIs are resolved against."""

Graphs = dict[str, Source]
"""Graphs by their IRIs; the default graph has the name ""."""

WRITES = ("PUT", "POST", "DELETE")


def write_dataset(graphs: Graphs, path: Path) -> None:
    """Write all graphs as N-Quads."""
    serialize((quad for name in graphs for quad in quads_of(graphs[name], name)), path, RdfFormat.N_QUADS)


def quads_of(source: Source, name: str = "") -> Iterator[Quad]:
    """Yield the triples of a source in the graph of this name, with blank nodes that stand nowhere else."""
    content, form, base = source
    graph = NamedNode(name) if name else DefaultGraph()
    for quad in parse(content, format=form, base_iri=base, rename_blank_nodes=True):
        yield Quad(quad.subject, quad.predicate, quad.object, graph)


def graphs_of_files(suite: Path, cases: Iterable[Case]) -> Graphs:
    """Return the data files of tests of queries, by their IRIs."""
    return {iri: _source(suite, iri) for case in cases for iri in (*case.data, *case.graphs)}


def graphs_of_labels(suite: Path, tests: Iterable[Node]) -> Graphs:
    """Return the graphs that tests of the protocol name themselves."""
    parts = [part for test in tests for part in test.all("ut:graphData")]
    return {part.one("rdfs:label").text: _source(suite, part.one("ut:graph").text) for part in parts}


def graphs_of_store(requests: Iterable[Exchange]) -> Graphs:
    """Return each graph as the first PUT of the Graph Store Protocol's tests would write it."""
    graphs: Graphs = {}
    for request in requests:
        if request.method == "PUT":
            graphs.setdefault(graph_of(request), _carried(request))
    return graphs


def readings(test: Iterable[Exchange], served: Graphs) -> Iterator[Exchange]:
    """Yield the requests of a test that read a graph which, by the PUTs before them, is as it is served here."""
    written: Graphs = {}
    for request in test:
        name = graph_of(request)
        if request.method == "PUT":
            written[name] = _carried(request)
        elif request.method in WRITES:
            return
        elif _same(written.get(name), served.get(name)):
            yield request


def graph_of(request: Exchange) -> str:
    """Return the name of the graph that a request of the Graph Store Protocol is for (its section 4.2)."""
    return parse_qs(urlsplit(request.target).query).get("graph", [""])[0]


def _carried(request: Exchange) -> Source:
    return request.body or b"", RdfFormat.TURTLE, f"http://www.example{request.target}"


def _same(one: Source | None, other: Source | None) -> bool:
    if one is None or other is None:
        return one is other
    return meaning(Dataset(quads_of(one))) == meaning(Dataset(quads_of(other)))


def _source(suite: Path, iri: str) -> Source:
    path = path_of(suite, iri)
    form = RdfFormat.from_extension(path.suffix.removeprefix("."))
    if form is None:
        raise ValueError(f"{path}: what format is that?")
    return path.read_bytes(), form, iri
