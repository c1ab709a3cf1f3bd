"""Answers are what the schemas of the Reconciliation Service API 0.2 say; its examples are read or refused as they say."""

import json
from pathlib import Path

import pytest

from justicegraph.errors import BadQuery, QueryTooLong
from justicegraph.linking.reconcile.batch import read_batch
from justicegraph.web.reconcile.extend import read_extension
from tests.support.reconciliation import Service, check_folder, examples, faults, invented_project, service_of

ANSWERS = {
    "manifest": "manifest",
    "reconciliation-result-batch": "reconciliation-result-batch",
    "suggest-entities-response": "suggest-entities-response",
    "suggest-properties-response": "suggest-properties-response",
    "suggest-types-response": "suggest-types-response",
    "data-extension-response": "data-extension-response",
    "data-extension-property-proposal": "data-extension-property-proposal",
}
"""By kind of example the schema of it."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    check_folder()
    return service_of(invented_project(tmp_path_factory.mktemp("schemas") / "project"))


def test_valid_batches_are_read() -> None:
    check_folder()
    paths = examples("reconciliation-query-batch", "valid")
    assert len(paths) >= 4
    for path in paths:
        queries, failed = read_batch(path.read_text())
        assert (list(queries), failed) == (list(json.loads(path.read_text())), {}), path.name


def test_invalid_batches_are_refused_by_the_schema_and_by_us(service: Service) -> None:
    paths = examples("reconciliation-query-batch", "invalid")
    assert len(paths) >= 3
    for path in paths:
        assert list(faults("reconciliation-query-batch", json.loads(path.read_text()))), path.name
        assert len(read_batch(path.read_text())[1]) == len(json.loads(path.read_text())), path.name
        assert service.client.post("/reconcile", data={"queries": path.read_text()}).status_code == 400, path.name


def test_valid_data_extension_queries_are_read() -> None:
    check_folder()
    paths = examples("data-extension-query", "valid")
    assert len(paths) >= 2
    for path in paths:
        ids, columns = read_extension(path.read_text())
        said = json.loads(path.read_text())
        assert (ids, [column.id for column in columns]) == (said["ids"], [each["id"] for each in said["properties"]])


@pytest.mark.parametrize("kind", ANSWERS)
def test_schemas_tell_valid_answers_from_invalid_ones(kind: str) -> None:
    check_folder()
    for path in examples(kind, "valid"):
        assert list(faults(ANSWERS[kind], json.loads(path.read_text()))) == [], path.name
    for path in examples(kind, "invalid"):
        assert list(faults(ANSWERS[kind], json.loads(path.read_text()))), path.name


def test_manifest_is_valid(service: Service) -> None:
    assert list(faults("manifest", service.client.get("/reconcile").get_json())) == []


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.stem) for path in examples("reconciliation-query-batch", "valid")]
)
def test_answers_to_the_examples_are_valid(path: Path, service: Service) -> None:
    said = service.client.post("/reconcile", data={"queries": path.read_text()}).get_json()
    assert said.keys() == json.loads(path.read_text()).keys()
    assert list(faults("reconciliation-result-batch", said)) == []


def test_answer_with_every_kind_of_query_is_valid(service: Service) -> None:
    batch = {
        "name": {"query": "Invented Books Project", "type": "Organization", "limit": 3},
        "id": {"query": "id:invented-bail-fund"},
        "none": {"query": "Zzyzx Qqrrst"},
        "properties": {"properties": [{"pid": "website", "v": "https://books.invented.example"}]},
        "failed": {"query": "Invented", "properties": [{"pid": "founded", "v": "soon"}]},
    }
    said = service.run_query(batch).get_json()
    assert said.keys() == batch.keys() - {"failed"}
    assert [len(each["result"]) > 0 for each in said.values()] == [True, True, False, True]
    assert list(faults("reconciliation-result-batch", said)) == []


@pytest.mark.parametrize(("name", "schema"), [("entity", "entities"), ("property", "properties"), ("type", "types")])
@pytest.mark.parametrize("prefix", ["", "i", "inv", "o", "invented-bail-fund"])
def test_suggestions_are_valid(name: str, schema: str, prefix: str, service: Service) -> None:
    said = service.client.get(f"/reconcile/suggest/{name}", query_string={"prefix": prefix}).get_json()
    assert list(faults(f"suggest-{schema}-response", said)) == []


def test_data_extension_with_every_property_is_valid(service: Service) -> None:
    offered = service.client.get("/reconcile/properties").get_json()
    assert list(faults("data-extension-property-proposal", offered)) == []
    names = [each["id"] for each in offered["properties"]][:50]
    said = service.extend(["invented-bail-fund", "invented-person", "invented-town", "nobody", "../x"], *names)
    assert sum(bool(values) for row in said["rows"].values() for values in row.values()) > 15
    assert list(faults("data-extension-response", said)) == []


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.stem) for path in examples("data-extension-query", "valid")]
)
def test_answers_to_the_examples_of_data_extension_are_valid(path: Path, service: Service) -> None:
    said = service.client.post("/reconcile", data={"extend": path.read_text()}).get_json()
    assert list(said["rows"]) == json.loads(path.read_text())["ids"]
    assert list(faults("data-extension-response", said)) == []


@pytest.mark.parametrize(
    "text", ["[]", '{"ids": ["a"]}', '{"ids": "a", "properties": []}', '{"ids": [1], "properties": []}']
)
def test_data_extension_query_that_the_schema_refuses_is_refused(text: str) -> None:
    check_folder()
    assert list(faults("data-extension-query", json.loads(text)))
    with pytest.raises(BadQuery):
        read_extension(text)


def test_larger_batch_than_the_manifest_says_is_refused_with_413(service: Service) -> None:
    size = service.client.get("/reconcile").get_json()["batchSize"]
    allowed = {f"q{n}": {"query": "Invented"} for n in range(size)}
    assert service.run_query(allowed).status_code == 200
    refused = service.run_query({**allowed, "one more": {"query": "Invented"}})
    assert (refused.status_code, refused.mimetype) == (413, "application/problem+json")
    assert refused.get_json()["detail"] == f"The batch has {size + 1} queries: send {size} at most at a time."
    with pytest.raises(QueryTooLong):
        read_batch(json.dumps({**allowed, "one more": {}}))
