"""Links to other vocabularies are handed on as a table that mapping tools read."""

import csv
import random
from pathlib import Path
from typing import Any

import pytest

from justicegraph.namespaces import DATA, DERIVED_GRAPH, DOC, HOME, ID, JG, LICENCE, MAPPINGS_GRAPH, PREFIXES, SKOS
from justicegraph.project.sssom import Decision
from justicegraph.release.mappings import COLUMNS, write_mappings

ELSEWHERE = "https://vocabulary.invented.example/"
SAME = f"{PREFIXES['schema']}sameAs"
WIKIDATA = "http://www.wikidata.org/entity/"


def quad(slug: str, predicate: str, value: str, graph: str = "") -> str:
    value = value if value.startswith('"') else f"<{value}>"
    return f"<{ID}{slug}> <{predicate}> {value} <{graph or DOC + slug}> .\n"


def written(quads: list[str], folder: Path, *decisions: Decision) -> str:
    (folder / "all.nq").write_text("".join(sorted(quads)))
    with (folder / "mappings").open("wb") as file:
        write_mappings(folder / "all.nq", "2026-11-21", file, decisions)
    assert len(list(folder.iterdir())) == 2
    return (folder / "mappings").read_bytes().decode()


def rows(text: str) -> list[list[str]]:
    """Return the rows below the metadata and the names of the columns."""
    lines = [line for line in text.split("\n") if not line.startswith("#")]
    return list(csv.reader(lines[:-1], delimiter="\t"))[1:]


def test_mappings_are_a_table_with_its_metadata(tmp_path: Path) -> None:
    quads = [
        quad("b", SAME, f"{WIKIDATA}Q2"),
        quad("b", f"{SKOS}prefLabel", '"Entry B"@en'),
        quad("a-b", f"{SKOS}closeMatch", f"{ELSEWHERE}x/y?z"),
        quad("a-b", f"{SKOS}prefLabel", '"Entry \\"A\\"\\t\\u00E9"@en'),
        quad("a-b", f"{SKOS}prefLabel", '"Eintrag A"@de'),
    ]
    assert (
        written(quads, tmp_path)
        == f"""\
#curie_map:
#  https: "https:"
#  jgid: {ID}
#  schema: https://schema.org/
#  wd: http://www.wikidata.org/entity/
#mapping_set_id: {DATA}2026-11-21/mappings.sssom.tsv
#mapping_set_version: "2026-11-21"
#license: {LICENCE}
subject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification
jgid:a-b\t"Entry ""A"" é"\tskos:closeMatch\t{ELSEWHERE}x/y?z\tsemapv:ManualMappingCuration
jgid:b\tEntry B\tschema:sameAs\twd:Q2\tsemapv:ManualMappingCuration
"""
    )


@pytest.mark.parametrize("name", ["exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"])
def test_every_match_is_told(name: str, tmp_path: Path) -> None:
    assert [row[2] for row in rows(written([quad("a", SKOS + name, ELSEWHERE)], tmp_path))] == [f"skos:{name}"]


@pytest.mark.parametrize(
    "quad",
    [
        quad("a", f"{SKOS}broader", ELSEWHERE),
        quad("a", f"{SKOS}exactMatch", f"{ID}b"),
        quad("a", f"{SKOS}exactMatch", f"{HOME}terms#prison"),
        quad("a", SAME, '"not an IRI"'),
        quad("a", f"{JG}website", ELSEWHERE),
        f"<{ELSEWHERE}> <{SAME}> <{WIKIDATA}Q1> <{DOC}a> .\n",
    ],
)
def test_other_statements_are_left_out(quad: str, tmp_path: Path) -> None:
    text = written([quad], tmp_path)
    assert rows(text) == []
    assert text.endswith("\n" + "\t".join(COLUMNS) + "\n")


def test_derived_statement_does_not_repeat_an_asserted_one(tmp_path: Path) -> None:
    quads = [
        quad("a", f"{SKOS}exactMatch", ELSEWHERE),
        quad("a", f"{SKOS}exactMatch", ELSEWHERE, DERIVED_GRAPH),
        quad("a", f"{SKOS}closeMatch", ELSEWHERE, DERIVED_GRAPH),
        quad("b", SAME, f"{WIKIDATA}Q2", DERIVED_GRAPH),
    ]
    assert [row[:4] for row in rows(written(quads, tmp_path))] == [
        ["jgid:a", "", "skos:exactMatch", ELSEWHERE],
        ["jgid:b", "", "schema:sameAs", "wd:Q2"],
    ]


def test_row_tells_who_decided_and_when_where_that_is_known(tmp_path: Path) -> None:
    quads = [quad("a", SAME, f"{WIKIDATA}Q1", MAPPINGS_GRAPH), quad("b", f"{SKOS}closeMatch", ELSEWHERE)]
    by: dict[str, Any] = {
        "author_id": "https://orcid.org/0000-0000-0000-0000",
        "mapping_date": "2001-02-03",
        "comment": "Not told.",
    }
    decided = [
        Decision(subject_id=ID + slug, predicate_id=SAME, object_id=f"{WIKIDATA}Q1", **by) for slug in ("a", "gone")
    ]
    text = written(quads, tmp_path, *decided)
    assert text.split("\n")[-4].split("\t") == [*COLUMNS, "author_id", "mapping_date"]
    assert [row[5:] for row in rows(text)] == [["orcid:0000-0000-0000-0000", "2001-02-03"], ["", ""]]
    assert "#  orcid: https://orcid.org/\n" in text
    assert "gone" not in text


def test_every_prefix_of_an_id_is_in_the_map(tmp_path: Path) -> None:
    values = [f"{WIKIDATA}Q1", f"{WIKIDATA}Q1/x", "urn:invented:1", "https://d-nb.info/gnd/1-2", ELSEWHERE]
    text = written([quad("a", SAME, value) for value in values], tmp_path)
    head = [line[3:].split(": ") for line in text.split("\n") if line.startswith("#  ")]
    spaces = {prefix: namespace.strip('"') for prefix, namespace in head} | {"skos": SKOS}
    rows_found = [row[3].partition(":") for row in rows(text)]
    assert {spaces[prefix] + local for prefix, _, local in rows_found} == set(values)
    assert list(spaces) == ["gnd", "http", "https", "jgid", "schema", "urn", "wd", "skos"]


def test_rows_are_sorted_and_each_label_is_its_subjects_own(tmp_path: Path) -> None:
    slugs = ["a", "a1", "a-b", "a.custody-1", "b", "a1.custody-2"]
    quads = [quad(slug, SAME, f"{WIKIDATA}Q{number}") for slug in slugs for number in range(3)]
    quads += [quad(slug, f"{SKOS}prefLabel", f'"{slug}"@en') for slug in slugs]
    random.Random(1).shuffle(quads)
    rows_found = rows(written(quads, tmp_path))
    assert [(row[0], row[3]) for row in rows_found] == sorted(
        (f"jgid:{slug}", f"wd:Q{n}") for slug in slugs for n in range(3)
    )
    assert all(row[0] == f"jgid:{row[1]}" for row in rows_found)


def test_many_rows_need_no_more_memory_than_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("justicegraph.rdf.nquads.RUN", 10)
    text = written([quad(f"x{number}", SAME, f"{WIKIDATA}Q{number}") for number in range(100)], tmp_path)
    assert text.count("wd:Q") == 100
    assert rows(text) == sorted(rows(text))
