"""What was found for entries, without those that are removed on request."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

from justicegraph.linking.wikidata.review_queue import FOLDER
from justicegraph.namespaces import ID
from justicegraph.system.files import atomic_write, exclusive_lock, write_errors


def forget_found(build: Path, slugs: set[str], tells: Callable[[str], bool]) -> list[Path]:
    """Take the questions on entries, and all others that tell their names, out of build/link; return what changed.

    Answers of other servers go as a whole: they do not say for whom they were asked. All of this can be found anew.
    Raise CannotWrite, also where a search is under way, since it would write the entries down again.
    """
    folder = build / FOLDER
    changed = [path for path in sorted(folder.glob("*.jsonl")) if _without(path, {ID + slug for slug in slugs}, tells)]
    with write_errors(folder):
        for path in _leftovers(folder):
            path.unlink(missing_ok=True)
    return changed + _forget_answers(folder / "cache")


def _without(path: Path, iris: set[str], tells: Callable[[str], bool]) -> bool:
    """Take lines out of a file; return whether there were any."""
    with write_errors(path):
        lines = path.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if not _is_about(line, iris, tells)]
    if len(kept) < len(lines):
        with atomic_write(path) as file:
            file.writelines(kept)
    return len(kept) < len(lines)


def _is_about(line: bytes, iris: set[str], tells: Callable[[str], bool]) -> bool:
    try:
        said: Any = orjson.loads(line)
    except ValueError:
        return tells(line.decode("utf-8", "replace"))
    return (isinstance(said, dict) and said.get("entry") in iris) or tells(orjson.dumps(said).decode())


def _leftovers(folder: Path) -> Iterator[Path]:
    """Yield what a run that was killed has left of a file that it wrote."""
    return (path for path in folder.glob(".*.jsonl.*") if path.is_file())


def _forget_answers(folder: Path) -> list[Path]:
    if not folder.exists():
        return []
    with exclusive_lock(folder, "`justicegraph link`"), write_errors(folder):
        answers = [path for path in folder.iterdir() if path.name != ".lock"]
        for path in answers:
            path.unlink()
    return [folder] if answers else []
