"""The pages of the ontology, the controlled lists and the shapes, made from the graph."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import render_template
from pyoxigraph import Literal

from justicegraph.namespaces import HOME, JG, OWL, local_name, short
from justicegraph.web.site import QUERIES, site

_ROW, _STEP = 26, 28
"""Pixels of the diagram: the height of a class, and the indentation of a level."""

Term = dict[str, Any]
"""A term: its `iri`, and sorted values by the local name of the property."""


@dataclass(frozen=True)
class Box:
    """A class in the diagram: its position, and the y of its parent."""

    iri: str
    label: str
    x: int
    y: int
    parent_y: int | None


def ontology_page() -> str:
    """Return the page of the ontology."""
    terms = _terms("ontology")
    classes = [term for term in terms if OWL + "Class" in term["type"]]
    properties = [term for term in terms if any(kind.endswith("Property") for kind in term["type"])]
    allowed: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in QUERIES.rows(site().run_query, "properties_in_order_of_shapes"):
        allowed[row["class"]].append(row)
    queries_by_term = {term["iri"]: _queries_with(term["iri"]) for term in classes + properties}
    boxes = list(_tree(classes))
    return render_template(
        "ontology.html",
        header=next((term for term in terms if term["iri"] == HOME + "ontology"), {}),
        classes=classes, properties=properties, allowed=allowed, queries_by_term=queries_by_term,
        aligned=_aligned(terms),
        examples={term["iri"]: site().examples.get(short(term["iri"])) for term in classes},
        boxes=boxes, height=_ROW * len(boxes) + 10, questions=site().questions,
    )  # fmt: skip


def terms_page() -> str:
    """Return the page of the controlled lists."""
    terms = _terms("terms")
    lists = [term for term in terms if any(kind.endswith("ConceptScheme") for kind in term["type"])]
    return render_template("terms.html", lists=lists, terms=[term for term in terms if term not in lists])


def shapes_page() -> str:
    """Return the page of the shapes."""
    terms = {term["iri"]: term for term in _terms("shapes")}
    nodes = [term for term in terms.values() if "targetClass" in term]
    return render_template("shapes.html", nodes=nodes, terms=terms)


def _terms(vocabulary: str) -> list[Term]:
    """Return the terms of the ontology, of the lists or of the shapes, sorted by IRI."""
    terms: dict[str, Term] = {}
    for triple in QUERIES.triples(site().run_query, f"triples_of_the_{vocabulary}"):
        term = terms.setdefault(triple.subject.value, {"iri": triple.subject.value})  # type: ignore[union-attr]
        key = local_name(triple.predicate.value)
        if isinstance(triple.object, Literal) and triple.object.language not in {None, "en"}:
            continue
        term.setdefault(key, []).append(triple.object.value)  # type: ignore[union-attr]
    return [
        {key: sorted(value) if isinstance(value, list) else value for key, value in terms[iri].items()}
        for iri in sorted(terms)
    ]


def _queries_with(iri: str) -> list[dict[str, str]]:
    """Return the example queries that use a term."""
    used = re.compile(rf"{re.escape(short(iri))}\b")
    return [question for question in site().questions if used.search(question["text"])]


def _aligned(terms: list[Term]) -> list[tuple[str, str]]:
    """Return pairs of our own term and a wider one of another vocabulary."""
    return [
        (term["iri"], wider)
        for term in terms
        for key in ("subClassOf", "subPropertyOf")
        for wider in term.get(key, [])
        if not wider.startswith(JG)
    ]


def _tree(classes: list[Term]) -> Iterator[Box]:
    """Yield the classes as a tree, from the top; a class with two parents is below the first."""
    parents = {
        term["iri"]: next((wider for wider in term.get("subClassOf", []) if wider.startswith(JG)), None)
        for term in classes
    }
    labels = {term["iri"]: term.get("label", [short(term["iri"])])[0] for term in classes}
    row = 0

    def below(parent: str | None, depth: int, parent_y: int | None) -> Iterator[Box]:
        nonlocal row
        for iri in sorted(iri for iri, wider in parents.items() if wider == parent):
            y = _ROW * row + _ROW // 2 + 5
            row += 1
            yield Box(iri, labels[iri], 10 + _STEP * depth, y, parent_y)
            yield from below(iri, depth + 1, y)

    yield from below(None, 0, None)
