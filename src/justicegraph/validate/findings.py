"""A finding: file, line, entity, what is wrong and what to do."""

from dataclasses import dataclass
from pathlib import Path

from justicegraph.namespaces import JGS, short
from justicegraph.validate.shacl import Value


@dataclass(frozen=True)
class Finding:
    """A mistake to correct. `rule` is the IRI of a shape or rule; `focus`, `predicate` and `value` name the triple."""

    path: Path
    rule: str
    wrong: str
    remedy: str
    line: int = 1
    focus: str | None = None
    predicate: str | None = None
    value: Value | None = None
    component: str = JGS + "CheckConstraintComponent"
    """The IRI of the kind of constraint: one of SHACL, or our own."""

    def __str__(self) -> str:
        """Return the sentence for the terminal."""
        about = f" {short(self.focus)}:" if self.focus else ""
        return f"{self.path}, line {self.line}:{about} {self.wrong}. {self.remedy}"
