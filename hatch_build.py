"""Hatch's build hook: it builds the query editor and the maps with Node, and adds the documentation if it is built.

The pages work without them: the query page is a form, a place has a name, and /docs says how to build the docs.
"""

import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = "src/justicegraph/web/static/built/manifest.json"
DOCS = "build/docs"

PATIENCE = 300
"""Seconds that npm may take to fetch the packages that the build needs."""


class BuildHook(BuildHookInterface[Any]):
    """Runs before a wheel is made, also before an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the front end, and add the documentation to a wheel.

        Raise RuntimeError where JUSTICEGRAPH_FRONTEND is "required" and the front end cannot be built; else warn.
        """
        reason = _build(Path(self.root, "frontend"))
        if reason and os.environ.get("JUSTICEGRAPH_FRONTEND") == "required":
            raise RuntimeError(f"The front end cannot be built: {reason}.")
        if reason and not Path(self.root, BUILT).is_file():  # an earlier build may have left it
            self.app.display_warning(f"The pages will have no query editor and no maps: {reason}.")
        if version != "editable":
            self._add_docs(build_data)

    def _add_docs(self, build_data: dict[str, Any]) -> None:
        folder = Path(self.root, DOCS)
        if (folder / "index.html").is_file():
            build_data["force_include"][str(folder)] = "justicegraph/docs"
        else:
            self.app.display_warning("The wheel will have no documentation: run `make docs` first to include it.")


def _build(folder: Path) -> str:
    """Build the front end; return "" when done, or the reason why it cannot be built."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or not (folder / "build.mjs").is_file():
        return "Node and npm are not installed" if folder.is_dir() else "the folder frontend/ is missing"
    try:
        _fetch(folder, npm)
    except (OSError, subprocess.SubprocessError):
        return "npm cannot fetch the packages that the build needs"
    build = subprocess.run([node, "build.mjs"], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    return "" if build.returncode == 0 else f"node build.mjs failed with {build.stderr.strip()[-500:]}"


def _fetch(folder: Path, npm: str) -> None:
    """Install the packages of the lock file, unless they are installed already."""
    lock, stamp = folder / "package-lock.json", folder / "node_modules" / ".lock-sha256"
    wanted = sha256(lock.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != wanted:
        subprocess.run([npm, "ci"], cwd=folder, capture_output=True, check=True, timeout=PATIENCE)  # noqa: S603
        stamp.write_text(wanted, encoding="ascii")
