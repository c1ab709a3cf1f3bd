"""HTTP requests: those that the suite writes down, and those that ask its queries over their data."""

import re
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from tests.support.w3c.manifests import Case, Node, path_of

NO_GRAPH = "https://invented.example/no-such-graph"
_STATUSES = {"OK": "200", "Created": "201", "NoContent": "204", "NotFound": "404"}
_DATASET_CLAUSE = re.compile(r"\bFROM\s+(?:NAMED\s+)?<", re.IGNORECASE)


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Message
    body: bytes

    @property
    def kind(self) -> str:
        """The media type, without parameters."""
        return str(self.headers.get_content_type())


@dataclass(frozen=True)
class Exchange:
    """A request, and what the suite says of its answer: how the status begins, yes or no, kind, type and body."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes | None
    statuses: tuple[str, ...]
    boolean: bool | None
    format: str
    media_type: str
    content: bytes | None


def send(
    address: str, method: str, target: str, headers: dict[str, str] | None = None, body: bytes | None = None
) -> Reply:
    """Send one request, with these headers and no others that say anything of it, and return the answer."""
    connection = HTTPConnection(address.removeprefix("http://"), timeout=20)
    try:
        connection.request(method, target, body, headers or {})
        response = connection.getresponse()
        return Reply(response.status, response.headers, response.read())
    finally:
        connection.close()


def run_query(address: str, suite: Path, case: Case, accept: str) -> Reply:
    """Ask a test's query over its dataset: in the protocol's parameters, unless the query names it itself."""
    text = path_of(suite, case.query).read_text()
    parameters = [("query", f"BASE <{case.query}>\n{text}")]
    if not _DATASET_CLAUSE.search(text):
        parameters += [("default-graph-uri", iri) for iri in case.data]
        parameters += [("named-graph-uri", iri) for iri in case.graphs]
        parameters += [] if case.data or case.graphs else [("default-graph-uri", NO_GRAPH)]
    return send(address, "GET", f"/sparql?{urlencode(parameters)}", {"Accept": accept})


def exchanges_of(test: Node) -> list[Exchange]:
    """Return the requests of a test of a protocol, in their order."""
    return [_exchange(request) for request in test.one("mf:action").items("ht:requests")]


def _exchange(request: Node) -> Exchange:
    answer = request.one("ht:resp")
    boolean, form = answer.find("mf:expectedBoolean"), answer.find("mf:expectedFormat")
    statuses = [node.text.rpartition("#")[2] for node in answer.all("mf:expectedStatus")]
    return Exchange(
        request.one("ht:methodName").text,
        request.one("ht:absolutePath").text,
        _headers(request),
        _body(request),
        tuple(_STATUSES.get(status) or status.removeprefix("StatusCode").removesuffix("xx") for status in statuses),
        boolean.text == "true" if boolean else None,
        form.text if form else "",
        _headers(answer).get("content-type", ""),
        _body(answer),
    )


def _headers(message: Node) -> dict[str, str]:
    return {field.one("ht:fieldName").text: field.one("ht:fieldValue").text for field in message.items("ht:headers")}


def _body(message: Node) -> bytes | None:
    content = message.find("ht:body")
    return content.one("cnt:chars").text.encode(content.one("cnt:characterEncoding").text) if content else None
