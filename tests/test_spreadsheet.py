"""No spreadsheet program runs a cell of ours: one rule, and every CSV, TSV and Parquet that leaves the house obeys it."""

import csv
import io
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from justicegraph.jsonld import read_context
from justicegraph.linking.reconcile.output import csv_of, tsv_of
from justicegraph.linking.reconcile.results import RowResult
from justicegraph.linking.records import Table
from justicegraph.project.folder import load_folder, store_of
from justicegraph.rdf.formats import SOLUTIONS, named_format
from justicegraph.rdf.nquads import write_sorted
from justicegraph.release.delta import _table
from justicegraph.release.manifest import Changes
from justicegraph.release.mappings import write_mappings
from justicegraph.release.parquet import has_pyarrow, write_parquet
from justicegraph.release.statements import write_statements
from justicegraph.release.tables import write_tables
from justicegraph.search import Hit
from justicegraph.search.model import Named
from justicegraph.sparql.evaluate import evaluate
from justicegraph.sparql.query import Query
from justicegraph.spreadsheet import safe_cell
from justicegraph.web.lists.files import as_csv
from tests.support.project import ROOT, make_project, write_entity

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
BLANKS = [
    "",
    " ",
    "\t",
    "\r",
    "\n",
    "\r\n",
    "\v",
    "\f",
    "\xa0",
    "\u2003",
    "\u3000",
    "\u200b",
    "\ufeff",
    "\u2028",
    "\x00",
    '"',
]
HOSTILE = [f"{blank}{sign}HYPERLINK(1)" for blank in BLANKS for sign in SIGNS]
LATER = ["a;=1", 'a; "=1', "a, @b", "a\n-1", "a\t+1", "a\u2028\uff1d1", "a,;\ufeff=1"]
"""Texts with a formula where a program may find another cell: the file was opened with another separator."""

PLAIN = [
    "a - b",
    "a=b",
    "x@example.org",
    "2001-02-03",
    "one\u2013two",
    "'=1",
    "",
    "a, b; c\nd",
    "C++",
    "https://a.example/-/=?b=1",
]


def is_run(cell: str) -> bool:
    """Tell by a rule that is written down a second time whether a program may take a cell for a formula."""
    bare = "".join(sign for sign in cell if sign.isprintable() and not sign.isspace() and sign != '"')
    return bare[:1] in set(SIGNS) if bare else False


@pytest.mark.parametrize("text", [*HOSTILE, "\t", "\rx", "\nx", *SIGNS, "==1", "-5", "+1 555 0100"], ids=repr)
def test_formula_is_told_to_be_a_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert not is_run(safe_cell(text))


@pytest.mark.parametrize("text", LATER, ids=repr)
def test_formula_in_what_may_be_another_cell_is_one_no_more(text: str) -> None:
    sign = next(sign for sign in text if sign in SIGNS)
    assert safe_cell(text) == text.replace(sign, f"'{sign}")


@pytest.mark.parametrize("text", PLAIN, ids=repr)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


def test_numbers_stay_numbers_where_they_are_numbers_by_their_type() -> None:
    assert [safe_cell(text, is_number=True) for text in ("-5", "+5.5", "-1e3", ".5")] == ["-5", "+5.5", "-1e3", ".5"]
    assert safe_cell("-5+1", is_number=True) == "'-5+1"


@pytest.mark.parametrize("text", ["\n" * 10**6, ", " * 10**6 + "a", (" " * 999 + "a") * 999, "\u200b" * 10**6 + "="])
def test_long_text_takes_no_long_time(text: str) -> None:
    began = time.process_time()
    safe_cell(text)
    assert time.process_time() - began < 1


def by_columns(data: bytes, separator: str = ",") -> list[str]:
    """Return the cells of a table, those of its head left out."""
    rows = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=separator, strict=True)
    next(rows)
    return [cell for row in rows for cell in row]


