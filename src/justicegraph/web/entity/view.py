"""What the template of an entry's page is given: the entry, its pictures, the query behind the page."""

from itertools import groupby
from operator import itemgetter

from flask import render_template
from pyoxigraph import NamedNode

from justicegraph.entity.model import EntityView
from justicegraph.entity.read import entity_view, nearer
from justicegraph.namespaces import DCTERMS, DOC, ID, JG, STATUS, document_of
from justicegraph.sparql.named import Row
from justicegraph.web.entity.pictures import pictures_of
from justicegraph.web.i18n import language
from justicegraph.web.schema_org import block_of, by_vocabulary, schema_org
from justicegraph.web.site import QUERIES, site

_REPLACED = DCTERMS + "isReplacedBy"
MOST, LINES = 500, 1_000
"""Links to an entry, and mentions by a source, that its page shows."""

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
_MENTIONS = """# What the source tells of, by its lines.
PREFIX jg: <https://w3id.org/justicegraph/ontology#>
SELECT ?first ?last ?what ?exact
WHERE {{ ?mention jg:inSource <{iri}> ; jg:mentions ?what ; jg:firstLine ?first ; jg:lastLine ?last ; jg:exact ?exact }}
ORDER BY ?first ?last ?what ?exact
"""


def entity_page(slug: str) -> str | None:
    """Return the page of this entry in the reader's language; None where there is no such entry, or it has moved."""
    iri, document = ID + slug, document_of(slug)
    terms = {"entity": NamedNode(iri), "status": NamedNode(iri + STATUS), "doc": NamedNode(document)}
    found = QUERIES.rows(site().run_query, "facts_and_links_of_an_entry", constants=terms)
    if not found or any(row["property"] == _REPLACED for row in found):
        return None
    words, shown = by_vocabulary(found)
    entry = entity_view(iri, shown, language().code, site().schema)
    told = _told(entry)
    return render_template(
        "entity.html", entry=entry, data=block_of(schema_org(iri, DOC + slug, _english(words))),
        drawn=pictures_of(entry), snapshot=site().snapshot, behind=_BEHIND.format(document=document),
        more=_LINKS.format(iri=iri) if entry.links > MOST else "",
        told=[(line, list(rows)) for line, rows in groupby(told[:LINES], itemgetter("first"))],
        untold=_MENTIONS.format(iri=iri) if len(told) > LINES else "",
    )  # fmt: skip


def _english(words: list[Row]) -> list[Row]:
    """Return the rows for search engines, English names first: the first name of a thing is the one that counts."""
    return sorted(words, key=lambda row: row.get("spoken", "en") != "en")


def _told(entry: EntityView) -> list[Row]:
    """Return what a source tells of, by its lines; nothing for what is no source."""
    if not entry.is_a(JG + "Source"):
        return []
    told: dict[tuple[str, ...], Row] = {}
    for row in QUERIES.rows(site().run_query, "mentions_in_a_source", {"source": NamedNode(entry.iri)}):
        key = row["first"], row["last"], row["exact"], row["owner"]
        told[key] = nearer(told.get(key), row, language().code)
    return list(told.values())
