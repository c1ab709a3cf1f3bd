"""The texts of a release: README.md, CHANGES.md and the checksums."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from justicegraph.namespaces import CONTEXT, DATA, ENDPOINT, HOME, ID, LICENCE, short
from justicegraph.release.git import Commit
from justicegraph.release.manifest import MANIFEST, SUMS, File, Release

MAX_LISTED = 500
"""The most entries or commits in a list of changes; further ones are counted."""

_UNPACK = {"": "cat", "gzip": "gzip -dc", "zstd": "zstd -dc"}
_LINES = "application/x-ndjson"
_TABLES = ("text/csv", "application/vnd.apache.parquet")
_QUADS, _DELTA = "application/n-quads", "delta/"
_KINDS, _TOMBSTONES = ("removed", "added"), f"{_DELTA}tombstones.txt"
_DUTIES = (
    "If the address of an entry returns `410 Gone`, the entry was removed on request. Delete it.",
    f"Check the published `{MANIFEST}` of your release from time to time. If it has a `withdrawn_for`, the release\n"
    "  was withdrawn: delete your copy, and download the release that is named there.",
    "If you passed the data on, ask the people who have it from you to do the same.",
)
_UNITS = ("B", "kB", "MB", "GB", "TB")


def readme(release: Release, previous: Release | None) -> str:
    """Return the README.md of a release in Markdown: its content, its files, how to use them, and duties."""
    parts = (_head(release, previous), _counts(release), _files(release), _check(), _open(release), _reading())
    return "\n\n".join(part for part in (*parts, _people(), _copies(release), _cite(release), _more()) if part) + "\n"


def checksums(files: Iterable[File]) -> str:
    """Return the SHA-256 of files as `sha256sum` writes and checks them, a line each, sorted by name."""
    return "".join(f"{file.sha256}  {file.name}\n" for file in sorted(files, key=lambda file: file.name))


def changes_text(release: Release, commits: Sequence[Commit], previous: Release | None) -> str:
    """Return the CHANGES.md of a release in Markdown: numbers, changed entries, and commits."""
    if previous is None:
        parts = [f"# Release of {release.version}", f"This is the first release: {_total(release)}."]
    else:
        parts = [f"# Changes from {previous.version} to {release.version}", *_changes(release, previous)]
    if commits:
        parts += ["## Commits", "\n".join(_list_items([f"{commit.date}: {commit.subject}" for commit in commits]))]
    return "\n\n".join(parts) + "\n"


def _head(release: Release, previous: Release | None) -> str:
    after = f"\nThe previous release is {previous.version}; `CHANGES.md` lists the changes." if previous else ""
    return f"""\
# JusticeGraph, release of {release.version}

The organizations, causes, prisoners and campaigns of the prison-justice movement, as linked data. This folder has all
data of {release.date}: {_total(release)}. A release never changes.{after}

Licence: [CC0 1.0]({LICENCE}). You may use the data for any purpose, without asking."""


def _counts(release: Release) -> str:
    ordered = sorted(release.counts.items(), key=lambda pair: (-pair[1], pair[0]))
    rows = [(short(name).removeprefix("jg:"), f"{count:,}") for name, count in ordered]
    table = _table(("class", "entries"), rows)
    return f"## Content\n\n{table}\n\nAn entry also counts in the broader classes of its own." if rows else ""


def _files(release: Release) -> str:
    rows = [(f"`{file.name}`", size_of(file.size), file.about) for file in release.files]
    return f"## Files\n\n{_table(('file', 'size', 'content'), rows)}" if rows else ""


def _check() -> str:
    return f"""\
## Check your download

```sh
sha256sum --check {SUMS}
```"""


def _open(release: Release) -> str:
    tools = "\n".join(f"- {tool}" for tool in _tools(release.files))
    return f"## Open it\n\n{tools}" if tools else ""


def _tools(files: Sequence[File]) -> Iterator[str]:
    """Yield instructions for opening the files, one for each kind of tool."""
    tables = [file for file in files if file.media_type in _TABLES and not file.name.startswith(_DELTA)]
    sheets = [file for file in tables if file.name.endswith(".csv")]
    if sheets:
        yield f"Spreadsheet: open `{_typical(sheets).name}` as UTF-8 with commas as separators."
    if lines := next((file for file in files if file.media_type == _LINES), None):
        yield f"jq: `{_unpacked(lines)} | jq -r '[.id, .label.en?] | @tsv'` lists the entries."
    if tables:
        yield f"DuckDB: `duckdb -c \"FROM '{_typical(tables).name}' LIMIT 10\"` shows the first rows."
    if quads := next((file for file in files if file.media_type == _QUADS and not file.name.startswith(_DELTA)), None):
        load = f"{_unpacked(quads)} | oxigraph load --location store --format nq"
        yield f"Triple store that reads N-Quads, such as Oxigraph: `{load}`."


def _typical(files: Sequence[File]) -> File:
    """Return the table of people, or else the first one."""
    return next((file for file in files if "people" in file.name), files[0])


def _unpacked(file: File) -> str:
    return f"{_UNPACK.get(file.coding, 'cat')} {file.name}"


def _reading() -> str:
    return """\
