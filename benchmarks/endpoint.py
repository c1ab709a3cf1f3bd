"""The endpoint beside others: the mix of queries with the cache off, a log and one entity with it on, and memory.

    python -m benchmarks.endpoint [--quads N | --file FILE.nq] [--seconds S] [--only ours,oxigraph-memory]

All servers are up at once and are asked in turn, a query at a time: those that are not asked cost no processor time.
"""

import argparse
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

from benchmarks.answers import check_answers
from benchmarks.figures import LOG, ONE, Runs, memory_table, tables, targets, verdicts
from benchmarks.load import Load, check_wrk, load, warm_up, write_queries
from benchmarks.log import distinct, mix, turns
from benchmarks.machine import machine
from benchmarks.peers import PLACE, make_peers, versions
from benchmarks.processes import memory
from benchmarks.quads import FEWEST
from benchmarks.run import Failed, cost_of
from benchmarks.servers import CACHED, KINDS, MEMORY, OURS, Server, Setting, run_query, running
from justicegraph.namespaces import ID

LOG_TIMES = 3
"""How many times as long as a query the log is sent: the cache is empty at first."""
CHOICE = [name for name in KINDS if name != CACHED]
"""The servers that can be chosen; ours is measured with its cache too."""
ENTRIES = "PREFIX jg: <https://w3id.org/justicegraph/ontology#> SELECT ?entry { ?entry a jg:Entity } ORDER BY ?entry"


@dataclass(frozen=True)
class Asked:
    """What is asked of the servers: the queries by name, for how many seconds each, over how many connections."""

    queries: Mapping[str, str]
    seconds: int
    connections: int
    seed: int


def measure_mix(servers: Sequence[Server], asked: Asked, folder: Path) -> Runs:
    """Return the loads of each query on each server."""
    runs: dict[str, dict[str, Load]] = {}
    for name, query in asked.queries.items():
        files = [write_queries(folder / name, [query])]
        runs[name] = {}
        for server in servers:
            warm_up(server, files, asked.connections)
            runs[name][server.name] = load(server, files, asked.seconds, asked.connections)
        _tell(name, runs[name])
    return runs


def measure_cached(servers: Sequence[Server], asked: Asked, folder: Path) -> tuple[int, Runs]:
    """Return how many queries a log has, and the loads of the log, asked twice, and of one entity on each server."""
    queries = distinct(asked.queries.values(), slugs(servers[0]), asked.seed)
    log = write_queries(folder / "log", queries)
    orders = [folder / "turns-1", folder / "turns-2"]
    for number, order in enumerate(orders):
        order.write_text("\n".join(map(str, turns(len(queries), asked.seed + number))), encoding="ascii")
    one = write_queries(folder / "one", [mix()["one_entity"]])
    sent = {LOG: [log, orders[0]], "log, after that": [log, orders[1]], ONE: [one]}
    runs: dict[str, dict[str, Load]] = {}
    for name, files in sent.items():
        seconds = asked.seconds * (LOG_TIMES if log in files else 1)
        runs[name] = {server.name: load(server, files, seconds, asked.connections) for server in servers}
        _tell(name, runs[name])
    return len(queries), runs


def slugs(server: Server) -> list[str]:
    """Return the slugs of all entries."""
    found = parse_query_results(run_query(server, ENTRIES), QueryResultsFormat.JSON)
    entries = [row[0] for row in found] if isinstance(found, QuerySolutions) else []
    return [entry.value.removeprefix(ID) for entry in entries if isinstance(entry, NamedNode)]


