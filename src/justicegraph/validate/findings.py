"""A finding: file, line, entity, what is wrong, what to do."""

from dataclasses import dataclass
from pathlib import Path

from justicegraph.namespaces import JGS, short
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