## Interpret it correctly

- **Every claim has an author.** A `Claim` that somebody is innocent, framed or a political prisoner has a claimant. If
  you quote the claim, name the claimant.
- **Every status has a date.** A custody without a known end may have ended since: show `asOf` with the status.
- **Every statement has a source.** Check the source before you rely on a statement."""


def _people() -> str:
    return """\
## People first

Most people in this data are alive, and some are in danger. Anybody can have the entry about them removed, without
giving a reason. Write to the publishers of the release, and not in a public place: the address of the entry is enough.
They remove it within three days. `docs/removal.md` in the project's repository explains what happens then."""


def _copies(release: Release) -> str:
    """Return the duties of people who keep a copy, for the sake of those who asked to be removed."""
    duties = "\n".join(f"- {duty}" for duty in _DUTIES)
    return f"## If you keep a copy\n\n{_update({file.name for file in release.files})}\n\n{duties}"


def _update(names: Collection[str]) -> str:
    """Return instructions for updating a copy of the previous release."""
    removed, added = (min(filter(re.compile(rf"{_DELTA}{kind}\.nq").match, names), default="") for kind in _KINDS)
    if not (removed and added):
        return "With each new release, download all of it, and delete what it no longer has."
    first = f"delete what `{_TOMBSTONES}` matches (its first lines say how), then " if _TOMBSTONES in names else ""
    return f"""\
To update a copy of the previous release, {first}delete the lines of `{removed}`, and add those of `{added}`.
Do this for each release in between, in order, or download the newest one whole."""


def _cite(release: Release) -> str:
    year = release.date[:4]
    return f"""\
## Cite it

> The JusticeGraph contributors ({year}): JusticeGraph, release of {release.version}. <{DATA}{release.version}/>

SHA-256 of the canonical N-Quads (RDFC-1.0): `{release.sha256}`"""


def _more() -> str:
    return f"""\
## Learn more

- The vocabulary: <{HOME}ontology>
- The JSON-LD context: <{CONTEXT}>
- The SPARQL endpoint, with the newest data: <{ENDPOINT}>
- The website: <{HOME}>"""


def _changes(release: Release, previous: Release) -> Iterator[str]:
    rows = [
        ("statements", f"{previous.quads:,}", f"{release.quads:,}", f"{release.quads - previous.quads:+,}"),
        ("entries", f"{previous.entities:,}", f"{release.entities:,}", f"{release.entities - previous.entities:+,}"),
    ]
    yield _table(("", previous.version, release.version, "difference"), rows)
    changes = release.changes
    if changes is None:
        return
    yield f"{changes.quads_added:,} statements were added and {changes.quads_removed:,} were removed."
    for verb, slugs in (("added", changes.added), ("changed", changes.changed)):
        yield from _entries(verb, [f"[{slug}]({ID}{slug})" for slug in slugs])
    yield from _entries("removed", list(changes.removed))


def _entries(verb: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"## Entries {verb}: {len(names):,}"
        yield "\n".join(_list_items(names))


def _list_items(items: Sequence[str]) -> list[str]:
    more = len(items) - MAX_LISTED
    return [f"- {item}" for item in items[:MAX_LISTED]] + ([f"- and {more:,} more"] if more > 0 else [])


def _total(release: Release) -> str:
    return f"{release.entities:,} entries in {release.quads:,} statements"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def size_of(count: int) -> str:
    """Return a number of bytes as text, in units of 1000, as in `1.2 MB`."""
    size, units = float(count), iter(_UNITS)
    unit = next(units)
    while round(size, 1) >= 1000 and unit != _UNITS[-1]:
        size, unit = size / 1000, next(units)
    return f"{count} B" if unit == "B" else f"{size:.1f} {unit}"
