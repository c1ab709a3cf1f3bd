"""The parts of pages that come from the project itself: queries, problems, terms of the ontology, decisions.

A page names one of them by a line `<!-- generated: NAME -->`. A link that leaves docs/ becomes the path of a file in
the repository, since the site does not carry those files.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from justicegraph.http.problems import KINDS

DOCS = Path(__file__).parent
ROOT = DOCS.parent
MARK = re.compile(r"^<!-- generated: (\w+) -->$", re.MULTILINE)
OUTSIDE = re.compile(r"\[([^\]]+)\]\((?:\.\./)+([^)#\s]*)[^)]*\)")
PREFIXES = """
PREFIX jg: <https://w3id.org/justicegraph/ontology#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
CLASSES = """
SELECT ?term ?label ?comment (GROUP_CONCAT(?wider; separator=" ") AS ?more) {
  ?term a owl:Class ; rdfs:label ?label ; rdfs:comment ?comment
  FILTER (LANG(?label) = "en" && LANG(?comment) = "en")
  OPTIONAL { ?term rdfs:subClassOf ?wider FILTER STRSTARTS(STR(?wider), STR(jg:)) }
} GROUP BY ?term ?label ?comment ORDER BY ?term
"""
PROPERTIES = """
SELECT DISTINCT ?term ?label ?comment ("" AS ?more) {
  VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty }
  ?term a ?kind ; rdfs:label ?label ; rdfs:comment ?comment
  FILTER (LANG(?label) = "en" && LANG(?comment) = "en")
} ORDER BY ?term
"""
TERMS = """
SELECT ?term ?label ?comment (STR(?list) AS ?more) {
  ?term skos:inScheme|skos:topConceptOf ?list ; skos:prefLabel ?label ; skos:definition ?comment
  FILTER (LANG(?label) = "en" && LANG(?comment) = "en")
} ORDER BY ?list ?term
"""


def fill(_app: object, _name: str, source: list[str]) -> None:
    """Replace the marks and the outward links in the text of a page; Sphinx hands over the text in a list."""
    text = MARK.sub(lambda mark: "\n".join(PARTS[mark[1]]()), source[0])
    source[0] = OUTSIDE.sub(lambda link: _in_repository(link[1], link[2]), text)


def _in_repository(text: str, path: str) -> str:
    """Return a link out of docs/ as its text and the path in the repository."""
    return f"`{path}`" if text.strip("`").rstrip("/") == path.rstrip("/") else f"{text} (`{path}`)"


def queries() -> Iterator[str]:
    """Yield a table of the queries that the project carries, each with the question that it answers."""
    yield from ("| question | file |", "| --- | --- |")
    for path in sorted((ROOT / "queries").glob("*.rq")):
        question = path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
        yield f"| {question} | `{path.name}` |"


def problems() -> Iterator[str]:
    """Yield a table of the problem types with their status."""
    yield from ("| type | status | title |", "| --- | --- | --- |")
    for kind, (status, title) in KINDS.items():
        yield f"| `{kind}` | {status} | {title} |"


def decisions() -> Iterator[str]:
    """Yield the list of decisions for the table of contents, in their order."""
    yield from ("```{toctree}", ":maxdepth: 1", "")
    for path in sorted((DOCS / "decisions").glob("[0-9]*.md")):
        yield path.stem
    yield "```"


def _vocabulary(query: str) -> Callable[[], Iterator[str]]:
    def table() -> Iterator[str]:
        yield from ("| term | label | meaning |", "| --- | --- | --- |")
        for row in _ontology().query(PREFIXES + query):  # type: ignore[union-attr]
            yield f"| `{_short(row['term'])}` | {row['label'].value} | {_cell(row['comment'], row['more'])} |"

    return table


def _cell(comment: Literal, more: Literal | None) -> str:
    wider = ", ".join(f"`{_short(NamedNode(iri))}`" for iri in sorted(more.value.split() if more else []))
    return f"{comment.value} ({wider})" if wider else comment.value


def _short(term: NamedNode) -> str:
    namespace, _, name = term.value.rpartition("#")
    return f"{'jgt' if namespace.endswith('terms') else 'jg'}:{name}"


def _ontology() -> Store:
    store = Store()
    for path in (ROOT / "ontology/justicegraph.ttl", *sorted((ROOT / "ontology/terms").glob("*.ttl"))):
        store.load(path=path, format=RdfFormat.TURTLE)
    return store


PARTS: Mapping[str, Callable[[], Iterator[str]]] = {
    "queries": queries,
    "problems": problems,
    "decisions": decisions,
    "classes": _vocabulary(CLASSES),
    "properties": _vocabulary(PROPERTIES),
    "terms": _vocabulary(TERMS),
}
"""By the name in a mark, what yields the lines that replace it."""
