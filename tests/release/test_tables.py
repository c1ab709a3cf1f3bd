"""Tables hold what the quads say: every statement as a row, every entry as a row of each of its classes."""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from justicegraph.jsonld import read_context
from justicegraph.namespaces import DERIVED_GRAPH, DOC, ID, JG, PREFIXES, SKOS
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.rdf.nquads import write_sorted
from justicegraph.release.columns import tables_of
from justicegraph.release.parquet import has_pyarrow, write_parquet
from justicegraph.release.statements import COLUMNS, value_and_kind, write_statements
from justicegraph.release.tables import BETWEEN, write_tables
from justicegraph.spreadsheet import safe_cell
from tests.support.project import ROOT, make_project, write_entity

NASTY = {
    "organizations/a-company": r"""id:a-company a jg:Company ; skos:prefLabel "=1+1 Ltd"@en ; skos:altLabel "A | B"@en ;
        skos:definition "Says \"no\",\r\n\t\\n \u0001 😀 \\\" | and more;"@en, "Sagt nein."@de ; jg:source id:invented-list ;
        jg:worksOn id:invented-cause, id:nowhere, id:other-cause ; jg:website <https://a.example/?b=c#d> ;
        jg:slogan "@all"@en, "-5"@en .""",
    "organizations/b-company": 'id:b-company a jg:Company ; skos:prefLabel "Zwei"@de, "Deux"@es ; jg:slogan "-5.5"@en .',
    "causes/other-cause": 'id:other-cause a jg:Cause ; skos:prefLabel "one | other"@en, "two"@en, "eins"@de .',
}
RUN = {"is": "=", "plus": "+", "minus": "-", "at": "@", "tab": "\t", "return": "\r", "line": "\n", "wide": "\uff1d"}
"""By a name: what a text begins with that a spreadsheet may run."""

ONE = f"<{ID}a> <{JG}value> %s <{DOC}a> .\n"
HASHED = """
import sys; from pathlib import Path
from tests.release.test_tables import write_all
write_all(Path(sys.argv[1]), Path(sys.argv[2]))
"""

Rows = list[dict[str, str]]

needs_parquet = pytest.mark.skipif(not has_pyarrow(), reason="the extra parquet is not installed")


