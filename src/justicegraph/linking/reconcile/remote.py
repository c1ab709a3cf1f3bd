"""Another reconciliation service as a place to ask: what it says is checked, and a failure is no "no match".

The Reconciliation Service API 0.2 and what OpenRefine spoke before: https://www.w3.org/community/reports/reconciliation/
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from justicegraph.errors import RemoteFailed
from justicegraph.linking.reconcile.results import NO_CANDIDATE, Found
from justicegraph.linking.records import Table
from justicegraph.remote import Client, ServiceError
from justicegraph.remote.transport import one_line

SPOKEN = frozenset({"0.1", "0.2"})
"""Versions of the API that are asked the way we ask."""

_BATCH, _MOST = 10, 100
"""Questions in a request where a service does not say how many it takes (so OpenRefine), and wherever it takes more."""
_CANDIDATES = 5
_GIVE_UP = 3
"""Requests that fail one after the other until no more are sent."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service as its manifest has it: what it is called, what its ids are of, how many questions it takes at once."""

    url: str
    name: str
    space: str
    batch: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A name, with what else is told of the thing: values by the ids that the service has for properties."""

    name: str
    properties: tuple[tuple[str, str], ...] = ()
    kind: str = ""


def asked_of(table: Table, column: str, columns: Mapping[str, str], kind: str = "") -> Iterator[Asked]:
    """Yield a question for each row; `columns` has columns by property; raise BrokenFile where there is no column."""
    at = table.position(column)
    places = [(pid, table.position(name)) for pid, name in columns.items()]
    for row in table.rows:
        told = ((pid, row[place].strip()) for pid, place in places)
        yield Asked(row[at].strip(), tuple((pid, value) for pid, value in told if value), kind)


def client_of(seconds: float) -> Client:
    """Return a client for a service; `seconds` are for each request, waits included."""
    return Client(seconds, find_error=_error_in)


def read_service(client: Client, url: str) -> Service:
    """Return the service at an address; raise RemoteFailed where there is none that we can ask."""
    said = client.get(url)
    name, space, versions = said.get("name"), said.get("identifierSpace"), said.get("versions")
    if not isinstance(name, str) or not isinstance(space, str):
        raise RemoteFailed(f"{url} is no reconciliation service: its answer has no name and identifierSpace.")
    if isinstance(versions, list) and versions and SPOKEN.isdisjoint(map(str, versions)):
        raise RemoteFailed(f"{url} speaks {one_line(', '.join(map(str, versions)))} of the API; 0.2 or 0.1 is needed.")
    batch = said.get("batchSize")
    fits = isinstance(batch, int) and not isinstance(batch, bool) and batch > 0
    return Service(url, one_line(name), one_line(space), min(batch, _MOST) if fits else _BATCH)


def answered(client: Client, service: Service, asked: Sequence[Asked]) -> Iterator[tuple[Asked, Found]]:
    """Yield each question with what was found; raise RemoteFailed where already the first request fails.

    A later request that fails costs its own questions only. After three in a row no more are sent.
    """
    failures: list[str] = []
    for start in range(0, len(asked), service.batch):
        batch, said = asked[start : start + service.batch], None
        if len(failures) < _GIVE_UP:
            try:
                said = _ask(client, service, batch)
                failures.clear()
            except RemoteFailed as error:
                if start == 0:
                    raise
                failures.append(str(error))
        for place, each in enumerate(batch):
            yield each, _failed(failures[-1]) if said is None else _found(said.get(f"q{place}"))


def _ask(client: Client, service: Service, batch: Sequence[Asked]) -> Mapping[str, Any]:
    questions = {f"q{place}": _question(each) for place, each in enumerate(batch)}
    said: Mapping[str, Any] = client.post(service.url, {"queries": orjson.dumps(questions).decode()})
    return said


def _question(asked: Asked) -> dict[str, Any]:
    told: dict[str, Any] = {"query": asked.name, "limit": _CANDIDATES}
    if asked.kind:
        told["type"] = asked.kind
    if asked.properties:
        told["properties"] = [{"pid": pid, "v": value} for pid, value in asked.properties]
    return told


def _error_in(content: Any) -> ServiceError | None:
    """Return the error in a response: that it is no object, or what older services report; None if there is none."""
    if not isinstance(content, dict):
        return ServiceError("JSON that is no object")
    if content.get("status") == "error":
        return ServiceError(str(content.get("message") or "an error without a message"))
    return None


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: str
    name: str
    score: float
    is_match: bool


def _found(said: Any) -> Found:
    """Return the candidate that the service is sure of, where it is sure of one, else that of the highest score."""
    if not isinstance(said, dict) or not isinstance(said.get("result"), list):
        told = said.get("error") or said.get("message") if isinstance(said, dict) else None
        return _failed(told if isinstance(told, str) else "the service gave no answer")
    try:
        ranked = sorted(map(_candidate, said["result"][:_CANDIDATES]), key=lambda each: -each.score)
    except ValueError as error:
        return _failed(str(error))
    if not ranked:
        told = said.get("error")
        return _failed(told) if isinstance(told, str) else NO_CANDIDATE
    sure = [each for each in ranked if each.is_match]
    best = sure[0] if len(sure) == 1 else ranked[0]
    return Found(best.id, best.name, None, len(sure) == 1, _reason(best, ranked, len(sure)))


def _reason(best: _Candidate, ranked: Sequence[_Candidate], sure: int) -> str:
    words = [f"score {best.score:.6g} of the service"]
    other = next((each for each in ranked if each is not best), None)
    if other:
        words.append(f"the next is {one_line(other.name)} with {other.score:.6g}")
    if sure > 1:
        words.append(f"it is sure of {sure}")
    return "; ".join(words)


def _candidate(said: Any) -> _Candidate:
    """Return a candidate; raise ValueError for what is none."""
    if not isinstance(said, dict):
        raise ValueError("a candidate of the service is no object")
    known, name, score, is_match = (said.get(key) for key in ("id", "name", "score", "match"))
    if not isinstance(known, str) or not known or known != one_line(known):
        raise ValueError("a candidate of the service has no id")
    if not isinstance(name, str):
        raise ValueError("a candidate of the service has no name")
    if isinstance(score, bool) or not isinstance(score, int | float) or not math.isfinite(score):
        raise ValueError("a candidate of the service has a score that is no number")
    return _Candidate(known, one_line(name), float(score), is_match is True)


def _failed(why: str) -> Found:
    return Found(reason=f"failed: {one_line(why)}", has_failed=True)
