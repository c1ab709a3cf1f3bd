"""Reasoning: derived quads from the rules in ontology/rules.

Each rule is one CONSTRUCT query. Rules run in the order of their file names, once each, over everything asserted and
all that earlier rules derived. So a rule may use negation (current status does) and remain well defined.
"""

from pathlib import Path

from pyoxigraph import NamedNode, Quad, QueryTriples, Store

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import DERIVED_GRAPH
from justicegraph.text import first_line

_DERIVED = NamedNode(DERIVED_GRAPH)


def reason(store: Store, rules: Path) -> int:
    """Run the rules in a folder and add their quads to the store's graph `derived`; return the number of new quads.

    A triple that is in any graph already is not derived again. Raise BrokenFile for a rule that cannot be read.
    """
    before = len(store)
    for rule in sorted(rules.glob("*.rq")):
        store.extend(_conclusions(store, rule))
    return len(store) - before


def _conclusions(store: Store, rule: Path) -> list[Quad]:
    try:
        triples = store.query(rule.read_text(encoding="utf-8"), use_default_graph_as_union=True)
    except SyntaxError as error:
        raise BrokenFile(f"{rule}: not a SPARQL query: {first_line(error)}") from error
    if not isinstance(triples, QueryTriples):
        raise BrokenFile(f"{rule}: a rule is a CONSTRUCT query; write one")
    return [
        Quad(triple.subject, triple.predicate, triple.object, _DERIVED)
        for triple in set(triples)
        if not any(store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None))
    ]
