"""What people read who open a release: README.md, CHANGES.md, and the checksums."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from justicegraph.namespaces import CONTEXT, DATA, ENDPOINT, HOME, ID, LICENCE, short
from justicegraph.release.git import Commit
from justicegraph.release.manifest import MANIFEST, SUMS, File, Release

LISTED = 500
"""Entries, or commits, that a list of changes names before it counts the rest."""

_UNPACK = {"": "cat", "gzip": "gzip -dc", "zstd": "zstd -dc"}
_LINES = {"application/jsonl", "application/x-ndjson", "application/x-jsonlines"}
_TABLES = ("text/csv", "application/vnd.apache.parquet")
_QUADS, _DELTA = "application/n-quads", "delta/"
_KINDS, _STONES = ("removed", "added"), f"{_DELTA}tombstones.txt"
_DUTIES = (
    "An address of an entry that answers `410 Gone` stands for somebody who asked to be left out. Delete that entry.",
    f"Look at the `{MANIFEST}` of your release, at its address, from time to time. If it has a `withdrawn_for`, the\n"
    "  release was withdrawn: delete your copy, and take the release that is named there.",
    "Ask those who have the data from you to do the same.",
)
_UNITS = ("B", "kB", "MB", "GB", "TB")


def readme(release: Release, previous: Release | None) -> str:
    """Return the README.md of a release, in Markdown: what it is, which file is for what, and how to use it well."""
    parts = (_head(release, previous), _counts(release), _files(release), _check(), _open(release), _reading())
    return "\n\n".join(part for part in (*parts, _people(), _copies(release), _cite(release), _more()) if part) + "\n"


def checksums(files: Iterable[File]) -> str:
    """Return the SHA-256 of files as `sha256sum` writes and checks them, a line each, sorted by name."""
    return "".join(f"{file.sha256}  {file.name}\n" for file in sorted(files, key=lambda file: file.name))


def changes_text(release: Release, commits: Sequence[Commit], previous: Release | None) -> str:
    """Return the CHANGES.md of a release: figures, entries by slug, and commits with subjects in safe Markdown."""
    if previous is None:
        parts = [f"# Release of {release.version}", f"This is the first release: {_sum(release)}."]
    else:
        parts = [f"# Changes from {previous.version} to {release.version}", *_changes(release, previous)]
    if commits:
        parts += ["## Commits", "\n".join(_listed([f"{each.date}: {each.subject}" for each in commits]))]
    return "\n\n".join(parts) + "\n"


def _head(release: Release, previous: Release | None) -> str:
    after = f"\nIt follows the release of {previous.version}; `CHANGES.md` tells what is new." if previous else ""
    return f"""\
# JusticeGraph, release of {release.version}

The organizations, causes, prisoners and campaigns of the prison-justice movement, as linked data. This folder holds
all of it as it stood on {release.date}: {_sum(release)}. A release never changes.{after}

Licence: [CC0 1.0]({LICENCE}). You may use the data for anything, without asking."""


def _counts(release: Release) -> str:
    ordered = sorted(release.counts.items(), key=lambda pair: (-pair[1], pair[0]))
    rows = [(short(name).removeprefix("jg:"), f"{count:,}") for name, count in ordered]
    table = _table(("class", "entries"), rows)
    return f"## What is in it\n\n{table}\n\nAn entry of a class is counted in its wider ones as well." if rows else ""


def _files(release: Release) -> str:
    rows = [(f"`{file.name}`", size_of(file.size), file.about) for file in release.files]
    return f"## Which file to take\n\n{_table(('file', 'size', 'what it is for'), rows)}" if rows else ""


def _check() -> str:
    return f"""\
## Check that it arrived whole

```sh
sha256sum --check {SUMS}
```"""


def _open(release: Release) -> str:
    ways = "\n".join(f"- {way}" for way in _ways(release.files))
    return f"## Open it\n\n{ways}" if ways else ""


def _ways(files: Sequence[File]) -> Iterator[str]:
    """Yield how to open what is here, a line for each kind of tool."""
    tables = [file for file in files if file.media_type in _TABLES and not file.name.startswith(_DELTA)]
    sheets = [file for file in tables if file.name.endswith(".csv")]
    if sheets:
        yield f"Spreadsheet: open `{_typical(sheets).name}`, as UTF-8 with commas between the columns."
    if lines := next((file for file in files if file.media_type in _LINES), None):
        yield f"jq: `{_unpacked(lines)} | jq -r '[.id, .label.en?] | @tsv'` lists what is in it."
    if tables:
        yield f"DuckDB: `duckdb -c \"FROM '{_typical(tables).name}' LIMIT 10\"` shows the first rows."
    if quads := next((file for file in files if file.media_type == _QUADS and not file.name.startswith(_DELTA)), None):
        load = f"{_unpacked(quads)} | oxigraph load --location store --format nq"
        yield f"Triple store: any that reads N-Quads, such as Oxigraph: `{load}`."


def _typical(files: Sequence[File]) -> File:
    """Return the table of people, or else the first one."""
    return next((file for file in files if "people" in file.name), files[0])


def _unpacked(file: File) -> str:
    return f"{_UNPACK.get(file.coding, 'cat')} {file.name}"


def _reading() -> str:
    return """\
