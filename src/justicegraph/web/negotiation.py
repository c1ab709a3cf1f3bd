"""Content negotiation for the documents of entries: which form a client prefers, and the headers that go with it."""

import re
from collections.abc import Iterator
from functools import lru_cache

from justicegraph.errors import NotAcceptable
from justicegraph.http.accept import MAX_CACHED_ACCEPT, accepted_format, parameters_of, weight_of
from justicegraph.jsonld import FORMS, PROFILE
from justicegraph.namespaces import ID, LICENCE
from justicegraph.rdf.formats import GRAPHS, HTML, Format, named_format
from justicegraph.sparql.cache import tag_of

OFFERS = (HTML, *(named_format(name, GRAPHS) for name in ("jsonld", "ttl", "nt", "rdf")))
"""The forms of a document; the first if the client has no preference."""

JSONLD, NTRIPLES = named_format("jsonld", GRAPHS), named_format("nt", GRAPHS)

_PROFILE = re.compile(r""";\s*+profile\s*+=\s*+(?:"([^"]*)"|([^\s;,"]++))""", re.IGNORECASE)
_ABOUT = "https://schema.org/AboutPage"


def document_headers(slug: str, extension: str) -> list[tuple[str, str]]:
    """Return the headers of every form of an entry's document: its address, and links to its description (RFC 8288)."""
    links = ", ".join(_links(slug))
    return [("Vary", "Accept"), ("Content-Location", f"/doc/{slug}.{extension}"), ("Link", links)]


def validators_of(slug: str, form: Format, profile: str, snapshot: str, max_age: int) -> list[tuple[str, str]]:
    """Return the validator and the lifetime of a form of an entry's document (RFC 9110, 8.8; RFC 9111).

    Files have no snapshot that tells whether they have changed, and a page changes with its template too: they have
    no tag.
    """
    tag = [("ETag", tag_of(snapshot, (slug, form.name, profile)))] if snapshot and form is not HTML else []
    return [*tag, ("Cache-Control", f"public, max-age={max_age}" if max_age else "no-cache")]


def media_type(form: Format, profile: str) -> str:
    """Return a form's media type, with the JSON-LD profile that the client asked for."""
    return f'{form.media_type};profile="{PROFILE}{profile}"' if form is JSONLD and profile else form.media_type


def wanted_form(accept: str) -> str:
    """Return the form of JSON-LD that an Accept header names by its profile (JSON-LD 1.1, section 8); "" for none."""
    wanted = _cached_wanted_form if len(accept) <= MAX_CACHED_ACCEPT else _wanted_form
    return wanted(accept)


def _wanted_form(accept: str) -> str:
    pairs = [(weight_of(parameters), _profile(parameters)) for parameters in parameters_of(accept, JSONLD.media_type)]
    weight, form = max(pairs, key=lambda pair: (pair[0], bool(pair[1])), default=(0.0, ""))
    return form if weight else ""


_cached_wanted_form = lru_cache(1024)(_wanted_form)


def _profile(parameters: str) -> str:
    """Return the first form of ours among the profiles of a media range (RFC 6906, 3.1: others are ignored)."""
    profile = _PROFILE.search(parameters)
    names = (profile[1] or profile[2] or "").split() if profile else []
    return next((form for name in names if (form := name.removeprefix(PROFILE)) in FORMS), "")


def _links(slug: str) -> Iterator[str]:
    yield f'<{ID}{slug}>; rel="cite-as"'
    yield f'<{LICENCE}>; rel="license"'
    yield f'<{_ABOUT}>; rel="type"'
    for offer in OFFERS[1:]:
        yield f'</doc/{slug}.{offer.name}>; rel="describedby"; type="{offer.media_type.partition(";")[0]}"'


def prefers_jsonld(accept: str) -> bool:
    """Tell whether an Accept header prefers JSON-LD to the other forms of a document."""
    try:
        return accepted_format(accept, OFFERS) is JSONLD
    except NotAcceptable:
        return False
