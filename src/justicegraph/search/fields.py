"""The fields of the index, and the folder that it is in."""

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import orjson
import tantivy

from justicegraph.search.model import FACETS

FOLDER = "search"
"""The folder of the index below that of its snapshot."""

ABOUT = "about.json"
VERSION = f"1, tantivy {version('tantivy')}"
"""Of what the fields mean, and of the engine. An index of another version is not read."""

TEXTS = {"name": 8.0, "other": 5.0, "text": 2.0, "claims": 1.0}
"""Fields of words with what one of them weighs: the name, other names, the definition and slogans, what is claimed."""

KEYS = {"key": 1000.0, "otherkey": 800.0}
"""Fields of whole names, with what it weighs that one is just what was typed: more than twelve words can."""

LANGUAGES = 12
"""The most languages that names can be sorted in."""


def schema(languages: Iterable[str]) -> tantivy.Schema:
    """Return the fields; names are sorted in these languages."""
    made = tantivy.SchemaBuilder()
    made.add_bytes_field("line", stored=True)
    for name in TEXTS:
        made.add_text_field(name, tokenizer_name="whitespace")
    made.add_text_field("marks", tokenizer_name="whitespace", index_option="basic")
    for name in ("slug", *KEYS):
        made.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in map(facet_field, FACETS):
        made.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("newest", "year", *map(sort_field, languages)):
        made.add_unsigned_field(name, fast=True)
    return made.build()


def facet_field(name: str) -> str:
    """Return the field of a facet's values, each with the wider ones in front, as in `united-states/alabama`."""
    return f"facet_{name}"


def sort_field(language: str) -> str:
    """Return the field with the place of an entry's name among all, in a language."""
    return f"sorted_{language.replace('-', '_')}"


def mark(facet: str, value: str) -> str:
    """Return the term that an entry has which is filed under a value or a narrower one."""
    return f"{facet}:{value}"


def is_current(snapshot: Path) -> bool:
    """Tell whether the snapshot in this folder has an index that this program can read."""
    try:
        said = orjson.loads((snapshot / FOLDER / ABOUT).read_bytes())
        return bool(said["version"] == VERSION)
    except (OSError, ValueError, KeyError, TypeError):
        return False
