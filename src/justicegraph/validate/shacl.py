"""pySHACL on batches of triples, in this process or in several."""

import logging
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from justicegraph.namespaces import XSD

Value = NamedNode | Literal

_shapes: Any = None
"""The shapes, once for each process."""


class Result(NamedTuple):
    """A sh:ValidationResult: IRIs as text, the message of the shape, and the class that it requires."""

    focus: str
    path: str | None
    value: Value | None
    shape: str
    component: str
    message: str
    wanted: str | None


class Batch(NamedTuple):
    """Triples, and the target nodes of each shape, both in N-Triples."""

    facts: bytes
    targets: bytes


def ntriples_of(triples: Iterable[Triple]) -> bytes:
    """Return triples as N-Triples: Oxigraph writes them and rdflib reads them three times as fast as Turtle."""
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def run_shacl(batches: Iterable[Batch], shapes: bytes, processes: int) -> Iterator[list[Result]]:
    """Yield the results for each batch, in their order."""
    if processes > 1:
        with _pool(shapes, processes) as pool:
            waiting: deque[Future[list[Result]]] = deque()
            for batch in batches:
                waiting.append(pool.submit(_validate, batch))
                if len(waiting) > 2 * processes:  # no more wait in memory
                    yield waiting.popleft().result()
            yield from (future.result() for future in waiting)
    else:
        _prepare(shapes)
        yield from map(_validate, batches)


def preload() -> None:
    """Import pySHACL, so that processes that are forked later share its memory and do not wait for it."""
    import pyshacl  # noqa: F401


@contextmanager
def _pool(shapes: bytes, processes: int) -> Iterator[ProcessPoolExecutor]:
    # Spawned, since forking a process that has threads (a progress bar is one) can hang.
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_prepare, initargs=(shapes,))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _prepare(shapes: bytes) -> None:
    global _shapes
    _shapes = _graph(shapes)


def _graph(facts: bytes) -> Any:
    from rdflib import Graph

    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # it logs a traceback for each impossible date
    return Graph().parse(data=facts, format="nt")


def _validate(batch: Batch) -> list[Result]:
    import pyshacl
    from rdflib import SH

    report = pyshacl.validate(_graph(batch.facts), shacl_graph=_shapes + _graph(batch.targets), inplace=True)[1]
    return sorted((_result(report, node) for node in report.objects(None, SH.result)), key=lambda result: result[:2])


def _result(report: Any, node: Any) -> Result:
    from rdflib import SH

    shape, path = report.value(node, SH.sourceShape), report.value(node, SH.resultPath)
    wanted = _shapes.value(shape, SH["class"])
    return Result(
        str(report.value(node, SH.focusNode)),
        str(path) if path else None,
        _term(report.value(node, SH.value)),
        str(shape),
        str(report.value(node, SH.sourceConstraintComponent)),
        str(_shapes.value(shape, SH.message) or report.value(node, SH.resultMessage)),
        str(wanted) if wanted else None,
    )


def _term(value: Any) -> Value | None:
    """Return an rdflib term as Oxigraph's."""
    from rdflib import URIRef

    if value is None:
        return None
    if isinstance(value, URIRef):
        return NamedNode(str(value))
    if value.language:
        return Literal(str(value), language=value.language)
    return Literal(str(value), datatype=NamedNode(str(value.datatype or XSD + "string")))
