"""An entry's JSON-LD, answered in the event loop as SPARQL is: one question to a worker, one mapping of its answer."""

import io
from dataclasses import replace

from pyoxigraph import NamedNode

from justicegraph.jsonld import Documents
from justicegraph.namespaces import DCTERMS, ID, SLUG, document_of
from justicegraph.sparql import Asked
from justicegraph.sparql.query import Result
from justicegraph.web.negotiation import (
    JSONLD,
    NTRIPLES,
    headers_of,
    media_type,
    prefers_jsonld,
    validators_of,
    wanted_form,
)
from justicegraph.web.site import QUERIES

_REPLACED = f"<{DCTERMS}isReplacedBy>".encode()


class Entries:
    """The entries of one snapshot as JSON-LD documents. Others may keep one for `max_age` seconds (RFC 9111)."""

    def __init__(self, documents: Documents, snapshot: str, max_age: int) -> None:
        self._documents, self._snapshot, self._max_age = documents, snapshot, max_age

    def begin(self, path: str, accept: str) -> tuple[str, Asked] | None:
        """Return which entry is asked for as JSON-LD in the form that we write, and the question; else None."""
        name, dot, extension = path.removeprefix("/doc/").partition(".")
        if not path.startswith("/doc/") or not SLUG.fullmatch(name) or (dot and extension != "jsonld"):
            return None
        if not dot and not prefers_jsonld(accept):
            return None
        form = wanted_form(accept)
        if form not in {"", "framed", "compacted"}:
            return None
        bound = {"entity": NamedNode(ID + name), "doc": NamedNode(document_of(name))}
        question = QUERIES.construct("triples_of_a_document", bound, NTRIPLES)
        headers = [*headers_of(name, "jsonld"), *validators_of(name, JSONLD, form, self._snapshot, self._max_age)]
        return name, Asked(question, ("entry", name, form), headers)

    def document(self, slug: str, found: Result, form: str) -> Result | None:
        """Return the entry's document from what was found; None where there is none, or it has gone elsewhere."""
        said = found.read()
        if not said or _REPLACED in said:
            return None
        body = self._documents.entry(said, ID + slug)
        return Result(replace(JSONLD, media_type=media_type(JSONLD, form)), io.BytesIO(body), len(body))
