"""What the shapes demand of an entry of a class: the facts that it cannot do without."""

from dataclasses import dataclass

from justicegraph.namespaces import JG, SH, SKOS
from justicegraph.rdf.schema import Facts, wider_classes


@dataclass(frozen=True)
class Requirement:
    """A fact that must be there: its property, what a person is told, and the datatype or class of its value."""

    path: str
    message: str
    datatype: str | None
    wanted: str | None


def requirements_of(name: str, ontology: Facts, shapes: Facts) -> list[Requirement]:
    """Return what the shapes of this class and of every wider one demand: name and definition first, sources last."""
    classes = wider_classes(name, ontology)
    shaped = [said for said in list(shapes.values()) if classes & set(said[SH + "targetClass"])]
    found: dict[str, Requirement] = {}
    for node in sorted({node for said in shaped for node in said[SH + "property"]}):
        said = shapes[node]
        if said[SH + "minCount"] not in ([], ["0"]):
            path, message = said[SH + "path"][0], said[SH + "message"][0]
            found[path] = Requirement(path, message, _first(said[SH + "datatype"]), _first(said[SH + "class"]))
    order = {SKOS + "prefLabel": -2, SKOS + "definition": -1, JG + "source": 1}
    return sorted(found.values(), key=lambda each: (order.get(each.path, 0), each.path))


def _first(values: list[str]) -> str | None:
    return values[0] if values else None