def one_loaded(file: Path) -> int:
    """Return the bytes that one process holds which has loaded the graph and does nothing else (Pss)."""
    load_it = "from pyoxigraph import *; s = Store(); s.bulk_load(path=sys.argv[1], format=RdfFormat.N_QUADS)"
    command = [sys.executable, "-c", f"import sys; {load_it}; print(); sys.stdin.read()", str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout
        process.stdout.readline()
        return memory(process.pid).together


def report(names: Sequence[str], asked: Asked, setting: Setting) -> Iterator[str]:
    """Yield the tables of all that can be measured with these servers."""
    with ExitStack() as stack:
        servers = {name: _start(stack, name, setting) for name in names}
        check_answers(asked.queries, list(servers.values()))
        uncached = [server for name, server in servers.items() if name != CACHED]
        runs = measure_mix(uncached, asked, setting.folder)
        yield from tables(runs, mean=True)
        held = {server.name: memory(server.session) for server in uncached}
        loaded = one_loaded(setting.file)
        yield memory_table(held, loaded)
        cached: Runs = {}
        if CACHED in servers:
            cached_and_peer = [servers[name] for name in (CACHED, MEMORY) if name in servers]
            count, cached = measure_cached(cached_and_peer, asked, setting.folder)
            yield f"The log has {count:,} distinct queries; the nth is asked n times as rarely as the first."
            yield from tables(cached)
        if found := targets(runs, cached, held.get(OURS), loaded):
            yield verdicts(found)


def _start(stack: ExitStack, name: str, setting: Setting) -> Server:
    _tell(f"starting {name}")
    return stack.enter_context(running(name, setting))


def _tell(what: str, loads: Mapping[str, Load] = MappingProxyType({})) -> None:
    figures = ", ".join(f"{name} {load.rate:,.0f}/s" for name, load in loads.items())
    print(f"{what}: {figures}" if figures else what, file=sys.stderr, flush=True)


def _file(asked: argparse.Namespace, folder: Path) -> Path:
    """Return the file to serve, which is made where none is named."""
    if asked.file:
        return Path(asked.file).resolve()
    _tell(f"making a graph of {asked.quads:,} quads")
    file = folder / "graph.nq"
    cost_of([sys.executable, "-m", "benchmarks.quads", str(asked.quads), str(file)], cwd=Path(__file__).parents[1])
    return file


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the SPARQL endpoint beside others.")
    parser.add_argument("--quads", type=int, default=1_000_000, help=f"from {FEWEST:,}; [1,000,000]")
    parser.add_argument("--file", type=Path, help="a graph that benchmarks.quads has written, instead")
    parser.add_argument("--seconds", type=int, default=5, help="how long each query is asked; [5]")
    parser.add_argument("--connections", type=int, default=16, help="how many ask at a time; [16]")
    parser.add_argument("--only", type=_names, default=CHOICE, help=f"which servers: [{','.join(CHOICE)}]")
    parser.add_argument("--queries", type=_names, default=list(mix()), help="which of the mix, by name; [all]")
    parser.add_argument("--peers", type=Path, default=PLACE, help="their environment, made where there is none")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives another log")
    asked = parser.parse_args()
    for names, known in ((asked.only, CHOICE), (asked.queries, list(mix()))):
        if unknown := set(names).difference(known):
            parser.error(f"{min(unknown)} is none of {', '.join(known)}")
    if asked.file and not asked.file.is_file():
        parser.error(f"{asked.file} is no file")
    return asked


def _names(text: str) -> list[str]:
    return text.split(",")


def main() -> None:
    """Run the benchmark."""
    said = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended before all was measured"))  # and so end the servers
    names = [name for name in KINDS if (OURS if name == CACHED else name) in said.only]
    queries = {name: query for name, query in mix().items() if name in said.queries}
    try:
        check_wrk()
        print("\n".join(machine()), flush=True)
        if set(names) - {OURS, CACHED}:
            make_peers(said.peers)
            print(versions(said.peers), flush=True)
        with TemporaryDirectory(prefix="justicegraph-bench-") as folder:
            setting = Setting(_file(said, Path(folder)), said.peers, Path(folder))
            for text in report(names, Asked(queries, said.seconds, said.connections, said.seed), setting):
                print(f"\n{text}", flush=True)
    except Failed as failure:
        sys.exit(str(failure))


if __name__ == "__main__":
    main()
