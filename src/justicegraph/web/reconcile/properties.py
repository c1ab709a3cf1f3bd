"""The properties whose values a spreadsheet can have, and which classes have them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from justicegraph.linking.reconcile.properties import PROPERTIES, Property, class_name, property_iri
from justicegraph.namespaces import JG, SKOS, TYPE
from justicegraph.sparql.named import NamedQueries
from justicegraph.sparql.query import RunQuery

QUERIES = NamedQueries.beside(__file__)

_MORE = (
    Property("name", "name", "The name, in each language that it is known in.", (SKOS + "prefLabel",)),
    Property("description", "description", "What it is, in a sentence or two.", (SKOS + "definition",)),
    Property("type", "type", "The classes that its entry names.", (TYPE,)),
    Property("status", "status, as of its date", "Where somebody is held, or that they are free, with the date."),
    Property("sameAs", "the same elsewhere", "Its addresses in other databases.", PROPERTIES[-1].paths),
    Property("source", "source", "The sources of its entry.", (JG + "source",)),
)  # fmt: skip
_NAMED = (*PROPERTIES, *_MORE)
BY_ID: Mapping[str, Property] = {named.id: named for named in _NAMED}
"""The properties with names of their own; all others have the names of the ontology."""
_COVERED = {path for named in _NAMED if len(named.paths) == 1 for path in named.paths}
"""The IRIs that have a property of their own."""
LEVELS = ("country", "city")
"""The properties whose values are places."""


@dataclass
class OfferedProperty:
    """A property that is offered: the class of the entries that are its values, and the classes that have it."""

    id: str
    name: str
    description: str
    range: str = ""
    classes: set[str] = field(default_factory=set)

    def as_json(self) -> dict[str, str]:
        """Return the JSON object of the property."""
        return {"id": self.id, "name": self.name, "description": self.description}


def offered_properties(run_query: RunQuery) -> list[OfferedProperty]:
    """Return the properties with names of their own, evidence first, then the others that the shapes allow."""
    offered = {named.id: OfferedProperty(named.id, named.name, named.description) for named in _NAMED}
    for name in LEVELS:
        offered[name].range = "Place"
    for row in QUERIES.rows(run_query, "properties_of_each_class"):
        path = row["property"]
        name = path.rpartition("#")[2]
        if path in _COVERED or "#" not in path or path == SKOS + "editorialNote":
            continue
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
        offer = offered.setdefault(name, OfferedProperty(name, row.get("label", words), row.get("comment", "")))
        offer.range = offer.range or row.get("range", "").removeprefix(JG) * row.get("range", "").startswith(JG)
        offer.classes.add(row["class"].removeprefix(JG))
    return list(offered.values())


def properties_of_class(run_query: RunQuery, kind: str, limit: int) -> list[OfferedProperty]:
    """Return the properties that entries of a class can have; all of them without a class, or for an unknown one."""
    name = class_name(kind)
    rows = (
        QUERIES.rows(run_query, "classes_above_a_class", {"class": NamedNode(JG + name)})
        if name.isascii() and name.isalnum()
        else []
    )
    classes = {row["wider"].removeprefix(JG) for row in rows}
    offered = offered_properties(run_query)
    filtered = [offer for offer in offered if not classes or not offer.classes or offer.classes & classes]
    return filtered[:limit] if limit else filtered


def offered_name(column: str) -> str:
    """Return the id by which a property is offered that may be named by its IRI or with its prefix."""
    path = property_iri(column)
    own = next((named.id for named in _NAMED if path in named.paths and path in _COVERED), "")
    return column if column in BY_ID else own or path.removeprefix(JG).removeprefix(SKOS)


def paths_of(column: str) -> tuple[str, ...]:
    """Return the IRIs of the graph's properties whose values a column has."""
    if column in BY_ID:
        return BY_ID[column].paths
    return (property_iri(column), JG + column, SKOS + column)
