"""`reconcile` writes the same table with its matches, or one clear sentence and nothing else."""

import csv
import gzip
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from justicegraph.cli import cli
from justicegraph.errors import JusticeGraphError
from justicegraph.namespaces import ID
from tests.support.project import ROOT

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


def here(project: Path, file: Path, *more: str) -> Result:
    """Look in the graph of a project."""
    return CliRunner().invoke(cli, ["reconcile", str(file), "--folder", str(project), "--column", "name", *more])


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
    assert re.fullmatch(r"0\.9\d{3}|1\.0000", found[0]["probability"])
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


def test_graph_here_is_looked_in_where_nothing_else_is_named(tmp_path: Path, project: Path) -> None:
    file = table(tmp_path, "name\nInvented Group\nThe Old Group\nInvented Person\nAn invented list\n")
    found = [row["id"].removeprefix(ID) for row in rows(here(project, file))]
    assert found[:3] == ["invented-group", "invented-group", "invented-person"]
    assert found[3] != "invented-list"  # a source is no entry to link to


def test_type_leaves_only_targets_of_it(tmp_path: Path, project: Path) -> None:
    file = table(tmp_path, "name\nInvented Person\n")
    kinds = ("Person", "jg:Person", "https://w3id.org/justicegraph/ontology#person", "Organization")
    found = [rows(here(project, file, "--type", kind))[0]["id"].removeprefix(ID) for kind in kinds]
    assert found == ["invented-person", "invented-person", "invented-person", "invented-group"]


def test_target_without_a_type_may_be_of_any(tmp_path: Path) -> None:
    target = table(tmp_path, "id,name,type\nc:1,Made-up Books,\nc:2,Made-up Book,person\nc:3,Other,group\n", "t.csv")
    file = table(tmp_path, "name\nMade-up Book\n")
    assert [rows(run(file, target, "--type", kind))[0]["id"] for kind in ("person", "group")] == ["c:2", "c:1"]


def test_type_that_nothing_is_of_is_told_with_those_that_there_are(tmp_path: Path, project: Path, target: Path) -> None:
    file = table(tmp_path, "name\nInvented Person\n")
    result = here(project, file, "--type", "Planet")
    assert (result.exit_code, "campaign, cause, organization, person" in " ".join(result.output.split())) == (2, True)
    assert "the types are: none" in run(file, target, "--type", "Planet").output


def test_table_may_have_tabs(tmp_path: Path, target: Path) -> None:
    file = table(tmp_path, "name\tland\nMade-up Books, Project\tXA\n", "table.tsv")
    assert rows(run(file, target, "--property", "country=land"))[0]["id"] == "w:2"
    assert run(file, target, "--format", "tsv").stdout.startswith("name\tland\tid\tmatch_name\t")


def test_semicolons_part_cells_where_the_header_has_them_and_no_comma(tmp_path: Path, target: Path) -> None:
    file = table(tmp_path, '"a, b";name;land\n"1,5";Made-up Books Project;XA\n')
    result = run(file, target)
    assert result.stdout.startswith(
        "a, b;name;land;id;match_name;probability;match;reason\n1,5;Made-up Books Project;XA;w:2;"
    )
    assert "separated by semicolons" in result.stderr
    mixed = table(tmp_path, "name,x;y\nMade-up Books Project,1;2\n")
    assert rows(run(mixed, target))[0]["x;y"] == "1;2"


def test_json_lines_keep_figures(tmp_path: Path, target: Path) -> None:
    file = table(tmp_path, "name,id\nMade-up Books Project,7\n,8\n")
    first, second = map(json.loads, run(file, target, "--format", "jsonl").stdout.splitlines())
    assert (first["id"], first["match_id"], type(first["probability"]), first["match"]) == ("7", "w:2", float, False)
    assert (second["name"], second["probability"], second["reason"]) == ("", None, "no name")


def test_cells_that_are_added_are_no_formulas_and_those_of_the_table_stay(tmp_path: Path) -> None:
    evil = ["=1+1 Group", "\t@SUM Group", 'Group A;  "=1+1', "\u202e+Group", "Plain, -Group"]
    lines = (json.dumps({"id": f"-{at}", "name": name}) + "\n" for at, name in enumerate(evil))
    target = table(tmp_path, "".join(lines), "evil.jsonl")
    file = table(tmp_path, "name\n" + "".join(f'"{name.replace(chr(34), chr(34) * 2)}"\n' for name in evil))
    found = {row["id"]: row for row in rows(run(file, target))}
    assert found["'-0"]["name"] == "=1+1 Group"
    assert [found[f"'-{at}"]["match_name"] for at in (0, 1, 2, 4)] == [
        "'=1+1 Group", "' @SUM Group", "Group A;  \"'=1+1", "Plain, '-Group",
    ]  # fmt: skip
    as_json = [json.loads(line) for line in run(file, target, "--format", "jsonl").stdout.splitlines()]
    assert [each["match_name"] for each in as_json] == evil


