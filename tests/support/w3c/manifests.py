"""The suite's manifests: which tests there are, and which files each one needs."""

from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

BASE = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
"""What the suite's relative IRIs begin with: each file has an IRI below it, as the names of the tests do."""

PREFIXES = {
    "cnt": "http://www.w3.org/2011/content#",
    "ht": "http://www.w3.org/2011/http#",
    "mf": "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#",
    "qt": "http://www.w3.org/2001/sw/DataAccess/tests/test-query#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rs": "http://www.w3.org/2001/sw/DataAccess/tests/result-set#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "ut": "http://www.w3.org/2009/sparql/tests/test-update#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Node:
    """A node of a graph, and where to go from it; properties are named as in `mf:action`."""

    store: Store
    term: Term

    @property
    def text(self) -> str:
        """The IRI, or the text of the literal."""
        return self.term.value if isinstance(self.term, NamedNode | Literal) else ""

    def all(self, name: str) -> list["Node"]:
        """Return the values of a property, in the order of their texts."""
        if isinstance(self.term, Literal | Triple):
            return []
        quads = self.store.quads_for_pattern(self.term, named(name), None)
        return sorted((Node(self.store, quad.object) for quad in quads), key=lambda node: node.text)

    def find(self, name: str) -> "Node | None":
        """Return the value of a property, or None where it has none."""
        return next(iter(self.all(name)), None)

    def one(self, name: str) -> "Node":
        """Return the one value of a property; raise ValueError where there are none or more."""
        (node,) = self.all(name)
        return node

    def items(self, name: str) -> list["Node"]:
        """Return the members of the list that is a property's value, in their order."""
        found, rest = [], self.find(name)
        while rest and (first := rest.find("rdf:first")):
            found.append(first)
            rest = rest.find("rdf:rest")
        return found


@dataclass(frozen=True)
class Case:
    """A test of a query: `folder/name`, its kind, and the IRIs of its files."""

    name: str
    kind: str
    query: str
    data: tuple[str, ...]
    graphs: tuple[str, ...]
    result: str


def named(name: str) -> NamedNode:
    """Return the term of this prefixed name."""
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def path_of(suite: Path, iri: str) -> Path:
    """Return the file that has this IRI."""
    return suite / iri.removeprefix(BASE)


def load(path: Path, iri: str) -> Store:
    """Return the graph of a Turtle file whose own IRI is this."""
    store = Store()
    store.load(path=path, base_iri=iri)
    return store


def read_tests(suite: Path, name: str) -> list[Node]:
    """Return the tests of a manifest, those of the manifests that it includes first; none where the suite is absent."""
    if not suite.is_dir():
        return []
    manifest = Node(load(suite / name, BASE + name), NamedNode(BASE + name))
    included = [part.text.removeprefix(BASE) for part in manifest.items("mf:include")]
    return [test for part in included for test in read_tests(suite, part)] + manifest.items("mf:entries")


def name_of(test: Node) -> str:
    """Return `folder/name` of a test."""
    return test.text.removeprefix(BASE).replace("/manifest#", "/")


def case_of(test: Node) -> Case:
    """Return a test of a query with its files."""
    action = test.one("mf:action")
    result = test.find("mf:result")
    return Case(
        name_of(test),
        test.one("rdf:type").text.removeprefix(PREFIXES["mf"]),
        (action.find("qt:query") or action).text,
        tuple(node.text for node in action.all("qt:data")),
        tuple(node.text for node in action.all("qt:graphData")),
        result.text if result else "",
    )
