"""Normalize identifiers and websites, and split the IRI of a thing elsewhere into its database and its identifier."""

import re
from urllib.parse import urlsplit

from justicegraph import namespaces
from justicegraph.project.sssom import SPACES

_DATABASES = {namespace: "wikidata" if prefix == "wd" else prefix for prefix, namespace in SPACES.items()}
_HOME_PAGE = re.compile(r"/?(?:[a-z]{2}(?:-[a-z]{2})?/?|(?:index|home|default)(?:\.\w+)?/?)?", re.IGNORECASE)
"""Paths of a site's own home page, also of one in a language."""


def normalize_identifier(text: str) -> str:
    """Return an identifier without spaces, and without the address that it may be part of."""
    return text.strip().rstrip("/").rpartition("/")[2].replace(" ", "")


def split_iri(iri: str) -> tuple[str, str]:
    """Return the database of an IRI and the identifier there, such as ("wikidata", "Q42").

    A database that is not known is called by its namespace.
    """
    namespace, identifier = namespaces.split_iri(iri)
    return _DATABASES.get(namespace, namespace), identifier


def domain_of(address: str) -> str:
    """Return the host of a website without www, or nothing for a text that is not a website.

    A page within a site has no domain either, because the site may be somebody else's, such as a social network.
    """
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if "." in host and _HOME_PAGE.fullmatch(parts.path) else ""
