"""Reconciliation over HTTP: batches of 10 queries from 16 connections, against 50,000 organizations.

    python -m benchmarks.reconciliation [--seconds 10] [--connections 16] [--entries 50000]

The entries are the organizations of ../shared/linking with their names, sites, years, cities and countries, served from
a snapshot as a project's are; the cities and countries are entries too. The queries are those of the dev split, each
once, with country and city as evidence, and with the name alone. They are sent by GET, so that wrk can do it with
load.lua: OpenRefine uses POST, which costs the server the same reading.
"""

import argparse
import gzip
import http.client
import json
import shutil
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad, Store

from benchmarks.linking.data import FOLDER, real_queries
from benchmarks.load import check_wrk, load, warm_up
from benchmarks.machine import machine
from benchmarks.processes import cpu_seconds, memory
from benchmarks.run import Failed, table
from benchmarks.servers import Server, request, serving_folder
from justicegraph.build import fingerprint_of
from justicegraph.linking.records import Record
from justicegraph.namespaces import DERIVED_GRAPH, ID, JG, JGT, SKOS, TYPE, XSD, document_of
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.snapshot import write_snapshot
from justicegraph.search import FOLDER as SEARCH
from justicegraph.search import write_search
from justicegraph.sparql.evaluate import evaluate

PROJECT = Path(__file__).parents[1]
BATCH = 10
PATIENCE = 300
"""Seconds in which the entries must be read and indexed."""


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Measure reconciliation over HTTP.")
    parser.add_argument("--seconds", type=int, default=10, help="how long each run lasts")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--entries", type=int, default=50_000, help="organizations at most")
    parser.add_argument("--matchers", type=int, default=0, help="workers that match; else the server's default")
    asked = parser.parse_args()
    print("\n".join(machine()))
    try:
        check_wrk()
        if not FOLDER.is_dir():
            raise Failed(f"{FOLDER} is not here: it has the organizations and the queries")
        with TemporaryDirectory(prefix="justicegraph-bench-") as name:
            _measure(Path(name), asked)
    except Failed as failed:
        sys.exit(str(failed))


def _measure(folder: Path, asked: argparse.Namespace) -> None:
    project, build = folder / "project", folder / "build"
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(PROJECT / part, project / part)
    (project / "graph").mkdir()
    store = store_of(load_folder(project))
    count = _fill(store, asked.entries)
    # As `build` does it: the server takes up no other.
    search = {SEARCH: partial(write_search, partial(evaluate, store, union=True))}
    write_snapshot(store, build, fingerprint_of(project), {}, search)
    quads = len(store)
    del store
    options = ["--matchers", str(asked.matchers)] if asked.matchers else []
    with serving_folder(project, build, *options) as answers:
        server = Server("justicegraph", answers.port, "/reconcile", answers.session)
        seconds = _until_ready(server)
        _check(server)
        print(f"\n{count:,} entries, {quads:,} quads; the first batch was answered {seconds:.1f} s after SPARQL was")
        rows = [_row(server, folder, with_place, asked) for with_place in (True, False)]
        held = memory(server.session)
    heads = [
        f"batches of {BATCH}, {asked.connections} connections",
        "queries/s",
        "p50, ms",
        "p99, ms",
        "cpu ms a query",
    ]
    print("\n" + table(heads, rows))
    together, private = held.together / 1e6, held.private / 1e6
    print(f"\nmemory of all processes: {together:,.0f} MB (Pss), {private:,.0f} MB written by one alone")


def _row(server: Server, folder: Path, with_place: bool, asked: argparse.Namespace) -> list[str]:
    """Return a row of the table: what was sent, and what came of it."""
    batches = [f"?queries={quote(json.dumps(batch), safe='')}" for batch in _batches(with_place)]
    requests, order = folder / "requests", folder / "order"
    requests.write_text("".join(f"{each}\n" for each in batches), encoding="ascii")
    order.write_text("".join(f"{number}\n" for number in range(1, len(batches) + 1)), encoding="ascii")
    files = requests, order
    warm_up(server, files, asked.connections, "application/json")
    run = load(server, files, asked.seconds, asked.connections, "application/json")
    name = "name, country and city" if with_place else "name alone"
    figures = (run.rate * BATCH, run.p50 * 1000, run.p99 * 1000)
    return [name, *(f"{figure:,.0f}" for figure in figures), f"{run.cpu / BATCH * 1000:.2f}"]