@pytest.fixture(scope="module")
def quads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which every text that an editor can write is hostile, as canonical N-Quads."""
    project = make_project(tmp_path_factory.mktemp("hostile") / "project")
    for number, text in enumerate([*HOSTILE, *LATER]):
        said = Literal(text, language="en")
        write_entity(
            project, f"organizations/hostile-{number}",
            f"id:hostile-{number} a jg:Company ; skos:prefLabel {said} ; skos:altLabel {said} ; skos:definition {said} ;"
            f" jg:slogan {said} ; skos:exactMatch <http://www.wikidata.org/entity/Q{number + 1}> .",
        )  # fmt: skip
    path = project / "hostile.nq"
    with path.open("wb") as file:
        write_sorted((f"{quad} .\n".encode() for quad in store_of(load_folder(project))), file)
    return path


def tables(quads: Path, tmp_path: Path) -> Iterable[str]:
    folder = load_folder(quads.parent)
    write_tables(quads, tmp_path / "tables", read_context(ROOT), folder.ontology, folder.shapes)
    return (cell for path in (tmp_path / "tables").glob("*.csv") for cell in by_columns(path.read_bytes()))


def statements(quads: Path, tmp_path: Path) -> Iterable[str]:
    file = io.BytesIO()
    write_statements(quads, file)
    return without_languages(by_columns(file.getvalue()))


def parquet(quads: Path, tmp_path: Path) -> Iterable[str]:
    if not has_pyarrow():
        pytest.skip("the extra parquet is not installed")
    file = io.BytesIO()
    write_parquet(quads, file)
    rows = pytest.importorskip("pyarrow.parquet").ParquetFile(file).read().to_pylist()
    return without_languages(cell for row in rows for cell in row.values())


def without_languages(cells: Iterable[str]) -> Iterable[str]:
    """Leave out the kinds of texts, as in @en-GB: the letters and digits of a language tag are no formula."""
    return (cell for cell in cells if not re.fullmatch(r"@[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*", cell))


def mappings(quads: Path, tmp_path: Path) -> Iterable[str]:
    with (tmp_path / "mappings.sssom.tsv").open("w+b") as file:
        write_mappings(quads, "2026-12-01", file)
        file.seek(0)
        lines = [line for line in file.read().decode().splitlines(keepends=True) if not line.startswith("#")]
    return by_columns("".join(lines).encode(), "\t")


def changes(quads: Path, tmp_path: Path) -> Iterable[str]:
    return by_columns(_table(Changes(1, 0, tuple(HOSTILE), (), ())))


def lists(quads: Path, tmp_path: Path) -> Iterable[str]:
    hits = [
        Hit(f"hostile-{number}", {"en": text}, {"en": text}, kind=Named("Company", {}), status=Named("x", {"en": text}))
        for number, text in enumerate(HOSTILE)
    ]
    return by_columns(as_csv(hits, "en"))


def reconciled(write: Callable[[Table, Iterable[RowResult]], bytes], separator: str) -> Iterable[str]:
    table = Table(Path("table.csv"), ("name",), [("x",) for _ in HOSTILE], [*range(len(HOSTILE))], separator)
    return by_columns(write(table, [RowResult(text, text, 0.5, False, text) for text in HOSTILE]), separator)


def reconciled_csv(quads: Path, tmp_path: Path) -> Iterable[str]:
    return reconciled(csv_of, ",")


def reconciled_tsv(quads: Path, tmp_path: Path) -> Iterable[str]:
    return reconciled(tsv_of, "\t")


LEAVING = [tables, statements, parquet, mappings, changes, lists, reconciled_csv, reconciled_tsv]


@pytest.mark.parametrize("cells_of", LEAVING, ids=lambda cells_of: cells_of.__name__)
def test_no_cell_that_leaves_the_house_is_run(
    cells_of: Callable[[Path, Path], Iterable[str]], quads: Path, tmp_path: Path
) -> None:
    cells = list(cells_of(quads, tmp_path))
    assert len([cell for cell in cells if "HYPERLINK" in cell]) >= len(HOSTILE)
    assert [cell for cell in cells if is_run(cell) or cell[:1] in set("\t\r\n")] == []


@pytest.mark.parametrize("name", ["csv", "tsv"])
def test_results_of_queries_are_as_their_standard_says(name: str) -> None:
    store = Store()
    store.add(Quad(NamedNode("e:s"), NamedNode("e:p"), Literal("=1")))
    found = evaluate(store, Query("SELECT ?o { ?s ?p ?o }", named_format(name, SOLUTIONS)), union=True).read()
    assert found.split() == ([b"o", b"=1"] if name == "csv" else [b"?o", b'"=1"'])
