"""The sections of an entry's form: one for the entry itself and one for each of its parts."""

from collections.abc import Iterator, Sequence

from justicegraph.namespaces import ID, JG, PART
from justicegraph.suggest.entry import Entry, Graph
from justicegraph.suggest.forms import Forms, Section
from justicegraph.suggest.values import FilledSection, current_terms, fill_section


def sections_of(forms: Forms, entry: Entry, keys: Sequence[str]) -> Iterator[Section]:
    """Yield the entry's own section, then those of the parts with these keys.

    A part exists already, or is a new one whose key names a class that the entry can have.
    """
    yield forms.entry(entry.kind)
    existing, possible = entry.parts(), {part_name(kind): kind for kind in forms.parts(entry.kind)}
    for key in dict.fromkeys(keys):
        kind = existing.get(key) or possible.get(key.rpartition("-")[0], "")
        if kind in possible.values() and PART.fullmatch(f"x.{key}"):
            yield forms.part(key, kind, entry.kind)


def filled_sections(forms: Forms, entry: Entry, keys: Sequence[str], graph: Graph) -> list[FilledSection]:
    """Return the same sections, filled in with what the entry says now."""
    return [filled_section(section, entry, graph) for section in sections_of(forms, entry, keys)]


def filled_section(section: Section, entry: Entry, graph: Graph) -> FilledSection:
    """Return one section, filled in with what the entry says now."""
    terms = current_terms(subject_of(entry.slug, section.key), section, entry.triples)
    return fill_section(section, terms, graph.name_of)


def subject_of(slug: str, key: str) -> str:
    """Return the IRI that the section with this key describes."""
    return ID + slug if key == "entry" else f"{ID}{slug}.{key}"


def part_name(kind: str) -> str:
    """Return the name of a class of parts as it is in their ids, such as former-name."""
    words = "".join(f"-{char.lower()}" if char.isupper() else char for char in kind.removeprefix(JG))
    return words.strip("-")


def next_part_key(kind: str, taken: Sequence[str]) -> str:
    """Return the key of one more part of a class, such as custody-3."""
    name = part_name(kind)
    return f"{name}-{next(number for number in range(1, 10_000) if f'{name}-{number}' not in taken)}"
