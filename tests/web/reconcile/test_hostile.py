"""Whatever is sent to /reconcile is answered in time and told in a sentence, never by an error of ours."""

import json
import time

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from justicegraph.linking.reconcile.batch import BATCH, MAX_BYTES
from tests.support.reconciliation import Service, invented_project, service_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
PROPERTY = st.fixed_dictionaries(
    {},
    optional={
        "pid": st.sampled_from(["country", "founded", "sameAs", "id", "id:", "isLocatedIn", "\x00"]) | JSON,
        "v": JSON,
    },
)
QUERY = st.fixed_dictionaries({}, optional={
    "query": st.text() | JSON, "type": st.text() | JSON, "limit": st.integers() | JSON, "type_strict": st.sampled_from(["any", "all", "should"]) | JSON,
    "properties": st.lists(PROPERTY, max_size=4) | JSON,
})  # fmt: skip
OFTEN = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return service_of(invented_project(tmp_path_factory.mktemp("hostile") / "project"))


@pytest.fixture(scope="module")
def client(service: Service) -> FlaskClient:
    return service.client


def send(client: FlaskClient, text: str, name: str = "queries") -> TestResponse:
    return client.post("/reconcile", data={name: text})


def problem(response: TestResponse) -> tuple[int, str]:
    """Return the status and the sentence of a problem."""
    assert response.mimetype == "application/problem+json", response.text
    return response.status_code, response.get_json()["detail"]


@OFTEN
@given(st.dictionaries(st.text(max_size=8), QUERY | JSON, max_size=4) | JSON)
def test_any_json_is_answered_or_refused(client: FlaskClient, batch: object) -> None:
    response = send(client, json.dumps(batch))
    assert response.status_code in {200, 400, 413}
    if response.status_code == 200:
        assert isinstance(batch, dict)
        assert set(response.get_json()) | set(json.loads(response.headers.get("Failed-Queries", "{}"))) == set(batch)


@OFTEN
@given(
    JSON
    | st.fixed_dictionaries(
        {
            "ids": st.lists(st.text()) | JSON,
            "properties": st.lists(st.fixed_dictionaries({"id": st.text()}, optional={"settings": JSON})) | JSON,
        }
    )
)
def test_any_json_as_data_extension_is_answered_or_refused(client: FlaskClient, query: object) -> None:
    assert send(client, json.dumps(query), "extend").status_code in {200, 400, 413}


@OFTEN
@given(st.text(max_size=50), st.text(max_size=50))
def test_any_parameter_of_the_others_is_answered_or_refused(client: FlaskClient, name: str, value: str) -> None:
    for target in ("suggest/entity", "suggest/type", "suggest/property", "properties", "preview", ""):
        said = {name: value, "prefix": value, "cursor": value, "id": value, "type": value}
        response = client.get(f"/reconcile/{target}", query_string=said)
        assert response.status_code in {200, 400, 404}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "x",
        '{"q0":',
        '{"q0":{"query":"a","limit":NaN}}',
        '{"q":{"query":"\\ud800"}}',
        "[" * 50_000,
        '{"q0":' * 20_000,
    ],
)
def test_what_is_no_batch_is_told(text: str, client: FlaskClient) -> None:
    status, sentence = problem(send(client, text))
    assert (status, sentence.startswith("`queries`")) == (400, True)


def test_what_is_too_large_is_refused_unread(client: FlaskClient) -> None:
    long = json.dumps({"q0": {"query": "a" * 1_000_000}})
    many = json.dumps({f"q{n}": {"query": "a"} for n in range(10_000)})
    assert [problem(send(client, text))[0] for text in (long, many)] == [413, 413]
    assert problem(send(client, json.dumps({f"q{n}": {"query": "a"} for n in range(BATCH + 1)})))[0] == 413
    address = client.get("/reconcile", query_string={"queries": "a" * 300_000})
    assert problem(address)[0] == 413


def test_10_000_properties_in_a_batch_take_no_longer_than_they_should(client: FlaskClient) -> None:
    text = json.dumps({"q0": {"query": "a", "properties": [{"pid": "p", "v": ""}] * 6_000}})
    assert len(text) < MAX_BYTES * 1.5
    began = time.process_time()
    assert problem(send(client, text))[0] in {400, 413}
    assert time.process_time() - began < 1


