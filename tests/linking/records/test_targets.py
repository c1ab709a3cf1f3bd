"""Targets are the same from each kind of file, and a broken file is refused in one sentence."""

import gzip
from pathlib import Path

import pytest

from justicegraph.errors import BrokenFile
from justicegraph.linking.records import Record, read_targets


def targets(folder: Path, text: str, name: str = "targets.csv") -> list[Record]:
    path = folder / name
    path.write_text(text)
    return read_targets(path)


def test_targets_are_the_same_in_each_kind_of_file(tmp_path: Path) -> None:
    line = '{"id":"1","name":"X","names":["A"],"country":"Germany","types":["Company"],"website":"x.example"}\n'
    cells = [("id", "name", "alias", "country", "type", "website"), ("1", "X", "A", "Germany", "Company", "x.example")]
    records = [targets(tmp_path, line, "t.jsonl"), targets(tmp_path, line, "t.ndjson")]
    for separator, name in ((",", "t.csv"), (";", "u.csv"), ("\t", "t.tsv")):
        records.append(targets(tmp_path, "".join(separator.join(row) + "\n" for row in cells), name))
    zipped = tmp_path / "t.jsonl.GZ"
    zipped.write_bytes(gzip.compress(line.encode()))
    assert [*records, read_targets(zipped)] == [
        [Record("1", "X", ("A",), "DE", types=frozenset({"company"}), domain="x.example")]
    ] * 6


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("t.jsonl", "\n", "has no targets"),
        ("t.csv", "id,name\n", "has no targets"),
        ("t.csv", "name\nX\n", 'no column "id"'),
        ("t.jsonl", '{"id": "1", "name": "X", "established": "soon"}', "line 1: this is not a target"),
        ("t.jsonl", '{"id": "1", "name": "X", "identifiers": [1]}', "line 1: this is not a target"),
        ("t.jsonl", '{"a":' * 100_000, "line 1: this is not a target"),
        ("t.jsonl", '{"id": "1", "name": "' + "x" * 2_000_000 + '"}', "line 1: this is not a target"),
        ("t.csv", 'id,name\n1,X\n2,"Y\n3,Z\n', "line 3: this is not CSV: a quote in this row never ends"),
        ("t.csv", "id,name\n1\n", "line 2: 1 cell, but the header has 2"),
        ("t.csv", "id,name\n1," + "x" * 200_000, "line 2: this is not CSV: a cell .* more than 131,072"),
    ],
    ids=range(10),
)
def test_file_without_targets_is_refused_in_one_sentence(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(BrokenFile, match=message):
        targets(tmp_path, text, name)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("t.csv", "id,name\n" + "1,X\n" * 9, "line 10: more than 8 rows of 2 cells; split the file"),
        ("t.jsonl", '{"id": "1", "name": "X"}\n' * 9, "more than 8 lines: split it"),
        ("t.nt", '<x:1> <http://schema.org/name> "X" .\n' * 9, "more than 8 statements on items"),
    ],
)
def test_file_that_could_exceed_memory_is_refused(
    tmp_path: Path, name: str, text: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("tables._ROWS", "targets._LINES", "wikidata._STATEMENTS"):
        monkeypatch.setattr(f"justicegraph.linking.records.{limit}", 8)
    with pytest.raises(BrokenFile, match=message):
        targets(tmp_path, text, name)
