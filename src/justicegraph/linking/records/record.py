"""What is told of a thing, on either side of a link."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Record:
    """One thing to be linked: whatever is not known stays empty.

    `country` is a code or a name, in one manner on both sides; `began` and `ended` are years; `identifiers` has
    a value by scheme, as in {"isni": "0000 0001"}.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    country: str = ""
    city: str = ""
    types: frozenset[str] = frozenset()
    began: int | None = None
    ended: int | None = None
    domain: str = ""
    identifiers: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the aliases."""
        return (self.name, *self.aliases)
