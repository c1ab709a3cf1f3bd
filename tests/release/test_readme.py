"""The texts of a release say what is in it, and how to use it."""

import hashlib
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from justicegraph.namespaces import DATA, ID
from justicegraph.release.git import Commit
from justicegraph.release.manifest import SUMS, Changes, File, Release
from justicegraph.release.readme import MAX_LISTED, changes_text, checksums, readme, size_of

FILES = (
    File("delta/added.nq.gz", 3, "a" * 64, "application/n-quads", "Quads that are new", "gzip"),
    File("delta/entries.csv", 3, "b" * 64, "text/csv", "Entries that are new"),
    File("delta/removed.nq.gz", 3, "c" * 64, "application/n-quads", "Quads that are gone", "gzip"),
    File("delta/tombstones.txt", 3, "d" * 64, "text/plain", "What to drop"),
    File("justicegraph.jsonl.zst", 2_000, "e" * 64, "application/x-ndjson", "A line each | for jq", "zstd"),
    File("justicegraph.nq.gz", 1_234_567, "f" * 64, "application/n-quads", "Everything", "gzip"),
    File("tables/campaigns.csv", 5, "0" * 64, "text/csv", "Campaigns"),
    File("tables/people.csv", 6, "1" * 64, "text/csv", "People"),
)
OLD = Release(Path("old"), "2026-10-20", 12_900, 90, "2" * 64)
NEW = Release(
    Path("new"), "2026-11-21", 13_000, 100, "3" * 64, OLD.version, Changes(300, 200, ("invented-one",), (), ("gone",)),
    FILES, counts={"Person": 40, "Campaign": 1_060, "Cause": 40},
)  # fmt: skip
COMMITS = [Commit("2" * 40, "2026-11-20", "Later"), Commit("1" * 40, "2026-11-01", "Earlier")]


@pytest.mark.parametrize(
    "sentence",
    [
        "# JusticeGraph, release of 2026-11-21\n",
        "data of 2026-11-21: 100 entries in 13,000 statements. A release never changes.\nThe previous release is 2026-10-20;",
        "[CC0 1.0](https://creativecommons.org/publicdomain/zero/1.0/)",
        "| class | entries |\n| --- | --- |\n| Campaign | 1,060 |\n| Cause | 40 |\n| Person | 40 |\n",
        "| `justicegraph.nq.gz` | 1.2 MB | Everything |\n",
        "| `justicegraph.jsonl.zst` | 2.0 kB | A line each \\| for jq |\n",
        "sha256sum --check SHA256SUMS",
        "Spreadsheet: open `tables/people.csv`",
        "`zstd -dc justicegraph.jsonl.zst | jq ",
        "FROM 'tables/people.csv' LIMIT 10",
        "`gzip -dc justicegraph.nq.gz | oxigraph load --location store --format nq`",
        "delete what `delta/tombstones.txt` matches (its first lines say how), then delete the lines of `delta/removed.nq.gz`",
        "add those of `delta/added.nq.gz`.",
        "`docs/removal.md`",
        f"(2026): JusticeGraph, release of 2026-11-21. <{DATA}2026-11-21/>",
        f"`{NEW.sha256}`",
    ],
)
def test_readme_has_what_people_need(sentence: str) -> None:
    assert sentence in readme(NEW, OLD)


def test_readme_names_only_files_that_exist() -> None:
    text = readme(replace(NEW, files=(), counts={}, previous=None), None)
    assert not [
        word for word in ("justicegraph.", "delta", "jq", "CHANGES.md", "## Open it", "| --- |") if word in text
    ]
    assert "download all of it, and delete what it no longer has" in text
    assert "\n\n\n" not in text


def test_checksums_are_sorted_by_name() -> None:
    lines = checksums(reversed(FILES)).splitlines()
    assert lines == [f"{file.sha256}  {file.name}" for file in FILES]


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not on this machine")
def test_sha256sum_reads_the_checksums(tmp_path: Path) -> None:
    files = [File(name, 1, hashlib.sha256(name.encode()).hexdigest(), "", "") for name in ("b c.csv", "a*é.nq")]
    for file in files:
        (tmp_path / file.name).write_text(file.name)
    (tmp_path / SUMS).write_text(checksums(files))
    command = ["sha256sum", "--check", "--strict", SUMS]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0
    (tmp_path / "b c.csv").write_text("other")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 1


def test_changes_have_figures_entries_and_commits() -> None:
    assert (
        changes_text(NEW, COMMITS, OLD)
        == f"""\
# Changes from 2026-10-20 to 2026-11-21

|  | 2026-10-20 | 2026-11-21 | difference |
| --- | --- | --- | --- |
| statements | 12,900 | 13,000 | +100 |
| entries | 90 | 100 | +10 |

300 statements were added and 200 were removed.

## Entries added: 1

- [invented-one]({ID}invented-one)

## Entries removed: 1

- gone

## Commits

- 2026-11-20: Later
- 2026-11-01: Earlier
"""
    )


def test_first_release_changes_nothing() -> None:
    text = changes_text(replace(NEW, previous=None, changes=None), [], None)
    assert text == "# Release of 2026-11-21\n\nThis is the first release: 100 entries in 13,000 statements.\n"


def test_long_lists_end_with_a_count() -> None:
    slugs = tuple(f"invented-{number}" for number in range(1_700))
    text = changes_text(replace(NEW, changes=Changes(1, 1, slugs, slugs[:MAX_LISTED], ())), COMMITS * MAX_LISTED, OLD)
    assert text.count("\n- [invented-") == 2 * MAX_LISTED
    assert text.count("more\n") == 2
    assert "\n- and 1,200 more\n\n## Entries changed: 500\n" in text
    assert text.endswith("\n- and 500 more\n")


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_960, "1.0 MB"),
        (5 * 10**15, "5000.0 TB"),
    ],
)
def test_sizes_are_for_people(count: int, text: str) -> None:
    assert size_of(count) == text
