"""Pages: how light an entry's page is, how fast pages come that nobody has kept, and lists of many entries.

    python -m benchmarks.pages [--quads 1000000] [--entries 100000] [--seconds 10] [--only sizes,entries,lists]

Sizes are those of ten entries of our own graph, HTML and CSS together, compressed. Entries are asked for over HTTP, at
random and each as often as any other, with the cache off. Lists are made in this process, one after the other.
"""

import argparse
import gzip
import http.client
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from pyoxigraph import NamedNode, Quad, Store

from benchmarks.invent import KINDS
from benchmarks.load import check_wrk, load, warm_up, write_names
from benchmarks.machine import machine
from benchmarks.quads import BASE, PER_ENTRY, invented_store
from benchmarks.run import Failed, table
from benchmarks.search import share
from benchmarks.servers import Server, serving_folder
from justicegraph.build import build_snapshot, fingerprint_of
from justicegraph.jsonld import read_context
from justicegraph.namespaces import ID, JG, TYPE
from justicegraph.project.snapshot import write_snapshot
from justicegraph.search import FOLDER as SEARCH
from justicegraph.search import SearchIndex, write_search
from justicegraph.sparql.evaluate import evaluate
from justicegraph.web import Site, create_app

PROJECT = Path(__file__).parents[1]
OURS = (
    "leonard-peltier", "mumia-abu-jamal", "critical-resistance", "american-civil-liberties-union",
    "free-mumia-abu-jamal", "national-prison-strike-2018", "death-penalty", "alabama", "united-states",
    "aclu-smart-justice-alabama",
)  # fmt: skip
"""Entries of our own graph: of each kind that has pages of its own form, and among the longest."""
PARTS = ("sizes", "entries", "lists")
_SHEET = re.compile(rb'<link rel="stylesheet" href="([^"]+)"')


def sizes(folder: Path) -> Iterator[str]:
    """Yield the table of how many bytes the pages of ten entries have, as a proxy in front compresses them."""
    build_snapshot(PROJECT, folder)
    with serving_folder(PROJECT, folder) as server:
        rows = []
        for slug in OURS:
            page = _get(server, f"/doc/{slug}")
            styles = [_get(server, path.decode()) for path in _SHEET.findall(page)]
            html, css = len(gzip.compress(page)), sum(len(gzip.compress(each)) for each in styles)
            rows.append([slug, f"{len(page) / 1000:.1f}", *(f"{each / 1000:.1f}" for each in (html, css, html + css))])
    yield table(["page of an entry, kB", "HTML", "compressed", "CSS, compressed", "together"], rows)


def entries(folder: Path, quads: int, seconds: int, connections: int) -> Iterator[str]:
    """Yield the table of how fast pages of entries come from a graph of about so many quads."""
    project, build = folder / "project", folder / "build"
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(PROJECT / part, project / part)
    (project / "graph").mkdir()
    store = invented_store(quads)
    names = _names(store)
    # As `build` does it: the server takes up no other.
    search = {SEARCH: partial(write_search, partial(evaluate, store, union=True))}
    write_snapshot(store, build, fingerprint_of(project), {}, search)
    yield f"{len(store):,} quads, {sum(map(len, names.values())):,} entries"
    del store
    with serving_folder(project, build, "--cache", "0", "--no-suggestions") as ours:
        server = Server(ours.name, ours.port, "/doc/", ours.session)
        every = [slug for found in names.values() for slug in found]
        asked = [("any", every, 1), ("any", every, connections)]
        asked += [(kind, slugs, connections) for kind, slugs in names.items()]
        rows = [_row(server, folder, f"{kind}, {many} at a time", slugs, seconds, many) for kind, slugs, many in asked]
    yield table(["pages of entries", "pages a second", "p50, ms", "p99, ms", "cpu ms a page"], rows)


def _names(store: Store) -> dict[str, list[str]]:
    """Return the slugs of the invented entries by their kinds."""
    found: dict[str, list[str]] = {}
    for kind in KINDS:
        there = store.quads_for_pattern(None, NamedNode(TYPE), NamedNode(JG + kind.capitalize()), None)
        slugs = sorted({_slug(quad) for quad in there})
        if slugs:
            found[kind] = slugs
    return found


