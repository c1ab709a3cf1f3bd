"""A project with an entry that Wikidata has, the command that links it, and its results."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from justicegraph.cli import cli
from justicegraph.namespaces import ID
from justicegraph.project.mappings import record
from justicegraph.project.sssom import SAME_AS, WIKIDATA, Decision, read_sssom

SOCIETY, PERSON, CAUSE, GROUP = (
    ID + slug for slug in ("invented-society", "invented-person", "invented-cause", "invented-group")
)
Q1, Q2, Q3, Q4 = (f"{WIKIDATA}Q90000000000{number}" for number in range(1, 5))

ITEMS = """
wd:Q900000000001 rdfs:label "Invented Prison Society"@en , "Erfundener Verein"@de ; skos:altLabel "IPS"@en ;
    schema:description "charity that nobody founded"@en ;
    wdt:P31 wd:Q900000000101 ; wdt:P17 wd:Q900000000102 ; wdt:P159 wd:Q900000000103 ;
    wdt:P571 "1975-01-01T00:00:00Z" ; wdt:P856 <https://society.example/> , <https://de.society.example/> .
wd:Q900000000002 rdfs:label "Invented Person"@en ; schema:description "gay activist who never lived"@en ;
    wdt:P31 wd:Q900000000104 ; wdt:P27 wd:Q900000000102 ; wdt:P569 "1970-05-06T00:00:00Z" .
wd:Q900000000003 rdfs:label "Invented Prison Society"@en ; wdt:P31 wd:Q4167410 .
wd:Q900000000004 rdfs:label "invented cause"@en ; schema:description "what nobody is for"@en .
wd:Q900000000101 rdfs:label "nonprofit organization"@en .
wd:Q900000000102 rdfs:label "Nowhere"@en ; wdt:P297 "XA" .
wd:Q900000000103 rdfs:label "Xtown"@en ; wdt:P17 wd:Q900000000102 .
wd:Q900000000104 rdfs:label "human"@en .
wd:Q4167410 rdfs:label "Wikimedia disambiguation page"@en .
"""


def link(folder: Path, *options: object) -> Result:
    return CliRunner().invoke(cli, ["link", *map(str, options), "--folder", str(folder)])


def found(folder: Path, name: str = "wikidata") -> dict[str, Any]:
    """Return the proposals by their entries."""
    lines = (folder / "build" / "link" / f"{name}.jsonl").read_text().splitlines()
    return {said["entry"]: said for said in map(json.loads, lines)}


def matched(folder: Path) -> list[Decision]:
    return read_sssom(folder / "graph" / "mappings" / "matched.sssom.tsv")


def failure(result: Result, code: int = 5) -> str:
    assert getattr(result.exception, "exit_code", result.exit_code) == code, result.output
    return str(result.exception)


def decide(folder: Path, item: str, entry: str = SOCIETY, **more: str) -> None:
    said: dict[str, Any] = {"predicate_id": SAME_AS, "author_label": "Nobody", "mapping_date": "2026-11-21"} | more
    record(folder, [Decision(subject_id=entry, object_id=item, **said)])
