"""What the endpoint says of itself, and its graphs one by one: VoID, service description, Graph Store Protocol."""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast
from urllib.parse import urljoin

from flask import Blueprint, Response, abort, current_app, redirect, request
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse
from werkzeug.wsgi import FileWrapper

from justicegraph.errors import BadQuery
from justicegraph.http.accept import accepted_encoding, accepted_format
from justicegraph.http.host import address_with_host
from justicegraph.http.parameters import parse_parameters
from justicegraph.namespaces import (
    DCTERMS,
    DERIVED_GRAPH,
    MAPPINGS_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    RDFS,
    SD,
    SHAPES_GRAPH,
    TYPE,
    VOID,
    VOID_EXT,
    VOID_GRAPH,
)
from justicegraph.rdf.formats import GRAPHS, HTML, Format
from justicegraph.sparql.query import Result, RunQuery
from justicegraph.system.spool import Spool, compress
from justicegraph.void import DATASET
from justicegraph.web.site import QUERIES, site

blueprint = Blueprint("service", __name__)

FORMATS = {
    "json": "SPARQL_Results_JSON", "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV", "tsv": "SPARQL_Results_TSV",
    "ttl": "Turtle", "nt": "N-Triples", "nq": "N-Quads", "trig": "TriG", "rdf": "RDF_XML", "jsonld": "JSON-LD",
}  # fmt: skip
"""By the name of a format, what http://www.w3.org/ns/formats/ calls it."""

_FORMAT = "http://www.w3.org/ns/formats/"
_SHOWN = PREFIXES | {"formats": _FORMAT, "sd": SD, "void": VOID, "void-ext": VOID_EXT}
_CHUNK = 65_536


