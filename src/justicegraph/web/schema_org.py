"""An entry in the words of schema.org, as a block of JSON-LD in its page: search engines read that, and little else.

The block says what the graph says of the entry itself in these words, by the rules of `ontology/rules/8*`. Its parts
are left out, and with them every claim.
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
"""Properties whose strings are IRIs in schema.org's own context; the values of others are things."""

_HIDDEN = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})
"""What would end a script or begin a comment in it (HTML, 4.12.1.3), and what JavaScript takes for a line's end."""


def by_vocabulary(rows: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """Return the rows in the words of schema.org, and those for people to read (facts_of_an_entry.rq).

    What an entry is elsewhere is among both: search engines follow it, and people do.
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

    What has no class there is a Thing, as everything is. English is plain text; another language is told (JSON-LD 1.1,
    4.2.4). A date is plain text too, since search engines read no other.
    """
    said: dict[str, dict[tuple[str, str], Any]] = defaultdict(dict)
    for row in rows:
        if row.get("subject", iri) == iri:
            key = "@type" if row["property"] == TYPE else row["property"].removeprefix(SCHEMA)
            said[key].setdefault((row["value"], row.get("language", "")), _value(key, row))
    lists = {key: [values[each] for each in sorted(values)] for key, values in said.items()}
    node = {key: sorted(values, key=_is_tagged) for key, values in lists.items()}
    node |= {"@type": node.get("@type", ["Thing"]), "url": [iri, *node.get("url", [])]}
    short = {key: values[0] if len(values) == 1 else values for key, values in node.items()}
    short |= {"@context": SCHEMA.rstrip("/"), "@id": iri, "mainEntityOfPage": document}
    return {key: short[key] for key in sorted(short, key=_place)}


def block_of(node: dict[str, Any]) -> Markup:
    """Return JSON for a `<script type="application/ld+json">`, which no text in it can end (HTML, 4.12.1.3)."""
    return Markup(orjson.dumps(node).decode().translate(_HIDDEN))  # noqa: S704  # its markup is hidden


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


def _place(key: str) -> tuple[int, str]:
    return _FIRST.index(key) if key in _FIRST else len(_FIRST), key
