"""Every kind of page that there is, by its name."""

from urllib.parse import urlencode

FOUND = """PREFIX jg: <https://w3id.org/justicegraph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?who ?name ?on
WHERE { ?who a jg:Organization ; skos:prefLabel ?name OPTIONAL { ?who jg:foundedOn ?on } }
ORDER BY ?who ?name ?on
LIMIT 20"""
COUNTS = """PREFIX jg: <https://w3id.org/justicegraph/ontology#>
SELECT ?kind (COUNT(*) AS ?entries)
WHERE { ?entry a jg:Entity, ?kind }
GROUP BY ?kind
ORDER BY DESC(?entries) ?kind
LIMIT 8"""
BROKEN = "SELECT ?name\nWHERE {\n  ?who skos:prefLabel ?name\n}"
GRAPH = "DESCRIBE <https://w3id.org/justicegraph/id/critical-resistance>"


def question(text: str) -> str:
    """Return the path of the query page with a question."""
    return "/query?" + urlencode({"query": text})


PAGES = {
    "home": "/",
    "list": "/browse/Organization",
    "narrowed": "/browse?q=prison&cause=prison-conditions&sort=name",
    "nothing": "/browse/Campaign?q=zzzzqqqq",
    "organization": "/doc/critical-resistance",
    "prisoner": "/doc/leonard-peltier",
    "campaign": "/doc/national-prison-strike-2018",
    "spanish": "/doc/aclu-campaign-for-smart-justice?lang=es",
    "cause": "/doc/death-penalty",
    "place": "/doc/alabama",
    "source": "/doc/aclu-smart-justice-alabama",
    "query": "/query",
    "answer": question(FOUND),
    "graph": question(GRAPH),
    "chart": question(COUNTS) + "&view=chart",
    "mistake": question(BROKEN),
    "ontology": "/ontology",
    "terms": "/terms",
    "shapes": "/shapes",
    "data": "/data/",
    "problems": "/problems",
    "suggest": "/suggest",
    "suggest-form": "/suggest/new/Organization",
    "not-found": "/nope",
}
