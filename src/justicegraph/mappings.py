"""The decisions of a project, kept in graph/mappings: recorded one by one, and taken out with an entry.

What was found to match stands in one file; what was told apart, and what has no counterpart, in another.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from justicegraph.disk import refusals, through, writing
from justicegraph.names import slug_of
from justicegraph.sssom import SUFFIX, Decision, canonical_sssom, read_sssom

FOLDER = Path("graph/mappings")
MATCHED, REFUSED = f"matched{SUFFIX}", f"refused{SUFFIX}"


def record(root: Path, decisions: Iterable[Decision]) -> None:
    """Write decisions to a project's files, in place of earlier ones on the same two; raise BrokenFile, CannotWrite."""
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    new = {decision.about: decision for decision in decisions}
    for path in (root / FOLDER / MATCHED, root / FOLDER / REFUSED):
        old = read_sssom(path) if path.exists() else []
        kept = [decision for decision in old if decision.about not in new]
        kept += [decision for decision in new.values() if decision.is_positive == (path.name == MATCHED)]
        if kept != old:
            write_decisions(path, kept)


def write_decisions(path: Path, decisions: Sequence[Decision]) -> None:
    """Write a file anew, atomically; a file without decisions goes."""
    if decisions:
        with writing(path) as file:
            file.write(canonical_sssom(decisions, path.name).encode())
        return
    with refusals(path):
        path.unlink(missing_ok=True)
        through(path.parent)


def forget_mappings(mappings: Mapping[Path, Sequence[Decision]], slugs: set[str]) -> dict[Path, list[Decision]]:
    """Take every line of these entries and their parts out of the files; return what is left, of those that changed."""
    changed = {}
    for path, decisions in mappings.items():
        kept = [each for each in decisions if not slugs & {slug_of(each.subject_id), slug_of(each.object_id)}]
        if len(kept) < len(decisions):
            write_decisions(path, kept)
            changed[path] = kept
    return changed
