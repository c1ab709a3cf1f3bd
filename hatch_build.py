"""Hatch's hook: builds the query page's editor and the outlines of maps into the package, where Node is at hand.

Without them every page works: the query page is a form, and a place is named in words.
"""

import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = "src/justicegraph/web/static/built/manifest.json"

PATIENCE = 300
"""Seconds that npm may take to fetch what the build needs."""


class FrontEnd(BuildHookInterface[Any]):
    """Builds frontend/ before a wheel is made, also an editable one."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build; where that cannot be, say so and go on, or raise RuntimeError where the front end is required."""
        why = _why_not(Path(self.root, "frontend"))
        if why and os.environ.get("JUSTICEGRAPH_FRONTEND") == "required":
            raise RuntimeError(f"The front end cannot be built: {why}.")
        if why and not Path(self.root, BUILT).is_file():  # else what was built before is still there
            self.app.display_warning(f"The pages come without the query editor and maps, and work: {why}.")


def _why_not(folder: Path) -> str:
    """Build, and return nothing; or return why that cannot be."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or not (folder / "build.mjs").is_file():
        return "Node and npm are not installed" if folder.is_dir() else "frontend/ is not here"
    try:
        _fetch(folder, npm)
    except (OSError, subprocess.SubprocessError):
        return "npm cannot fetch what the build needs"
    made = subprocess.run([node, "build.mjs"], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    return "" if made.returncode == 0 else f"node build.mjs says {made.stderr.strip()[-500:]}"


def _fetch(folder: Path, npm: str) -> None:
    """Install what the lock names, where that is not what is there."""
    lock, stamp = folder / "package-lock.json", folder / "node_modules" / ".lock-sha256"
    wanted = sha256(lock.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != wanted:
        subprocess.run([npm, "ci"], cwd=folder, capture_output=True, check=True, timeout=PATIENCE)  # noqa: S603
        stamp.write_text(wanted, encoding="ascii")
