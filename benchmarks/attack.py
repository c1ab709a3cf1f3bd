"""Whether small queries are answered while others attack: endless cross products, lean ones and memory-hungry ones.

    python -m benchmarks.attack [--file FILE.nq] [--seconds 20]

It prints a table: how long small queries take beside no, 8 and 40 attackers; how soon a runaway query ends and the next
one is answered; and whether a memory bomb is contained. Attackers come again at once, and never twice with one query.
"""

import argparse
import http.client
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from benchmarks.machine import machine
from benchmarks.processes import memory
from benchmarks.quads import write_quads
from benchmarks.run import Failed, table
from benchmarks.servers import Server, Setting, serving

SMALL = "SELECT ?p ?o {{ <https://w3id.org/justicegraph/id/invented-person-{number}> ?p ?o }}"
LEAN = "SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f }} # {number}"
HUNGRY = "SELECT * {{ ?a ?b ?c . ?d ?e ?f }} ORDER BY ?f ?a # {number}"
PERSONS = 200
LIMIT = 2
"""Seconds that a question may take in the measures of a single runaway query."""


@dataclass
class Seen:
    """What clients saw: answers by status, and how long each took, in seconds."""

    statuses: Counter[int | str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def p(self, share: float) -> float:
        """Return how long this share of the answers took at most."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


class Client:
    """A client that keeps its connection."""

    def __init__(self, server: Server, seen: Seen) -> None:
        self._server, self._seen = server, seen
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)

    def run_query(self, query: str) -> tuple[int | str, bytes]:
        """Return the status, or the name of the error, and the body; count them."""
        start = time.perf_counter()
        try:
            self._connection.request("GET", f"{self._server.path}?query={quote(query, safe='')}")
            answer = self._connection.getresponse()
            status: int | str = answer.status
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            status, body = type(error).__name__, b""
        self._seen.statuses[status] += 1
        self._seen.seconds.append(time.perf_counter() - start)
        return status, body


@contextmanager
def attackers(server: Server, count: int) -> Iterator[Seen]:
    """Have so many clients attack meanwhile; give what they see."""
    seen, done = Seen(), threading.Event()

    def attack(number: int) -> None:
        client, turn = Client(server, seen), 0
        while not done.is_set():
            turn += 1
            client.run_query((LEAN, HUNGRY)[number % 2].format(number=f"{number}-{turn}"))

    threads = [threading.Thread(target=attack, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        done.set()


def small_queries(server: Server, seconds: float) -> Seen:
    """Return what a client sees that sends small queries, one after the other."""
    seen, end, number = Seen(), time.monotonic() + seconds, 0
    client = Client(server, seen)
    while time.monotonic() < end:
        number += 1
        client.run_query(SMALL.format(number=1 + number % PERSONS))
    return seen


def rows_of_attacks(setting: Setting, seconds: float) -> Iterator[list[str]]:
    """Yield a row for no, 8 and 40 attackers."""
    for count in (0, 8, 40):
        with serving(setting, "--cache", "0") as server, attackers(server, count) as attack:
            small = small_queries(server, seconds)
            peak = memory(server.session).together
        failed = sum(small.statuses.values()) - small.statuses[200]
        met = small.p(0.99) <= 0.1 and not failed and not attack.statuses[200]
        yield [
            f"small queries, {count} attackers", f"{len(small.seconds):,}", f"{1000 * small.p(0.5):.1f}",
            f"{1000 * small.p(0.99):.1f}", f"{1000 * max(small.seconds):.0f}", str(failed),
            f"{attack.statuses[200]} of {sum(attack.statuses.values())}", f"{peak / 2**20:,.0f}",
            "met" if met else "missed",
        ]  # fmt: skip


def rows_of_limits(setting: Setting) -> Iterator[list[str]]:
    """Yield how a runaway query and a memory bomb end, and how soon the next query is answered."""
    with serving(setting, "--cache", "0", "--time-limit", str(LIMIT)) as server:
        for what, query, limit in (("runaway", LEAN, "time"), ("memory bomb", HUNGRY, "memory")):
            for turn in range(3):
                seen = Seen()
                client = Client(server, seen)
                status, body = client.run_query(query.format(number=turn))
                named = json.loads(body).get("limit") if status == 503 else ""
                after, _ = client.run_query(SMALL.format(number=1))
                took, following = seen.seconds
                met = (status, named, after) == (503, limit, 200) and took <= LIMIT + 0.5 and following <= 0.05
                yield [f"{what}, {turn + 1}", f"{status} {named}", f"{took:.2f}", f"{1000 * following:.1f}",
                       "met" if met else "missed"]  # fmt: skip


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="Measure small queries beside attackers.")
    parser.add_argument("--file", type=Path, help="a graph from benchmarks.quads; else one of --quads is made")
    parser.add_argument("--quads", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=20, help="for each number of attackers")
    asked = parser.parse_args()
    print("\n".join(machine()), end="\n\n", flush=True)
    with TemporaryDirectory(prefix="justicegraph-bench-") as name:
        file = asked.file or write_quads(asked.quads, Path(name) / "graph.nq")
        setting = Setting(file, Path(), Path(name))
        head = ["", "answers", "p50 ms", "p99 ms", "max ms", "failed", "attacks answered 200", "MB in all", ""]
        try:
            print(table(head, list(rows_of_attacks(setting, asked.seconds))), end="\n\n", flush=True)
            print(table(["limit 2 s", "ends as", "after s", "next ms", ""], list(rows_of_limits(setting))))
        except Failed as failure:
            sys.exit(str(failure))


if __name__ == "__main__":
    main()
