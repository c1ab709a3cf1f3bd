"""Read the entries of a dataset for the workers that reconcile.

A process of its own does it, since the memory that reading takes is given back when the process ends.
"""

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
from justicegraph.linking.reconcile.properties import roles_of
from justicegraph.linking.records import Record, entries
from justicegraph.namespaces import ID, JG
from justicegraph.pool import Dataset
from justicegraph.rdf.schema import read_schema
from justicegraph.sparql.named import NamedQueries, Terms
from justicegraph.sparql.query import RunQuery
from justicegraph.sparql.schema import schema_of
from justicegraph.system.processes import die_with_parent

_QUERIES = NamedQueries.beside(__file__)
_START = "from justicegraph.linking.reconcile.entries import main; main()"


@dataclass(frozen=True)
class EntryClass:
    """A class of entries: its local name, label and comment, and the classes above it by their local names."""

    id: str
    label: str
    comment: str = ""
    broader: tuple[str, ...] = ()


class Description(NamedTuple):
    """What is shown of an entry besides its name: classes by their local names, definition, status with its date."""

    classes: tuple[str, ...] = ()
    definition: str = ""
    status: str = ""


@dataclass(frozen=True)
class Entries:
    """The entries as records, their descriptions by IRI, their classes by local name, and new slugs by old ones.

    `roles` says which part of a record each property is evidence of.
    """

    records: list[Record] = field(default_factory=list)
    descriptions: Mapping[str, Description] = field(default_factory=dict)
    classes: Mapping[str, EntryClass] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=lambda: roles_of(read_schema([], [])))


def load_entries(dataset: Dataset) -> Entries:
    """Return the entries of a dataset, read in a process of its own; raise what reading them raises."""
    with TemporaryFile() as request, TemporaryFile() as response:
        pickle.dump(dataset, request)
        request.seek(0)
        command = [sys.executable, "-c", _START, str(os.getpid())]
        done = subprocess.run(command, stdin=request, stdout=response, check=False)  # noqa: S603  # ours
        response.seek(0)
        if done.returncode:
            raise JusticeGraphError("The entries could not be read for reconciliation: is there enough memory?")
        result = pickle.load(response)  # noqa: S301  # our own process wrote it
    if isinstance(result, JusticeGraphError):
        raise result
    if not isinstance(result, Entries):
        raise AssertionError("the reader has sent something else")
    return result


def main() -> None:
    """Run as a process of its own: read a pickled dataset from standard input, and write its entries pickled."""
    die_with_parent(int(sys.argv[1]))
    dataset: Dataset = pickle.load(sys.stdin.buffer)  # noqa: S301  # our own process wrote it
    result: Entries | JusticeGraphError
    try:
        result = read_entries(dataset.load().run_query(sys.maxsize))
    except JusticeGraphError as error:
        result = error
    pickle.dump(result, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)


def read_entries(run_query: RunQuery) -> Entries:
    """Return the entries of a graph."""
    records, classes = entries(run_query), _read_classes(run_query)
    rows = _QUERIES.terms(run_query, "renamed_entries")
    renamed = {row["old"].value.removeprefix(ID): row["new"].value.removeprefix(ID) for row in rows}
    roles = roles_of(schema_of(run_query))
    return Entries(records, read_descriptions(run_query, classes), classes, renamed, roles)


def _read_classes(run_query: RunQuery) -> dict[str, EntryClass]:
    classes: dict[str, EntryClass] = {}
    for row in _QUERIES.terms(run_query, "classes_of_entries"):
        iri, label, comment, broader = _texts(row, "class", "label", "comment", "broader")
        name = iri.removeprefix(JG)
        above = classes[name].broader if name in classes else ()
        classes[name] = EntryClass(name, label, comment, (*above, broader.removeprefix(JG)) if broader else above)
    return {
        name: EntryClass(name, known.label, known.comment, tuple(above for above in known.broader if above in classes))
        for name, known in classes.items()
    }


def read_descriptions(run_query: RunQuery, classes: Mapping[str, EntryClass]) -> dict[str, Description]:
    """Return the description of each entry by IRI, with the narrowest class first.

    Nobody is called a prisoner without a status and its date.
    """
    names: dict[str, dict[str, None]] = defaultdict(dict)
    texts: dict[str, tuple[str, str]] = {}
    for row in _QUERIES.terms(run_query, "descriptions_of_entries"):
        entry, iri, definition, status, day = _texts(row, "entry", "class", "definition", "status", "asOf")
        names[entry][sys.intern(iri.removeprefix(JG))] = None
        texts.setdefault(entry, (definition, f"{status} as of {day}" if status and day else ""))
    for entry, (_, status) in texts.items():
        if not status:
            names[entry].pop("Prisoner", None)
    depths = {name: len(_broader_classes(name, classes)) for name in classes}
    ordered = {entry: sorted(some, key=lambda name: (-depths.get(name, 0), name)) for entry, some in names.items()}
    return {entry: Description(tuple(some), *texts[entry]) for entry, some in ordered.items()}


def _broader_classes(name: str, classes: Mapping[str, EntryClass]) -> set[str]:
    """Return all classes above a class."""
    reached, waiting = {name}, [name]
    while waiting:
        waiting += (new := set(classes[waiting.pop()].broader) - reached)
        reached |= new
    return reached - {name}


def _texts(row: Terms, *variables: str) -> Iterator[str]:
    """Yield the values of these variables in a row, an empty text for an unbound one."""
    return (row[name].value if name in row else "" for name in variables)
