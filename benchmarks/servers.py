"""The servers that are measured side by side: how each is started, filled and ended."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import quote

from benchmarks.run import Failed, cost_of, environment, justicegraph
from justicegraph.system.processes import die_with_parent

ACCEPT = "application/sparql-results+json, application/n-triples"
"""What every request accepts: JSON for a table, N-Triples for a graph."""
PATIENCE = 600
"""Seconds after which a server that has not answered, or has not loaded the file, is given up."""


@dataclass(frozen=True)
class Setting:
    """The graph that all servers serve, the environment of the peers, and a folder that they may write to."""

    file: Path
    peers: Path
    folder: Path


@dataclass(frozen=True)
class Server:
    """A server that runs: where it answers, and the session of its processes."""

    name: str
    port: int
    path: str
    session: int


@dataclass(frozen=True)
class _Kind:
    """What starts a server on a port, where it answers, and what comes before the start and after it."""

    path: str
    command: Callable[[Setting, int], list[str]]
    before: Callable[[Setting], None] = lambda _: None
    after: Callable[[Setting, int], None] = lambda *_: None


@contextmanager
def running(name: str, setting: Setting) -> Iterator[Server]:
    """Give a server that answers and has loaded the file; raise Failed where it does not."""
    kind, port = KINDS[name], _free_port()
    kind.before(setting)
    with _started(name, kind.path, port, kind.command(setting, port)) as server:
        kind.after(setting, port)
        yield server


@contextmanager
def serving(setting: Setting, *more: str) -> Iterator[Server]:
    """Give ours with the file and these options; raise Failed where it does not answer."""
    port = _free_port()
    with _started(OURS, "/sparql", port, _ours(setting, port, *more)) as server:
        yield server


@contextmanager
def serving_folder(folder: Path, build: Path, *more: str) -> Iterator[Server]:
    """Give ours with a project's current snapshot and these options; raise Failed where it does not answer."""
    port = _free_port()
    words = [justicegraph(), "serve", "--folder", str(folder), "--build-dir", str(build), "--port", str(port), *more]
    with _started(OURS, "/sparql", port, words) as server:
        yield server


@contextmanager
def _started(name: str, path: str, port: int, command: list[str]) -> Iterator[Server]:
    with TemporaryFile() as said:
        # A signal can end this program within Popen, before there is a name to end the server by: it ends with us then.
        with_us = partial(die_with_parent, os.getpid())
        process = subprocess.Popen(
            command, env=environment(), stdout=said, stderr=said, start_new_session=True, preexec_fn=with_us
        )
        server = Server(name, port, path, process.pid)
        try:
            _wait(server, process, said)
            yield server
        finally:
            _end(process)


def run_query(server: Server, query: str) -> bytes:
    """Return a server's answer; raise Failed for any status but 200."""
    return request(server.port, "GET", f"{server.path}?query={quote(query, safe='')}")


def request(port: int, method: str, path: str, body: IO[bytes] | None = None, kind: str = "") -> bytes:
    """Return the body of a local answer; raise Failed for a status that is no success."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, {"Accept": ACCEPT, **({"Content-Type": kind} if kind else {})})
        answer = connection.getresponse()
        text = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise Failed(f"{method} {path[:80]}: {error}") from error
    finally:
        connection.close()
    if answer.status not in (200, 204):
        raise Failed(f"{method} {path[:80]}: {answer.status} {text[:200].decode(errors='replace')}")
    return text


def _wait(server: Server, process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while not _answers(server):
        if process.poll() is not None or time.monotonic() > end:
            said.seek(0)
            raise Failed(f"{server.name} does not answer: {said.read()[-500:].decode(errors='replace')}")
        time.sleep(0.1)


def _answers(server: Server) -> bool:
    try:
        return bool(run_query(server, "ASK {}"))
    except Failed:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server and all that it has started, kindly at first."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=30)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # its session is its own, and so is the group
    process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _ours(setting: Setting, port: int, *more: str) -> list[str]:
    return [justicegraph(), "serve", str(setting.file), "--union-default-graph", "--port", str(port), *more]


def _ours_without_cache(setting: Setting, port: int) -> list[str]:
    told = subprocess.run([justicegraph(), "serve", "--help"], capture_output=True, text=True, check=True).stdout
    return _ours(setting, port, *(("--cache", "0") if "--cache " in told else ()))


def _oxigraph(setting: Setting) -> str:
    return str(setting.peers / "bin" / "oxigraph")


def _in_memory(setting: Setting, port: int) -> list[str]:
    return [_oxigraph(setting), "serve", "--bind", f"127.0.0.1:{port}", "--union-default-graph"]


def _fill_memory(setting: Setting, port: int) -> None:
    with setting.file.open("rb") as file:
        request(port, "POST", "/store?no_transaction", file, "application/n-quads")


def _on_disk(setting: Setting, port: int) -> list[str]:
    place = "--location", str(setting.folder / "oxigraph")
    return [_oxigraph(setting), "serve-read-only", *place, "--bind", f"127.0.0.1:{port}", "--union-default-graph"]


def _fill_disk(setting: Setting) -> None:
    place = "--location", str(setting.folder / "oxigraph")
    cost_of([_oxigraph(setting), "load", *place, "--file", str(setting.file)])
    cost_of([_oxigraph(setting), "optimize", *place])


def _rdflib_endpoint(setting: Setting, port: int, *more: str) -> list[str]:
    launcher = Path(__file__).with_name("rdflib_server.py")
    return [str(setting.peers / "bin" / "python"), str(launcher), str(setting.file), str(port), *more]


def _rdflib_by_text(setting: Setting, port: int) -> list[str]:
    return _rdflib_endpoint(setting, port, "by-text")


OURS, CACHED = "ours", "ours-cached"
DISK, MEMORY, RDFLIB = "oxigraph-disk", "oxigraph-memory", "rdflib-endpoint"
KINDS = {
    OURS: _Kind("/sparql", _ours_without_cache),
    DISK: _Kind("/query", _on_disk, before=_fill_disk),
    MEMORY: _Kind("/query", _in_memory, after=_fill_memory),
    RDFLIB: _Kind("/", _rdflib_endpoint),
    "rdflib-endpoint-by-text": _Kind("/", _rdflib_by_text),
    CACHED: _Kind("/sparql", _ours),
}
"""The servers by name: ours with its cache switched off and on; rdflib-endpoint as it is, and helped to be faster."""
