"""Read the Accept and Accept-Encoding headers: which format and coding does a client prefer? (RFC 9110, 12.5)"""

import re
from collections.abc import Sequence
from functools import lru_cache

from justicegraph.errors import NotAcceptable
from justicegraph.rdf.formats import Format

ENCODINGS = ("zstd", "gzip")
"""The content codings (RFC 9110, 8.4.1; RFC 8878) of responses, the better one first."""

MAX_CACHED_ACCEPT = 512
"""Characters of the longest Accept header whose meaning is cached. Clients send the same few headers again."""

# An open quotation runs to the end, so that no character is read twice: a long header must not hold up the event loop.
_WORD = r"[!#$%&'*+.^_`|~\w-]+"
_RANGE = re.compile(rf"""(?:^|,)\s*+({_WORD}+)/({_WORD}+)\s*+((?:;(?:[^,"]|"(?:[^"\\]|\\.)*+"?)*+)?)""", re.ASCII)
_CODING = re.compile(rf"(?:^|,)\s*({_WORD})\s*((?:;[^,]*)?)", re.ASCII)
_WEIGHT = re.compile(r";\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*(?=;|$)", re.ASCII | re.IGNORECASE)


def accepted_format(accept: str, offers: Sequence[Format]) -> Format:
    """Return the offer that the Accept header prefers (RFC 9110, 12.5.1); raise NotAcceptable if none fits.

    An empty header accepts everything. Among equals, the earlier offer wins.
    """
    choose = _cached_preferred if len(accept) <= MAX_CACHED_ACCEPT else _preferred
    return choose(accept, tuple(offers))


def parameters_of(accept: str, media_type: str) -> list[str]:
    """Return the parameters of each media range that names a media type, as the Accept header has them."""
    ranges = _RANGE.findall(accept)
    return [parameters for kind, subtype, parameters in ranges if f"{kind}/{subtype}".lower() == media_type]


def weight_of(parameters: str) -> float:
    """Return the weight in the parameters of a media range (RFC 9110, 12.4.2)."""
    weight = _WEIGHT.search(parameters)
    return float(weight[1]) if weight else 1.0


def _preferred(accept: str, offers: tuple[Format, ...]) -> Format:
    ranges = [(kind.lower(), sub.lower(), weight_of(rest)) for kind, sub, rest in _RANGE.findall(accept)]
    if not accept.strip():
        return offers[0]
    best = max(offers, key=lambda offer: _quality(offer, ranges))
    if _quality(best, ranges) > 0:
        return best
    listed = ", ".join(offer.media_type.partition(";")[0] for offer in offers)
    raise NotAcceptable(f"None of the formats in the Accept header is available. Use one of: {listed}.")


_cached_preferred = lru_cache(1024)(_preferred)


def accepted_encoding(accept: str) -> str:
    """Return the content coding that an Accept-Encoding header prefers (RFC 9110, 12.5.3): zstd, gzip or none.

    A client that accepts nothing at all gets the plain bytes, which is better than an error.
    """
    weights = {name.lower(): weight_of(rest) for name, rest in _CODING.findall(accept)}
    weight, _, best = max(
        (weights.get(coding, weights.get("*", 0.0)), -position, coding) for position, coding in enumerate(ENCODINGS)
    )
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def _quality(offer: Format, ranges: Sequence[tuple[str, str, float]]) -> float:
    """Return the weight of the most specific range that fits an offer; an alias needs a range without a star."""
    weights = {(kind, sub): weight for kind, sub, weight in reversed(ranges)}
    kind, _, sub = offer.media_type.partition(";")[0].partition("/")
    own = next((weights[wanted] for wanted in ((kind, sub), (kind, "*"), ("*", "*")) if wanted in weights), 0.0)
    others = [weights.get((kind, sub), 0.0) for kind, _, sub in (alias.partition("/") for alias in offer.aliases)]
    return max(own, *others, 0.0)
