"""The folders of a project and of its builds."""

import os
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def find_folder(start: Path) -> Path:
    """Return the nearest folder from `start` upwards with graph/ and ontology/, else the one in the package."""
    for folder in (start, *start.parents):
        if (folder / "graph").is_dir() and (folder / "ontology").is_dir():
            return folder
    shipped = PACKAGE / "data"
    return shipped if shipped.is_dir() else PACKAGE.parents[1]


def build_dir(folder: Path) -> Path:
    """Return the folder of builds: the project's build/, or the user's cache folder for the project in the package."""
    if folder == PACKAGE / "data":
        cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return Path(cache) / "justicegraph"
    return folder / "build"


def docs_folder() -> Path:
    """Return where the built documentation is, or would be: in the package, else in the checkout's build/docs."""
    shipped = PACKAGE / "docs"
    return shipped if shipped.is_dir() else PACKAGE.parents[1] / "build" / "docs"
