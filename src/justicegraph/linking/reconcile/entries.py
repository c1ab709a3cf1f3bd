"""What workers know of the entries, read by a process of its own, which gives back the memory that reading takes."""

import os
import pickle
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import NamedTuple

from justicegraph.errors import JusticeGraphError
from justicegraph.linking.records import Record, entries
from justicegraph.namespaces import ID, JG
from justicegraph.pool import Dataset
from justicegraph.sparql.named import NamedQueries, Terms
from justicegraph.sparql.query import RunQuery
from justicegraph.system.processes import die_with_parent

_QUERIES = NamedQueries.beside(__file__)
_START = "from justicegraph.linking.reconcile.entries import main; main()"


@dataclass(frozen=True)
class Kind:
    """A class that entries have: its local name, its label, what it means, and the wider ones by their local names."""

    id: str
    label: str
    comment: str = ""
    broader: tuple[str, ...] = ()


class Shown(NamedTuple):
    """What an answer shows of an entry beside its name: its classes by their local names, definition, dated status."""

    kinds: tuple[str, ...] = ()
    definition: str = ""
    status: str = ""


@dataclass(frozen=True)
class Known:
    """The entries as records; what is shown of each, by its IRI; the classes by local name; new slugs by old ones."""

    records: list[Record] = field(default_factory=list)
    shown: Mapping[str, Shown] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)


def read_known(dataset: Dataset) -> Known:
    """Return what is known of a dataset's entries; raise what reading it raises."""
    with TemporaryFile() as asked, TemporaryFile() as told:
        pickle.dump(dataset, asked)
        asked.seek(0)
        words = [sys.executable, "-c", _START, str(os.getpid())]
        done = subprocess.run(words, stdin=asked, stdout=told, check=False)  # noqa: S603  # ours
        told.seek(0)
        if done.returncode:
            raise JusticeGraphError("The entries could not be read for reconciliation: is there memory enough?")
        known = pickle.load(told)  # noqa: S301  # a process of ours has written it
    if isinstance(known, JusticeGraphError):
        raise known
    if not isinstance(known, Known):
        raise AssertionError("the reader has told of something else")
    return known


def main() -> None:
    """Run as a process of its own: read what is asked from the standard input, and write what is known."""
    die_with_parent(int(sys.argv[1]))
    dataset: Dataset = pickle.load(sys.stdin.buffer)  # noqa: S301  # a process of ours has written it
    told: Known | JusticeGraphError
    try:
        told = known_of(dataset.load().run_query(sys.maxsize))
    except JusticeGraphError as error:
        told = error
    pickle.dump(told, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)


def known_of(run_query: RunQuery) -> Known:
    """Return what a graph tells of its entries."""
    records, kinds = entries(run_query), _kinds(run_query)
    rows = _QUERIES.terms(run_query, "renamed_entries")
    renamed = {row["old"].value.removeprefix(ID): row["new"].value.removeprefix(ID) for row in rows}
    return Known(records, shown_of(run_query, kinds), kinds, renamed)


def _kinds(run_query: RunQuery) -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for row in _QUERIES.terms(run_query, "classes_of_entries"):
        iri, label, comment, broader = _texts(row, "class", "label", "comment", "broader")
        name = iri.removeprefix(JG)
        before = found[name].broader if name in found else ()
        found[name] = Kind(name, label, comment, (*before, broader.removeprefix(JG)) if broader else before)
    return {
        name: Kind(name, kind.label, kind.comment, tuple(wider for wider in kind.broader if wider in found))
        for name, kind in found.items()
    }


def shown_of(run_query: RunQuery, kinds: Mapping[str, Kind]) -> dict[str, Shown]:
    """Return what is shown of each entry, the narrowest class first.

    Nobody is told to be or to have been a prisoner without a status and its date.
    """
    classes: dict[str, dict[str, None]] = defaultdict(dict)
    told: dict[str, tuple[str, str]] = {}
    for row in _QUERIES.terms(run_query, "descriptions_of_entries"):
        entry, kind, definition, status, day = _texts(row, "entry", "class", "definition", "status", "asOf")
        classes[entry][sys.intern(kind.removeprefix(JG))] = None
        told.setdefault(entry, (definition, f"{status} as of {day}" if status and day else ""))
    for entry, (_, status) in told.items():
        if not status:
            classes[entry].pop("Prisoner", None)
    depths = {name: len(_wider(name, kinds)) for name in kinds}
    ordered = {entry: sorted(names, key=lambda name: (-depths.get(name, 0), name)) for entry, names in classes.items()}
    return {entry: Shown(tuple(names), *told[entry]) for entry, names in ordered.items()}


def _wider(name: str, kinds: Mapping[str, Kind]) -> set[str]:
    """Return the classes that are wider than one."""
    reached, waiting = {name}, [name]
    while waiting:
        waiting += (new := set(kinds[waiting.pop()].broader) - reached)
        reached |= new
    return reached - {name}


def _texts(row: Terms, *variables: str) -> Iterator[str]:
    """Yield the values of these variables in a row, an empty text for an unbound one."""
    return (row[name].value if name in row else "" for name in variables)
