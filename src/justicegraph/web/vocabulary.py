"""The pages on words: the ontology, the closed lists and the shapes, all of them read from the graph itself."""

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
"""Pixels of the diagram: the height of a class, and how much further in a narrower one stands."""

Term = dict[str, Any]
"""A term: its `iri`, and what is said of it, a sorted list by local name."""


@dataclass(frozen=True)
class Box:
    """A class in the diagram: where it stands, and where the wider one stands that it hangs from."""

    iri: str
    label: str
    x: int
    y: int
    parent_y: int | None


def ontology_page() -> str:
    """Return the ontology for people."""
    said = _described("ontology")
    classes = [term for term in said if OWL + "Class" in term["type"]]
    properties = [term for term in said if any(kind.endswith("Property") for kind in term["type"])]
    allowed: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in QUERIES.rows(site().run_query, "properties_in_order_of_shapes"):
        allowed[row["class"]].append(row)
    asked = {term["iri"]: _asking(term["iri"]) for term in classes + properties}
    boxes = list(_tree(classes))
    return render_template(
        "ontology.html",
        header=next((term for term in said if term["iri"] == HOME + "ontology"), {}),
        classes=classes, properties=properties, allowed=allowed, asked=asked, aligned=_aligned(said),
        examples={term["iri"]: site().examples.get(short(term["iri"])) for term in classes},
        boxes=boxes, height=_ROW * len(boxes) + 10, questions=site().questions,
    )  # fmt: skip


def terms_page() -> str:
    """Return the closed lists for people."""
    said = _described("terms")
    lists = [term for term in said if any(kind.endswith("ConceptScheme") for kind in term["type"])]
    return render_template("terms.html", lists=lists, terms=[term for term in said if term not in lists])


def shapes_page() -> str:
    """Return what is demanded of entries, for people."""
    said = {term["iri"]: term for term in _described("shapes")}
    nodes = [term for term in said.values() if "targetClass" in term]
    return render_template("shapes.html", nodes=nodes, said=said)


def _described(vocabulary: str) -> list[Term]:
    """Return each term of the ontology, of the lists or of the shapes."""
    found: dict[str, Term] = {}
    for triple in QUERIES.triples(site().run_query, f"triples_of_the_{vocabulary}"):
        term = found.setdefault(triple.subject.value, {"iri": triple.subject.value})  # type: ignore[union-attr]
        key = local_name(triple.predicate.value)
        if isinstance(triple.object, Literal) and triple.object.language not in {None, "en"}:
            continue
        term.setdefault(key, []).append(triple.object.value)  # type: ignore[union-attr]
    return [
        {key: sorted(value) if isinstance(value, list) else value for key, value in found[iri].items()}
        for iri in sorted(found)
    ]


def _asking(iri: str) -> list[dict[str, str]]:
    """Return the example questions that use a term."""
    used = re.compile(rf"{re.escape(short(iri))}\b")
    return [question for question in site().questions if used.search(question["text"])]


def _aligned(terms: list[Term]) -> list[tuple[str, str]]:
    """Return each pair of a term of ours and a wider one of another vocabulary."""
    return [
        (term["iri"], wider)
        for term in terms
        for key in ("subClassOf", "subPropertyOf")
        for wider in term.get(key, [])
        if not wider.startswith(JG)
    ]


def _tree(classes: list[Term]) -> Iterator[Box]:
    """Yield the classes as a tree, from the top; a class with two wider ones hangs from the first."""
    parents = {
        term["iri"]: next((each for each in term.get("subClassOf", []) if each.startswith(JG)), None)
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
