"""What the template of an entry's page is given: the entry, its pictures, the query behind the page."""

from flask import render_template
from pyoxigraph import Literal, NamedNode

from justicegraph.names import DCTERMS, DOC, ID, document_of
from justicegraph.web.asking import Row, rows
from justicegraph.web.entity.dossier import Dossier, dossier_of
from justicegraph.web.entity.drawn import pictures_of
from justicegraph.web.languages import language
from justicegraph.web.schema_org import SCHEMA, block_of, by_vocabulary, schema_org
from justicegraph.web.site import site

_REPLACED = DCTERMS + "isReplacedBy"
MOST = 500
"""Links to an entry that its page shows."""

_BEHIND = """# What the entry's document says of it and of its parts.
SELECT ?subject ?property ?value
WHERE {{ GRAPH <{document}> {{ ?subject ?property ?value }} }}
ORDER BY ?subject ?property ?value
"""
_LINKS = """# Who links to the entry, and by which property.
SELECT DISTINCT ?who ?property
WHERE {{ ?who ?property <{iri}> }}
ORDER BY ?property ?who
"""


def entity_page(slug: str) -> str | None:
    """Return the page of this entry in the reader's language; None where there is no such entry, or it has moved."""
    iri, document = ID + slug, document_of(slug)
    bound: dict[str, NamedNode | Literal] = {
        "entity": NamedNode(iri), "doc": NamedNode(document), "words": Literal(SCHEMA),
        "reader": Literal(language().code),
    }  # fmt: skip
    found = rows(site().ask, "page", bound)
    if not found or any(row["property"] == _REPLACED for row in found):
        return None
    words, shown = by_vocabulary(found)
    entry = dossier_of(iri, shown, language().code)
    return render_template(
        "entity.html", entry=entry, data=block_of(schema_org(iri, DOC + slug, _english(words))), told=_told(entry),
        drawn=pictures_of(entry), snapshot=site().snapshot, behind=_BEHIND.format(document=document),
        more=_LINKS.format(iri=iri) if len(entry.links) > MOST else "",
    )  # fmt: skip


def _english(words: list[Row]) -> list[Row]:
    """Return the rows for search engines, with one name for each thing, whoever reads the page."""
    return [row for row in words if row.get("spoken", "en") == "en"]


def _told(entry: Dossier) -> list[Row]:
    """Return what a source tells of; nothing for what is no source."""
    return rows(site().ask, "told", {"source": NamedNode(entry.iri)}) if "Source" in entry.classes else []
