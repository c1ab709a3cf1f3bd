"""A finding: file, line, entity, what is wrong, what to do."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from justicegraph.namespaces import JGS, short
from justicegraph.project.folder import fact_lines
from justicegraph.validate.shacl import Value


@dataclass(frozen=True)
class Finding:
    """One thing to mend. `rule` is the IRI of the shape or rule; `focus`, `predicate` and `value` what it is about."""

    path: Path
    rule: str
    wrong: str
    remedy: str
    line: int = 1
    focus: str | None = None
    predicate: str | None = None
    value: Value | None = None
    component: str = JGS + "CheckConstraintComponent"
    """What kind of constraint it is: one of SHACL's, or a check of ours that is none of them."""

    def __str__(self) -> str:
        """Return the sentence for the terminal."""
        about = f" {short(self.focus)}:" if self.focus else ""
        return f"{self.path}, line {self.line}:{about} {self.wrong}. {self.remedy}"


def line_of(path: Path, focus: str, predicate: str | None = None, value: Value | None = None) -> int:
    """Return the line of this fact in a readable file; of its property's last, or of its subject, where that is all.

    Of a fact that is missing there is only the subject to show.
    """
    subject = NamedNode(focus)
    lines = [
        (triple, line) for triple, line in _lines(path, path.stat().st_mtime_ns).items() if triple.subject == subject
    ]
    same = [line for triple, line in lines if triple.predicate.value == predicate]
    exact = [line for triple, line in lines if triple.predicate.value == predicate and triple.object == value]
    return max(exact or same, default=min((line for _, line in lines), default=1))


@lru_cache(maxsize=32)
def _lines(path: Path, changed: int) -> dict[Triple, int]:  # noqa: ARG001  # a file that has changed is read again
    return fact_lines(path)