@blueprint.get("/graph/void")
def void_graph() -> AnyResponse:
    """Lead from the named graph to what it holds."""
    return redirect("/.well-known/void", 303)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Give the description of what is served (VoID, 7.2); where there is none, as for files, just how to ask."""
    form, coding, spool = _accepted(), _encoding(), Spool()
    spool.write(_described(form) or written(list(_of_unknown(address_with_host(request.base_url))), form))
    sent = compress(spool, coding) if coding else spool
    return _sent(Result(form, sent.whole(), sent.length, coding))


@blueprint.get("/graph-store")
def graph_store() -> Response:
    """Give one graph whole (SPARQL 1.1 Graph Store HTTP Protocol, 5.2)."""
    graph, form = _asked_graph(), _accepted()
    if graph is None:
        question = QUERIES.construct("triples_of_the_default_graph", form=form)
    elif _exists(site().run_query, graph):
        question = QUERIES.construct("triples_of_a_graph", {"graph": graph}, form)
    else:
        abort(404)
    return _sent(site().run_query(replace(question, encoding=_encoding())))


@blueprint.after_app_request
def say_what_is_allowed(response: Response) -> Response:
    """Add the methods of an address to an answer that refuses one (RFC 9110, 15.5.6)."""
    refusal = request.routing_exception
    if isinstance(refusal, MethodNotAllowed) and "Allow" not in response.headers:
        response.headers["Allow"] = ", ".join(sorted(refusal.valid_methods or ()))
    return response


def service_description(endpoint: str, run_query: RunQuery, *, union: bool) -> list[Triple]:
    """Return the description of the endpoint at this address (SPARQL 1.1 Service Description), without blank nodes.

    `union` tells whether the default graph is the union of all. Raise BadQuery where the address has no host.
    """
    endpoint, described = address_with_host(endpoint), QUERIES.triples(run_query, "description_of_the_dataset")
    dataset, default = f"{endpoint}#dataset", DATASET if described else f"{endpoint}#default-graph"
    own = (DERIVED_GRAPH, MAPPINGS_GRAPH, ONTOLOGY_GRAPH, SHAPES_GRAPH, VOID_GRAPH)
    graphs = [iri for iri in own if _exists(run_query, NamedNode(iri))]
    facts = [
        (endpoint, TYPE, SD + "Service"),
        (endpoint, SD + "endpoint", endpoint),
        (endpoint, SD + "supportedLanguage", SD + "SPARQL11Query"),
        *((endpoint, SD + "resultFormat", _FORMAT + name) for name in FORMATS.values()),
        (endpoint, SD + "defaultDataset", dataset),
        (endpoint, RDFS + "seeAlso", urljoin(endpoint, "/.well-known/void")),
        (dataset, TYPE, SD + "Dataset"),
        (dataset, SD + "defaultGraph", default),
        (default, TYPE, SD + "Graph"),
        *(fact for iri in graphs for fact in _named(dataset, endpoint, iri)),
    ]
    if union:
        facts.append((endpoint, SD + "feature", SD + "UnionDefaultGraph"))
    return [*(_triple(*fact) for fact in facts), *described]


def written(said: list[Triple], form: Format) -> bytes:
    """Return triples in a format, always in the same order."""
    return serialize(sorted(said, key=str), format=cast("RdfFormat", form.writer), prefixes=_SHOWN) or b""


def _named(dataset: str, endpoint: str, graph: str) -> Iterator[tuple[str, str, str]]:
    here = f"{endpoint}#graph-{graph.rpartition('/')[2]}"
    yield dataset, SD + "namedGraph", here
    yield here, TYPE, SD + "NamedGraph"
    yield here, SD + "name", graph


def _of_unknown(address: str) -> Iterator[Triple]:
    """Yield what can be said without a look at what is served."""
    dataset = f"{address}#dataset"
    yield _triple(address, TYPE, VOID + "DatasetDescription")
    yield _triple(address, PREFIXES["foaf"] + "primaryTopic", dataset)
    yield _triple(dataset, TYPE, VOID + "Dataset")
    yield _triple(dataset, VOID + "sparqlEndpoint", urljoin(address, "/sparql"))
    title = Literal("RDF files, served by JusticeGraph", language="en")
    yield Triple(NamedNode(dataset), NamedNode(DCTERMS + "title"), title)


def _triple(*iris: str) -> Triple:
    return Triple(*(NamedNode(iri) for iri in iris))


def _accepted() -> Format:
    """Return the format that the client prefers; a browser, which prefers HTML, gets the first."""
    form = accepted_format(request.headers.get("Accept", ""), (*GRAPHS, HTML))
    return GRAPHS[0] if form is HTML else form


def _asked_graph() -> NamedNode | None:
    """Return the graph that is asked for (Graph Store HTTP Protocol, 4.2): None for the default one; raise BadQuery."""
    pairs = parse_parameters(request.query_string)
    asked = [(name, value) for name, value in pairs if name in {"default", "graph"}]
    if asked == [("default", "")]:
        return None
    if len(asked) != 1 or asked[0][0] == "default":
        raise BadQuery("Name one graph: the default one by `?default`, any other by `?graph=` and its IRI.")
    try:
        return NamedNode(asked[0][1])
    except ValueError as error:
        raise BadQuery(f"{asked[0][1][:100]}: a graph is named by a whole IRI.") from error


def _encoding() -> str:
    return accepted_encoding(request.headers.get("Accept-Encoding", ""))


def _sent(answer: Result) -> Response:
    """Return an answer piece by piece, with its length."""
    if request.method == "HEAD":
        answer.body.close()
        response = Response(content_type=answer.format.media_type)
    else:
        body = FileWrapper(answer.body, _CHUNK)
        response = Response(body, content_type=answer.format.media_type, direct_passthrough=True)
    response.headers["Content-Length"] = str(answer.length)
    response.headers["Vary"] = "Accept, Accept-Encoding"
    if answer.encoding:
        response.headers["Content-Encoding"] = answer.encoding
    return response


def _described(form: Format) -> bytes:
    """Return what the graph says of itself, written once for each format; nothing where it says nothing."""
    kept: dict[str, bytes] = current_app.extensions.setdefault("void", {})
    if form.name not in kept:
        said = QUERIES.triples(site().run_query, "description_of_the_graph")
        kept[form.name] = written(said, form) if said else b""
    return kept[form.name]


def _exists(run_query: RunQuery, graph: NamedNode) -> bool:
    return bool(QUERIES.rows(run_query, "graph_exists", {"graph": graph}))
