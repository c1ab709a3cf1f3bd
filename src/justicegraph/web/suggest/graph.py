"""Queries of the served graph for the forms of suggestions: names, entries, and the triples of an entry."""

from pathlib import Path

from flask import current_app
from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.namespaces import ID, JG, ONTOLOGY_GRAPH, SHAPES_GRAPH, TYPE, document_of, local_id, slug_of
from justicegraph.rdf.document import Document
from justicegraph.rdf.schema import folder_of
from justicegraph.sparql.named import NamedQueries
from justicegraph.sparql.query import RunQuery
from justicegraph.suggest.checks import check
from justicegraph.suggest.draft import LABEL
from justicegraph.suggest.entry import Entry
from justicegraph.suggest.forms import Forms
from justicegraph.suggest.kinds import KINDS
from justicegraph.suggest.proposals import Proposal
from justicegraph.suggest.values import link_text
from justicegraph.validate import Finding
from justicegraph.web.i18n import language
from justicegraph.web.site import QUERIES, site

_QUERIES = NamedQueries.beside(__file__)
_Bound = dict[str, NamedNode | Literal]

MAX_LISTED = 300
"""Entries of a class up to which a form lists them all."""

MIN_LETTERS = 2
"""Letters of a name from which entries are searched."""

_ENTITY = JG + "Entity"


class ServedGraph:
    """Runs the queries of one form; names are cached as long as it lives."""

    def __init__(self, run_query: RunQuery) -> None:
        self._run_query = run_query
        self._names: dict[str, str] = {}

    def name_of(self, iri: str) -> str:
        """Return the name of an entry, or the id of a part; "" if there is none with this IRI."""
        if iri not in self._names:
            result = _QUERIES.rows(self._run_query, "names_of_an_entry", {"entity": NamedNode(iri)})
            english = [row["name"] for row in result if row.get("language") == "en"]
            names = english or [row["name"] for row in result if "name" in row]
            self._names[iri] = (names or [local_id(iri) or iri])[0] if result else ""
        return self._names[iri]

    def find_by_name(self, name: str, kind: str) -> list[str]:
        """Return the IRIs of the entries of a class, "" for any class, with exactly this name in some language."""
        bound: _Bound = {"class": NamedNode(kind or _ENTITY), "wanted": Literal(name.lower())}
        return [row["entity"] for row in _QUERIES.rows(self._run_query, "entries_by_name", bound)]

    def search(self, text: str, kind: str) -> list[str]:
        """Return the entries of a class whose names contain a text, as link texts."""
        wanted = text.rpartition("[")[0] if text.endswith("]") else text
        wanted = wanted.strip().lower()
        if len(wanted) < MIN_LETTERS:
            return []
        bound: _Bound = {"class": NamedNode(kind or _ENTITY), "wanted": Literal(wanted)}
        return [
            link_text(row["label"], local_id(row["entity"]) or "")
            for row in _QUERIES.rows(self._run_query, "entries_by_part_of_a_name", bound)
        ]

    def entries_of(self, kind: str) -> list[str]:
        """Return all entries of a class as link texts; none if they are more than `MAX_LISTED`."""
        result = _QUERIES.rows(self._run_query, "entries_of_a_class", {"class": NamedNode(kind)})
        entries = [link_text(row["name"], local_id(row["entity"]) or "") for row in result]
        return entries if len(entries) <= MAX_LISTED else []

    def triples_of(self, slug: str) -> list[Triple]:
        """Return the triples of an entry's document."""
        return QUERIES.triples(self._run_query, "triples_of_a_graph", {"graph": NamedNode(document_of(slug))})

    def entry(self, slug: str) -> Entry | None:
        """Return an entry of a class that people can suggest; None if there is none with this id."""
        triples = self.triples_of(slug)
        kinds = [
            triple.object.value for triple in triples
            if triple.subject == NamedNode(ID + slug) and triple.predicate.value == TYPE
            and isinstance(triple.object, NamedNode)
        ]  # fmt: skip
        kind = next((kind for kind in kinds if kind.removeprefix(JG) in KINDS.values()), None)
        return Entry(kind, slug, tuple(triples)) if kind else None


def forms() -> Forms:
    """Return the forms of the served shapes in the reader's language, made once per application."""
    forms_by_language: dict[str, Forms] = current_app.extensions.setdefault("suggestion forms", {})
    code = language().code
    if code not in forms_by_language:
        graphs = (ONTOLOGY_GRAPH, SHAPES_GRAPH)
        ontology, shapes = (
            QUERIES.triples(site().run_query, "triples_of_a_graph", {"graph": NamedNode(graph)}) for graph in graphs
        )
        forms_by_language[code] = Forms(ontology, shapes, code)
    return forms_by_language[code]


def findings(proposal: Proposal, entry: Entry, graph: ServedGraph) -> list[Finding]:
    """Return the findings on the files that a suggestion would write, checked beside those that they link to."""
    changed = {_path(proposal.slug, proposal.kind): proposal.applied_to(entry.triples)}
    if proposal.source:
        changed[_path(proposal.source_slug, JG + "Source")] = list(proposal.source)
    own = {path.stem for path in changed}
    objects = (triple.object for triples in changed.values() for triple in triples)
    linked = {term.value for term in objects if isinstance(term, NamedNode)}
    others = {slug for iri in linked if (slug := slug_of(iri))}
    for triple in (*proposal.added, *proposal.source):
        if triple.predicate.value == LABEL and isinstance(triple.object, Literal):
            others |= {slug for iri in graph.find_by_name(triple.object.value, "") if (slug := slug_of(iri))}
    documents = [
        Document(Path("graph", "others", f"{slug}.ttl"), graph.triples_of(slug)) for slug in sorted(others - own)
    ]
    return check(changed, documents, forms(), site().is_removed, is_whole=False)


def _path(slug: str, kind: str) -> Path:
    return Path("graph", folder_of(kind, forms().words) or "others", f"{slug}.ttl")
