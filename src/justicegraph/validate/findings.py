"""A finding: file, line, entity, what is wrong, what to do."""

from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode


@dataclass(frozen=True)
class Finding:
    """One thing to mend. `rule` is the IRI of the shape or rule; `entity` the IRI that it is about, as far as known."""

    path: Path
    rule: str
    wrong: str
    remedy: str
    line: int = 1
    entity: str | None = None
    path_iri: str | None = None
    value: NamedNode | Literal | None = None

    def __str__(self) -> str:
        """Return the sentence for the terminal."""
        about = f" {self.entity}:" if self.entity else ""
        return f"{self.path}, line {self.line}:{about} {self.wrong}. {self.remedy}"
