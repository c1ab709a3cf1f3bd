"""An entry's JSON-LD, answered in the event loop as SPARQL is: one question to a worker, one mapping of its answer."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace

from pyoxigraph import NamedNode

from justicegraph.cache import tag_of
from justicegraph.errors import NotAcceptable
from justicegraph.evaluate import Answer
from justicegraph.formats import GRAPHS, HTML, Format, accepted_format, named_format
from justicegraph.jsonld import FORMS, PROFILE, Documents
from justicegraph.names import DCTERMS, ID, LICENCE, SLUG, document_of
from justicegraph.sparql import Asked
from justicegraph.web.asking import graph_question

OFFERS = (HTML, *(named_format(name, GRAPHS) for name in ("jsonld", "ttl", "nt", "rdf")))
"""The forms of a document; HTML where the client does not mind."""

JSONLD, NTRIPLES = named_format("jsonld", GRAPHS), named_format("nt", GRAPHS)

# An open quotation runs to the end, so that no character is read twice: a long header must not hold up the event loop.
_JSONLD = r"""(?:^|,)\s*+application/ld\+json(?=[\s;,]|$)\s*+((?:;(?:[^,"]|"(?:[^"\\]|\\.)*+"?)*+)?)"""
_RANGE = re.compile(_JSONLD, re.ASCII | re.IGNORECASE)
_PROFILE = re.compile(r""";\s*+profile\s*+=\s*+(?:"([^"]*)"|([^\s;,"]++))""", re.IGNORECASE)
_WEIGHT = re.compile(r";\s*+q\s*+=\s*+([01](?:\.\d{0,3})?)", re.ASCII | re.IGNORECASE)
_REPLACED = f"<{DCTERMS}isReplacedBy>".encode()
_ABOUT = "https://schema.org/AboutPage"


class Entries:
    """The entries of one snapshot as JSON-LD documents. Others may keep one for `max_age` seconds (RFC 9111)."""

    def __init__(self, documents: Documents, snapshot: str, max_age: int) -> None:
        self._documents, self._snapshot, self._max_age = documents, snapshot, max_age

    def begin(self, path: str, accept: str) -> tuple[str, Asked] | None:
        """Return which entry is asked for as JSON-LD in the form that we write, and the question; else None."""
        name, dot, extension = path.removeprefix("/doc/").partition(".")
        if not path.startswith("/doc/") or not SLUG.fullmatch(name) or (dot and extension != "jsonld"):
            return None
        if not dot and not _prefers_jsonld(accept):
            return None
        form = wanted_form(accept)
        if form not in {"", "framed", "compacted"}:
            return None
        bound = {"entity": NamedNode(ID + name), "doc": NamedNode(document_of(name))}
        question = graph_question("document", NTRIPLES, bound)
        headers = [*headers_of(name, "jsonld"), *validators_of(name, JSONLD, form, self._snapshot, self._max_age)]
        return name, Asked(question, ("entry", name, form), headers)

    def document(self, slug: str, found: Answer, form: str) -> Answer | None:
        """Return the entry's document from what was found; None where there is none, or it has gone elsewhere."""
        said = found.read()
        if not said or _REPLACED in said:
            return None
        body = self._documents.entry(said, ID + slug)
        return Answer(replace(JSONLD, media_type=media_type(JSONLD, form)), io.BytesIO(body), len(body))


def headers_of(slug: str, extension: str) -> list[tuple[str, str]]:
    """Return what every form of an entry's document says of itself: where it is, what describes it (RFC 8288)."""
    links = ", ".join(_links(slug))
    return [("Vary", "Accept"), ("Content-Location", f"/doc/{slug}.{extension}"), ("Link", links)]


def validators_of(slug: str, form: Format, profile: str, snapshot: str, max_age: int) -> list[tuple[str, str]]:
    """Return by what a form of an entry's document is known again, and how long it is kept (RFC 9110, 8.8; RFC 9111).

    Files have no snapshot that tells whether they have changed, and a page changes with its template too: they have
    no tag.
    """
    tag = [("ETag", tag_of(snapshot, (slug, form.name, profile)))] if snapshot and form is not HTML else []
    return [*tag, ("Cache-Control", f"public, max-age={max_age}" if max_age else "no-cache")]


def media_type(form: Format, profile: str) -> str:
    """Return a form's media type, with the profile of JSON-LD that was asked for."""
    return f'{form.media_type};profile="{PROFILE}{profile}"' if form is JSONLD and profile else form.media_type


def wanted_form(accept: str) -> str:
    """Return the form of JSON-LD that an Accept header names by its profile (JSON-LD 1.1, section 8); "" for none."""
    wanted = [(_weight(parameters), _profile(parameters)) for parameters in _RANGE.findall(accept)]
    weight, form = max(wanted, key=lambda each: (each[0], bool(each[1])), default=(0.0, ""))
    return form if weight else ""


def _profile(parameters: str) -> str:
    """Return the first form of ours among the profiles of a media range (RFC 6906, 3.1: others are ignored)."""
    found = _PROFILE.search(parameters)
    names = (found[1] or found[2] or "").split() if found else []
    return next((form for name in names if (form := name.removeprefix(PROFILE)) in FORMS), "")


def _weight(parameters: str) -> float:
    found = _WEIGHT.search(parameters)
    return float(found[1]) if found else 1.0


def _links(slug: str) -> Iterator[str]:
    yield f'<{ID}{slug}>; rel="cite-as"'
    yield f'<{LICENCE}>; rel="license"'
    yield f'<{_ABOUT}>; rel="type"'
    for offer in OFFERS[1:]:
        yield f'</doc/{slug}.{offer.name}>; rel="describedby"; type="{offer.media_type.partition(";")[0]}"'


def _prefers_jsonld(accept: str) -> bool:
    try:
        return accepted_format(accept, OFFERS) is JSONLD
    except NotAcceptable:
        return False
