"""The context turned round: from a property and a value, as N-Quads write them, to a key and what stands there.

A canonical literal's text is escaped as JSON escapes it (RFC 8259, section 7), so it is passed on as it stands.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Any, NamedTuple

import orjson

from justicegraph.namespaces import ID, PREFIXES, TYPE, XSD
from justicegraph.rdf.nquads import Quad

Known = Callable[[str], Any]
"""Returns what is said of a neighbour, given as it stands in the quads; None where that is nothing."""

Link = tuple[str, str]
"""What a part links to, and by which property."""

_IS_TYPE = f"<{TYPE}>"
_IRI = "<"


class Slot(NamedTuple):
    """Where a value goes: under `key`, there under `language` if any, in a list where there can be `many`.

    `say` makes the value of an IRI as it is written, or of a literal's text in its quotes; `is_link` tells that the
    key's values are ids.
    """

    key: str
    say: Callable[[str], Any]
    many: bool = False
    language: str = ""
    is_link: bool = False


class _Term(NamedTuple):
    key: str
    type: str | None
    containers: tuple[str, ...]


class Keys:
    """What a writer needs of a context; `owners` gives, by the link from a part to its owner, the key of such parts."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._terms: dict[str, list[_Term]] = defaultdict(list)
        self._slots: dict[tuple[str, str], Slot] = {}
        self.owners: dict[str, str] = {}
        for key, meaning in context.items():
            if isinstance(meaning, str) and key not in PREFIXES and key != "id":
                self._terms[meaning].append(_Term(key, None, ()))
            elif isinstance(meaning, dict) and "@reverse" in meaning:
                self.owners[f"<{_whole(meaning['@reverse'])}>"] = key
            elif isinstance(meaning, dict) and key != "type":
                held = meaning.get("@container", ())
                containers = (held,) if isinstance(held, str) else tuple(held)
                self._terms[meaning["@id"]].append(_Term(key, meaning.get("@type"), containers))

    def fill(self, node: dict[str, Any], quads: Iterable[Quad], known: Known) -> list[Link]:
        """Add what quads say of a node under its keys; return instead what links it to an owner.

        It runs for every quad of a dump, so it calls little.
        """
        links: list[Link] = []
        slots, owners = self._slots, self.owners
        for _, predicate, value, _ in quads:
            if predicate in owners:
                links.append((value, predicate))
                continue
            text, suffix = value, _IRI
            if value[0] == '"':
                end = value.rindex('"') + 1
                text, suffix = value[:end], value[end:]
            slot = slots.get((predicate, suffix))
            if slot is None:
                slot = slots[predicate, suffix] = self._slot(predicate, suffix)
            key, say, many, language, is_link = slot
            said = (known(value) if is_link else None) or say(text)
            if language and key not in node:
                node[key] = {language: [said] if many else said}
            elif language:
                _put(node, key, language, said, many)
            elif key not in node:
                node[key] = [said] if many else said
            elif many:
                node[key].append(said)
            else:
                _put(node, key, "", said, many)
        return links

    def link(self, node: dict[str, Any], link: Link, known: Known) -> None:
        """Add a link to an owner as any other value."""
        value, predicate = link
        slot = self._slot(predicate, _IRI)
        _put(node, slot.key, "", (known(value) if slot.is_link else None) or slot.say(value), slot.many)

    def _slot(self, predicate: str, suffix: str) -> Slot:
        name = compact(predicate)
        if predicate == _IS_TYPE and suffix == _IRI:
            return Slot("type", lru_cache(4096)(self._class), many=True)
        if suffix == _IRI:
            term = self._term(name, "@id")
            say = compact if term.key != name else _linked
            return Slot(term.key, say, "@set" in term.containers, is_link=term.type == "@id")
        if suffix.startswith("@"):
            term = self._term(name, "@language")
            if term.key != name:
                return Slot(term.key, orjson.Fragment, "@set" in term.containers, suffix[1:])
            return Slot(name, partial(_in_language, suffix[1:]))
        datatype = compact(suffix[2:]) if suffix else "xsd:string"
        term = self._term(name, datatype)
        many = "@set" in term.containers
        if term.type:
            return Slot(term.key, orjson.Fragment, many)
        return Slot(term.key, _NATIVE.get(suffix) or partial(_typed, datatype), many)

    def _class(self, value: str) -> str:
        name = compact(value)
        return self._terms[name][0].key if name in self._terms else name

    def _term(self, name: str, wanted: str) -> _Term:
        """Return the term whose values are of this kind, else the untyped one for a plain value, else the bare name."""
        offers = self._terms.get(name, [])
        for offer in offers:
            if offer.type == wanted or (wanted == "@language" and "@language" in offer.containers):
                return offer
        for offer in offers:
            if offer.type is None and "@language" not in offer.containers and not wanted.startswith("@"):
                return offer
        return _Term(name, None, ())


def _put(node: dict[str, Any], key: str, language: str, said: Any, many: bool) -> None:
    if language:
        node, key = node.setdefault(key, {}), language
    if key not in node:
        node[key] = [said] if many else said
    elif isinstance(node[key], list):
        node[key].append(said)
    else:
        node[key] = [node[key], said]


_COMPACT = sorted(((iri, name) for name, iri in PREFIXES.items() if name != "id"), reverse=True)


@lru_cache(32_768)
def compact(term: str) -> str:
    """Return an IRI, as it stands in quads, as the context shortens it."""
    iri = term[1:-1]
    if iri.startswith(ID):  # most are entries and parts, and have no prefix here
        return iri
    for namespace, prefix in _COMPACT:
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def _whole(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


@lru_cache(16_384)
def _linked(value: str) -> dict[str, str]:
    return {"id": compact(value)}


def _bare(text: str) -> orjson.Fragment:
    return orjson.Fragment(text[1:-1])


def _typed(datatype: str, text: str) -> dict[str, Any]:
    return {"type": datatype, "@value": orjson.Fragment(text)}


def _in_language(language: str, text: str) -> dict[str, Any]:
    return {"@language": language, "@value": orjson.Fragment(text)}


_NATIVE: Mapping[str, Callable[[str], Any]] = {
    "": orjson.Fragment,
    f"^^<{XSD}integer>": _bare,
    f"^^<{XSD}boolean>": _bare,
}
"""By how a literal ends: how one of a type that JSON has is said, a text with its quotes, the others without."""
