"""Entries are described by their narrowest class, and nobody is called a prisoner without a status."""

from functools import partial
from io import BytesIO

from pyoxigraph import NamedNode, RdfFormat, Store

from justicegraph.linking.reconcile.entries import Description, EntryClass, read_descriptions, read_entries
from justicegraph.namespaces import ID, JG, ONTOLOGY_GRAPH, SKOS
from justicegraph.rdf.formats import SOLUTIONS
from justicegraph.sparql.evaluate import evaluate
from justicegraph.sparql.query import Result
from tests.support.project import ROOT


def test_nobody_without_a_status_is_called_a_prisoner() -> None:
    store = Store()
    kinds = f"<{ID}a> a <{JG}Entity>, <{JG}Person>, <{JG}Prisoner> ."
    name = f'<{ID}a> <{SKOS}prefLabel> "A" ; <{SKOS}definition> "Invented."@en .'
    store.load(input=f"{kinds} {name}", format=RdfFormat.TURTLE)
    for path in (ROOT / "ontology").glob("*.ttl"):
        store.load(path=str(path), format=RdfFormat.TURTLE, to_graph=NamedNode(ONTOLOGY_GRAPH))
    read = read_entries(partial(evaluate, store, union=True))
    assert read.descriptions[ID + "a"] == Description(("Person",), "Invented.")


def test_narrowest_class_is_told_first() -> None:
    kinds = {
        "Campaign": EntryClass("Campaign", "campaign"),
        "Strike": EntryClass("Strike", "strike", broader=("Campaign",)),
    }
    entry = '"entry":{"type":"uri","value":"e:e"}'
    rows = [f'{{{entry},"class":{{"type":"uri","value":"{JG}{name}"}}}}' for name in ("Campaign", "Strike")]
    answer = f'{{"head":{{"vars":["entry","class"]}},"results":{{"bindings":[{",".join(rows)}]}}}}'.encode()
    assert read_descriptions(lambda _: Result(SOLUTIONS[0], BytesIO(answer), 0), kinds)["e:e"].classes == (
        "Strike",
        "Campaign",
    )
