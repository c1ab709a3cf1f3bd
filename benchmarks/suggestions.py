"""Suggestions from many clients while the server is killed at random: each that was answered must be there afterwards.

    python -m benchmarks.suggestions [--count 1000] [--clients 16] [--seed 1]

Each client opens forms, waits as long as a person must, and sends them; where the connection breaks it sends the same
form again, as a browser does. Meanwhile all processes of the server get SIGKILL at random times, and it is started
anew. In the end each receipt that a client was led to is asked for, and what waits is counted in the file.
"""

import argparse
import http.client
import os
import random
import re
import signal
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from benchmarks.generate import generate
from benchmarks.machine import machine
from benchmarks.run import justicegraph
from benchmarks.servers import _free_port

NEW = "/suggest/new/Organization"
FORMS = 6
"""Forms that a client opens before it sends them."""
PACE = 3.2
"""Seconds between opening and sending: the server takes nothing that is quicker than a person."""
BETWEEN = 4.0, 15.0
"""Seconds between two kills."""
_TOKEN = re.compile(r'name="form" value="([^"]+)"')


class Server:
    """A server that is started again and again on one port."""

    def __init__(self, folder: Path, file: Path) -> None:
        self.port, self.kills = _free_port(), 0
        limits = [f"--suggestions-{name}=100000" for name in ("waiting", "per-client", "per-hour")]
        self._command = [
            justicegraph(), "serve", "--folder", str(folder), "--build-dir", str(folder / "build"), "--port",
            str(self.port), "--suggestions", str(file), "--matchers", "0", *limits,
        ]  # fmt: skip
        self._process = self._start()

    def kill(self) -> None:
        """Kill all of it, and start it anew."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.kills += 1
        self._process = self._start()

    def end(self) -> None:
        """End it for good."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self._command, start_new_session=True, stderr=subprocess.DEVNULL)


class Senders:
    """Clients that send suggestions until there are enough, and the receipts that they were given."""

    def __init__(self, port: int, count: int) -> None:
        self._port, self._left, self._lock = port, list(range(count)), threading.Lock()
        self.receipts: dict[int, str] = {}
        self.seen: Counter[str] = Counter()
        self.slowest = 0.0

    def work(self) -> None:
        """Send until nothing is left."""
        while numbers := self._taken():
            tokens = [(number, self._form()) for number in numbers]
            time.sleep(PACE)
            for number, token in tokens:
                self._send(number, token)

    def _taken(self) -> list[int]:
        with self._lock:
            taken, self._left = self._left[:FORMS], self._left[FORMS:]
            return taken

    def _form(self) -> str:
        while True:
            status, _, text = self.run_query("GET", NEW)
            if status == 200:
                return str(_TOKEN.findall(text)[0])
            time.sleep(0.3)

    def _send(self, number: int, token: str) -> None:
        fields = {
            "form": token, "base": "", "parts": "", "do": "send", "entry.skos-prefLabel.0": f"Suggested Group {number}",
            "entry.skos-definition.0": f"Group number {number}, which does not exist.",
            "source.skos-prefLabel.0": f"Page {number}", "source.skos-definition.0": "A page that nobody wrote.",
        }  # fmt: skip
        while True:
            began = time.monotonic()
            status, place, text = self.run_query("POST", NEW, urlencode(fields))
            self.seen[str(status)] += 1
            if status == 303:
                self.receipts[number], self.slowest = place, max(self.slowest, time.monotonic() - began)
                return
            if status == 422:
                raise AssertionError(re.findall(r"<li>(.*?)</li>", text))
            time.sleep(0.3)

    def run_query(self, method: str, path: str, body: str = "") -> tuple[int, str, str]:
        """Return status, Location and body of an answer; 0 where none came whole."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        with (
            suppress(OSError, http.client.HTTPException),
            closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=90)) as connection,
        ):
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()
        return 0, "", ""


def main() -> None:
    """Send, kill, and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, number in (("--count", 1_000), ("--clients", 16), ("--seed", 1)):
        parser.add_argument(name, type=int, default=number)
    said = parser.parse_args()
    chance = random.Random(said.seed)
    print(*machine(), sep="\n")
    with TemporaryDirectory() as name:
        folder, file = Path(name, "project"), Path(name, "suggestions.sqlite")
        generate(200, folder)
        subprocess.run(
            [justicegraph(), "build", "--folder", str(folder), "--build-dir", str(folder / "build")], check=True
        )
        server = Server(folder, file)
        senders = Senders(server.port, said.count)
        began = time.monotonic()
        threads = [threading.Thread(target=senders.work) for _ in range(said.clients)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(chance.uniform(*BETWEEN))
            server.kill()
        took = time.monotonic() - began
        _count(senders, server, file, said.count, took)
        server.end()


def _count(senders: Senders, server: Server, file: Path, count: int, took: float) -> None:
    """Print what was answered, and what of that is there."""
    while senders.run_query("GET", "/suggest")[0] != 200:
        time.sleep(0.3)
    there = sum(
        status == 200 and "Saved, and waiting." in text
        for status, _, text in (senders.run_query("GET", place) for place in senders.receipts.values())
    )
    with closing(sqlite3.connect(file)) as db:
        kept, slugs = db.execute("SELECT count(*), count(DISTINCT slug) FROM suggestion").fetchone()
        sound = db.execute("PRAGMA integrity_check").fetchone()[0]
    print(
        f"{count:,} suggestions in {took:.0f} s, {server.kills} kills (SIGKILL to every process of the server)\n"
        f"answers to POST: {dict(senders.seen)} (0: the connection broke, and the form was sent again)\n"
        f"answered with a receipt: {len(senders.receipts):,}; there afterwards: {there:,}; "
        f"lost: {len(senders.receipts) - there:,}\n"
        f"kept in the file: {kept:,}, of different entries: {slugs:,}; the file is sound: {sound}\n"
        f"slowest answer with a receipt: {senders.slowest:.1f} s"
    )


if __name__ == "__main__":
    main()
