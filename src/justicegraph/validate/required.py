"""The properties that the shapes require of an entry of a class."""

from dataclasses import dataclass

from justicegraph.namespaces import JG, SH, SKOS
from justicegraph.rdf.schema import Facts, wider_classes


@dataclass(frozen=True)
class Requirement:
    """A required property: its IRI, the message of its shape, and the datatype or class of its value."""

    path: str
    message: str
    datatype: str | None
    wanted: str | None


def requirements_of(name: str, ontology: Facts, shapes: Facts) -> list[Requirement]:
    """Return the requirements of a class and of its wider classes: name and definition first, sources last."""
    classes = wider_classes(name, ontology)
    shaped = [facts for facts in list(shapes.values()) if classes & set(facts[SH + "targetClass"])]
    by_path: dict[str, Requirement] = {}
    for node in sorted({node for facts in shaped for node in facts[SH + "property"]}):
        facts = shapes[node]
        if facts[SH + "minCount"] not in ([], ["0"]):
            path, message = facts[SH + "path"][0], facts[SH + "message"][0]
            by_path[path] = Requirement(path, message, _first(facts[SH + "datatype"]), _first(facts[SH + "class"]))
    order = {SKOS + "prefLabel": -2, SKOS + "definition": -1, JG + "source": 1}
    return sorted(by_path.values(), key=lambda required: (order.get(required.path, 0), required.path))


def _first(values: list[str]) -> str | None:
    return values[0] if values else None
