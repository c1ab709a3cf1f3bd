"""The command `search`: entries by their names and descriptions."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from justicegraph.cli.terminal import build_option, choose_build_dir, folder_option, fresh_snapshot, say
from justicegraph.text import count

if TYPE_CHECKING:
    from justicegraph.search import Hit, Names

_SORTS = ("relevance", "name", "newest", "year")


@click.command()
@click.argument("text")
@click.option(
    "--only",
    multiple=True,
    metavar="FACET=VALUE",
    help="Filter by kind, cause, place, status, source or year, as in kind=Campaign or place=alabama.",
)
@click.option("--sort", type=click.Choice(_SORTS), default="relevance", show_default=True)
@click.option("--language", default="en", show_default=True, help="The language of names.")
@click.option("--limit", type=click.IntRange(1, 1_000), default=20, show_default=True, help="The most entries to show.")
@folder_option
@build_option
def search(
    text: str, only: tuple[str, ...], sort: str, language: str, limit: int, folder: Path, build_dir: Path | None
) -> None:  # fmt: skip
    """Find entries by TEXT. Typos are tolerated, and "words in quotes" must follow one another."""
    from justicegraph.errors import UnknownEntity
    from justicegraph.search import SearchIndex, SearchQuery

    wanted = SearchQuery(text, language, _filters(only), sort, limit=limit, facets=())
    wanted.check()
    hits = SearchIndex.open(fresh_snapshot(folder, choose_build_dir(folder, build_dir)).path).find(wanted)
    if not hits.total:
        raise UnknownEntity(f'No entry found for "{text[:60]}".')
    _print([(hit.slug, _name(hit.names, language), _kind(hit, language)) for hit in hits.hits])
    spelt = " with similar spelling" if hits.is_fuzzy else ""
    shown = f"; the first {limit:,} are shown" if hits.total > limit else ""
    say(f"{count(hits.total, 'hit')}{spelt}{shown}.")


def _filters(only: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    filters: dict[str, tuple[str, ...]] = {}
    for text in only:
        facet, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(f'"{text}" is not FACET=VALUE, as in kind=Campaign.')
        filters[facet] = (*filters.get(facet, ()), value)
    return filters


def _kind(hit: "Hit", language: str) -> str:
    """Return the kind of an entry, and its dated status if it has one."""
    parts = [_name(hit.kind.names, language) or hit.kind.id]
    if hit.status:
        date = f" as of {hit.as_of}" if hit.as_of else ""
        parts.append(f"{_name(hit.status.names, language) or hit.status.id}{date}")
    return ", ".join(parts)


def _name(names: "Names", language: str) -> str:
    return names.get(language) or names.get("en") or next(iter(names.values()), "")


def _print(rows: list[tuple[str, str, str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("id", "name", "kind", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*map(Text, row))
    is_terminal = sys.stdout.isatty()
    Console(width=None if is_terminal else 10_000, soft_wrap=not is_terminal).print(table)
