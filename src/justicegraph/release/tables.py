"""Tables of entries for spreadsheets, one for each class."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import orjson
from pyoxigraph import Triple

from justicegraph.jsonld.embedding import embedded_nodes
from justicegraph.jsonld.inverse_context import Embed, InverseContext
from justicegraph.namespaces import ID, JG, SKOS, TYPE
from justicegraph.rdf.nquads import Lines, groups_of, quads_of
from justicegraph.release.columns import Table, tables_of
from justicegraph.release.statements import is_number, value_and_kind
from justicegraph.spreadsheet import safe_cell

BETWEEN = " | "
"""The separator between the values of a cell."""

_CACHED = 16_384
"""Labels that are cached in memory: some 5 MB."""

Label = Callable[[str], str]
"""Returns the label of a neighbour, from its IRI as N-Quads write it."""

_Values = Mapping[str, Mapping[str, None]]
"""The distinct values of one subject by property, all as N-Quads write them."""

_LABEL, _OTHER, _DEFINITION = (f"<{SKOS}{name}>" for name in ("prefLabel", "altLabel", "definition"))
_TYPE, _STATUS, _AS_OF = f"<{TYPE}>", f"<{JG}currentStatus>", f"<{JG}asOf>"


def write_tables(
    quads: Path, folder: Path, context: Mapping[str, Any], ontology: Iterable[Triple], shapes: Iterable[Triple]
) -> list[str]:
    r"""Write the entries in a file of canonical N-Quads as CSV files in a folder, and return their names, sorted.

    There is one for each class of entries (`tables_of`), even if it has no entries; an entry is a row in the tables of
    all its classes. The columns are id (also the address of its page), label (the English one, else that of the first
    language), other_labels, types, definition, for people the status with its date, and then the properties by name. A
    link has two columns, as in worksOn and worksOn_id: labels and IRIs in the same order, with the IRI for a missing
    label. " | " separates several values in a cell, and "/" replaces a bar in a value.

    The files are RFC 4180 in UTF-8, without BOM, with "\r\n". In a text that a spreadsheet program would run, an
    apostrophe says that it is a text (`safe_cell`). Exact texts are in the N-Quads and in JSON-LD.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = {f"<{table.kind}>": table for table in tables_of(ontology, shapes)}
    with ExitStack() as files, quads.open("rb") as lines, quads.open("rb") as again:
        writers = {}
        for kind, table in tables.items():
            writers[kind] = csv.writer(files.enter_context(_open_table(folder / table.file)))
            writers[kind].writerow(table.head)
        label = _labels(files.enter_context(embedded_nodes(lines, InverseContext(context), folder)))
        for subject, subjects in _entries(again):
            for kind in tables.keys() & subjects[subject][_TYPE].keys():
                writers[kind].writerow(_row(subject, subjects, tables[kind], label))
    return sorted(table.file for table in tables.values())


def _open_table(path: Path) -> IO[str]:
    return path.open("w", encoding="utf-8", newline="")


def _entries(lines: Lines) -> Iterator[tuple[str, Mapping[str, _Values]]]:
    """Yield each entry as N-Quads write it, with the values of it and of its parts, by subject and property."""
    for subject, quads in groups_of(quads_of(lines)):
        if subject.startswith(f"<{ID}"):
            subjects: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
            for about, predicate, value, _ in quads:
                subjects[about][predicate][value] = None
            yield subject, subjects


def _row(subject: str, subjects: Mapping[str, _Values], table: Table, label: Label) -> Iterator[str]:
    """Yield the cells of an entry in the order of the table's columns."""
    own = subjects[subject]
    name = _preferred_text(own[_LABEL])
    yield subject[1:-1]
    yield safe_cell(name)
    yield _join(text for text in _texts([*own[_LABEL], *own[_OTHER]]) if text != name)
    yield _join(_classes(own[_TYPE], table.abstract))
    yield safe_cell(_preferred_text(own[_DEFINITION]))
    if table.has_status:
        status = subjects[f"{subject[:-1]}.status>"]
        yield _join(map(label, status[_STATUS]))
        yield _join(_texts(status[_AS_OF]))
    for column in table.columns:
        values = own[f"<{column.iri}>"]
        if column.is_link:
            yield _join(map(label, values))
        yield _join(_texts(values), is_number=len(values) == 1 and is_number(*values))


def _labels(embed: Embed) -> Label:
    """Return a function for labels of neighbours: the English one, else that of the first language, else the IRI."""

    @lru_cache(_CACHED)
    def label(term: str) -> str:
        node = orjson.loads(orjson.dumps(embed(term))) or {}
        names: dict[str, str | list[str]] = node.get("label") or {"": value_and_kind(term)[0]}
        name = names.get("en") or names[min(names)]
        return name if isinstance(name, str) else name[0]

    return label


def _preferred_text(terms: Iterable[str]) -> str:
    """Return the English text, else the one in the first language; nothing if there is none."""
    texts: dict[str, str] = {}
    for term in terms:
        text, language = value_and_kind(term)
        texts.setdefault(language, text)
    return texts.get("@en") or (texts[min(texts)] if texts else "")


def _classes(terms: Iterable[str], abstract: Set[str]) -> list[str]:
    """Return the local names of the classes, without the abstract ones."""
    return [term[len(JG) + 1 : -1] for term in terms if term.startswith(f"<{JG}") and term[1:-1] not in abstract]


def _texts(terms: Iterable[str]) -> list[str]:
    """Return distinct texts and IRIs; a text in two languages comes once."""
    return list(dict.fromkeys(value_and_kind(term)[0] for term in terms))


def _join(texts: Iterable[str], *, is_number: bool = False) -> str:
    """Return the texts of a cell with bars between them, so that no spreadsheet program runs it."""
    return safe_cell(BETWEEN.join(text.replace("|", "/") for text in texts), is_number=is_number)
