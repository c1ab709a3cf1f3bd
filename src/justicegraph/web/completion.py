"""The words of the ontology for an editor: classes, properties and terms of lists, each with its label and meaning."""

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
    """Return the address of the words, which is another one when they change."""
    return f"/static/{_vocabulary().address}"


@blueprint.get("/static/vocabulary.<tag>.json")
def vocabulary(tag: str) -> Response:
    """Give the words; by an address of before they are those of today, and not kept."""
    found = _vocabulary()
    return sent(found, FOR_GOOD if found.address == f"vocabulary.{tag}.json" else "no-cache")


def _vocabulary() -> Asset:
    """Return the words of this application's graph, which never changes."""
    kept = current_app.extensions
    if "vocabulary" not in kept:
        kept["vocabulary"] = asset_of("vocabulary.json", orjson.dumps(sorted(_words())))
    found: Asset = kept["vocabulary"]
    return found


def _words() -> Iterator[tuple[str, str, str, str]]:
    """Yield each word as its name with a prefix, kind, label and meaning, in English."""
    for name in ("ontology", "terms"):
        said: dict[str, dict[str, str]] = {}
        for triple in QUERIES.triples(site().run_query, f"triples_of_the_{name}"):
            key = local_name(triple.predicate.value)
            subject, value = triple.subject, triple.object
            if isinstance(value, NamedNode) or (isinstance(value, Literal) and value.language in {None, "en"}):
                said.setdefault(subject.value, {}).setdefault(key, value.value)  # type: ignore[union-attr]
        for iri, facts in said.items():
            kind = _kind(facts.get("type", ""))
            label, note = (next((facts[key] for key in keys if key in facts), "") for keys in (_LABELS, _NOTES))
            if kind and label:
                yield short(iri), kind, label, note


def _kind(type_: str) -> str:
    """Return the kind of what has this class; nothing for what nobody asks for, as for the ontology itself."""
    if type_.startswith(OWL):
        return "class" if type_ == OWL + "Class" else "property" if type_.endswith("Property") else ""
    return "term"
