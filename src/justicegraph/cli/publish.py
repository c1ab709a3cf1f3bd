"""The commands of those who publish: build and serve."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from justicegraph.cli.terminal import build_option, count, folder_option, place_of_build, say, track

if TYPE_CHECKING:
    from justicegraph.snapshot import Snapshot
    from justicegraph.sparql import Wsgi

THREADS = 8
"""Requests that are answered side by side; the engine lets go of Python's lock while it evaluates."""


@click.command()
@folder_option
@build_option
def build(folder: Path, build_dir: Path | None) -> None:
    """Check everything, write a snapshot, and make it the current one."""
    made = build_snapshot(folder, place_of_build(folder, build_dir))
    click.echo(made.id)
    say(f"{count(made.quads, 'quad')} in {made.path}.")


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--union-default-graph", is_flag=True, help="With FILES: ask over the union of all named graphs.")
@folder_option
@build_option
def serve(
    files: tuple[Path, ...], host: str, port: int, union_default_graph: bool, folder: Path, build_dir: Path | None
) -> None:
    """Serve the current snapshot, building one where the project has changed; or just these FILES."""
    from justicegraph.snapshot import check_readable, kept

    _check_port(host, port)
    with ExitStack() as held:
        if files:
            check_readable(list(files))  # a broken file is told of here, and not by a server that does not start
            load = partial(app_of_files, list(files), union_default_graph, folder.resolve())
        else:
            snapshot = up_to_date(folder, place_of_build(folder, build_dir))
            held.enter_context(kept(snapshot))
            load = partial(app_of_snapshot, snapshot, folder.resolve())
        _run(load, host, port)


def _run(load: "Callable[[], Wsgi]", host: str, port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    say(f"Serving at http://{f'[{host}]' if ':' in host else host}:{port} (Ctrl+C ends it)")
    server = Granian(
        "justicegraph", address=host, port=port, interface=Interfaces.WSGI, blocking_threads=THREADS,
        log_enabled=False, respawn_failed_workers=True,
    )  # fmt: skip
    server.serve(target_loader=lambda *_: load(), wrap_loader=False)


def up_to_date(folder: Path, place: Path) -> "Snapshot":
    """Return the current snapshot where neither the project nor the program has changed since, else a new one."""
    from justicegraph.snapshot import current

    found = current(place)
    if found and found.inputs == _inputs(folder):
        return found
    return build_snapshot(folder, place)


def build_snapshot(folder: Path, place: Path) -> "Snapshot":
    """Return a new current snapshot; raise BrokenRules, after telling of each finding, and change nothing."""
    from justicegraph.errors import BrokenRules
    from justicegraph.jsonld import read_context, write_jsonld
    from justicegraph.load import load_folder, store_of
    from justicegraph.reason import reason
    from justicegraph.removal import removed_from
    from justicegraph.snapshot import write_snapshot
    from justicegraph.validate import validate

    inputs = _inputs(folder)
    project = load_folder(folder, track)
    store = store_of(project)
    findings = validate(project, store, track, removed_from(folder))
    for finding in findings:
        say(str(finding))
    if findings:
        raise BrokenRules(f"{count(len(findings), 'finding')}: nothing was built. Mend them and build again.")
    rules = project.rules
    del project  # its triples are in the store, and take as much memory again
    reason(store, rules)
    context = read_context(folder)
    dumps = {"justicegraph.jsonld": lambda each, file: write_jsonld(each, context, file)}
    return write_snapshot(store, place, inputs, dumps)


def _inputs(folder: Path) -> str:
    """Return the fingerprint of all that a snapshot is made from, the program included."""
    from justicegraph.home import PACKAGE
    from justicegraph.snapshot import fingerprint

    return fingerprint(*(folder / name for name in ("graph", "ontology", "shapes")), PACKAGE)


def app_of_snapshot(snapshot: "Snapshot", folder: Path) -> "Wsgi":
    """Return the application that serves a snapshot of this project."""
    from justicegraph.evaluate import evaluate
    from justicegraph.jsonld import read_context
    from justicegraph.removal import removed_from
    from justicegraph.snapshot import open_store
    from justicegraph.web import Site, create_app

    store = open_store(snapshot)
    ask = partial(evaluate, store, union=True)
    site = Site(
        ask, read_context(folder), snapshot.path.resolve(), folder / "queries", folder / "ontology" / "examples",
        snapshot.id, removed_from(folder),
    )  # fmt: skip
    return create_app(site)


def app_of_files(files: list[Path], union: bool, folder: Path) -> "Wsgi":
    """Return the application that serves these RDF files."""
    from justicegraph.evaluate import evaluate
    from justicegraph.jsonld import read_context
    from justicegraph.snapshot import load_store
    from justicegraph.web import Site, create_app

    return create_app(Site(partial(evaluate, load_store(files), union=union), read_context(folder)))


def _check_port(host: str, port: int) -> None:
    """Raise PortInUse where the address cannot be listened on; the server itself would only log it and try again."""
    import socket

    from justicegraph.errors import PortInUse

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        remedy = "Choose another with --port (or PORT= for make)."
        raise PortInUse(f"{host}:{port} cannot be listened on: {error.strerror}. {remedy}") from error
