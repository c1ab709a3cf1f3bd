"""The shapes of shapes/ on the entries' own facts (SHACL, section 3).

The shapes look at a node's own facts and at the classes of what it links to, so files are checked in batches, each with
the classes of its neighbours: memory stays flat however many files there are, and many batches go to several processes.
Rules over the whole graph are not here but in `justicegraph.validate.rules`.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.canonical import spelled_term
from justicegraph.load import Track, untracked
from justicegraph.names import ID, JGT, RDFS, SH, TYPE, short
from justicegraph.validate.findings import Finding, line_of
from justicegraph.validate.shacl import Result, as_ntriples, validated

BATCH = 500
"""Files a batch: some 15,000 triples, 40 MB in rdflib."""

ALONE = 2 * BATCH
"""Files up to which starting other processes would take longer than they save."""

_TYPE, _SUBCLASS = NamedNode(TYPE), NamedNode(RDFS + "subClassOf")
_CLASS = SH + "ClassConstraintComponent"


def check_shapes(
    files: Mapping[Path, list[Triple]], ontology: Iterable[Triple], shapes: Iterable[Triple], track: Track = untracked
) -> Iterator[Finding]:
    """Yield what the shapes find wrong with the facts of these files."""
    said = list(ontology)
    hierarchy = [triple for triple in said if triple.predicate == _SUBCLASS]
    types = _types([*said, *(triple for triples in files.values() for triple in triples)])
    homes = {triple.subject: path for path, triples in files.items() for triple in triples}
    demands = as_ntriples(triple for triple in shapes if triple.predicate.value != SH + "sparql")
    processes = 1 if len(files) <= ALONE else len(os.sched_getaffinity(0))
    paths = list(files)
    batches = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
    facts = (as_ntriples([*_with_neighbours(batch, files, types), *hierarchy]) for batch in batches)
    shown = iter(track(paths, "Checking"))
    for batch, results in zip(batches, validated(facts, demands, processes), strict=True):
        own = {path: path for path in islice(shown, len(batch))}
        for result in results:
            home = own.get(homes.get(NamedNode(result.focus), Path()))
            # A neighbour is in the batch with its class only; what leads nowhere, `check_words` has told.
            if home and not (result.component == _CLASS and _leads_nowhere(result.value, types)):
                yield _finding(home, result)


def _types(triples: Iterable[Triple]) -> dict[Any, list[Triple]]:
    found: dict[Any, list[Triple]] = {}
    for triple in triples:
        if triple.predicate == _TYPE:
            found.setdefault(triple.subject, []).append(triple)
    return found


def _with_neighbours(
    batch: list[Path], files: Mapping[Path, list[Triple]], types: Mapping[Any, list[Triple]]
) -> list[Triple]:
    """Return the facts of these files, and the classes of what they link to."""
    facts = [triple for path in batch for triple in files[path] if _is_named(triple)]
    return [*facts, *(link for node in {triple.object for triple in facts} for link in types.get(node, ()))]


def _is_named(triple: Triple) -> bool:
    """Tell whether no blank node is in it: `check_files` has told of those."""
    return isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal)


def _leads_nowhere(value: NamedNode | Literal | None, types: Mapping[Any, list[Triple]]) -> bool:
    return isinstance(value, NamedNode) and value.value.startswith((ID, JGT)) and value not in types


def _finding(home: Path, result: Result) -> Finding:
    about = result.focus, result.path, result.value
    return Finding(
        home, result.shape, _what_is_wrong(result), result.message, line_of(home, *about), *about, result.component
    )


def _what_is_wrong(result: Result) -> str:
    name = short(result.path) if result.path else "the entry"
    shown = "" if result.value is None else spelled_term(result.value)[:80]
    return {
        "MinCountConstraintComponent": f"{name} is missing",
        "MaxCountConstraintComponent": f"{name} stands more than once",
        "UniqueLangConstraintComponent": f"{name} stands more than once in one language",
        "ClassConstraintComponent": f"{name} links {shown}, which is no {short(result.wanted or '')}",
        "DatatypeConstraintComponent": f"{name} has {shown}, a value of the wrong type",
        "NodeKindConstraintComponent": f"{name} has {shown}, a value of the wrong kind",
        "NodeConstraintComponent": f"{name} has {shown}, which is no date",
    }.get(result.component.removeprefix(SH), f"{name} has {shown}, which is not allowed here")
