"""Our mappings are what the `sssom` tool takes for mappings: https://github.com/mapping-commons/sssom-py

The tool brings many packages of its own, so it has an environment of its own, which `make test` sets up.
"""

import csv
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from justicegraph.namespaces import ID
from justicegraph.project.sssom import MATCHES, NO_TERM, NOT, SAME_AS, SEMAPV, WIKIDATA, Decision, canonical_sssom
from tests.support.project import ROOT

TOOL = Path(sys.prefix) / "sssom" / "bin" / "sssom"
READ = """
import sys, sssom.parsers
sssom.parsers.parse_sssom_table(sys.argv[1]).df.to_csv(sys.argv[2], sep="\\t")
"""
"""Writes what the tool has read; its own command for that takes half a minute to load prefixes that nobody asked for."""
KEY = ("subject_id", "predicate_id", "predicate_modifier", "object_id", "mapping_justification", "comment")

pytestmark = pytest.mark.skipif(not TOOL.exists(), reason="the sssom tool is not set up: `make test` does so")

BY: dict[str, Any] = {"author_label": "Nobody", "mapping_date": "2001-02-03"}
MADE = [
    Decision(subject_id=ID + "a", predicate_id=SAME_AS, object_id=WIKIDATA + "Q900000001", confidence="0.95", **BY),
    Decision(subject_id=ID + "a", predicate_id=SAME_AS, predicate_modifier=NOT, object_id=WIKIDATA + "Q900000002", **BY),
    Decision(subject_id=ID + "b", predicate_id=SAME_AS, object_id=NO_TERM, object_source=WIKIDATA, **BY),
    Decision(subject_id=ID + "c", predicate_id=MATCHES[1], object_id="https://lists.example/a,b?c=d", **BY),
    Decision(subject_id=ID + "d", predicate_id=SAME_AS, object_id=WIKIDATA + "Q900000003",
             mapping_justification=SEMAPV + "CompositeMatching", comment='"So", it says: a\u00e9 #1', **BY),
]  # fmt: skip


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program with the tool's own warnings, which are no concern of ours, left as they are."""
    return subprocess.run(words, capture_output=True, text=True, check=False, env={"PYTHONWARNINGS": ""})


def rows(text: str) -> list[tuple[str, ...]]:
    """Return what tells decisions apart, of the lines of a table."""
    lines = (line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    return sorted(tuple(row.get(key) or "" for key in KEY) for row in csv.DictReader(lines, delimiter="\t"))


def check(path: Path, folder: Path) -> None:
    """Check that the tool finds nothing wrong, and reads each line as we do."""
    done = run(TOOL, "validate", path)
    assert (done.returncode, "ERROR" in done.stderr) == (0, False), done.stderr
    again = folder / "again.tsv"
    assert run(TOOL.with_name("python"), "-c", READ, path, again).returncode == 0
    assert rows(again.read_text()) == rows(path.read_text())


# Slow: the other tool imports pandas and its schema for each file.
@pytest.mark.parametrize("path", sorted((ROOT / "graph" / "mappings").glob("*.sssom.tsv")), ids=lambda path: path.name)
def test_mappings_of_the_graph_are_valid(path: Path, tmp_path: Path) -> None:
    check(path, tmp_path)


def test_decisions_of_each_kind_are_valid(tmp_path: Path) -> None:
    path = tmp_path / "made.sssom.tsv"
    path.write_text(canonical_sssom(MADE, path.name))
    check(path, tmp_path)


def test_tool_finds_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "wrong.sssom.tsv"
    path.write_text(canonical_sssom(MADE, path.name).replace("semapv:Composite", "semapv:Invented"))
    done = run(TOOL, "validate", path)
    assert (done.returncode != 0, "InventedMatching" in done.stderr) == (True, True)
