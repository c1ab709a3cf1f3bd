"""`reconcile` writes the same table with its matches, or one clear sentence and nothing else."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from justicegraph.cli import cli

HEAD = "name,land,town\n"
LINES = [
    {"id": "w:1", "name": "Invented Prison Society", "names": [{"value": "IPS"}], "country": "XA", "city": "Xtown"},
    {"id": "w:2", "name": "Made-up Books Project", "names": [], "country": "XA", "city": "Ytown"},
    {"id": "w:3", "name": "Nobody's Letters", "in_kb": False},
    *({"id": f"f:{at}", "name": f"Filler {at} Group", "country": "XB", "city": "Ztown"} for at in range(300)),
]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "targets.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(line) + "\n" for line in LINES).encode()))
    return path


def run(file: Path, target: Path, *more: str) -> Result:
    return CliRunner().invoke(cli, ["reconcile", str(file), "--target", str(target), "--column", "name", *more])


def rows(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def table(folder: Path, text: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


PLACES = ("--property", "country=land", "--property", "city=town")


def test_table_gets_its_matches(tmp_path: Path, target: Path) -> None:
    file = table(tmp_path, HEAD + "Invented Prison Society,XA,Xtown\n,XA,Xtown\nQqqq Wwww,XQ,Qtown\n")
    found = rows(run(file, target, *PLACES))
    assert list(found[0]) == ["name", "land", "town", "id", "match_name", "probability", "match", "reason"]
    assert (found[0]["id"], found[0]["match_name"], found[0]["match"]) == ("w:1", "Invented Prison Society", "true")
    assert "for: the same" in found[0]["reason"]
    assert [(row["id"], row["match"], row["reason"]) for row in found[1:]] == [
        ("", "false", "no name"), ("", "false", "no candidate"),
    ]  # fmt: skip


def test_target_outside_the_base_is_left_out(tmp_path: Path, target: Path) -> None:
    assert rows(run(table(tmp_path, "name\nNobody's Letters\n"), target))[0]["id"] != "w:3"


def test_target_may_be_csv(tmp_path: Path) -> None:
    text = 'id,name,alias,country\nc:1,"Made-up, Books",MUB|Books Made Up,XA\nc:2,Other Thing,,XA\n'
    target = table(tmp_path, text, "targets.csv")
    assert rows(run(table(tmp_path, "name\nBooks made-up\n"), target))[0]["id"] == "c:1"


def test_columns_that_are_taken_get_another_name(tmp_path: Path, target: Path) -> None:
    found = rows(run(table(tmp_path, "name,id,match\nMade-up Books Project,7,x\n"), target))
    assert (found[0]["id"], found[0]["match_id"], found[0]["match"]) == ("7", "w:2", "x")


def test_cells_keep_quotes_breaks_and_scripts(tmp_path: Path, target: Path) -> None:
    file = table(tmp_path, '\ufeffname,land\n"Nobody ""X""\nand, Ёлка",XA\n', "table.csv")
    assert rows(run(file, target))[0]["name"] == 'Nobody "X"\nand, Ёлка'


def test_compressed_table_is_read(tmp_path: Path, target: Path) -> None:
    file = table(tmp_path, gzip.compress(b"name\nMade-up Books Project\n"), "table.csv.gz")
    assert rows(run(file, target))[0]["id"] == "w:2"


@pytest.mark.parametrize(
    ("name", "data", "more", "sentence"),
    [
        ("t.csv", b"title\nx\n", (), 'no column "name"; it has: title'),
        ("t.csv", b"name\nx\n", ("--property", "city=town"), 'no column "town"'),
        ("t.csv", b"", (), "line 1: no header"),
        ("t.csv", b"name,name\nx,y\n", (), 'line 1: two columns are called "name"'),
        ("t.csv", b"name,land\nx\n", (), "line 2: 1 cells, where the header has 2"),
        ("t.csv", b'name\n"x\n', (), "this is not CSV"),
        ("t.csv", b"name\n\0\n", (), "line 2: a zero byte"),
        ("t.csv", b"name\nok\n\xff\n", (), "line 3: this is not UTF-8"),
        ("t.csv.gz", b"name\nx\n", (), "not a whole gzip file"),
        ("t.csv.gz", gzip.compress(b"name\nxyzxyz\n" * 99)[:-12], (), "breaks off"),
        ("t.csv.gz", gzip.compress(b"name\n" + b"x\n" * 99_999), ("--max-bytes", "50000"), "more than 50,000 bytes"),
        ("t.csv", b"name,y\nx,soon\n", ("--property", "founded=y"), 'line 2: "soon" is no date'),
    ],
)  # fmt: skip
def test_bad_table_is_one_sentence(
    tmp_path: Path, target: Path, name: str, data: bytes, more: tuple[str, ...], sentence: str
) -> None:
    result = run(table(tmp_path, data, name), target, *more)
    assert sentence in str(result.exception)
    assert (result.stdout, result.exception.exit_code if result.exception else 0) == ("", 4)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"id": "x"}', '{"id": 1, "name": "x"}', '{"id": "x", "name": "x", "types": 1}']
)
def test_bad_target_is_one_sentence(tmp_path: Path, line: str) -> None:
    target = table(tmp_path, '{"id": "a", "name": "A"}\n' + line, "t.jsonl")
    result = run(table(tmp_path, "name\nx\n"), target)
    assert "line 2: this is no target" in str(result.exception)


def test_unknown_property_is_refused(tmp_path: Path, target: Path) -> None:
    result = run(table(tmp_path, "name\nx\n"), target, "--property", "colour")
    assert (result.exit_code, 'no property "colour"' in result.output) == (2, True)


def test_help_needs_no_search_engine() -> None:
    import subprocess
    import sys

    code = "import sys; import justicegraph.cli; sys.exit('tantivy' in sys.modules or 'rapidfuzz' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
