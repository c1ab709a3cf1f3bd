"""The list of ids in releases: each must lead somewhere for good, to its entry or to a replacement.

The list is `released.txt` in the repository, sorted, one id a line. Only a removal on request takes an id off.
"""

from collections.abc import Iterable
from pathlib import Path

from justicegraph.namespaces import ID
from justicegraph.rdf.nquads import Lines
from justicegraph.system.files import atomic_write

LIST = "released.txt"


def read_released(root: Path) -> list[str]:
    """Return the slugs on a project's list, in its order; an empty list if there is no file."""
    path = root / LIST
    return path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []


def add_released(root: Path, slugs: Iterable[str]) -> None:
    """Add slugs to the list, atomically."""
    _write(root, {*read_released(root), *slugs})


def remove_released(root: Path, slugs: set[str]) -> None:
    """Take slugs off the list."""
    if slugs.intersection(listed := read_released(root)):
        _write(root, set(listed) - slugs)


def slugs_in(lines: Lines) -> Iterable[str]:
    """Yield the slugs of the entries in canonical N-Quads."""
    start, before = f"<{ID}".encode(), b""
    for line in lines:
        subject = line.partition(b"> ")[0]
        if subject != before and subject.startswith(start) and b"." not in (local := subject[len(start) :]):
            yield local.decode()
        before = subject


def _write(root: Path, slugs: set[str]) -> None:
    with atomic_write(root / LIST) as file:
        file.write("".join(f"{slug}\n" for slug in sorted(slugs)).encode())