def test_worst_batch_that_is_read_takes_seconds_at_most(service: Service) -> None:
    names = ["Invented Group " * 60, "ﷺ" * 300, "İ" * 900, "a " * 499, "é" * 999, "I" * 999]
    query = {"query": names[0], "limit": 50, "properties": [{"pid": "alias", "v": names * 3}]}
    batch: dict[str, object] = {}
    while len(json.dumps({**batch, "more": query})) < MAX_BYTES and len(batch) < BATCH:
        batch[f"q{len(batch)}"] = query
    assert len(batch) > 1
    began = time.process_time()
    assert service.run_query(batch).status_code in {200, 413}
    assert time.process_time() - began < 20


def test_names_keep_no_control_characters_and_reasons_no_line_ends(service: Service) -> None:
    response = service.run_query(
        {"a\r\nX-Evil: 1": {"query": "a\r\nb", "é\u2028": 1}, "b": {"query": "Invented\x00\x1b[31mGroup"}}
    )
    assert response.status_code == 200
    assert "X-Evil" not in response.headers
    assert "\n" not in response.headers["Failed-Queries"]
    assert response.headers["Failed-Queries"].isascii()


def test_many_long_reasons_fit_into_a_header(service: Service) -> None:
    batch = {f"q{n}" * 20: {"query": "a", "x" * 40: 1} for n in range(BATCH - 1)}
    response = service.run_query({**batch, "fine": {"query": "Invented Group"}})
    assert (list(response.get_json()), len(response.headers["Failed-Queries"]) <= 4_096) == (["fine"], True)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"queries": {}}'), ("text/plain", b"queries={}"), ("multipart/form-data; boundary=x", b"--x--"),
        ("application/x-www-form-urlencoded", b"queries=%FF"), ("application/x-www-form-urlencoded", b"queries={}&queries={}"),
        ("application/x-www-form-urlencoded", b"queries={}&extend={}"), ("application/x-www-form-urlencoded", b""),
        ("application/x-www-form-urlencoded", b"a=1&" * 100), ("application/x-www-form-urlencoded", "queries={é}".encode()),
    ],
)  # fmt: skip
def test_form_that_cannot_be_read_is_told(kind: str, body: bytes, client: FlaskClient) -> None:
    status, sentence = problem(client.post("/reconcile", data=body, content_type=kind))
    assert (status, len(sentence) > 20) == (400, True)


@pytest.mark.parametrize("said", ["-1", "1.5", "x", "9" * 40, "٣"])
def test_cursor_that_is_no_number_is_told(said: str, client: FlaskClient) -> None:
    assert problem(client.get("/reconcile/suggest/entity", query_string={"prefix": "", "cursor": said}))[0] == 400


@pytest.mark.parametrize("host", ["", "a b", "{{id}}.example", "<script>", "[::1", "example:99999999"])
def test_host_that_makes_no_address_is_in_no_manifest(host: str, client: FlaskClient) -> None:
    response = client.get("/reconcile", headers={"Host": host})
    assert response.status_code in {200, 400}
    assert "<script" not in response.text
    if response.status_code == 200:
        assert response.get_json()["view"]["url"].count("{{id}}") == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(method: str, client: FlaskClient) -> None:
    assert client.open("/reconcile", method=method).status_code == 405


@pytest.mark.parametrize(
    "settings_", [{"limit": -1}, {"limit": True}, {"limit": "many"}, {"limit": 1e300}, {"language": 7}, [], "x"]
)
def test_settings_that_make_no_sense_are_told(settings_: object, client: FlaskClient) -> None:
    text = json.dumps({"ids": ["invented-group"], "properties": [{"id": "name", "settings": settings_}]})
    response = send(client, text, "extend")
    assert response.status_code == (200 if settings_ == [] else 400)


def test_too_many_ids_are_refused(client: FlaskClient) -> None:
    text = json.dumps({"ids": [f"a{n}" for n in range(101)], "properties": []})
    assert problem(send(client, text, "extend"))[0] == 413
