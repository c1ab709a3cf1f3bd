"""An invented graph to search, and short ways to read results."""

from functools import partial
from pathlib import Path

from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.search import SearchIndex, SearchQuery
from justicegraph.sparql.evaluate import evaluate
from justicegraph.sparql.query import RunQuery

DEFINITION = 'skos:definition "Made up."@en ; jg:source id:invented-list'


def place(name: str, level: str, within: str = "") -> str:
    inside = f"jg:isWithin id:{within} ;" if within else ""
    return f'id:{name} a jg:Place ; skos:prefLabel "{name.title()}"@en ; jg:level jgt:{level} ; {inside} {DEFINITION} .'


def campaign(slug: str, names: str, more: str = "") -> str:
    return f"id:{slug} a jg:Campaign ; skos:prefLabel {names} ; {more} {DEFINITION} ."


MORE = {
    "causes/invented-narrow": """id:invented-narrow a jg:Cause ; skos:prefLabel "narrow cause"@en ;
        skos:broader id:invented-cause ; skos:definition "Narrow."@en ; skos:scopeNote "None."@en .""",
    "places/ruritania": place("ruritania", "country"),
    "places/northmark": place("northmark", "state", "ruritania"),
    "places/elmsted": place("elmsted", "city", "northmark"),
    "places/strelsau": place("strelsau", "city", "ruritania"),
    "facilities/elm-tower": f"""id:elm-tower a jg:Facility ; skos:prefLabel "Elm Tower"@en ;
        jg:isLocatedIn id:elmsted ; {DEFINITION} .""",
    "people/zora-quillfeather": f"""id:zora-quillfeather a jg:Person ; skos:prefLabel "Zora Quillfeather"@en ;
        skos:altLabel "Nellie Bramble"@en ; {DEFINITION} .
        id:zora-quillfeather.custody-1 a jg:Custody ; jg:isCustodyOf id:zora-quillfeather ; jg:position 1 ;
        jg:regime jgt:jail ; jg:isHeldAt id:elm-tower ; jg:startedOn "1987-03"^^xsd:gYearMonth ;
        jg:confirmedOn "1988"^^xsd:gYear ; jg:source id:invented-list .""",
    "campaigns/quillfeather-vigil": campaign(
        "quillfeather-vigil", '"Lanterns for Quillfeather"@en, "Faroles para Quillfeather"@es',
        'jg:slogan "¡Liberación ya!"@es ; jg:worksOn id:invented-narrow ; jg:isActiveIn id:northmark ;'
        'jg:startedOn "1994-05-06"^^xsd:date ; jg:endedOn "2001"^^xsd:gYear ;',
    ),
    "campaigns/lantern": campaign("lantern", '"Lantern"@en', 'jg:worksOn id:invented-cause ;'
        'jg:isActiveIn id:strelsau ; jg:startedOn "1991"^^xsd:gYear ;'),
    "campaigns/march-2": campaign("march-2", '"March 2 of the Ålesund Weavers"@en'),
    "campaigns/march-10": campaign("march-10", '"March 10 of the Ålesund Weavers"@en'),
    "organizations/weavers": """id:weavers a jg:Organization ; skos:prefLabel "Guild of St. Orwin's"@en ;
        skos:definition "Weavers who answer a lantern."@en ; jg:isLocatedIn id:elmsted ; jg:source id:invented-list .
        id:weavers.claim-1 a jg:Claim ; jg:about id:weavers ; jg:claimant id:weavers ; jg:stance jgt:asserts ;
        jg:says "That the loom belongs to everybody."@en ; jg:source id:dated-report .""",
    "organizations/east": f'id:east a jg:Organization ; skos:prefLabel "Higashi"@en, "東京監獄改革"@ja ; {DEFINITION} .',
    "sources/dated-report": """id:dated-report a jg:Source ; skos:prefLabel "A dated report"@en ;
        skos:definition "Made up."@en ; jg:issuedOn "2019-07"^^xsd:gYearMonth .""",
}  # fmt: skip


def query_runner(folder: Path) -> RunQuery:
    """Return a way to ask the graph of a project with what is concluded from it."""
    project = load_folder(folder)
    store = store_of(project)
    reason(store, project.rules)
    return partial(evaluate, store, union=True)


def slugs(search: SearchIndex, text: str = "", sort: str = "relevance", **filters: tuple[str, ...]) -> list[str]:
    """Return the slugs of what is found, in order."""
    return [hit.slug for hit in search.find(SearchQuery(text, filters=filters, sort=sort, limit=100, facets=())).hits]


def counted(search: SearchIndex, name: str, text: str = "", **filters: tuple[str, ...]) -> dict[str, int]:
    """Return the values of a facet with their counts."""
    (facet,) = search.find(SearchQuery(text, filters=filters, limit=0, facets=(name,))).facets
    return {value.id: value.count for value in facet.values}
