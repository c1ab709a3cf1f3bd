"""Reconcile rows with another service. What it sends is checked, and a failure is never taken for "no match".

Services speak the Reconciliation Service API 0.2 or 0.1: https://www.w3.org/community/reports/reconciliation/
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson

from justicegraph.errors import RemoteFailed
from justicegraph.linking.reconcile.results import NO_CANDIDATE, RowResult
from justicegraph.linking.records import Table
from justicegraph.remote import Client, ServiceError
from justicegraph.remote.transport import one_line

SPOKEN = frozenset({"0.1", "0.2"})
"""Versions of the API that we can use."""

_BATCH, _MOST = 10, 100
"""Queries in a request if a service does not say how many it takes (as in OpenRefine), and at most."""
_CANDIDATES = 5
_GIVE_UP = 3
"""Failed requests in a row after which no more are sent."""


class _Manifest(msgspec.Struct, rename="camel"):
    name: str
    identifier_space: str
    versions: Any = None
    batch_size: Any = None


class _Candidate(msgspec.Struct):
    id: str
    name: str
    score: float
    match: Any = False


_PROBLEMS = {"id": "has no id", "name": "has no name", "score": "has a score that is not a number"}
_FIELD = re.compile(r"at `\$\.(\w+)`|required field `(\w+)`")


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its address, its name, the namespace of its ids, and how many queries it takes at once."""

    url: str
    name: str
    space: str
    batch: int


@dataclass(frozen=True, slots=True)
class RemoteQuery:
    """A name to look for, with values of properties by the service's ids, and a type by its id."""

    name: str
    properties: tuple[tuple[str, str], ...] = ()
    type: str = ""


def queries_of(table: Table, column: str, columns: Mapping[str, str], type_id: str = "") -> Iterator[RemoteQuery]:
    """Yield a query for each row; `columns` has columns by property; raise BrokenFile for a missing column."""
    name_at = table.position(column)
    positions = [(pid, table.position(name)) for pid, name in columns.items()]
    for row in table.rows:
        values = ((pid, row[at].strip()) for pid, at in positions)
        yield RemoteQuery(row[name_at].strip(), tuple((pid, value) for pid, value in values if value), type_id)


def service_client(seconds: float) -> Client:
    """Return a client for a service; `seconds` are for each request, waits included."""
    return Client(seconds, find_error=_error_in)


def read_service(client: Client, url: str) -> Service:
    """Return the service at an address; raise RemoteFailed if there is none that we can use."""
    try:
        manifest = msgspec.convert(client.get(url), _Manifest)
    except msgspec.ValidationError as error:
        message = f"{url} is not a reconciliation service: its response has no name and identifierSpace."
        raise RemoteFailed(message) from error
    versions, size = manifest.versions, manifest.batch_size
    if isinstance(versions, list) and versions and SPOKEN.isdisjoint(map(str, versions)):
        spoken = one_line(", ".join(map(str, versions)))
        raise RemoteFailed(f"{url} supports {spoken} of the API; 0.2 or 0.1 is needed.")
    is_size = isinstance(size, int) and not isinstance(size, bool) and size > 0
    batch = min(size, _MOST) if is_size else _BATCH
    return Service(url, one_line(manifest.name), one_line(manifest.identifier_space), batch)


def reconcile(
    client: Client, service: Service, queries: Sequence[RemoteQuery]
) -> Iterator[tuple[RemoteQuery, RowResult]]:
    """Yield each query with its result; raise RemoteFailed if the first request fails.

    A later request that fails costs only its own queries. After three in a row, no more are sent.
    """
    failures: list[str] = []
    for start in range(0, len(queries), service.batch):
        batch = queries[start : start + service.batch]
        results: Mapping[str, Any] | None = None
        if len(failures) < _GIVE_UP:
            try:
                results = _send(client, service, batch)
                failures.clear()
            except RemoteFailed as error:
                if start == 0:
                    raise
                failures.append(str(error))
        for number, query in enumerate(batch):
            yield query, _failed(failures[-1]) if results is None else _row_result(results.get(f"q{number}"))


def _send(client: Client, service: Service, batch: Sequence[RemoteQuery]) -> Mapping[str, Any]:
    queries = {f"q{number}": _query_object(query) for number, query in enumerate(batch)}
    results: Mapping[str, Any] = client.post(service.url, {"queries": orjson.dumps(queries).decode()})
    return results


def _query_object(query: RemoteQuery) -> dict[str, Any]:
    document: dict[str, Any] = {"query": query.name, "limit": _CANDIDATES}
    if query.type:
        document["type"] = query.type
    if query.properties:
        document["properties"] = [{"pid": pid, "v": value} for pid, value in query.properties]
    return document


def _error_in(content: Any) -> ServiceError | None:
    """Return the error in a response: that it is not an object, or what older services report; else None."""
    if not isinstance(content, dict):
        return ServiceError("JSON that is not an object")
    if content.get("status") == "error":
        return ServiceError(str(content.get("message") or "an error without a message"))
    return None


def _row_result(response: Any) -> RowResult:
    """Return the candidate that the service calls a match, if it is the only one, else the one of the highest score."""
    if not isinstance(response, dict) or not isinstance(response.get("result"), list):
        message = response.get("error") or response.get("message") if isinstance(response, dict) else None
        return _failed(message if isinstance(message, str) else "the service sent no result")
    try:
        candidates = sorted(map(_candidate, response["result"][:_CANDIDATES]), key=lambda candidate: -candidate.score)
    except ValueError as error:
        return _failed(str(error))
    if not candidates:
        message = response.get("error")
        return _failed(message) if isinstance(message, str) else NO_CANDIDATE
    matches = [candidate for candidate in candidates if candidate.match is True]
    best = matches[0] if len(matches) == 1 else candidates[0]
    reason = _reason(best, candidates, len(matches))
    return RowResult(best.id, one_line(best.name), None, len(matches) == 1, reason)


def _reason(best: _Candidate, candidates: Sequence[_Candidate], matches: int) -> str:
    parts = [f"score {best.score:.6g} of the service"]
    other = next((candidate for candidate in candidates if candidate is not best), None)
    if other:
        parts.append(f"the next is {one_line(other.name)} with {other.score:.6g}")
    if matches > 1:
        parts.append(f"it is sure of {matches}")
    return "; ".join(parts)


def _candidate(document: Any) -> _Candidate:
    """Return a candidate; raise ValueError with a sentence if it is invalid."""
    try:
        candidate = msgspec.convert(document, _Candidate)
    except msgspec.ValidationError as error:
        field = _FIELD.search(str(error))
        problem = _PROBLEMS.get(field[1] or field[2], "") if field else "is not an object"
        raise ValueError(f"a candidate of the service {problem}") from error
    if not candidate.id or candidate.id != one_line(candidate.id):
        raise ValueError("a candidate of the service has no id")
    return candidate


def _failed(why: str) -> RowResult:
    return RowResult(reason=f"failed: {one_line(why)}", has_failed=True)
