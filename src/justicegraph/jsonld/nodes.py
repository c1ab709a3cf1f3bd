"""Node objects of JSON-LD: an entry with its parts nested in it, and its neighbours embedded by name.

They are made term by term, since pyld takes a hundred times as long. Tests prove that pyld reads the same triples back,
and that framing gives the same node objects.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from justicegraph.jsonld.inverse_context import Embed, InverseContext, Link, compact_iri
from justicegraph.rdf.nquads import Quad

_FIRST = {key: place for place, key in enumerate(("id", "type", "label", "altLabel", "definition"))}


def node_object(subject: str, quads: Iterable[Quad], context: InverseContext, embed: Embed) -> dict[str, Any]:
    """Return the node object of a subject as N-Quads write it, from its quads and its parts' in canonical order.

    A part is nested in its owner, which is the entry or another part. A part without an owner is under `@included`
    (JSON-LD 1.1, section 4.13), so that nothing is lost.
    """
    nodes: dict[str, dict[str, Any]] = {subject: {"id": compact_iri(subject)}}
    links: dict[str, list[Link]] = {}
    for name, own in groupby(quads, itemgetter(0)):
        node = nodes.setdefault(name, {"id": compact_iri(name)})
        links[name] = context.add_quads(node, own, embed)
    for link in links.pop(subject, []):
        context.add_link(nodes[subject], link, embed)
    owners = _owners(subject, links)
    parts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for part in sorted(links, key=_sort_key):
        owner = owners.get(part, ("", ""))
        parts[owner[0] or subject][context.reverse_terms.get(owner[1], "@included")].append(part)
        for link in links[part]:
            if link != owner:
                context.add_link(nodes[part], link, embed)
    return _nest(subject, nodes, parts)


def _owners(subject: str, links: Mapping[str, list[Link]]) -> dict[str, Link]:
    """Return the link of each part to its owner: the entry, or else a part that has an owner itself."""
    owners: dict[str, Link] = {}
    level = {subject}
    while level:
        below = set()
        for part, links_of_part in links.items():
            link = next((link for link in links_of_part if link[0] in level), None)
            if link and part not in owners:
                owners[part] = link
                below.add(part)
        level = below if len(owners) < len(links) else set()
    return owners


def _nest(name: str, nodes: Mapping[str, Any], parts: Mapping[str, Mapping[str, list[str]]]) -> dict[str, Any]:
    """Return a node object with its parts in it, its keys in their order: names first, foreign properties last."""
    node = nodes[name]
    if "type" in node:
        node["type"].sort(key=_key_order)
    if name in parts:
        node |= {term: [_nest(part, nodes, parts) for part in below] for term, below in parts[name].items()}
    return {key: node[key] for key in sorted(node, key=_key_order)}


def _sort_key(part: str) -> tuple[str, int, str]:
    """Return the sort key of a part among those of one entry: kind, then number. `natural_sort_key` is much slower."""
    kind, _, number = part[:-1].rpartition("-")
    return (kind, int(number), part) if number.isdecimal() else (part, 0, part)


@lru_cache(1024)
def _key_order(key: str) -> tuple[int, bool, str]:
    return _FIRST.get(key, len(_FIRST)), ":" in key, key
