"""A record: what is known of one thing that may be linked, on either side of the link."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that may be linked; a field that is not known is empty.

    `country` is a code or a name, in the same form on both sides; `began` and `ended` are years; `identifiers` has
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
