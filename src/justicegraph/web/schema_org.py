"""An entry in the vocabulary of schema.org, as a JSON-LD block in its page for search engines.

The block has the entry's own schema.org triples, which the rules `ontology/rules/8*` derive. Its parts are left out,
and with them all claims.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import orjson
from markupsafe import Markup

from justicegraph.namespaces import PREFIXES, TYPE
from justicegraph.sparql.named import Row

SCHEMA = PREFIXES["schema"]

_SAME = SCHEMA + "sameAs"
_FIRST = ("@context", "@type", "@id", "name", "alternateName", "description", "url", "sameAs")
_ADDRESSES = {"url", "sameAs"}
"""Properties whose strings are IRIs in schema.org's own context; values of others are node objects."""

_HIDDEN = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})
"""Escapes of characters that could end a script or begin a comment (HTML, 4.12.1.3), and of line separators."""


def by_vocabulary(rows: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """Return the rows with schema.org properties, and those for people to read (facts_of_an_entry.rq).

    Links to the same entry elsewhere are in both.
    """
    words: list[Row] = []
    others: list[Row] = []
    for row in rows:
        name = row["value"] if row["property"] == TYPE else row["property"]
        if name.startswith(SCHEMA):
            words.append(row)
        if not name.startswith(SCHEMA) or name == _SAME:
            others.append(row)
    return words, others


def schema_org(iri: str, document: str, rows: Iterable[Row]) -> dict[str, Any]:
    """Return the entry with this IRI, which the page `document` is about, as a node for schema.org's own context.

    An entry without a class there is a Thing. English texts are plain strings, others have their language (JSON-LD 1.1,
    4.2.4). Dates are plain strings too, since search engines read no others.
    """
    values_by_key: dict[str, dict[tuple[str, str], Any]] = defaultdict(dict)
    for row in rows:
        if row.get("subject", iri) == iri:
            key = "@type" if row["property"] == TYPE else row["property"].removeprefix(SCHEMA)
            values_by_key[key].setdefault((row["value"], row.get("language", "")), _value(key, row))
    lists = {key: [values[key_] for key_ in sorted(values)] for key, values in values_by_key.items()}
    node = {key: sorted(values, key=_is_tagged) for key, values in lists.items()}
    node |= {"@type": node.get("@type", ["Thing"]), "url": [iri, *node.get("url", [])]}
    short = {key: values[0] if len(values) == 1 else values for key, values in node.items()}
    short |= {"@context": SCHEMA.rstrip("/"), "@id": iri, "mainEntityOfPage": document}
    return {key: short[key] for key in sorted(short, key=_key_order)}


def block_of(node: dict[str, Any]) -> Markup:
    """Return JSON for a `<script type="application/ld+json">`, escaped so that no text ends it (HTML, 4.12.1.3)."""
    return Markup(orjson.dumps(node).decode().translate(_HIDDEN))  # noqa: S704  # its markup is escaped


def _value(key: str, row: Row) -> Any:
    value, language = row["value"], row.get("language", "")
    if key == "@type":
        return value.removeprefix(SCHEMA)
    if row["value.type"] == "uri":
        name = {"name": row["name"]} if "name" in row else {}
        return value if key in _ADDRESSES else {"@id": value, **name}
    if language.partition("-")[0] in {"", "en"}:
        return value
    return {"@value": value, "@language": language}


def _is_tagged(value: Any) -> bool:
    return isinstance(value, dict) and "@language" in value


def _key_order(key: str) -> tuple[int, str]:
    return _FIRST.index(key) if key in _FIRST else len(_FIRST), key