@pytest.fixture(scope="module")
def quads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Invented entries with what is derived of them, as a file of canonical N-Quads."""
    project = make_project(tmp_path_factory.mktemp("tables") / "project")
    run = {
        f"organizations/run-{name}": f'id:run-{name} a jg:Company ; jg:slogan "{_escaped(first)}2+1" .'
        for name, first in RUN.items()
    }
    for name, turtle in (NASTY | run).items():
        write_entity(project, name, turtle)
    folder = load_folder(project)
    store = store_of(folder)
    reason(store, folder.rules)
    path = project / "invented.nq"
    with path.open("wb") as file:
        write_sorted((f"{quad} .\n".encode() for quad in store), file)
    return path


@pytest.fixture(scope="module")
def tables(quads: Path) -> Path:
    return write_all(quads, quads.parent / "tables")


def _escaped(text: str) -> str:
    return text.encode("unicode_escape").decode()


def write_all(quads: Path, place: Path) -> Path:
    """Write all that there is into a folder, and return it."""
    folder = load_folder(ROOT)
    names = write_tables(quads, place, read_context(ROOT), folder.ontology, folder.shapes)
    assert names == sorted(path.name for path in place.iterdir())
    (place / "statements").write_bytes(statements_of(quads))
    if has_pyarrow():
        with (place / "parquet").open("wb") as file:
            write_parquet(quads, file)
    return place


def statements_of(quads: Path) -> bytes:
    file = io.BytesIO()
    write_statements(quads, file)
    return file.getvalue()


def rows_of(data: bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))


def table(tables: Path, name: str) -> dict[str, dict[str, str]]:
    """Return the rows of a table by the last part of their ids."""
    return {row["id"].removeprefix(ID): row for row in rows_of((tables / name).read_bytes())}


def read_by_parser(quads: Path) -> list[tuple[str, ...]]:
    """Return all quads as another reader of N-Quads tells them."""
    rows_read: list[tuple[str, ...]] = []
    for quad in parse(quads.read_bytes(), format=RdfFormat.N_QUADS):
        value, kind = quad.object, "iri"
        if not isinstance(value, NamedNode):
            kind = f"@{value.language}" if value.language else value.datatype.value
            kind = next((kind.replace(iri, f"{name}:") for name, iri in PREFIXES.items() if iri in kind), kind)
        rows_read.append((quad.subject.value, quad.predicate.value, value.value, kind, quad.graph_name.value))
    return rows_read


@pytest.mark.parametrize("which", ["quads", "own_quads"])
def test_every_quad_is_one_statement_with_its_texts(which: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(which)
    rows = [tuple(row.values())[:5] for row in rows_of(statements_of(path))]
    assert len(rows) > 100
    assert sorted(rows) == sorted((*cells[:2], safe_cell(cells[2]), *cells[3:]) for cells in read_by_parser(path))


def test_statement_names_the_sources_of_its_subject_or_else_of_its_owner(tmp_path: Path) -> None:
    lines = (
        f"<{ID}a.claim-1> <{JG}says> \"x\" <{DOC}a> .\n<{ID}a.claim-1> <{JG}source> <{ID}t> <{DOC}a> .\n"
        f"<{ID}a.status> <{JG}asOf> \"2001\" <{DERIVED_GRAPH}> .\n"
        f"<{ID}a> <{JG}source> <{ID}s> <{DOC}a> .\n<{ID}a> <{JG}source> <{ID}t> <{DOC}a> .\n"
        f"<{ID}b> <{JG}says> \"\" <{DOC}b> .\n"
    )  # fmt: skip
    (tmp_path / "nq").write_text(lines)
    both = f"{ID}s {ID}t"
    assert [row["source"] for row in rows_of(statements_of(tmp_path / "nq"))] == [f"{ID}t"] * 2 + [both] * 3 + [""]


@pytest.mark.parametrize(
    ("written", "text", "kind"),
    [
        (r'"\t\b\n\r\f\"\'\\u0041"', "\t\b\n\r\f\"'\\u0041", "xsd:string"),
        (r'"\u0000\u007F\U0001F600"@en-GB', "\0\x7f😀", "@en-GB"),
        (f'"2001-02"^^<{PREFIXES["xsd"]}gYearMonth>', "2001-02", "xsd:gYearMonth"),
        ('"x"^^<https://other.example/type>', "x", "https://other.example/type"),
        (f"<{ID}a>", ID + "a", "iri"),
    ],
)
def test_value_is_read_as_the_parser_reads_it(tmp_path: Path, written: str, text: str, kind: str) -> None:
    assert value_and_kind(written) == (text, kind)
    (tmp_path / "nq").write_text(ONE % written)
    assert read_by_parser(tmp_path / "nq")[0][2] == text
    assert [(row["value"], row["kind"]) for row in rows_of(statements_of(tmp_path / "nq"))] == [(safe_cell(text), kind)]


def test_statements_leave_the_file_open_and_say_their_columns_first(quads: Path) -> None:
    file = io.BytesIO()
    write_statements(quads, file)
    assert not file.closed
    assert file.getvalue().startswith(b'"subject","property","value","kind","graph","source"\r\n"https://')
    assert b'"\'=1+1 Ltd"' in file.getvalue()


@needs_parquet
def test_parquet_holds_the_same_as_csv(quads: Path, own_quads: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    for path in (quads, own_quads):
        file = io.BytesIO()
        write_parquet(path, file)
        held = parquet.ParquetFile(file)
        assert held.read().to_pylist() == rows_of(statements_of(path))
        assert held.schema_arrow.names == list(COLUMNS)
        assert held.metadata.row_group(0).column(0).compression == "ZSTD"


@needs_parquet
def test_parquet_has_row_groups_of_32_thousand(tmp_path: Path) -> None:
    lines = (ONE.replace("a>", f"a{number:06}>") % '"x"' for number in range(32_768 + 3))
    (tmp_path / "nq").write_text("".join(lines))
    file = io.BytesIO()
    write_parquet(tmp_path / "nq", file)
    metadata = pytest.importorskip("pyarrow.parquet").ParquetFile(file).metadata
    assert [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)] == [32_768, 3]


def test_bytes_are_the_same_whatever_the_hash_seed(quads: Path, tables: Path, tmp_path: Path) -> None:
    for seed in ("1", "2"):
        settings = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", HASHED, quads, tmp_path / seed], env=settings, check=True)
        written = {path.name: path.read_bytes() for path in (tmp_path / seed).iterdir()}
        assert written == {path.name: path.read_bytes() for path in tables.iterdir()}


def test_each_class_of_entries_has_a_table_of_its_own() -> None:
    folder = load_folder(ROOT)
    files = {table.kind.removeprefix(JG): table.file for table in tables_of(folder.ontology, folder.shapes)}
    assert len(set(files.values())) == len(files)
    assert not {"Agent", "Entity", "Location", "RenamedEntity"} & files.keys()
    assert (files["Prisoner"], files["Person"], files["LegalCase"]) == ("prisoners.csv", "people.csv", "cases.csv")
    assert (files["Company"], files["GovernmentBody"]) == ("companies.csv", "government-bodies.csv")
    assert (files["NewsOutlet"], files["Strike"]) == ("news-outlets.csv", "strikes.csv")


def test_class_without_entries_has_its_columns(tables: Path) -> None:
    assert (tables / "laws.csv").read_bytes() == (
        b"id,label,other_labels,types,definition,appliesIn,appliesIn_id,campaignsFor,campaignsFor_id,editorialNote,enactedOn,"
        b"isActiveIn,isActiveIn_id,isEnactedBy,isEnactedBy_id,isPartOf,isPartOf_id,slogan,source,source_id,website,worksOn,"
        b"worksOn_id\r\n"
    )


def test_entry_is_a_row_of_each_of_its_classes(tables: Path) -> None:
    companies = ["a-company", "b-company", *sorted(f"run-{name}" for name in RUN)]
    assert list(table(tables, "companies.csv")) == companies
    assert sorted(table(tables, "organizations.csv")) == sorted([*companies, "invented-group"])
    assert table(tables, "companies.csv")["a-company"]["types"] == "Company | Organization"
    assert not any(b"misspelt" in path.read_bytes() for path in tables.glob("*.csv"))


def test_row_says_what_the_entry_says(tables: Path) -> None:
    row = table(tables, "organizations.csv")["invented-group"]
    assert row["id"] == ID + "invented-group"
    assert (row["label"], row["other_labels"], row["types"]) == ("Invented Group", "Old Group", "Organization")
    assert (row["foundedOn"], row["dissolvedOn"]) == ("1999-04", "")
    assert (row["worksOn"], row["worksOn_id"]) == ("invented cause", ID + "invented-cause")


def test_people_and_prisoners_have_their_status(tables: Path) -> None:
    for name in ("people.csv", "prisoners.csv"):
        row = table(tables, name)["invented-person"]
        assert (row["status"], row["status_as_of"], row["types"]) == ("prison", "2010-05", "Person | Prisoner")
    assert "status" not in table(tables, "organizations.csv")["a-company"]


def test_label_is_the_english_one_or_else_that_of_the_first_language(tables: Path) -> None:
    rows = table(tables, "companies.csv")
    assert (rows["b-company"]["label"], rows["b-company"]["other_labels"]) == ("Zwei", "Deux")
    assert rows["a-company"]["definition"] == 'Says "no",\r\n\t\\n \x01 😀 \\" | and more;'


def test_links_pair_up_with_their_labels(tables: Path, quads: Path) -> None:
    labels = {row["subject"]: row["value"] for row in reversed(rows_of(statements_of(quads)))
              if (row["property"], row["kind"]) == (SKOS + "prefLabel", "@en")}  # fmt: skip
    pairs: dict[str, str] = {}
    for path in tables.glob("*.csv"):
        for row in rows_of(path.read_bytes()):
            for name in (name for name in row if name + "_id" in row and row[name]):
                pairs |= dict(zip(row[name + "_id"].split(BETWEEN), row[name].split(BETWEEN), strict=True))
    assert len(pairs) >= 6
    assert pairs == {iri: labels.get(iri, iri).replace("|", "/") for iri in pairs}
    assert (pairs[ID + "nowhere"], pairs[ID + "other-cause"]) == (ID + "nowhere", "one / other")


def test_text_that_a_spreadsheet_would_run_is_shown(tables: Path) -> None:
    rows = table(tables, "companies.csv")
    assert (rows["a-company"]["label"], rows["a-company"]["other_labels"]) == ("'=1+1 Ltd", "A / B")
    assert (rows["a-company"]["slogan"], rows["b-company"]["slogan"]) == ("'-5 | @all", "'-5.5")
    assert {name: rows[f"run-{name}"]["slogan"] for name in RUN} == {name: f"'{RUN[name]}2+1" for name in RUN}


def test_no_cell_of_our_own_graph_is_run(own_quads: Path, tmp_path: Path) -> None:
    for path in write_all(own_quads, tmp_path).glob("*.csv"):
        data = path.read_bytes()
        assert not data.startswith(b"\xef\xbb\xbf")
        for row in rows_of(data):
            assert not [value for value in row.values() if value[:1] in set("=+-@\t\r\n")]
