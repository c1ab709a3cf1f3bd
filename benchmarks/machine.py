"""On what a figure was measured: without that, it means nothing."""

import os
import platform
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

PACKAGES = "pyoxigraph", "rdflib", "pyshacl", "flask", "granian", "justicegraph"


def machine() -> Iterator[str]:
    """Yield lines that name the processor, memory, load, Python and the packages that do the work."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    yield f"{_processor()}, {len(os.sched_getaffinity(0))} cores, {memory / 2**30:.0f} GiB of memory"
    # Figures from a machine that was busy with something else are no figures.
    yield f"load before the start: {os.getloadavg()[0]:.2f}"
    yield ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in PACKAGES)])


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    for line in described.read_text(encoding="utf-8").splitlines() if described.exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    print("\n".join(machine()))
