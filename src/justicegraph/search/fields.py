"""The fields of the index, and its folder."""

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import orjson
import tantivy

from justicegraph.search.model import FACETS

FOLDER = "search"
"""The folder of the index in that of its snapshot."""

ABOUT = "about.json"
VERSION = f"1, tantivy {version('tantivy')}"
"""The versions of the fields and of the engine. An index of another version is not read."""

TEXTS = {"name": 8.0, "other": 5.0, "text": 2.0, "claims": 1.0}
"""Full-text fields with the weight of a word: the name, other names, definition and slogans, claims."""

KEYS = {"key": 1000.0, "otherkey": 800.0}
"""Fields of whole names, with the weight of an exact match: more than that of twelve words."""

LANGUAGES = 12
"""The most languages that names can be sorted in."""


def schema(languages: Iterable[str]) -> tantivy.Schema:
    """Return the fields of the index, with a field for the order of names in each language."""
    builder = tantivy.SchemaBuilder()
    builder.add_bytes_field("line", stored=True)
    for name in TEXTS:
        builder.add_text_field(name, tokenizer_name="whitespace")
    builder.add_text_field("marks", tokenizer_name="whitespace", index_option="basic")
    for name in ("slug", *KEYS):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in map(facet_field, FACETS):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("newest", "year", *map(sort_field, languages)):
        builder.add_unsigned_field(name, fast=True)
    return builder.build()


def facet_field(name: str) -> str:
    """Return the field of a facet, whose values are paths as in `united-states/alabama`."""
    return f"facet_{name}"


def sort_field(language: str) -> str:
    """Return the field with the rank of an entry in a language."""
    return f"sorted_{language.replace('-', '_')}"


def filter_term(facet: str, value: str) -> str:
    """Return the term in the field "marks" of entries that have a facet value or a narrower one."""
    return f"{facet}:{value}"


def is_current(snapshot: Path) -> bool:
    """Return whether the snapshot in a folder has an index that this version can read."""
    try:
        about = orjson.loads((snapshot / FOLDER / ABOUT).read_bytes())
        return bool(about["version"] == VERSION)
    except (OSError, ValueError, KeyError, TypeError):
        return False
