"""From nothing to the first answer: set-up, then serve until it answers, then the command's own start.

    python -m benchmarks.start [--here]

All of it is measured in a fresh clone of the last commit, in an environment of its own. `--here` leaves the set-up out
and measures the checkout as it is, in the environment that the benchmark runs in.
"""

import argparse
import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from benchmarks.machine import machine
from benchmarks.run import Failed, cost_of, environment, justicegraph, table

PROJECT = Path(__file__).parents[1]
TO_ANSWER = 5.0
"""Seconds that `serve` may take until it answers, a build included."""
TO_HELP = 0.150
"""Seconds that `justicegraph --help` may take."""
STARTS, HELPS = 3, 10
PATIENCE = 120
"""Seconds after which a server that has not answered is given up."""


def set_up(place: Path) -> float:
    """Clone the project and make its environment; return how many seconds the latter took."""
    cost_of(["git", "clone", "--quiet", str(PROJECT), str(place)])
    return cost_of(["make", ".venv/ready", f"PYTHON={sys.executable}"], cwd=place).wall


def seconds_to_answer(command: str, folder: Path, build: Path) -> float:
    """Return the seconds from the start of `serve` to its first answer; raise Failed where none comes."""
    port = _free_port()
    told = [command, "serve", "--port", str(port), "--folder", str(folder), "--build-dir", str(build)]
    with TemporaryFile() as said:
        start = time.perf_counter()
        server = subprocess.Popen(told, env=environment(), stdout=said, stderr=said, start_new_session=True)
        try:
            while not _answers(port):
                if server.poll() is not None or time.perf_counter() - start > PATIENCE:
                    said.seek(0)
                    raise Failed(f"serve does not answer: {said.read().decode(errors='replace')[-500:]}")
                time.sleep(0.01)
            return time.perf_counter() - start
        finally:
            _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    """End a server and its workers, kindly at first."""
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)  # its session is its own, and so is the group
        server.wait()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/sparql?query=ASK%7B%7D")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def rows(command: str, folder: Path) -> Iterator[list[str]]:
    """Yield the rows of the table: what, first, best, median, target, and whether the median meets it."""
    with TemporaryDirectory(prefix="justicegraph-bench-") as builds:
        empty = [seconds_to_answer(command, folder, Path(builds) / str(turn)) for turn in range(STARTS)]
        ready = [seconds_to_answer(command, folder, Path(builds) / "0") for _ in range(STARTS)]
    helps = [cost_of([command, "--help"]).wall for _ in range(HELPS)]
    yield _row("serve to the first answer, no snapshot yet", empty, TO_ANSWER)
    yield _row("serve to the first answer, with a snapshot", ready, TO_ANSWER)
    yield _row("justicegraph --help", helps, TO_HELP)


def _row(what: str, seconds: list[float], target: float) -> list[str]:
    middle = statistics.median(seconds)
    verdict = "met" if middle <= target else "missed"
    return [what, *(f"{each:.3f}" for each in (seconds[0], min(seconds), middle)), f"{target:.2f}", verdict]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="Measure the way from nothing to the first answer.")
    parser.add_argument("--here", action="store_true", help="measure this checkout, without the set-up")
    here = parser.parse_args().here
    print("\n".join(machine()), end="\n\n", flush=True)
    with TemporaryDirectory(prefix="justicegraph-bench-") as name:
        place = PROJECT if here else Path(name) / "justicegraph"
        try:
            if not here:
                took = set_up(place)
                print(
                    f"set-up, make .venv/ready: {took:.1f} s, packages from pip's cache where it has them\n", flush=True
                )
            command = justicegraph() if here else str(place / ".venv" / "bin" / "justicegraph")
            print(table(["seconds", "first", "best", "median", "target", "by the median"], list(rows(command, place))))
        except Failed as failure:
            sys.exit(str(failure))


if __name__ == "__main__":
    main()
