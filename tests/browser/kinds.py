"""Every kind of page that there is, by its name."""

from urllib.parse import urlencode

FOUND = """PREFIX jg: <https://w3id.org/justicegraph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?who ?name ?on
WHERE { ?who a jg:Organization ; skos:prefLabel ?name OPTIONAL { ?who jg:foundedOn ?on } }
ORDER BY ?who ?name ?on
LIMIT 20"""
BROKEN = "SELECT ?name\nWHERE {\n  ?who skos:prefLabel ?name\n}"
GRAPH = "DESCRIBE <https://w3id.org/justicegraph/id/critical-resistance>"


def question(text: str) -> str:
    """Return the path of the query page with a question."""
    return "/query?" + urlencode({"query": text})


PAGES = {
    "home": "/",
    "list": "/browse/Organization",
    "organization": "/doc/critical-resistance",
    "prisoner": "/doc/leonard-peltier",
    "campaign": "/doc/aclu-campaign-for-smart-justice",
    "cause": "/doc/death-penalty",
    "place": "/doc/alabama",
    "source": "/doc/abc-news-fernando-gonzalez-2014",
    "query": "/query",
    "answer": question(FOUND),
    "graph": question(GRAPH),
    "mistake": question(BROKEN),
    "ontology": "/ontology",
    "terms": "/terms",
    "shapes": "/shapes",
    "data": "/data/",
    "problems": "/problems",
    "not-found": "/nope",
}
