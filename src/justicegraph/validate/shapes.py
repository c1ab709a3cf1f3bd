"""The shapes of shapes/ on the entries' own facts, by pySHACL (SHACL, section 3).

The shapes look at a node's own facts and at the classes of what it links to, so files are checked in batches, each with
the classes of its neighbours: memory stays flat however many files there are. Rules over the whole graph are not here
but in `justicegraph.validate.rules`.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from justicegraph.canonical import spelled_term
from justicegraph.load import Track, untracked
from justicegraph.names import ID, JGT, RDFS, SH, TYPE, XSD, short
from justicegraph.validate.findings import Finding, Value, line_of

BATCH = 500
"""Files a batch: some 15,000 triples, 40 MB in rdflib."""

_TYPE, _SUBCLASS = NamedNode(TYPE), NamedNode(RDFS + "subClassOf")
_ALL_OF_THE_GRAPH = {SH + "sparql"}
_RESULT = "focusNode", "resultPath", "value", "sourceShape", "sourceConstraintComponent"


def check_shapes(
    files: Mapping[Path, list[Triple]], ontology: Iterable[Triple], shapes: Iterable[Triple], track: Track = untracked
) -> Iterator[Finding]:
    """Yield what the shapes find wrong with the facts of these files."""
    said = list(ontology)
    demands = _graph(triple for triple in shapes if triple.predicate.value not in _ALL_OF_THE_GRAPH)
    hierarchy = [triple for triple in said if triple.predicate == _SUBCLASS]
    types = _types([*said, *(triple for triples in files.values() for triple in triples)])
    waiting = iter(track(list(files), "Checking"))
    while batch := {path: files[path] for path in islice(waiting, BATCH)}:
        facts = [triple for triples in batch.values() for triple in triples if _is_named(triple)]
        neighbours = [link for node in {triple.object for triple in facts} for link in types.get(node, ())]
        homes = {triple.subject: path for path, triples in batch.items() for triple in triples}
        report = _report(_graph([*facts, *neighbours, *hierarchy]), demands)
        yield from _findings(report, demands, homes, types)


def _types(triples: Iterable[Triple]) -> dict[Any, list[Triple]]:
    found: dict[Any, list[Triple]] = {}
    for triple in triples:
        if triple.predicate == _TYPE:
            found.setdefault(triple.subject, []).append(triple)
    return found


def _graph(triples: Iterable[Triple]) -> Any:
    """Return an rdflib graph. rdflib reads N-Triples, which Oxigraph writes, three times as fast as Turtle."""
    from rdflib import Graph

    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # it logs a traceback for each impossible date
    return Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")


def _report(facts: Any, demands: Any) -> Any:
    import pyshacl

    return pyshacl.validate(facts, shacl_graph=demands, inplace=True)[1]


def _findings(
    report: Any, demands: Any, homes: Mapping[Any, Path], types: Mapping[Any, list[Triple]]
) -> Iterator[Finding]:
    from rdflib import SH as SHACL

    for result in sorted(report.objects(None, SHACL.result), key=lambda each: report.value(each, SHACL.focusNode)):
        focus, path, value, shape, component = (report.value(result, SHACL[name]) for name in _RESULT)
        home = homes.get(NamedNode(str(focus)))
        if home is None:
            continue  # a neighbour, of which this batch has the class only
        if component == SHACL.ClassConstraintComponent and _leads_nowhere(value, types):
            continue  # `check_words` has said so already
        wrong = _what_is_wrong(component, path, _term(value), demands.value(shape, SHACL["class"]))
        remedy = str(demands.value(shape, SHACL.message) or report.value(result, SHACL.resultMessage))
        about = str(focus), str(path) if path else None, _term(value)
        yield Finding(home, str(shape), wrong, remedy, line_of(home, *about), *about, str(component))


def _is_named(triple: Triple) -> bool:
    """Tell whether no blank node is in it: `check_files` has told of those."""
    return isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal)


def _leads_nowhere(value: Any, types: Mapping[Any, list[Triple]]) -> bool:
    from rdflib import URIRef

    return isinstance(value, URIRef) and str(value).startswith((ID, JGT)) and NamedNode(str(value)) not in types


def _term(value: Any) -> Value | None:
    """Return an rdflib term as Oxigraph's."""
    from rdflib import URIRef

    if value is None:
        return None
    if isinstance(value, URIRef):
        return NamedNode(str(value))
    if value.language:
        return Literal(str(value), language=value.language)
    return Literal(str(value), datatype=NamedNode(str(value.datatype or XSD + "string")))


def _what_is_wrong(component: Any, path: Any, value: Value | None, wanted: Any) -> str:
    name = short(str(path)) if path else "the entry"
    shown = "" if value is None else spelled_term(value)[:80]
    return {
        "MinCountConstraintComponent": f"{name} is missing",
        "MaxCountConstraintComponent": f"{name} stands more than once",
        "UniqueLangConstraintComponent": f"{name} stands more than once in one language",
        "ClassConstraintComponent": f"{name} links {shown}, which is no {short(str(wanted))}",
        "DatatypeConstraintComponent": f"{name} has {shown}, a value of the wrong type",
        "NodeKindConstraintComponent": f"{name} has {shown}, a value of the wrong kind",
        "NodeConstraintComponent": f"{name} has {shown}, which is no date",
    }.get(str(component).removeprefix(SH), f"{name} has {shown}, which is not allowed here")
