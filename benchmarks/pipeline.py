"""Check and build for few files and for many: seconds, memory, and how both grow.

python -m benchmarks.pipeline [COUNT ...]
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.machine import machine
from benchmarks.run import Cost, Failed, cost_of, justicegraph, table

COUNTS = 2_000, 20_000


@dataclass(frozen=True)
class Measured:
    """What so many files cost; `quads` and `size` (bytes) are the snapshot's, what was derived included."""

    files: int
    quads: int
    size: int
    check: Cost
    build: Cost


def measure(files: int) -> Measured:
    """Return what checking and building so many invented files costs; raise Failed where the check finds anything."""
    with TemporaryDirectory(prefix="justicegraph-bench-") as name:
        folder = Path(name)
        cost_of([sys.executable, "-m", "benchmarks.generate", str(files), name], cwd=Path(__file__).parents[1])
        check = cost_of([justicegraph(), "check", "--folder", name])
        build = cost_of([justicegraph(), "build", "--folder", name])
        snapshot = folder / "build" / "current"
        size = sum(path.stat().st_size for path in snapshot.resolve().rglob("*") if path.is_file())
        return Measured(files, json.loads((snapshot / "manifest.json").read_bytes())["quads"], size, check, build)


def rows(sizes: Sequence[Measured]) -> Iterator[list[str]]:
    """Yield a row for each figure: its value at each size, and how many times the first the last one is."""
    figures: dict[str, list[float]] = {
        "quads in the snapshot": [each.quads for each in sizes],
        "snapshot on disk, MB": [each.size / 1e6 for each in sizes],
        "check, s": [each.check.wall for each in sizes],
        "check, s of processor": [each.check.cpu for each in sizes],
        "check, peak MB": [each.check.together / 1e6 for each in sizes],
        "check, peak MB of the largest process": [each.check.largest / 1e6 for each in sizes],
        "build, s": [each.build.wall for each in sizes],
        "build, s of processor": [each.build.cpu for each in sizes],
        "build, peak MB": [each.build.together / 1e6 for each in sizes],
        "build, peak MB of the largest process": [each.build.largest / 1e6 for each in sizes],
    }
    for name, values in figures.items():
        shown = [f"{value:,}" if isinstance(value, int) else f"{value:,.1f}" for value in values]
        yield [name, *shown, f"{values[-1] / values[0]:.1f}"]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="Measure check and build for these counts of invented files.")
    parser.add_argument("counts", metavar="COUNT", nargs="*", type=int, default=COUNTS)
    counts = parser.parse_args().counts
    print("\n".join(machine()), end="\n\n", flush=True)
    try:
        sizes = [measure(count) for count in counts]
    except Failed as failure:
        sys.exit(str(failure))
    growth = f"x {sizes[-1].files / sizes[0].files:.1f}"
    print(table(["files", *(f"{each.files:,}" for each in sizes), growth], list(rows(sizes))))


if __name__ == "__main__":
    main()
