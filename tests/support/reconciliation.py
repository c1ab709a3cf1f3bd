"""A service over invented entries, and the schemas and examples of the Reconciliation Service API 0.2."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7
from werkzeug.test import TestResponse

from justicegraph.jsonld import read_context, read_frames
from justicegraph.linking.reconcile.entries import read_entries
from justicegraph.linking.reconcile.service import Reconciler
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.mappings import record
from justicegraph.project.reason import reason
from justicegraph.project.sssom import SAME_AS, Decision
from justicegraph.sparql.evaluate import evaluate
from justicegraph.web import Site, create_app
from tests.support.project import ROOT, make_project, write_entity

FOLDER = ROOT.parent / "shared" / "reconciliation" / "0.2"
_PLACES = {
    "invented-land": ("Canada", "country", ""),
    "invented-town": ("Inventedtown", "city", "invented-land"),
    "other-land": ("Germany", "country", ""),
    "other-town": ("Otherstadt", "city", "other-land"),
}
_GROUPS = {
    "invented-bail-fund": ("Invented Bail Fund", "invented-town", "1999", "https://bail.invented.example/"),
    "invented-books-project": (
        "Invented Books Project",
        "invented-town",
        "2004-05-06",
        "https://books.invented.example/",
    ),
    "invented-books-verein": (
        "Invented Books Project Otherstadt",
        "other-town",
        "2010-03",
        "https://verein.invented.example/",
    ),
    "invented-letters-circle": ("Invented Letters Circle", "other-town", "2011", "https://letters.invented.example/"),
}
"""Their name, place, date of founding and site; none of them exists."""
_ALIASES = {"invented-bail-fund": 'skos:altLabel "IBF"@en, "Fondo Inventado"@es ; '}


def invented_project(folder: Path) -> Path:
    """Make a project folder with the invented entries of all tests, and others that have places, dates and sites."""
    make_project(folder)
    for slug, (name, level, wider) in _PLACES.items():
        within = f"jg:isWithin id:{wider} ;" if wider else ""
        _write(
            folder,
            f"places/{slug}",
            name,
            f"a jg:Place ; jg:level jgt:{level} ; {within}",
            "A place of invented entries.",
        )
    for slug, (name, place, day, site) in _GROUPS.items():
        kind = {4: "gYear", 7: "gYearMonth", 10: "date"}[len(day)]
        told = (
            _ALIASES.get(slug, "")
            + f'jg:isLocatedIn id:{place} ; jg:foundedOn "{day}"^^xsd:{kind} ; jg:website <{site}> ;'
        )
        _write(folder, f"organizations/{slug}", name, f"a jg:Organization ; {told}", "A group that does not exist.")
    iri = "https://w3id.org/justicegraph/id/invented-bail-fund"
    elsewhere = "http://www.wikidata.org/entity/Q999999999999"
    same = Decision(
        subject_id=iri, predicate_id=SAME_AS, object_id=elsewhere, author_label="Nobody", mapping_date="2026-01-01"
    )
    record(folder, [same])
    return folder


def _write(folder: Path, place: str, name: str, told: str, definition: str) -> None:
    slug = place.partition("/")[2]
    words = f'skos:prefLabel "{name}"@en ; skos:definition "{definition}"@en ; jg:source id:invented-list'
    write_entity(folder, place, f"id:{slug} {told} {words} .")


@dataclass
class Service:
    """A service in this process: what asks it, and a client of the pages around it."""

    client: FlaskClient
    reconciler: Reconciler

    def run_query(self, queries: object, **headers: str) -> TestResponse:
        """Send a batch as OpenRefine does."""
        return self.client.post("/reconcile", data={"queries": json.dumps(queries)}, headers=headers)

    def result(self, query: Mapping[str, object]) -> list[dict[str, Any]]:
        """Return the candidates of one query."""
        response = self.run_query({"q0": query})
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.get_json()["q0"]["result"]
        return found

    def extend(self, ids: list[str], *properties: str | dict[str, object]) -> dict[str, Any]:
        """Return the answer to a data extension query."""
        columns = [{"id": each} if isinstance(each, str) else each for each in properties]
        response = self.client.post("/reconcile", data={"extend": json.dumps({"ids": ids, "properties": columns})})
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.get_json()
        return found


def service_of(folder: Path) -> Service:
    """Return the service of a project, without processes."""
    project = load_folder(folder)
    store = store_of(project)
    reason(store, project.rules)
    run_query = partial(evaluate, store, union=True)
    reconciler = Reconciler(read_entries(run_query))
    site = Site(
        run_query,
        read_context(folder),
        snapshot="invented",
        frames=read_frames(folder),
        reconcile=reconciler.handler(2**24),
    )
    return Service(create_app(site).test_client(), reconciler)


def check_folder() -> None:
    """Skip where the schemas are not beside this checkout; fail where CI says that they are required."""
    if not FOLDER.is_dir():
        missing = "the schemas of the Reconciliation API are not beside this checkout"
        if os.environ.get("JUSTICEGRAPH_TEXTS") == "required":
            pytest.fail(missing)
        pytest.skip(missing)


def examples(kind: str, validity: str) -> list[Path]:
    """Return the examples of a kind that are valid or invalid."""
    return sorted((FOLDER / "examples" / kind / validity).glob("*.json"))


@cache
def validator(name: str) -> Draft7Validator:
    """Return what validates against a schema. The schemas name no version; their words are of draft 7."""
    said = {path.name: json.loads(path.read_text()) for path in (FOLDER / "schemas").glob("*.json")}
    named = [(schema["$id"].rstrip("#"), DRAFT7.create_resource(schema)) for schema in said.values()]
    return Draft7Validator(said[f"{name}.json"], registry=Registry().with_resources(named))


def faults(name: str, said: object) -> Iterator[str]:
    """Yield what a schema has against a document."""
    for error in validator(name).iter_errors(said):
        yield f"{list(error.absolute_path)}: {error.message[:200]}"
