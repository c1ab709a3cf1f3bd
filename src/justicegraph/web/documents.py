"""Linked data: ids redirect to documents, and a document comes in the form that the client prefers."""

from collections.abc import Callable

import orjson
from flask import Blueprint, Response, abort, redirect, request
from pyoxigraph import NamedNode, serialize
from werkzeug.wrappers import Response as AnyResponse

from justicegraph.http.accept import accepted_format
from justicegraph.namespaces import (
    CONTEXT_VERSION,
    DCTERMS,
    HOME,
    ID,
    MAPPINGS_GRAPH,
    PART,
    PREFIXES,
    SLUG,
    STATUS,
    document_of,
)
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.rdf.formats import HTML, Format
from justicegraph.sparql.results import parse_triples
from justicegraph.web.entity.view import entity_page
from justicegraph.web.negotiation import JSONLD, OFFERS, document_headers, media_type, validators_of, wanted_form
from justicegraph.web.site import QUERIES, Site, site
from justicegraph.web.vocabulary import ontology_page, shapes_page, terms_page

blueprint = Blueprint("documents", __name__)

_REPLACED = f"<{DCTERMS}isReplacedBy>".encode()

_GRAPHS = {
    "ontology": "/ontology", "shapes": "/shapes", "derived": "/data/justicegraph.nq",
    "mappings": f"/graph-store?graph={MAPPINGS_GRAPH}",
}  # fmt: skip


@blueprint.get("/id/<local>")
def identifier(local: str) -> AnyResponse:
    """Redirect from an id to the document (Cool URIs for the Semantic Web, 4.2), or from an old id to the new one.

    The id of a missing part redirects to its owner, so that a published id never stops working.
    """
    part = PART.fullmatch(local) or (local.endswith(STATUS) and SLUG.fullmatch(local.removesuffix(STATUS)))
    if not (part or SLUG.fullmatch(local)):
        abort(404)
    successor = _successor(local)
    if successor:
        return redirect(f"/id/{successor}", 308)
    slug = local.partition(".")[0]
    response = redirect(f"/doc/{slug}#{local}" if part else f"/doc/{slug}", 303)
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get("/doc/<name>")
def document(name: str) -> AnyResponse:
    """Send an entry's document, in the form of its extension or else the form that Accept prefers."""
    slug, form = _name_and_form(name)
    if not SLUG.fullmatch(slug):
        abort(404)
    profile = wanted_form(request.headers.get("Accept", "")) if form is JSONLD else ""
    body = _entry(slug, form, profile)
    if body is None:
        return redirect(f"/doc/{_successor(slug) or abort(404)}{name.removeprefix(slug)}", 308)
    validators = validators_of(slug, form, profile, site().snapshot, site().max_age)
    is_known = _is_known(validators)
    response = Response(status=304) if is_known else Response(body, content_type=media_type(form, profile))
    response.headers.extend([*document_headers(slug, form.name), *validators])
    return response


@blueprint.get("/ontology")
@blueprint.get("/ontology.<extension>")
def ontology(extension: str | None = None) -> AnyResponse:
    """Send the ontology, in a form chosen the same way."""
    return _vocabulary("ontology", extension, ontology_page)


@blueprint.get("/ontology/<version>")
def ontology_version(version: str) -> AnyResponse:
    """Send the ontology at the address of its version; older versions are in the repository's history."""
    here = NamedNode(f"{HOME}ontology/{version}")
    if not any(triple.object == here for triple in QUERIES.triples(site().run_query, "triples_of_the_ontology")):
        abort(404)
    return _vocabulary("ontology", None, ontology_page)


@blueprint.get("/graph/<name>")
def graph(name: str) -> AnyResponse:
    """Redirect from a named graph to its content."""
    return redirect(_GRAPHS[name], 303) if name in _GRAPHS else abort(404)


@blueprint.get("/terms")
@blueprint.get("/terms.<extension>")
def terms(extension: str | None = None) -> AnyResponse:
    """Send the controlled lists, in a form chosen the same way."""
    return _vocabulary("terms", extension, terms_page)


@blueprint.get("/shapes")
@blueprint.get("/shapes.<extension>")
def shapes(extension: str | None = None) -> AnyResponse:
    """Send the shapes, in a form chosen the same way."""
    return _vocabulary("shapes", extension, shapes_page)


