"""The inverse context: from a property and a value, as N-Quads have them, to a term and its JSON value.

It does for one context what term selection does in general (JSON-LD 1.1 API, sections 4.3 and 4.4). The text of a
canonical literal is escaped as in JSON (RFC 8259, section 7), so that it is used without parsing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Any, NamedTuple

import orjson

from justicegraph.namespaces import ID, PREFIXES, TYPE, XSD
from justicegraph.rdf.nquads import Quad

Embed = Callable[[str], Any]
"""Returns the embedded node object of a subject as N-Quads write it; None if nothing is known of it."""

Link = tuple[str, str]
"""The owner that a part links to, and the property of the link, both as N-Quads write them."""

_IS_TYPE = f"<{TYPE}>"
_IRI = "<"


class Placement(NamedTuple):
    """The place of a value in a node object: under a term, in a language map, in a list.

    `to_json` converts an IRI or a literal's quoted text, as N-Quads write them. `language` is "" outside of language
    maps, `is_list` is true where the container is @set, and `is_link` is true where the term's values are ids.
    """

    term: str
    to_json: Callable[[str], Any]
    is_list: bool = False
    language: str = ""
    is_link: bool = False


class _Definition(NamedTuple):
    """A term definition (JSON-LD 1.1, section 9.15.1): the term, its type mapping and its container mapping."""

    term: str
    type: str | None
    containers: tuple[str, ...]


class InverseContext:
    """A context by property; `reverse_terms` has, by the property from a part to its owner, the term of such parts."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._definitions: dict[str, list[_Definition]] = defaultdict(list)
        self._placements: dict[tuple[str, str], Placement] = {}
        self.reverse_terms: dict[str, str] = {}
        for term, definition in context.items():
            if isinstance(definition, str) and term not in PREFIXES and term != "id":
                self._definitions[definition].append(_Definition(term, None, ()))
            elif isinstance(definition, dict) and "@reverse" in definition:
                self.reverse_terms[f"<{_expand(definition['@reverse'])}>"] = term
            elif isinstance(definition, dict) and term != "type":
                container = definition.get("@container", ())
                containers = (container,) if isinstance(container, str) else tuple(container)
                self._definitions[definition["@id"]].append(_Definition(term, definition.get("@type"), containers))

    def add_quads(self, node: dict[str, Any], quads: Iterable[Quad], embed: Embed) -> list[Link]:
        """Add the values of quads to a node object; return the links to owners, which are not added.

        It runs for every quad of a dump, so it makes few calls.
        """
        links: list[Link] = []
        placements, reverse_terms = self._placements, self.reverse_terms
        for _, predicate, value, _ in quads:
            if predicate in reverse_terms:
                links.append((value, predicate))
                continue
            text, suffix = value, _IRI
            if value[0] == '"':
                end = value.rindex('"') + 1
                text, suffix = value[:end], value[end:]
            placement = placements.get((predicate, suffix))
            if placement is None:
                placement = placements[predicate, suffix] = self._placement(predicate, suffix)
            term, to_json, is_list, language, is_link = placement
            json = (embed(value) if is_link else None) or to_json(text)
            if language and term not in node:
                node[term] = {language: [json] if is_list else json}
            elif language:
                _add_value(node, term, language, json, is_list)
            elif term not in node:
                node[term] = [json] if is_list else json
            elif is_list:
                node[term].append(json)
            else:
                _add_value(node, term, "", json, is_list)
        return links

    def add_link(self, node: dict[str, Any], link: Link, embed: Embed) -> None:
        """Add a link to an owner to a node object, as any other value."""
        value, predicate = link
        placement = self._placement(predicate, _IRI)
        json = (embed(value) if placement.is_link else None) or placement.to_json(value)
        _add_value(node, placement.term, "", json, placement.is_list)

    def _placement(self, predicate: str, suffix: str) -> Placement:
        name = compact_iri(predicate)
        if predicate == _IS_TYPE and suffix == _IRI:
            return Placement("type", lru_cache(4096)(self._class), is_list=True)
        if suffix == _IRI:
            definition = self._definition(name, "@id")
            to_json = compact_iri if definition.term != name else _node_reference
            return Placement(
                definition.term, to_json, "@set" in definition.containers, is_link=definition.type == "@id"
            )
        if suffix.startswith("@"):
            definition = self._definition(name, "@language")
            if definition.term != name:
                return Placement(definition.term, orjson.Fragment, "@set" in definition.containers, suffix[1:])
            return Placement(name, partial(_language_value, suffix[1:]))
        datatype = compact_iri(suffix[2:]) if suffix else "xsd:string"
        definition = self._definition(name, datatype)
        is_list = "@set" in definition.containers
        if definition.type:
            return Placement(definition.term, orjson.Fragment, is_list)
        return Placement(definition.term, _NATIVE.get(suffix) or partial(_typed_value, datatype), is_list)

    def _class(self, value: str) -> str:
        name = compact_iri(value)
        return self._definitions[name][0].term if name in self._definitions else name

    def _definition(self, name: str, kind: str) -> _Definition:
        """Return the definition for values of a type, else the untyped one for a plain value, else the bare name.

        `kind` is "@id", "@language" or a compact datatype.
        """
        definitions = self._definitions.get(name, [])
        for definition in definitions:
            if definition.type == kind or (kind == "@language" and "@language" in definition.containers):
                return definition
        for definition in definitions:
            if definition.type is None and "@language" not in definition.containers and not kind.startswith("@"):
                return definition
        return _Definition(name, None, ())


def _add_value(node: dict[str, Any], term: str, language: str, json: Any, is_list: bool) -> None:
    if language:
        node, term = node.setdefault(term, {}), language
    if term not in node:
        node[term] = [json] if is_list else json
    elif isinstance(node[term], list):
        node[term].append(json)
    else:
        node[term] = [node[term], json]


_PREFIXES = sorted(((iri, name) for name, iri in PREFIXES.items() if name != "id"), reverse=True)


@lru_cache(32_768)
def compact_iri(term: str) -> str:
    """Return an IRI as the context compacts it, from an IRI as N-Quads write it."""
    iri = term[1:-1]
    if iri.startswith(ID):  # most IRIs are of entries and parts, for which the context has no prefix
        return iri
    for namespace, prefix in _PREFIXES:
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def _expand(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


@lru_cache(16_384)
def _node_reference(value: str) -> dict[str, str]:
    return {"id": compact_iri(value)}


def _unquoted(text: str) -> orjson.Fragment:
    return orjson.Fragment(text[1:-1])


def _typed_value(datatype: str, text: str) -> dict[str, Any]:
    return {"type": datatype, "@value": orjson.Fragment(text)}


def _language_value(language: str, text: str) -> dict[str, Any]:
    return {"@language": language, "@value": orjson.Fragment(text)}


_NATIVE: Mapping[str, Callable[[str], Any]] = {
    "": orjson.Fragment,
    f"^^<{XSD}integer>": _unquoted,
    f"^^<{XSD}boolean>": _unquoted,
}
"""Conversions of literals whose type JSON has, by the suffix of the literal: strings, integers and booleans."""