def _batches(with_place: bool) -> Iterator[dict[str, Any]]:
    queries = [query.record for query in real_queries("dev")]
    for start in range(0, len(queries) - BATCH + 1, BATCH):
        yield {f"q{at}": _query(each, with_place) for at, each in enumerate(queries[start : start + BATCH])}


def _query(record: Record, with_place: bool) -> dict[str, Any]:
    """Return a query as OpenRefine writes it."""
    told = [("country", record.country), ("city", record.city)] if with_place else []
    said: dict[str, Any] = {"query": record.name, "type": "Organization", "type_strict": "should", "limit": 5}
    properties = [{"pid": pid, "v": value} for pid, value in told if value]
    return said | ({"properties": properties} if properties else {})


def _until_ready(server: Server) -> float:
    """Return the seconds until a batch is answered; raise Failed where that takes too long."""
    began = time.monotonic()
    while (lasted := time.monotonic() - began) < PATIENCE:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        connection.request("GET", f"{server.path}?queries={quote(json.dumps({'q0': {'query': 'University'}}))}")
        status = connection.getresponse().status
        connection.close()
        if status == 200:
            return lasted
        time.sleep(0.2)
    raise Failed(f"no batch was answered in {PATIENCE} s, which took {cpu_seconds(server.session):.0f} s of processors")


def _check(server: Server) -> None:
    """Raise Failed where most queries have no candidates: then something else is measured."""
    batch = next(_batches(with_place=True))
    said = json.loads(request(server.port, "GET", f"{server.path}?queries={quote(json.dumps(batch), safe='')}"))
    found = sum(bool(each["result"]) for each in said.values())
    if len(said) < BATCH or found < BATCH / 2:
        told = f"of {BATCH} queries, {len(said)} were answered and {found} have candidates"
        raise Failed(f"{told}: was the program changed meanwhile, so that the server has built another snapshot?")


def _fill(store: Store, most: int) -> int:
    """Add organizations and their places to a store, and return how many entries there are."""
    places: dict[tuple[str, str], str] = {}
    number = 0
    with gzip.open(FOLDER / "organizations.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            said = json.loads(line)
            seat = _place(store, places, said.get("country") or "", said.get("city") or "")
            store.extend(_organization(f"organization-{number}", said, seat))
            if number == most:
                break
    return number + len(places)


def _organization(slug: str, said: dict[str, Any], seat: str) -> Iterator[Quad]:
    names = [said["name"], *(each["value"] for each in said["names"] if each["value"] != said["name"])]
    yield from _entry(slug, "Organization", names)
    told = {"isLocatedIn": NamedNode(ID + seat)} if seat else {}
    site, year = said.get("website"), said.get("established")
    if site and " " not in site:
        told["website"] = NamedNode(site)
    if year:
        store_year = Literal(str(year), datatype=NamedNode(XSD + "gYear"))
        yield _quad(slug, JG + "foundedOn", store_year)
    for name, value in told.items():
        yield _quad(slug, JG + name, value)


def _place(store: Store, places: dict[tuple[str, str], str], country: str, city: str) -> str:
    """Return the slug of a city in a country, else of the country, and add what is new."""
    if not country:
        return ""
    if (country, "") not in places:
        places[country, ""] = slug = f"country-{len(places)}"
        store.extend([*_entry(slug, "Place", [country]), _quad(slug, JG + "level", NamedNode(JGT + "country"))])
    if city and (country, city) not in places:
        places[country, city] = slug = f"city-{len(places)}"
        within = _quad(slug, JG + "isWithin", NamedNode(ID + places[country, ""]))
        store.extend([*_entry(slug, "Place", [city]), within, _quad(slug, JG + "level", NamedNode(JGT + "city"))])
    return places[country, city]


def _entry(slug: str, kind: str, names: list[str]) -> Iterator[Quad]:
    yield _quad(slug, TYPE, NamedNode(JG + kind))
    yield Quad(NamedNode(ID + slug), NamedNode(TYPE), NamedNode(JG + "Entity"), NamedNode(DERIVED_GRAPH))
    yield _quad(slug, SKOS + "definition", Literal("An entry of a benchmark.", language="en"))
    for place, name in enumerate(names):
        yield _quad(slug, SKOS + ("altLabel" if place else "prefLabel"), Literal(name, language="en"))


def _quad(slug: str, name: str, value: NamedNode | Literal) -> Quad:
    return Quad(NamedNode(ID + slug), NamedNode(name), value, NamedNode(document_of(slug)))


if __name__ == "__main__":
    main()
