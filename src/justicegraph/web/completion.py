"""Completion for the query editor: classes, properties and list terms, each with its label and definition."""

from collections.abc import Iterator

import orjson
from flask import Blueprint, Response, current_app
from pyoxigraph import Literal, NamedNode

from justicegraph.namespaces import OWL, local_name, short
from justicegraph.web.assets import FOR_GOOD, Asset, asset_of, sent
from justicegraph.web.site import QUERIES, site

blueprint = Blueprint("completion", __name__)

_KINDS = {
    "Class": "class",
    "ObjectProperty": "property",
    "DatatypeProperty": "property",
    "AnnotationProperty": "property",
}
_LABELS, _NOTES = ("label", "prefLabel"), ("comment", "definition")


@blueprint.app_template_global("vocabulary")
def vocabulary_address() -> str:
    """Return the address of the vocabulary, which changes with its content."""
    return f"/static/{_vocabulary().address}"


@blueprint.get("/static/vocabulary.<tag>.json")
def vocabulary(tag: str) -> Response:
    """Serve the vocabulary; at an outdated address, serve the current one without caching."""
    asset = _vocabulary()
    return sent(asset, FOR_GOOD if asset.address == f"vocabulary.{tag}.json" else "no-cache")


def _vocabulary() -> Asset:
    """Return the vocabulary of this application's graph, made once."""
    extensions = current_app.extensions
    if "vocabulary" not in extensions:
        extensions["vocabulary"] = asset_of("vocabulary.json", orjson.dumps(sorted(_entries())))
    asset: Asset = extensions["vocabulary"]
    return asset


def _entries() -> Iterator[tuple[str, str, str, str]]:
    """Yield each term as its prefixed name, kind, English label and English definition."""
    for name in ("ontology", "terms"):
        values_by_iri: dict[str, dict[str, str]] = {}
        for triple in QUERIES.triples(site().run_query, f"triples_of_the_{name}"):
            key = local_name(triple.predicate.value)
            subject, value = triple.subject, triple.object
            if isinstance(value, NamedNode) or (isinstance(value, Literal) and value.language in {None, "en"}):
                values_by_iri.setdefault(subject.value, {}).setdefault(key, value.value)  # type: ignore[union-attr]
        for iri, facts in values_by_iri.items():
            kind = _kind(facts.get("type", ""))
            label, note = (next((facts[key] for key in keys if key in facts), "") for keys in (_LABELS, _NOTES))
            if kind and label:
                yield short(iri), kind, label, note


def _kind(type_: str) -> str:
    """Return the kind of a term by its class; "" for terms without completion, such as the ontology itself."""
    if type_.startswith(OWL):
        return "class" if type_ == OWL + "Class" else "property" if type_.endswith("Property") else ""
    return "term"