def _slug(quad: Quad) -> str:
    return str(getattr(quad.subject, "value", "")).removeprefix(ID)


def _row(server: Server, folder: Path, what: str, slugs: list[str], seconds: int, connections: int) -> list[str]:
    chance, order = Random(1), folder / "order"
    names = write_names(folder / "names", slugs)
    order.write_text("".join(f"{chance.randrange(len(slugs)) + 1}\n" for _ in range(100_000)), encoding="ascii")
    warm_up(server, [names, order], connections, "text/html")
    run = load(server, [names, order], seconds, connections, "text/html")
    return [what, f"{run.rate:,.0f}", f"{run.p50 * 1000:.1f}", f"{run.p99 * 1000:.1f}", f"{run.cpu * 1000:.2f}"]


LISTS: Mapping[str, Callable[[Random], dict[str, str]]] = {
    "everything": lambda _: {},
    "everything, page 20": lambda _: {"page": "20"},
    "a word": lambda chance: {"q": chance.choice(("organization", "person", "campaign", "facility"))},
    "a name": lambda chance: {"q": f"Invented organization {chance.randrange(1, 20_000)}"},
    "a name with a slip": lambda chance: {"q": f"Invnted organizaton {chance.randrange(1, 20_000)}"},
    "nothing found": lambda chance: {"q": f"unheardof {chance.randrange(10_000)}"},
    "a kind and a cause": lambda _: {"kind": "Organization", "cause": "prison-conditions"},
    "a word, a cause and years": lambda chance: {
        "q": "invented", "cause": "death-penalty", "year": f"{chance.choice((1970, 1980, 1990))}s",
    },
}  # fmt: skip
"""By what it is, the parameters of a list."""


def lists(folder: Path, count: int, asked: int) -> Iterator[str]:
    """Yield the table of how long lists take, facets and all, over about so many entries."""
    store = invented_store(int(count * PER_ENTRY + BASE))
    run_query = partial(evaluate, store, union=True)
    written = write_search(run_query, folder / SEARCH)
    client = create_app(Site(run_query, read_context(PROJECT), search=SearchIndex.open(folder))).test_client()
    yield f"{written:,} entries"
    rows = []
    for what, make in LISTS.items():
        chance, times = Random(1), []
        for _ in range(asked):
            began = time.perf_counter()
            response = client.get(f"/browse?{urlencode(make(chance))}")
            times.append(time.perf_counter() - began)
            if response.status_code != 200:
                raise Failed(f"{what}: {response.status_code}")
        times.sort()
        rows.append([what, f"{share(times, 0.5):.1f}", f"{share(times, 0.99):.1f}"])
    yield table(["lists", "p50, ms", "p99, ms"], rows)


def _get(server: Server, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    try:
        connection.request("GET", path, headers={"Accept": "text/html"})
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise Failed(f"{path}: {answer.status}")
    return body


def report(asked: argparse.Namespace) -> Iterator[str]:
    """Yield what was measured, a table after the other."""
    yield from machine()
    for part in asked.only.split(","):
        with TemporaryDirectory(prefix="justicegraph-bench-") as name:
            yield ""
            if part == "sizes":
                yield from sizes(Path(name))
            elif part == "entries":
                yield from entries(Path(name), asked.quads, asked.seconds, asked.connections)
            else:
                yield from lists(Path(name), asked.entries, asked.count)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Measure pages of entries, and lists.")
    parser.add_argument("--quads", type=int, default=1_000_000, help="of the graph that entries are shown from")
    parser.add_argument("--entries", type=int, default=100_000, help="of the graph that is listed")
    parser.add_argument("--seconds", type=int, default=10, help="how long each run of pages lasts")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--count", type=int, default=200, help="lists of each sort")
    parser.add_argument("--only", default=",".join(PARTS), help="which parts, with commas between them")
    asked = parser.parse_args()
    if not set(asked.only.split(",")) <= set(PARTS):
        parser.error(f"there are {', '.join(PARTS)}")
    try:
        check_wrk()
        for line in report(asked):
            print(line, flush=True)
    except Failed as failed:
        sys.exit(str(failed))


if __name__ == "__main__":
    main()
