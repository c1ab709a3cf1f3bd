"""The command `serve`: its options are the limits of the server."""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from justicegraph.cli.suggestions import suggestion_options, suggestions_of
from justicegraph.cli.terminal import build_option, choose_build_dir, folder_option, fresh_snapshot, say

if TYPE_CHECKING:
    from justicegraph.server.server import Options, Server

MIB = 2**20

_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
_positive = click.IntRange(1)
_LIMITS = (
    click.option("--time-limit", default=10.0, type=click.FloatRange(0.1), help="Seconds that a query may run."),
    click.option(
        "--memory-limit", default=1024, type=_positive, help="MiB that a query may use in addition to the graph."
    ),
    click.option("--answer-limit", default=64, type=_positive, help="MiB that a result may have."),
    click.option(
        "--quick-limit", default=0.1, type=click.FloatRange(0.01),
        help="Seconds after which a query is slow and continues behind all others.",
    ),
    click.option("--workers", default=_CORES + 1, type=_positive, help="Quick queries that run side by side."),
    click.option("--slow-limit", default=4, type=_positive, help="Slow queries that run side by side."),
    click.option("--slow-per-client", default=2, type=_positive, help="Slow queries that run for one address."),
    click.option("--waiting-limit", default=64, type=click.IntRange(0, 96), help="Slow queries that may wait."),
    click.option(
        "--matchers", type=click.IntRange(0),
        help="Batches of names matched side by side: by default one for each core. 0 switches matching off.",
    ),
    click.option("--cache", default=128, type=click.IntRange(0), help="MiB of cached results; 0 caches nothing."),
    click.option(
        "--max-age", default=60, type=click.IntRange(0), help="Seconds that browsers and proxies may cache a result."
    ),
    click.option(
        "--trusted-proxies", default=0, type=click.IntRange(0),
        help="The number of proxies in front whose X-Forwarded headers are trusted.",
    ),
    click.option("--log-requests", is_flag=True, help="Log each request, without the query and the address."),
    click.option("--log-queries", is_flag=True, help="Log each request with its query."),
)  # fmt: skip


def limit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options for limits, with their defaults in the help."""
    for option in reversed(_LIMITS):
        command = option(command)
    return command


@click.command(context_settings={"show_default": True})
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--host", default="127.0.0.1", help="The address to listen on.")
@click.option("--port", default=8000, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--union-default-graph", is_flag=True, help="With FILES: query the union of all named graphs.")
@limit_options
@suggestion_options
@folder_option
@build_option
def serve(
    files: tuple[Path, ...], host: str, port: int, union_default_graph: bool, folder: Path, build_dir: Path | None,
    **limits: Any,
) -> None:  # fmt: skip
    """Serve the current snapshot, or only these RDF FILES.

    A new snapshot is built first if the project has changed. The server switches to later ones without a pause.
    """
    _check_port(host, port)
    options, builds = _options(limits), None
    if files:
        from justicegraph.rdf.files import check_readable

        check_readable(list(files))  # report a broken file now, since the server itself would only fail to start
    else:
        builds = choose_build_dir(folder, build_dir)
        fresh_snapshot(folder, builds)
        builds = builds.resolve()
        file, intake_limits = suggestions_of(folder, limits)
        options = replace(options, suggestions=file, intake_limits=intake_limits)
    absolute = tuple(file.resolve() for file in files)
    load = partial(_load, folder.resolve(), options, absolute, union_default_graph, builds, os.getpid())
    _run(load, host, port, options)


def _options(values: dict[str, Any]) -> "Options":
    from justicegraph.pool import Limits
    from justicegraph.server.server import Options

    limits = Limits(
        values["time_limit"], values["memory_limit"] * MIB, values["answer_limit"] * MIB, values["quick_limit"],
        values["workers"], values["slow_limit"], values["slow_per_client"], values["waiting_limit"],
    )  # fmt: skip
    return Options(
        limits, values["cache"] * MIB, values["max_age"], values["trusted_proxies"], values["log_requests"],
        values["log_queries"], _CORES if values["matchers"] is None else values["matchers"],
    )  # fmt: skip


def _load(
    folder: Path, options: "Options", files: tuple[Path, ...], union: bool, builds: Path | None, parent: int
) -> "Server":  # fmt: skip
    """Make the application in the server process, which ends together with its parent."""
    for ends in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ends, signal.SIG_DFL)  # our parent's handlers, which a fork inherits, would end nothing here

    from justicegraph.pool import Dataset
    from justicegraph.server.server import Server
    from justicegraph.system.processes import die_with_parent, raise_file_limit

    die_with_parent(parent)
    raise_file_limit()
    return Server(folder, options, Dataset(files, None, union) if files else None, builds)


def _run(load: "Callable[[], Server]", host: str, port: int, options: "Options") -> None:
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces, Loops, RuntimeModes

    if sys.platform != "linux":
        raise click.ClickException("`serve` needs Linux: the kernel enforces its limits on time and memory.")
    say(f"Serving at http://{f'[{host}]' if ':' in host else host}:{port} (Ctrl+C ends it)")
    # One process, which only passes queries on: a second one would have its own cache and gain no speed.
    server = Granian(
        "justicegraph", address=host, port=port, interface=Interfaces.RSGI, runtime_mode=RuntimeModes.st,
        http=HTTPModes.http1, websockets=False, loop=Loops.asyncio, log_enabled=False,
        respawn_failed_workers=True, respawn_interval=0.1, workers_kill_timeout=int(2 * options.limits.time) + 5,
    )  # fmt: skip
    server.serve(target_loader=lambda *_: load(), wrap_loader=False)  # type: ignore[arg-type]  # it has __rsgi__


def _check_port(host: str, port: int) -> None:
    """Raise PortInUse if the server cannot listen on the address; granian would only log it and try again."""
    import socket

    from justicegraph.errors import PortInUse

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        remedy = "Choose another with --port (or PORT= for make)."
        raise PortInUse(f"Cannot listen on {host}:{port}: {error.strerror}. {remedy}") from error
