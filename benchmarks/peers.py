"""An environment with the peers that our server is measured against, in the versions of peers.txt."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.run import cost_of

PLACE = Path(__file__).parents[1] / "build" / "peers"
PINNED = Path(__file__).with_name("peers.txt")
_SHOWN = "oxigraph", "rdflib-endpoint", "oxrdflib", "rdflib", "uvicorn"
_VERSIONS = "import json, sys; from importlib.metadata import version; print(json.dumps([*map(version, sys.argv[1:])]))"


def make_peers(place: Path) -> None:
    """Make the environment where there is none; raise Failed where a package cannot be installed."""
    if not (place / "bin" / "oxigraph").exists():
        cost_of([sys.executable, "-m", "venv", str(place)])
        install = "install", "--quiet", "--disable-pip-version-check", "--requirement", str(PINNED)
        cost_of([str(place / "bin" / "pip"), *install])


def versions(place: Path) -> str:
    """Return the names and versions of the peers in an environment."""
    command = [str(place / "bin" / "python"), "-c", _VERSIONS, *_SHOWN]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return "peers: " + ", ".join(f"{name} {version}" for name, version in zip(_SHOWN, found, strict=True))
