"""The formats of query results and of RDF graphs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import QueryResultsFormat, RdfFormat

from justicegraph.errors import NotAcceptable


@dataclass(frozen=True)
class Format:
    """A format: its short name, which is also its file extension, its media type, and other names.

    `aliases` are other media types; `nicknames` are values that clients such as SPARQLWrapper send as `format=`.
    """

    name: str
    media_type: str
    writer: QueryResultsFormat | RdfFormat | None = None
    aliases: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes by name: the engine's writers cannot be pickled."""
        return format_of, (self.media_type,)


SOLUTIONS = (
    Format("json", "application/sparql-results+json", QueryResultsFormat.JSON, ("application/json",)),
    Format("xml", "application/sparql-results+xml", QueryResultsFormat.XML, ("application/xml", "text/xml")),
    Format("csv", "text/csv; charset=utf-8", QueryResultsFormat.CSV),
    Format("tsv", "text/tab-separated-values; charset=utf-8", QueryResultsFormat.TSV),
)
"""The formats for SELECT and ASK; the first is the default."""

GRAPHS = (
    Format("ttl", "text/turtle; charset=utf-8", RdfFormat.TURTLE, ("application/x-turtle",), ("turtle", "n3")),
    Format("nt", "application/n-triples", RdfFormat.N_TRIPLES, ("text/plain",), ("ntriples", "n-triples")),
    Format("nq", "application/n-quads", RdfFormat.N_QUADS, (), ("nquads", "n-quads")),
    Format("trig", "application/trig", RdfFormat.TRIG),
    Format(
        "rdf", "application/rdf+xml", RdfFormat.RDF_XML, ("application/xml", "text/xml"), ("rdf+xml", "rdfxml", "xml")
    ),
    Format("jsonld", "application/ld+json", RdfFormat.JSON_LD, ("application/json",), ("json-ld", "json")),
)
"""The formats for CONSTRUCT and DESCRIBE; the first is the default."""

HTML = Format("html", "text/html; charset=utf-8", None, ("application/xhtml+xml",))

_BY_MEDIA_TYPE = {form.media_type: form for form in (*SOLUTIONS, *GRAPHS, HTML)}


def format_of(media_type: str) -> Format:
    """Return the format with this media type, parameters included."""
    return _BY_MEDIA_TYPE[media_type]


def named_format(name: str, offers: Sequence[Format]) -> Format:
    """Return the offer with this short name or media type; raise NotAcceptable if there is none."""
    for offer in offers:
        if name.lower() in {offer.name, *offer.nicknames, *_media_types(offer)}:
            return offer
    listed = ", ".join(offer.name for offer in offers)
    raise NotAcceptable(f'There is no format "{name[:40]}" for this. Ask for one of: {listed}.')


def _media_types(offer: Format) -> tuple[str, ...]:
    return offer.media_type.partition(";")[0], *offer.aliases
