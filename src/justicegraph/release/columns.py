"""The tables of entries and their columns, according to the ontology and the shapes.

As long as those stay as they are, every release has the same tables with the same columns.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from pyoxigraph import Triple

from justicegraph.jsonld import make_frames
from justicegraph.jsonld.frames import NEIGHBOUR
from justicegraph.namespaces import JG, RDFS, SKOS, local_name
from justicegraph.rdf.schema import Facts, abstract_classes, facts_of, properties_of, wider_classes

_FIRST = ("id", "label", "other_labels", "types", "definition")
_STATUS = ("status", "status_as_of")
_HAVE_STATUS = {JG + "Person", JG + "Prisoner"}
_NAMING = {SKOS + "prefLabel", SKOS + "altLabel", SKOS + "definition"}


class Column(NamedTuple):
    """A property, by its IRI; one that links to named entries takes two columns, of labels and of IRIs."""

    name: str
    iri: str
    is_link: bool


class Table(NamedTuple):
    """The entries of a class, by its IRI: the name of the file, and the columns after those that all tables have."""

    kind: str
    file: str
    has_status: bool
    columns: tuple[Column, ...]
    abstract: frozenset[str]
    """The classes that the column `types` leaves out."""

    @property
    def head(self) -> list[str]:
        """The names of all columns, in their order."""
        names = [(column.name, f"{column.name}_id") if column.is_link else (column.name,) for column in self.columns]
        return [*_FIRST, *(_STATUS if self.has_status else ()), *(name for pair in names for name in pair)]


def tables_of(ontology: Iterable[Triple], shapes: Iterable[Triple]) -> list[Table]:
    """Return a table for each class of entries that is not abstract, in the order of their files.

    Its columns are the properties that the shapes of the class and of wider ones speak of, in the order of their names.
    """
    ontology, shapes = list(ontology), list(shapes)
    declared, paths = facts_of(ontology), properties_of(facts_of(shapes))
    abstract, tables = abstract_classes(declared), []
    for key, frame in make_frames(ontology, shapes).items():
        kind = JG + key
        if kind not in abstract:
            allowed = {path for wider in wider_classes(kind, declared) for path in paths[wider]} - _NAMING
            columns = (Column(local_name(path), path, frame.get(local_name(path)) == NEIGHBOUR) for path in allowed)
            file, has_status = _file(kind, declared), kind in _HAVE_STATUS
            tables.append(Table(kind, file, has_status, tuple(sorted(columns)), abstract))
    return sorted(tables, key=lambda table: table.file)


def _file(kind: str, ontology: Facts) -> str:
    """Return the file of a class: the folder that is its own, else the plural of its label, as in news-outlets.csv."""
    own = ontology[kind][JG + "keptIn"]
    label = "-".join(ontology[kind][RDFS + "label"][0].split())
    return (own[0] if own else re.sub(r"(?<=[^aeiou])y$", "ie", label) + "s") + ".csv"