## Read it rightly

- **A claim is somebody's.** Whether someone is innocent, framed or a political prisoner is said by a claimant, in a
  `Claim`. If you quote it, say whose it is.
- **A status is as of a date.** That no end is known does not mean that somebody is still held: show `asOf` with it.
- **Everything has a source.** Follow it before you rely on a statement."""


def _people() -> str:
    return """\
## People first

Most people in here are alive, and some are in danger. Whoever an entry is about can have it removed, and need not say
why. Write to those who publish the release, and not in a public place: the address of the entry is enough. They take
it out within three days. `docs/removal.md` in the project's repository says what happens then."""


def _copies(release: Release) -> str:
    """Return what whoever keeps a copy owes to those who asked to be left out."""
    duties = "\n".join(f"- {duty}" for duty in _DUTIES)
    return f"## If you keep a copy\n\n{_update({file.name for file in release.files})}\n\n{duties}"


def _update(names: Collection[str]) -> str:
    """Return how a copy of the release before becomes this one."""
    removed, added = (min(filter(re.compile(rf"{_DELTA}{kind}\.nq").match, names), default="") for kind in _KINDS)
    if not (removed and added):
        return "With each new release, take all of it, and drop what it no longer has."
    first = f"drop what `{_STONES}` finds (its first lines say how), then " if _STONES in names else ""
    return f"""\
To bring a copy of the release before up to date, {first}drop the lines of `{removed}`, and add those of `{added}`.
Do so for each release in between, in their order, or take the newest one whole."""


def _cite(release: Release) -> str:
    year = release.date[:4]
    return f"""\
## Cite it

> The JusticeGraph contributors ({year}): JusticeGraph, release of {release.version}. <{DATA}{release.version}/>

SHA-256 of the canonical N-Quads (RDFC-1.0): `{release.sha256}`"""


def _more() -> str:
    return f"""\
## Learn more

- What the words mean: <{HOME}ontology>
- The context of the JSON-LD: <{CONTEXT}>
- Ask questions of the newest release, in SPARQL: <{ENDPOINT}>
- Read it, and all about it: <{HOME}>"""


def _changes(release: Release, previous: Release) -> Iterator[str]:
    rows = [
        ("statements", f"{previous.quads:,}", f"{release.quads:,}", f"{release.quads - previous.quads:+,}"),
        ("entries", f"{previous.entities:,}", f"{release.entities:,}", f"{release.entities - previous.entities:+,}"),
    ]
    yield _table(("", previous.version, release.version, "difference"), rows)
    changes = release.changes
    if changes is None:
        return
    yield f"{changes.quads_added:,} statements were added and {changes.quads_removed:,} taken away."
    for verb, slugs in (("added", changes.added), ("changed", changes.changed)):
        yield from _entries(verb, [f"[{slug}]({ID}{slug})" for slug in slugs])
    yield from _entries("removed", list(changes.removed))


def _entries(verb: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"## Entries {verb}: {len(names):,}"
        yield "\n".join(_listed(names))


def _listed(items: Sequence[str]) -> list[str]:
    more = len(items) - LISTED
    return [f"- {item}" for item in items[:LISTED]] + ([f"- and {more:,} more"] if more > 0 else [])


def _sum(release: Release) -> str:
    return f"{release.entities:,} entries in {release.quads:,} statements"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def size_of(count: int) -> str:
    """Return a number of bytes for people, in units of 1000, as in `1.2 MB`."""
    size, units = float(count), iter(_UNITS)
    unit = next(units)
    while round(size, 1) >= 1000 and unit != _UNITS[-1]:
        size, unit = size / 1000, next(units)
    return f"{count} B" if unit == "B" else f"{size:.1f} {unit}"
