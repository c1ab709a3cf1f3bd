"""The page of an entry: the view of the entry, its pictures, and the queries that lead on."""

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

_FACTS = """# Which facts does the document of the entry have?
SELECT ?subject ?property ?value
WHERE {{ GRAPH <{document}> {{ ?subject ?property ?value }} }}
ORDER BY ?subject ?property ?value
"""
_LINKS = """# Which things link to the entry, and by which property?
SELECT DISTINCT ?other ?property
WHERE {{ ?other ?property <{iri}> }}
ORDER BY ?property ?other
"""
_MENTIONS = """# Which entries does the source mention, and in which lines?
PREFIX jg: <https://w3id.org/justicegraph/ontology#>
SELECT ?first ?last ?what ?exact
WHERE {{ ?mention jg:inSource <{iri}> ; jg:mentions ?what ; jg:firstLine ?first ; jg:lastLine ?last ; jg:exact ?exact }}
ORDER BY ?first ?last ?what ?exact
"""


def entity_page(slug: str) -> str | None:
    """Return the page of this entry in the reader's language; None if there is no such entry, or it has moved."""
    iri, document = ID + slug, document_of(slug)
    terms = {"entity": NamedNode(iri), "status": NamedNode(iri + STATUS), "doc": NamedNode(document)}
    rows = QUERIES.rows(site().run_query, "facts_and_links_of_an_entry", constants=terms)
    if not rows or any(row["property"] == _REPLACED for row in rows):
        return None
    in_schema_org, facts = by_vocabulary(rows)
    entry = entity_view(iri, facts, language().code, site().schema)
    mentions = _mentions(entry)
    return render_template(
        "entity.html", entry=entry, data=block_of(schema_org(iri, DOC + slug, _english_first(in_schema_org))),
        pictures=pictures_of(entry), snapshot=site().snapshot, facts_query=_FACTS.format(document=document),
        links_query=_LINKS.format(iri=iri) if entry.links > MOST else "",
        mentions=[(line, list(same)) for line, same in groupby(mentions[:LINES], itemgetter("first"))],
        mentions_query=_MENTIONS.format(iri=iri) if len(mentions) > LINES else "",
    )  # fmt: skip


def _english_first(rows: list[Row]) -> list[Row]:
    """Return the rows for search engines, English names first: the first name of a thing is the one that counts."""
    return sorted(rows, key=lambda row: row.get("name.language", "en") != "en")


def _mentions(entry: EntityView) -> list[Row]:
    """Return what a source mentions, in the order of its lines; nothing for an entry that is not a source."""
    if not entry.is_a(JG + "Source"):
        return []
    mentions: dict[tuple[str, ...], Row] = {}
    for row in QUERIES.rows(site().run_query, "mentions_in_a_source", {"source": NamedNode(entry.iri)}):
        key = row["first"], row["last"], row["exact"], row["owner"]
        mentions[key] = nearer(mentions.get(key), row, language().code)
    return list(mentions.values())
