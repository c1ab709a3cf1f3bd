"""Remove entries from the proposals and the cache of links, when they are removed on request."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from justicegraph.linking.wikidata.review_queue import FOLDER
from justicegraph.namespaces import ID
from justicegraph.system.files import atomic_write, exclusive_lock, write_errors


def remove_proposals(build: Path, slugs: set[str], has_name: Callable[[str], bool]) -> list[Path]:
    """Delete the proposals for entries, and all others that contain their names, from build/link.

    `has_name` tests a text for the names. Return the paths that changed. Cached responses of other servers are all
    deleted, because they do not say for which entry they were fetched. All of this can be found again.
    Raise CannotWrite, also while a search is running, since it would write the entries again.
    """
    folder, iris = build / FOLDER, {ID + slug for slug in slugs}
    changed = [path for path in sorted(folder.glob("*.jsonl")) if _delete_lines(path, iris, has_name)]
    with write_errors(folder):
        for path in _temporary_files(folder):
            path.unlink(missing_ok=True)
    return changed + _clear_cache(folder / "cache")


def _delete_lines(path: Path, iris: set[str], has_name: Callable[[str], bool]) -> bool:
    """Delete the lines about entries from a file; return whether there were any."""
    with write_errors(path):
        lines = path.read_bytes().splitlines(keepends=True)
    others = [line for line in lines if not _is_about(line, iris, has_name)]
    if len(others) < len(lines):
        with atomic_write(path) as file:
            file.writelines(others)
    return len(others) < len(lines)


def _is_about(line: bytes, iris: set[str], has_name: Callable[[str], bool]) -> bool:
    try:
        document = msgspec.json.decode(line)
    except (ValueError, RecursionError):
        return has_name(line.decode("utf-8", "replace"))
    is_proposal = isinstance(document, dict) and document.get("entry") in iris
    return is_proposal or has_name(msgspec.json.encode(document).decode())


def _temporary_files(folder: Path) -> Iterator[Path]:
    """Yield the temporary files of a run that was killed."""
    return (path for path in folder.glob(".*.jsonl.*") if path.is_file())


def _clear_cache(folder: Path) -> list[Path]:
    """Delete all cached responses; return the folder if there were any."""
    if not folder.exists():
        return []
    with exclusive_lock(folder, "`justicegraph link`"), write_errors(folder):
        responses = [path for path in folder.iterdir() if path.name != ".lock"]
        for path in responses:
            path.unlink()
    return [folder] if responses else []