@blueprint.get("/context/<version>")
def context(version: str) -> Response:
    """Send the JSON-LD context, or an older version."""
    contexts = {**site().older_contexts, CONTEXT_VERSION: site().context}
    if version not in contexts:
        abort(404)
    return _cached_for_a_day(
        Response(orjson.dumps({"@context": contexts[version]}), content_type="application/ld+json")
    )


@blueprint.get(f"/context/{CONTEXT_VERSION}/frames")
def frames() -> Response:
    """Send the frames by class; they turn our triples into our documents (JSON-LD 1.1 Framing)."""
    return _cached_for_a_day(Response(orjson.dumps(site().frames), content_type="application/json"))


@blueprint.get(f"/context/{CONTEXT_VERSION}/frames/<name>")
def frame(name: str) -> Response:
    """Send the frame of one class."""
    if name not in site().frames:
        abort(404)
    return _cached_for_a_day(Response(orjson.dumps(site().frames[name]), content_type="application/ld+json"))


def _vocabulary(name: str, extension: str | None, page: Callable[[], str]) -> AnyResponse:
    form = _form(extension)
    if form is HTML:
        return _negotiated(Response(page(), mimetype="text/html"), f"/{name}.html")
    triples = QUERIES.ntriples(site().run_query, f"triples_of_the_{name}")
    profile = wanted_form(request.headers.get("Accept", ""))
    if form is JSONLD:
        body = site().documents.in_form(site().documents.graph(triples), profile or "framed")
    else:
        body = _serialize(triples, form)
    return _negotiated(Response(body, content_type=media_type(form, profile)), f"/{name}.{form.name}")


def _successor(local: str) -> str | None:
    """Return the local id that replaces this one, if any; for a missing part, the id of its owner.

    Abort with 410 if an entry was removed on request, with 404 if nothing has this id.
    """
    removals, slug = (
        QUERIES.rows(site().run_query, "owner_of_an_id", {"entity": NamedNode(ID + local)}),
        local.partition(".")[0],
    )
    if not removals and slug != local:
        return _successor(slug) or slug
    if not removals:
        abort(410 if site().is_removed(slug) else 404)
    return next((row["replacement"].removeprefix(ID) for row in removals if "replacement" in row), None)


def _is_known(validators: list[tuple[str, str]]) -> bool:
    """Tell whether the client has this response already (If-None-Match, RFC 9110, 13.1.2)."""
    tag = dict(validators).get("ETag", "")
    return bool(tag) and request.if_none_match.contains_raw(tag)


def _name_and_form(name: str) -> tuple[str, Format]:
    slug, dot, extension = name.partition(".")
    return slug, _form(extension if dot else None)


def _form(extension: str | None) -> Format:
    if extension is None:
        return accepted_format(request.headers.get("Accept", ""), OFFERS)
    return next((offer for offer in OFFERS if offer.name == extension), None) or abort(404)


def entry_jsonld(site: Site, slug: str, profile: str) -> bytes | None:
    """Return an entry's document in a form of JSON-LD; None if there is no such entry, or it has moved."""
    triples = _triples_of_entry(site, slug)
    if triples is None:
        return None
    return site.documents.in_form(site.documents.entry(triples, ID + slug), profile or "framed")


def _entry(slug: str, form: Format, profile: str) -> bytes | None:
    """Return an entry's document in any form; None if there is no such entry, or it has moved."""
    if form is HTML:
        page = entity_page(slug)
        return None if page is None else page.encode()
    if form is JSONLD:
        return entry_jsonld(site(), slug, profile)
    triples = _triples_of_entry(site(), slug)
    return None if triples is None else _serialize(triples, form)


def _triples_of_entry(site: Site, slug: str) -> bytes | None:
    """Return the N-Triples of an entry's document; None if there is no such entry, or it has moved."""
    bound = {"entity": NamedNode(ID + slug), "doc": NamedNode(document_of(slug))}
    triples = QUERIES.ntriples(site.run_query, "triples_of_a_document", bound)
    return triples if triples and _REPLACED not in triples else None


def _serialize(ntriples: bytes, form: Format) -> bytes:
    """Return N-Triples in another form, always in the same order."""
    triples = parse_triples(ntriples)
    if form.name == "ttl":
        return canonical_turtle(triples).encode()
    ordered = sorted(triples, key=str)
    body = serialize(ordered, format=form.writer, prefixes=PREFIXES if form.name == "rdf" else None)  # type: ignore[arg-type]
    return body or b""


def _cached_for_a_day(response: Response) -> Response:
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _negotiated(response: Response, location: str) -> Response:
    response.headers["Vary"] = "Accept"
    response.headers["Content-Location"] = location
    return response
