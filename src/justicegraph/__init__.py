'''A linked-data knowledge graph of the prison-justice movement: from Turtle files to a SPARQL endpoint and dumps.

The names below are the public interface. All other modules may change with any version.

    >>> import justicegraph
    >>> project = justicegraph.Project(".")
    >>> for finding in project.check():
    ...     print(finding)
    >>> query = """PREFIX jg: <https://w3id.org/justicegraph/ontology#>
    ... PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    ... SELECT ?name { ?person a jg:Person ; skos:prefLabel ?name } ORDER BY ?name LIMIT 2"""
    >>> with project.snapshot() as snapshot:
    ...     for row in snapshot.select(query):
    ...         print(row["name"])
    Aafia Siddiqui
    Alexei Navalny

Importing it is quick: the classes are loaded when they are first used.
'''

from importlib import import_module
from typing import TYPE_CHECKING, Any

from justicegraph.errors import (
    BadQuery,
    BrokenFile,
    BrokenRules,
    CannotWrite,
    JusticeGraphError,
    MissingFolder,
    NotAcceptable,
    QueryTooLong,
    RefusedQuery,
    UnknownFunction,
)

if TYPE_CHECKING:
    from justicegraph.build import Project
    from justicegraph.sparql.open_snapshot import OpenSnapshot, open_snapshot
    from justicegraph.sparql.values import IRI, BlankNode, Literal, Row, Rows, Term, Triple, Triples
    from justicegraph.validate.findings import Finding

__all__ = [
    "IRI",
    "BadQuery",
    "BlankNode",
    "BrokenFile",
    "BrokenRules",
    "CannotWrite",
    "Finding",
    "JusticeGraphError",
    "Literal",
    "MissingFolder",
    "NotAcceptable",
    "OpenSnapshot",
    "Project",
    "QueryTooLong",
    "RefusedQuery",
    "Row",
    "Rows",
    "Term",
    "Triple",
    "Triples",
    "UnknownFunction",
    "open_snapshot",
]

_MODULES = {
    "justicegraph.build": ("Project",),
    "justicegraph.sparql.values": ("IRI", "BlankNode", "Literal", "Row", "Rows", "Term", "Triple", "Triples"),
    "justicegraph.sparql.open_snapshot": ("OpenSnapshot", "open_snapshot"),
    "justicegraph.validate.findings": ("Finding",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Return a public name, and load its module first (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
