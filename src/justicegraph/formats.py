"""The formats that answers come in, and which of them an Accept header prefers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pyoxigraph import QueryResultsFormat, RdfFormat

from justicegraph.errors import NotAcceptable


@dataclass(frozen=True)
class Format:
    """A format: its short name, which is also its file extension; its media type; what else names it.

    `aliases` are other media types, `nicknames` what clients such as SPARQLWrapper send as `format=`.
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
"""What SELECT and ASK can be answered in; the first where the client does not mind."""

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
"""What CONSTRUCT and DESCRIBE can be answered in; the first where the client does not mind."""

ENCODINGS = ("zstd", "gzip")
"""The content codings (RFC 9110, 8.4.1; RFC 8878) that answers come in, the better one first."""

HTML = Format("html", "text/html; charset=utf-8", None, ("application/xhtml+xml",))

_BY_MEDIA_TYPE = {each.media_type: each for each in (*SOLUTIONS, *GRAPHS, HTML)}


SHORT = 512
"""Characters of an Accept header up to which its meaning is remembered: clients send the same few again and again."""

_WORD = r"[!#$%&'*+.^_`|~\w-]+"
_RANGE = re.compile(rf"""(?:^|,)\s*+({_WORD}+)/({_WORD}+)\s*+((?:;(?:[^,"]|"(?:[^"\\]|\\.)*+"?)*+)?)""", re.ASCII)
_CODING = re.compile(rf"(?:^|,)\s*({_WORD})\s*((?:;[^,]*)?)", re.ASCII)
_WEIGHT = re.compile(r";\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*(?=;|$)", re.ASCII | re.IGNORECASE)


def format_of(media_type: str) -> Format:
    """Return the format whose whole media type this is."""
    return _BY_MEDIA_TYPE[media_type]


def accepted_format(accept: str, offers: Sequence[Format]) -> Format:
    """Return the offer that the Accept header prefers (RFC 9110, 12.5.1); raise NotAcceptable where none fits.

    An empty header accepts everything. Among equals, the earlier offer wins.
    """
    choose = _remembered if len(accept) <= SHORT else _preferred
    return choose(accept, tuple(offers))


def _preferred(accept: str, offers: tuple[Format, ...]) -> Format:
    ranges = [(kind.lower(), sub.lower(), _weight(rest)) for kind, sub, rest in _RANGE.findall(accept)]
    if not accept.strip():
        return offers[0]
    best = max(offers, key=lambda offer: _quality(offer, ranges))
    if _quality(best, ranges) > 0:
        return best
    listed = ", ".join(offer.media_type.partition(";")[0] for offer in offers)
    raise NotAcceptable(f"None of the formats in the Accept header can be sent. Ask for one of: {listed}.")


_remembered = lru_cache(1024)(_preferred)


def accepted_encoding(accept: str) -> str:
    """Return the content coding that an Accept-Encoding header prefers (RFC 9110, 12.5.3): zstd, gzip or none.

    Where a client takes nothing at all, it gets the plain bytes: that is better than an error.
    """
    weights = {name.lower(): _weight(rest) for name, rest in _CODING.findall(accept)}
    weight, _, best = max(
        (weights.get(each, weights.get("*", 0.0)), -place, each) for place, each in enumerate(ENCODINGS)
    )
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def named_format(name: str, offers: Sequence[Format]) -> Format:
    """Return the offer with this short name or media type; raise NotAcceptable where there is none."""
    for offer in offers:
        if name.lower() in {offer.name, *offer.nicknames, *_media_types(offer)}:
            return offer
    listed = ", ".join(offer.name for offer in offers)
    raise NotAcceptable(f'There is no format "{name[:40]}" for this. Ask for one of: {listed}.')


def _media_types(offer: Format) -> tuple[str, ...]:
    return offer.media_type.partition(";")[0], *offer.aliases


def _weight(parameters: str) -> float:
    found = _WEIGHT.search(parameters)
    return float(found[1]) if found else 1.0


def _quality(offer: Format, ranges: Sequence[tuple[str, str, float]]) -> float:
    """Return the weight of the most specific range that fits the offer; an alias counts where it is named whole."""
    weights = {(kind, sub): weight for kind, sub, weight in reversed(ranges)}
    kind, _, sub = offer.media_type.partition(";")[0].partition("/")
    own = next((weights[wanted] for wanted in ((kind, sub), (kind, "*"), ("*", "*")) if wanted in weights), 0.0)
    others = [weights.get((kind, sub), 0.0) for kind, _, sub in (alias.partition("/") for alias in offer.aliases)]
    return max(own, *others, 0.0)
