"""An entry's document as JSON-LD, made by a worker without Flask: programs ask for many."""

from typing import NamedTuple

from justicegraph.namespaces import SLUG
from justicegraph.web.negotiation import (
    JSONLD,
    document_headers,
    media_type,
    prefers_jsonld,
    validators_of,
    wanted_form,
)


class EntryRequest(NamedTuple):
    """The request for an entry's document in a form of JSON-LD."""

    slug: str
    profile: str

    @property
    def media_type(self) -> str:
        """The media type of the document."""
        return media_type(JSONLD, self.profile)

    def headers(self, snapshot: str, max_age: int) -> list[tuple[str, str]]:
        """Return the headers that every response with the document has."""
        validators = validators_of(self.slug, JSONLD, self.profile, snapshot, max_age)
        return [*document_headers(self.slug, JSONLD.name), *validators]


def entry_request(path: str, accept: str) -> EntryRequest | None:
    """Return the request for an entry as JSON-LD; None if this is another request."""
    if not path.startswith("/doc/"):
        return None
    slug, dot, extension = path.removeprefix("/doc/").partition(".")
    if not SLUG.fullmatch(slug) or (extension != JSONLD.name if dot else not prefers_jsonld(accept)):
        return None
    return EntryRequest(slug, wanted_form(accept))
