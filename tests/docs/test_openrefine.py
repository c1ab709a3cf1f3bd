"""docs/openrefine.md: each request that it shows is answered by a real server as it shows."""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from justicegraph.linking.reconcile.batch import BATCH, LONGEST, MAX_BYTES, PROPERTIES, VALUES
from justicegraph.linking.reconcile.properties import PROPERTIES as EVIDENCE
from tests.support.project import ROOT
from tests.support.reconciliation import invented_project
from tests.support.servers import Client, Response, Server, request, started, until

DOC = (ROOT / "docs/openrefine.md").read_text()
PAIRS = re.findall(r"```http\n(GET|POST) (\S+)\n(?:\n(\w+)=(.*?))?```\n\n```json\n(.*?)```", DOC, re.DOTALL)
FORM = "application/x-www-form-urlencoded"
NEAR = {"score": 12, "value": 0.12}
"""How far a figure may be from the one that is shown: the model is trained anew now and then."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = invented_project(tmp_path_factory.mktemp("openrefine") / "project")
    with started(folder, "--build-dir", str(folder / "build")) as made:
        until(lambda: run_query(made, "POST", "/reconcile", "queries", "{}").status == 200, 40)
        yield made


def run_query(server: Server, method: str, target: str, name: str, text: str) -> Response:
    """Send a request as the page shows it."""
    body = urlencode({name: text}).encode() if name else b""
    with Client(server.port) as client:
        if method == "GET":
            return client.get(target)
        client.say(request(target, method, Content_Type=FORM, Content_Length=str(len(body))) + body)
        return client.hear()


def is_shown(shown: object, given: object, key: str = "") -> bool:
    """Tell whether an answer is as the page shows it; "…" stands for more."""
    if isinstance(shown, dict) and isinstance(given, dict):
        told = {name: value for name, value in shown.items() if name != "…"}
        fits = told.keys() <= given.keys() if "…" in shown else told.keys() == given.keys()
        return fits and all(is_shown(value, given[name], name) for name, value in told.items())
    if isinstance(shown, list) and isinstance(given, list):
        told_list = shown[:-1] if shown[-1:] == ["…"] else shown
        fits = len(told_list) <= len(given) if told_list is not shown else len(shown) == len(given)
        return fits and all(map(is_shown, told_list, given))
    if isinstance(shown, float | int) and not isinstance(shown, bool) and key in NEAR:
        return isinstance(given, float | int) and not isinstance(given, bool) and abs(shown - given) <= NEAR[key]
    return shown == given


def test_page_shows_every_step() -> None:
    assert len(PAIRS) == DOC.count("```http") == DOC.count("```json") == 7


@pytest.mark.parametrize(("method", "target", "name", "text", "answer"), PAIRS, ids=[pair[1] for pair in PAIRS])
def test_request_is_answered_as_shown(
    method: str, target: str, name: str, text: str, answer: str, server: Server
) -> None:
    response = run_query(server, method, target, name, text)
    assert response.status == 200
    assert is_shown(json.loads(answer), json.loads(response.body)), response.body.decode()


def test_reason_that_is_shown_is_given(server: Server) -> None:
    name, text = next((name, text) for _, _, name, text, _ in PAIRS if name == "queries")
    reasons = json.loads(run_query(server, "POST", "/reconcile", name, text).headers["failed-queries"])
    assert list(reasons) == ["q2"]
    assert f"`{reasons['q2']}`" in DOC


def test_comparison_can_fail() -> None:
    shown = {"score": 90, "match": True, "features": [{"id": "a", "value": 0.9}, "…"]}
    same = {"score": 91, "match": True, "features": [{"id": "a", "value": 0.91}, {"id": "b", "value": 1}]}
    assert is_shown(shown, same)
    others: list[dict[str, object]] = [{"score": 70}, {"match": False}, {"features": []}, {"more": 1}]
    for other in others:
        assert not is_shown(shown, {**same, **other})


def test_every_kind_of_evidence_is_told() -> None:
    assert [each.id for each in EVIDENCE if f"`{each.id}`" not in DOC] == []


def test_limits_are_told() -> None:
    said = (f"more than {BATCH} queries", f"{MAX_BYTES:,} bytes", f"{LONGEST:,} characters")
    more = f"{PROPERTIES + 1} properties, {VALUES + 1} values"
    assert [each for each in (*said, more) if each not in DOC] == []
