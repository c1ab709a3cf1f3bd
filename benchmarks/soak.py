"""Mixed load for an hour, with kills, new snapshots and clients that leave: nothing fails, nothing grows.

    python -m benchmarks.soak [--minutes 60] [--files 2000]

Eight clients ask small and medium queries all the time, and every answer must be a 200. Meanwhile others send runaway
queries and memory bombs, leave before the answer comes, or read a long answer slowly; every 20 seconds a worker is
killed, every 2 minutes the supervisor, and every 5 minutes there is a new snapshot. Each minute it prints what the
processes hold.
"""

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from benchmarks.attack import HUNGRY, LEAN, PERSONS, SMALL, Client, Seen
from benchmarks.generate import generate
from benchmarks.machine import machine
from benchmarks.processes import memory
from benchmarks.run import cost_of, justicegraph
from benchmarks.servers import Server, serving_folder

MEDIUM = Path(__file__).with_name("mix") / "causes_by_how_many_work_on_them.rq"
LONG = "SELECT * {{ ?s ?p ?o }} LIMIT 20000 # {number}"


class Soak:
    """The load on one server."""

    def __init__(self, server: Server, folder: Path, build: Path) -> None:
        self._server, self._folder, self._build = server, folder, build
        self.good, self.bad, self.deeds = Seen(), Seen(), Counter[str]()
        self.failures: list[str] = []
        self._done = threading.Event()
        self._numbers = iter(range(1, sys.maxsize))

    def run(self, seconds: float) -> None:
        """Put the load on for so long, and print a line a minute."""
        deeds = [self._ask_well] * 8 + [self._attack] * 2 + [self._leave, self._read_slowly]
        threads = [threading.Thread(target=self._again, args=(deed, 0.0), daemon=True) for deed in deeds]
        for deed, pause in ((self._kill_worker, 20), (self._kill_supervisor, 120), (self._build_anew, 300)):
            threads.append(threading.Thread(target=self._again, args=(deed, pause), daemon=True))
        for thread in threads:
            thread.start()
        start = time.monotonic()
        while (lasted := time.monotonic() - start) < seconds:
            time.sleep(min(60.0, seconds - lasted))
            print(self._line(time.monotonic() - start), flush=True)
        self._done.set()

    def _line(self, lasted: float) -> str:
        held, processes = memory(self._server.session), _processes(self._server.session)
        files = sum(
            len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in processes if Path(f"/proc/{pid}/fd").exists()
        )
        p99, self.good.seconds = self.good.p(0.99), []
        return (
            f"{lasted / 60:5.1f} min: {sum(self.good.statuses.values()):,} good, {len(self.failures)} failed, "
            f"p99 {1000 * p99:.0f} ms; others {dict(self.bad.statuses)}; {dict(self.deeds)}; "
            f"{held.together / 2**20:,.0f} MB, {len(processes)} processes, {files} files"
        )

    def _again(self, deed: Callable[[], None], pause: float) -> None:
        while not self._done.wait(pause):
            deed()

    def _ask_well(self) -> None:
        client = Client(self._server, self.good)
        for _ in range(500):
            query = MEDIUM.read_text() if random.random() < 0.02 else SMALL.format(number=random.randint(1, PERSONS))
            status, body = client.run_query(f"{query} # {next(self._numbers)}")
            if status != 200 and not self._done.is_set():
                self.failures.append(f"{time.strftime('%X')} {status} {body[-200:]!r}")
                print(self.failures[-1], flush=True)

    def _attack(self) -> None:
        Client(self._server, self.bad).run_query(random.choice((LEAN, HUNGRY)).format(number=next(self._numbers)))

    def _leave(self) -> None:
        """Ask for what takes long, and go away."""
        with socket.create_connection(("127.0.0.1", self._server.port)) as one:
            one.sendall(_request(self._server.path, LEAN.format(number=next(self._numbers))))
            time.sleep(random.random())
        self.deeds["left"] += 1

    def _read_slowly(self) -> None:
        with socket.create_connection(("127.0.0.1", self._server.port)) as one:
            one.sendall(_request(self._server.path, LONG.format(number=next(self._numbers))))
            for _ in range(10):
                one.recv(4096)
                time.sleep(0.2)
        self.deeds["read slowly"] += 1

    def _kill_worker(self) -> None:
        _, _, workers = _tree(self._server.session)
        if workers:
            self._kill(random.choice(workers), "worker killed")

    def _kill_supervisor(self) -> None:
        _, supervisors, _ = _tree(self._server.session)
        if supervisors:
            self._kill(supervisors[-1], "supervisor killed")

    def _kill(self, pid: int, deed: str) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            self.deeds[deed] += 1

    def _build_anew(self) -> None:
        """Change an entry and build: the server takes the new snapshot up."""
        path = self._folder / "graph" / "places" / "invented-place-1.ttl"
        name = f'"Invented Place 1, {next(self._numbers)}"@en'
        path.write_text(path.read_text().replace('"Invented Place 1"@en', name))
        command = [justicegraph(), "build", "--folder", str(self._folder), "--build-dir", str(self._build)]
        built = subprocess.run(command, capture_output=True, text=True, check=False)
        self.deeds["built" if built.returncode == 0 else f"not built: {built.stderr[-200:]}"] += 1
        path.write_text(path.read_text().replace(name, '"Invented Place 1"@en'))


def _request(path: str, query: str) -> bytes:
    return f"GET {path}?query={quote(query, safe='')} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def _processes(session: int) -> dict[int, int]:
    """Return the processes of a session with their parents."""
    found = {}
    for place in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            stat = (place / "stat").read_text().rpartition(")")[2].split()
            if int(stat[3]) == session:
                found[int(place.name)] = int(stat[1])
    return found


def _files(process: int) -> int:
    """Return how many files a process has open; 0 where it has ended."""
    with suppress(OSError):
        return len(os.listdir(f"/proc/{process}/fd"))
    return 0


def _tree(session: int) -> tuple[list[int], list[int], list[int]]:
    """Return the processes that serve, the supervisors and the workers: below the root, floor by floor."""
    parents, floor = _processes(session), [session]
    floors = []
    for _ in range(3):
        floor = sorted(pid for pid, parent in parents.items() if parent in floor)
        floors.append(floor)
    return floors[0], floors[1], floors[2]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="Mixed load with kills and new snapshots.")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--files", type=int, default=2_000, help="entries of the graph")
    asked = parser.parse_args()
    print("\n".join(machine()), end="\n\n", flush=True)
    with TemporaryDirectory(prefix="justicegraph-bench-") as name:
        folder, build = Path(name) / "project", Path(name) / "build"
        generate(asked.files, folder)
        cost_of([justicegraph(), "build", "--folder", str(folder), "--build-dir", str(build)])
        with serving_folder(folder, build, "--time-limit", "5", "--cache", "16") as server:
            soak = Soak(server, folder, build)
            soak.run(60 * asked.minutes)
        print(f"\n{len(soak.failures)} good requests failed")
    sys.exit(bool(soak.failures))


if __name__ == "__main__":
    main()
