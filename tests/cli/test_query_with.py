"""`query --with` asks over the graph and files that lie beside it, and keeps nothing of them."""

import csv
import gzip
import io
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from justicegraph.cli import cli
from justicegraph.errors import BrokenFile
from justicegraph.namespaces import ID
from justicegraph.project.mappings import record
from justicegraph.project.sssom import SAME_AS, WIKIDATA, Decision
from justicegraph.rdf.files import check_readable, load_store
from justicegraph.rdf.formats import SOLUTIONS, named_format
from justicegraph.sparql.evaluate import evaluate
from justicegraph.sparql.query import Query
from tests.support.project import ROOT

QUESTION = (ROOT / "queries" / "websites_here_and_on_wikidata.rq").read_text()
ITEM, P856 = WIKIDATA + "Q900000001", "http://www.wikidata.org/prop/direct/P856"
SLICE = f"<{ITEM}> <{P856}> <https://group.example/> .\n"
WIKIDATAS = ROOT.parent / "shared" / "linking" / "wikidata_slice.nt.gz"


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one link to an item that does not exist."""
    from tests.support.project import make_project

    folder = make_project(tmp_path_factory.mktemp("linked") / "project")
    same = Decision(
        subject_id=ID + "invented-group", predicate_id=SAME_AS, object_id=ITEM,
        author_label="Nobody", mapping_date="2001-02-03",
    )  # fmt: skip
    record(folder, [same])
    return folder


def run_query(folder: Path, *more: str | Path) -> Result:
    words = ["query", "--folder", str(folder), "--format", "csv", *map(str, more)]
    return CliRunner().invoke(cli, words, input=QUESTION)


def beside(folder: Path, data: bytes, name: str = "slice.nt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def there(result: Result) -> list[str]:
    """Return the websites that Wikidata gives."""
    assert result.exit_code == 0, result.output
    return [row["websiteThere"] for row in csv.DictReader(io.StringIO(result.stdout))]


@pytest.mark.parametrize("name", ["slice.nt", "slice.nt.gz", "slice.ttl", "SLICE.NT.GZ", "slice.nq"])
def test_links_lead_into_the_file_beside(linked: Path, tmp_path: Path, name: str) -> None:
    data = gzip.compress(SLICE.encode()) if name.lower().endswith(".gz") else SLICE.encode()
    assert there(run_query(linked, "--with", beside(tmp_path, data, name))) == ["https://group.example/"]


def test_nothing_of_the_file_is_kept(linked: Path, tmp_path: Path) -> None:
    run_query(linked, "--with", beside(tmp_path, SLICE.encode()))
    assert there(run_query(linked)) == [""]


def test_several_files_are_asked_at_once(linked: Path, tmp_path: Path) -> None:
    second = beside(tmp_path, SLICE.replace("group.", "other.").encode(), "other.nt")
    both = there(run_query(linked, "--with", beside(tmp_path, SLICE.encode()), "--with", second))
    assert both == ["https://group.example/", "https://other.example/"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("x.nt", b"<a:a> <b:b> <c:c> .\nx\n", "x.nt, line 2, column 1"),
        ("x.nt.gz", gzip.compress(b"<a:a> <b:b> <c:c> .\nx\n"), "x.nt.gz, line 2, column 1"),
        ("x.nt.gz", b"no gzip", "cannot be read: Not a gzipped file"),
        ("x.nt.gz", gzip.compress(SLICE.encode() * 99)[:-9], "cannot be read: it is broken or cut"),
        ("x.nt.gz", gzip.compress(b"\n" * 20_000_000), "it has more than 500 times its size when decompressed"),
        ("x.docx.gz", b"", '".docx" is not an extension of an RDF format'),
    ],
    ids=range(6),
)
def test_file_that_is_broken_is_one_sentence(linked: Path, tmp_path: Path, name: str, data: bytes, said: str) -> None:
    path = beside(tmp_path, data, name)
    result = run_query(linked, "--with", path)
    assert (said in str(result.exception), isinstance(result.exception, BrokenFile), result.stdout) == (True, True, "")
    with pytest.raises(BrokenFile):
        check_readable([path])


def test_nothing_is_sent_to_an_endpoint(linked: Path, tmp_path: Path) -> None:
    result = run_query(linked, "--with", beside(tmp_path, b""), "--endpoint", "http://127.0.0.1:9/")
    assert (result.exit_code, "do not go together" in result.output) == (2, True)


def test_our_links_lead_into_a_slice_of_wikidata(own_quads: Path) -> None:
    if not WIKIDATAS.exists():
        pytest.skip("the slice of Wikidata is not beside this checkout")
    store = load_store([own_quads, WIKIDATAS])
    answer = partial(evaluate, store, union=True)(Query(QUESTION, named_format("csv", SOLUTIONS)))
    rows = {row["item"].removeprefix(WIKIDATA): row for row in csv.DictReader(io.StringIO(answer.read().decode()))}
    assert len(rows) >= 6
    assert rows["Q21637"]["websiteThere"] == "https://www.aclu.org/"