def test_output_is_a_file_that_stands_whole_or_not_at_all(tmp_path: Path, target: Path) -> None:
    file, out = table(tmp_path, "name\nMade-up Books Project\n"), tmp_path / "out.csv"
    result = run(file, target, "--output", str(out))
    assert (result.stdout, out.read_text()) == ("", run(file, target).stdout)
    zipped = tmp_path / "out.csv.gz"
    run(file, target, "--output", str(zipped))
    assert gzip.decompress(zipped.read_bytes()) == out.read_bytes()
    broken = table(tmp_path, "name\nx,y\n", "broken.csv")
    assert run(broken, target, "--output", str(out)).exit_code == 1
    assert out.read_text() == run(file, target).stdout
    missing = run(file, target, "--output", str(tmp_path / "missing" / "out.csv"))
    assert isinstance(missing.exception, JusticeGraphError)


def test_file_and_service_do_not_go_together(tmp_path: Path, target: Path) -> None:
    result = run(table(tmp_path, "name\nx\n"), target, "--service", "http://127.0.0.1:9/")
    assert (result.exit_code, "do not go together" in result.output) == (2, True)


def test_compressed_table_is_read(tmp_path: Path, target: Path) -> None:
    file = table(tmp_path, gzip.compress(b"name\nMade-up Books Project\n", mtime=0), "table.csv.gz")
    assert rows(run(file, target))[0]["id"] == "w:2"


@pytest.mark.parametrize(
    ("name", "data", "more", "sentence"),
    [
        ("t.csv", b"title\nx\n", (), 'no column "name"; it has: title'),
        ("t.csv", b"name\nx\n", ("--property", "city=town"), 'no column "town"'),
        ("t.csv", b"", (), "line 1: no header"),
        ("t.csv", b"name,name\nx,y\n", (), 'line 1: two columns are called "name"'),
        ("t.csv", b"name,land\nx\n", (), "line 2: 1 cell, but the header has 2"),
        ("t.csv", b'name\n"x\n', (), "this is not CSV"),
        ("t.csv", b"name\n\0\n", (), "line 2: a zero byte"),
        ("t.csv", b"name\nok\n\xff\n", (), "line 3: this is not UTF-8"),
        ("t.csv", "name\nRené\n".encode("cp1252"), (), "line 2: this is not UTF-8: save the file as UTF-8"),
        ("t.csv", "name\nx\n".encode("utf-16"), (), "is UTF-16: save the file as UTF-8"),
        ("t.tsv", b'name\n"x\n', (), "this is not TSV"),
        ("t.csv.gz", b"name\nx\n", (), "not a complete gzip file"),
        ("t.csv.gz", gzip.compress(b"name\nxyzxyz\n" * 99, mtime=0)[:-12], (), "is cut off"),
        ("t.csv.gz", gzip.compress(b"name\n" + b"x\n" * 99_999, mtime=0), ("--max-bytes", "50000"), "more than 50,000 bytes"),
        ("t.csv", b"name,y\nx,soon\n", ("--property", "founded=y"), 'line 2: "soon" is not a date: write 2018-07-20, 2018-07 or 2018'),
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
    assert "line 2: this is not a target" in str(result.exception)


def test_unknown_property_is_refused(tmp_path: Path, target: Path) -> None:
    result = run(table(tmp_path, "name\nx\n"), target, "--property", "colour")
    assert (result.exit_code, 'no property "colour"' in result.output) == (2, True)


def test_command_in_the_readme_runs_as_it_stands(tmp_path: Path, project: Path) -> None:
    [line] = [line for line in (ROOT / "README.md").read_text().splitlines() if "justicegraph reconcile table" in line]
    words = line.partition(" > ")[0].split()[1:]
    file = table(tmp_path, "name,land\nInvented Group,XA\n")
    words[words.index("table.csv")] = str(file)
    result = CliRunner().invoke(cli, [*words, "--folder", str(project)])
    assert rows(result)[0]["id"] == ID + "invented-group"


def test_help_needs_no_search_engine() -> None:
    import subprocess
    import sys

    code = "import sys; import justicegraph.cli; sys.exit('tantivy' in sys.modules or 'rapidfuzz' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
