"""Descriptions of the endpoint and access to single graphs: VoID, service description, Graph Store Protocol."""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast
from urllib.parse import urljoin

from flask import Blueprint, Response, abort, current_app, redirect, request
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse
from werkzeug.wsgi import FileWrapper

from justicegraph.errors import BadQuery, LimitReached
from justicegraph.http.accept import accepted_encoding, accepted_format
from justicegraph.http.host import address_with_host
from justicegraph.http.parameters import parse_parameters
from justicegraph.http.problems import problem_of
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
from justicegraph.web.errors import problem_page
from justicegraph.web.site import QUERIES, site

blueprint = Blueprint("service", __name__)

FORMATS = {
    "json": "SPARQL_Results_JSON", "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV", "tsv": "SPARQL_Results_TSV",
    "ttl": "Turtle", "nt": "N-Triples", "nq": "N-Quads", "trig": "TriG", "rdf": "RDF_XML", "jsonld": "JSON-LD",
}  # fmt: skip
"""The local names of formats in http://www.w3.org/ns/formats/, by our names."""

_FORMAT = "http://www.w3.org/ns/formats/"
_SHOWN = PREFIXES | {"formats": _FORMAT, "sd": SD, "void": VOID, "void-ext": VOID_EXT}
_CHUNK = 65_536


@blueprint.get("/graph/void")
def void_graph() -> AnyResponse:
    """Redirect from the named graph to its content."""
    return redirect("/.well-known/void", 303)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Serve the description of the data set (VoID, 7.2); without one, only the address of the endpoint."""
    form, coding, spool = _requested_format(), _encoding(), Spool()
    spool.write(
        _stored_description(form)
        or serialize_triples(list(_minimal_description(address_with_host(request.base_url))), form)
    )
    sent = compress(spool, coding) if coding else spool
    return _response(Result(form, sent.whole(), sent.length, coding))


@blueprint.get("/graph-store")
def graph_store() -> Response:
    """Serve a whole graph (SPARQL 1.1 Graph Store HTTP Protocol, 5.2)."""
    graph, form = _requested_graph(), _requested_format()
    if graph is None:
        query = QUERIES.construct("triples_of_the_default_graph", form=form)
    elif _exists(site().run_query, graph):
        query = QUERIES.construct("triples_of_a_graph", {"graph": graph}, form)
    else:
        abort(404)
    return _response(site().run_query(replace(query, encoding=_encoding())))


@blueprint.errorhandler(LimitReached)
def limit_reached(error: LimitReached) -> Response:
    """Say which limit a graph has reached, as the endpoint says it of a query."""
    return problem_page(problem_of(error))


@blueprint.after_app_request
def add_allow_header(response: Response) -> Response:
    """Add an Allow header to a response that refuses a method (RFC 9110, 15.5.6)."""
    refusal = request.routing_exception
    if isinstance(refusal, MethodNotAllowed) and "Allow" not in response.headers:
        response.headers["Allow"] = ", ".join(sorted(refusal.valid_methods or ()))
    return response


def service_description(endpoint: str, run_query: RunQuery, *, union: bool) -> list[Triple]:
    """Return the description of the endpoint at this address (SPARQL 1.1 Service Description), without blank nodes.

    `union` is true if the default graph is the union of all graphs. Raise BadQuery if the address has no host.
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


def serialize_triples(triples: list[Triple], form: Format) -> bytes:
    """Serialize triples in a format, in a fixed order."""
    return serialize(sorted(triples, key=str), format=cast("RdfFormat", form.writer), prefixes=_SHOWN) or b""


def _named(dataset: str, endpoint: str, graph: str) -> Iterator[tuple[str, str, str]]:
    here = f"{endpoint}#graph-{graph.rpartition('/')[2]}"
    yield dataset, SD + "namedGraph", here
    yield here, TYPE, SD + "NamedGraph"
    yield here, SD + "name", graph


def _minimal_description(address: str) -> Iterator[Triple]:
    """Yield a description of an unknown data set: only its endpoint."""
    dataset = f"{address}#dataset"
    yield _triple(address, TYPE, VOID + "DatasetDescription")
    yield _triple(address, PREFIXES["foaf"] + "primaryTopic", dataset)
    yield _triple(dataset, TYPE, VOID + "Dataset")
    yield _triple(dataset, VOID + "sparqlEndpoint", urljoin(address, "/sparql"))
    title = Literal("RDF files, served by JusticeGraph", language="en")
    yield Triple(NamedNode(dataset), NamedNode(DCTERMS + "title"), title)


def _triple(*iris: str) -> Triple:
    return Triple(*(NamedNode(iri) for iri in iris))


def _requested_format() -> Format:
    """Return the format that the client prefers; a browser prefers HTML, and gets the first format."""
    form = accepted_format(request.headers.get("Accept", ""), (*GRAPHS, HTML))
    return GRAPHS[0] if form is HTML else form


def _requested_graph() -> NamedNode | None:
    """Return the requested graph (Graph Store HTTP Protocol, 4.2), None for the default graph; raise BadQuery."""
    pairs = parse_parameters(request.query_string)
    graphs = [(name, value) for name, value in pairs if name in {"default", "graph"}]
    if graphs == [("default", "")]:
        return None
    if len(graphs) != 1 or graphs[0][0] == "default":
        raise BadQuery("Name one graph: the default one by `?default`, any other by `?graph=` and its IRI.")
    try:
        return NamedNode(graphs[0][1])
    except ValueError as error:
        raise BadQuery(f"{graphs[0][1][:100]}: a graph is named by a whole IRI.") from error


def _encoding() -> str:
    return accepted_encoding(request.headers.get("Accept-Encoding", ""))


def _response(result: Result) -> Response:
    """Return a streamed response with the result of a query."""
    if request.method == "HEAD":
        result.body.close()
        response = Response(content_type=result.format.media_type)
    else:
        body = FileWrapper(result.body, _CHUNK)
        response = Response(body, content_type=result.format.media_type, direct_passthrough=True)
    response.headers["Content-Length"] = str(result.length)
    response.headers["Vary"] = "Accept, Accept-Encoding"
    if result.encoding:
        response.headers["Content-Encoding"] = result.encoding
    return response


def _stored_description(form: Format) -> bytes:
    """Return the description in the graph, serialized once for each format; nothing if the graph has none."""
    cache: dict[str, bytes] = current_app.extensions.setdefault("void", {})
    if form.name not in cache:
        triples = QUERIES.triples(site().run_query, "description_of_the_graph")
        cache[form.name] = serialize_triples(triples, form) if triples else b""
    return cache[form.name]


def _exists(run_query: RunQuery, graph: NamedNode) -> bool:
    return bool(QUERIES.rows(run_query, "graph_exists", {"graph": graph}))
