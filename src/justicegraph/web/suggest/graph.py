"""What the served graph knows, for the forms of suggestions: names, what stands of an entry, and what it links to."""

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

OFFERED = 300
"""Entries of a class that a form lists, to be chosen from."""

SHORTEST = 2
"""Letters from which entries are looked for."""

_ENTITY = JG + "Entity"


class Served:
    """The graph that is served, as a form asks it; it remembers names while a page is made."""

    def __init__(self, run_query: RunQuery) -> None:
        self._ask = run_query
        self._names: dict[str, str] = {}

    def name_of(self, iri: str) -> str:
        """Return the name of an entry, or the id of a part; "" where there is none with this IRI."""
        if iri not in self._names:
            found = _QUERIES.rows(self._ask, "names_of_an_entry", {"entity": NamedNode(iri)})
            english = [row["name"] for row in found if row.get("language") == "en"]
            named = english or [row["name"] for row in found if "name" in row]
            self._names[iri] = (named or [local_id(iri) or iri])[0] if found else ""
        return self._names[iri]

    def find_by_name(self, name: str, kind: str) -> list[str]:
        """Return the IRIs of entries of a class, "" for any, that have exactly this name in a language."""
        bound: _Bound = {"class": NamedNode(kind or _ENTITY), "wanted": Literal(name.lower())}
        return [row["entity"] for row in _QUERIES.rows(self._ask, "entries_by_name", bound)]

    def found(self, text: str, kind: str) -> list[str]:
        """Return the entries of a class in whose names a text stands, as they are offered."""
        wanted = text.rpartition("[")[0] if text.endswith("]") else text
        wanted = wanted.strip().lower()
        if len(wanted) < SHORTEST:
            return []
        bound: _Bound = {"class": NamedNode(kind or _ENTITY), "wanted": Literal(wanted)}
        return [
            link_text(row["label"], local_id(row["entity"]) or "")
            for row in _QUERIES.rows(self._ask, "entries_by_part_of_a_name", bound)
        ]

    def offered(self, kind: str) -> list[str]:
        """Return the entries of a class as they are offered; none where they are more than a list is good for."""
        found = _QUERIES.rows(self._ask, "entries_of_a_class", {"class": NamedNode(kind)})
        offered = [link_text(row["name"], local_id(row["entity"]) or "") for row in found]
        return offered if len(offered) <= OFFERED else []

    def standing(self, slug: str) -> list[Triple]:
        """Return what the document of an entry says."""
        return QUERIES.triples(self._ask, "triples_of_a_graph", {"graph": NamedNode(document_of(slug))})

    def entry(self, slug: str) -> Entry | None:
        """Return an entry of a kind that people enter; None where there is none with this id."""
        found = self.standing(slug)
        kinds = [
            triple.object.value for triple in found
            if triple.subject == NamedNode(ID + slug) and triple.predicate.value == TYPE
            and isinstance(triple.object, NamedNode)
        ]  # fmt: skip
        kind = next((each for each in kinds if each.removeprefix(JG) in KINDS.values()), None)
        return Entry(kind, slug, tuple(found)) if kind else None


def forms() -> Forms:
    """Return the forms of the served shapes in the reader's language, made once for each application."""
    made: dict[str, Forms] = current_app.extensions.setdefault("suggestion forms", {})
    code = language().code
    if code not in made:
        graphs = (ONTOLOGY_GRAPH, SHAPES_GRAPH)
        ontology, shapes = (
            QUERIES.triples(site().run_query, "triples_of_a_graph", {"graph": NamedNode(graph)}) for graph in graphs
        )
        made[code] = Forms(ontology, shapes, code)
    return made[code]


def findings(proposal: Proposal, entry: Entry, graph: Served) -> list[Finding]:
    """Return what is wrong with the files that a suggestion would make, among those of what they link to."""
    changed = {_path(proposal.slug, proposal.kind): proposal.applied_to(entry.triples)}
    if proposal.source:
        changed[_path(proposal.source_slug, JG + "Source")] = list(proposal.source)
    own = {path.stem for path in changed}
    linked = {each.object.value for some in changed.values() for each in some if isinstance(each.object, NamedNode)}
    others = {slug for iri in linked if (slug := slug_of(iri))}
    for triple in (*proposal.added, *proposal.source):
        if triple.predicate.value == LABEL and isinstance(triple.object, Literal):
            others |= {slug for iri in graph.find_by_name(triple.object.value, "") if (slug := slug_of(iri))}
    standing = [Document(Path("graph", "others", f"{slug}.ttl"), graph.standing(slug)) for slug in sorted(others - own)]
    return check(changed, standing, forms(), site().is_removed, is_whole=False)


def _path(slug: str, kind: str) -> Path:
    return Path("graph", folder_of(kind, forms().words) or "others", f"{slug}.ttl")
