"""A proposal: the triples that a suggestion adds to an entry and removes from it. It is stored as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import ID, local_id


@dataclass(frozen=True)
class Proposal:
    """What a suggestion changes: the triples to add and to remove, those of a new source, and a comment.

    `base` is the digest of the entry that the sender saw, "" for a new entry.
    """

    slug: str
    kind: str
    name: str
    added: tuple[Triple, ...]
    removed: tuple[Triple, ...] = ()
    source: tuple[Triple, ...] = ()
    comment: str = ""
    base: str = ""

    @property
    def is_new(self) -> bool:
        """Tell whether the entry is a new one."""
        return not self.base

    @property
    def source_slug(self) -> str:
        """The id of the new source; "" if there is none."""
        return local_id(self.source[0].subject.value) or "" if self.source else ""  # type: ignore[union-attr]

    @property
    def source_subject(self) -> str:
        """The IRI of the new source; "" if there is none."""
        return ID + self.source_slug if self.source else ""

    def applied_to(self, triples: Sequence[Triple]) -> list[Triple]:
        """Return the triples of the entry after the change."""
        removed = set(self.removed)
        return list(dict.fromkeys([*(triple for triple in triples if triple not in removed), *self.added]))

    def to_json(self) -> bytes:
        """Return the proposal as it is stored."""
        triples = map(_to_ntriples, (self.added, self.removed, self.source))
        return msgspec.json.encode(_Stored(self.slug, self.kind, self.name, self.comment, self.base, *triples))


class _Stored(msgspec.Struct, forbid_unknown_fields=True):
    """The JSON of a proposal. Names and order of the fields must stay: suggestions wait for months."""

    slug: str
    kind: str
    name: str
    comment: str
    base: str
    added: str
    removed: str
    source: str


def proposal_from_json(content: bytes) -> Proposal:
    """Return the proposal that `to_json` wrote; raise BrokenFile if the content is damaged."""
    try:
        stored = msgspec.json.decode(content, type=_Stored)
        added, removed, source = map(_from_ntriples, (stored.added, stored.removed, stored.source))
    except (ValueError, SyntaxError) as error:
        raise BrokenFile(f"A stored suggestion is damaged: {error}.") from error
    return Proposal(stored.slug, stored.kind, stored.name, added, removed, source, stored.comment, stored.base)


def with_slug(proposal: Proposal, slug: str) -> Proposal:
    """Return the proposal of a new entry with another id for the entry and its parts."""
    old = ID + proposal.slug

    def renamed(term: object) -> object:
        if isinstance(term, NamedNode) and (term.value == old or term.value.startswith(f"{old}.")):
            return NamedNode(ID + slug + term.value.removeprefix(old))
        return term

    added = tuple(Triple(renamed(t.subject), t.predicate, renamed(t.object)) for t in proposal.added)  # type: ignore[arg-type]
    return replace(proposal, slug=slug, added=added)


def _to_ntriples(triples: Sequence[Triple]) -> str:
    return (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()


def _from_ntriples(text: str) -> tuple[Triple, ...]:
    return tuple(quad.triple for quad in parse(text.encode(), format=RdfFormat.N_TRIPLES))
