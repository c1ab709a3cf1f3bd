"""The commands that link entries to what is the same elsewhere."""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from justicegraph.cli.review import review
from justicegraph.cli.terminal import build_option, folder_option, local_query, place_of_build, say
from justicegraph.text import count

if TYPE_CHECKING:
    from rich.progress import TaskID

    from justicegraph.linking.records.wikidata import Item
    from justicegraph.linking.wikidata.client import Outside
    from justicegraph.linking.wikidata.entries import Ours
    from justicegraph.linking.wikidata.finding import Progress
    from justicegraph.linking.wikidata.proposals import Proposal
    from justicegraph.linking.wikidata.proposing import Found
    from justicegraph.linking.wikidata.reviewer import Reviewer
    from justicegraph.project.sssom import Decision

_API = "https://www.wikidata.org/w/api.php"
_SPARQL = "https://query.wikidata.org/sparql"


def _is_namespace(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"https?://[^\s/]\S*[/#]", value):
        raise click.BadParameter("a namespace begins with http:// or https:// and ends with a slash or a hash.")
    return value


_source = click.option(
    "--source", metavar="IRI", callback=_is_namespace,
    help="The namespace of the items; else Wikidata's, or that of most targets.",
)  # fmt: skip
_contact = click.option(
    "--contact", metavar="TEXT", help="Whom a server's operator can turn to: an address or a page of yours; else ours."
)
_timeout = click.option(
    "--timeout", default=300.0, show_default=True, help="Seconds for one request, its waits included."
)


@click.group()
def link() -> None:
    """Find what entries are elsewhere, review it, and check the links that stand."""


@link.command()
@click.option(
    "--target", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Ask nobody: match against a file in Wikidata's shape (.nt), CSV or JSON lines; .gz too.",
)  # fmt: skip
@click.option("--endpoint", metavar="URL", help=f"Ask this SPARQL endpoint; else {_SPARQL}.")
@click.option("--api", metavar="URL", help=f"Search by this MediaWiki API; else {_API}.")
@_source
@_contact
@_timeout
@click.option("--max-age", default=30.0, show_default=True, help="Days for which answers are kept and not asked again.")
@click.option("--max-bytes", default=1 << 30, show_default=True, help="What a target may have when decompressed.")
@click.option("--accept", "accepting", is_flag=True, help="Record matches that are sure, without a review.")
@click.option("--author", metavar="NAME", help="Who answers for what is accepted: a name, or orcid: and the number.")
@folder_option
@build_option
def wikidata(
    target: Path | None, endpoint: str | None, api: str | None, source: str | None, contact: str | None,
    timeout: float, max_age: float, max_bytes: int, accepting: bool, author: str | None,
    folder: Path, build_dir: Path | None,
) -> None:  # fmt: skip
    """Find what may be the same as our entries, on Wikidata or elsewhere, and write it down for review.

    Wikidata is asked, one request at a time, unless --target names a file or --endpoint another place. There, names are
    looked up by SPARQL, unless --api is given too.
    """
    from justicegraph.linking.wikidata.proposals import undecided, write_proposals
    from justicegraph.linking.wikidata.proposing import propose
    from justicegraph.linking.wikidata.reviewer import reviewer_of
    from justicegraph.linking.wikidata.targets import file_name, items_within, read_target_items, source_of
    from justicegraph.project.sssom import WIKIDATA

    _check_usage(target, endpoint, api, accepting, author)
    reviewer = reviewer_of(author) if author else None
    place, decisions = place_of_build(folder, build_dir) / "link", _decisions(folder)
    items, near = read_target_items(target, max_bytes) if target else [], None
    source = source or (source_of(items) if target else WIKIDATA)
    items = items_within(items, source) if target else []
    entries = _undecided(folder, build_dir, source, decisions)
    if not target:
        items, near = _asked(entries, _outside(endpoint, api, source, contact, timeout), place / "cache", max_age)
    day = datetime.now(UTC).date().isoformat()
    found = propose(entries, items, source, day, near)
    proposals = list(undecided(found, decisions))
    write_proposals(place / file_name(source), proposals)
    _summarize(proposals, place / file_name(source))
    if reviewer:
        _accept(folder, proposals, reviewer, day)


@link.command("check")
@click.option("--endpoint", default=_SPARQL, show_default=True, metavar="URL", help="Ask this SPARQL endpoint.")
@_source
@_contact
@_timeout
@folder_option
@build_option
def check_links(
    endpoint: str, source: str | None, contact: str | None, timeout: float, folder: Path, build_dir: Path | None
) -> None:
    """Ask whether the items that entries are linked to were put together with others, or deleted; change nothing."""
    from justicegraph.errors import BrokenRules
    from justicegraph.linking.wikidata.checking import check_links, links
    from justicegraph.namespaces import short
    from justicegraph.project.sssom import WIKIDATA, curie

    source = source or WIKIDATA
    linked = links(local_query(folder, build_dir), source)
    if not linked:
        say(f"No entry is linked to anything in {source}: nothing was asked.")
        return
    with _progress() as progress:
        moved = check_links(linked, _outside(endpoint, "", source, contact, timeout), progress)
    for each in moved:
        what = f"was put together with {curie(each.now)}" if each.now else "was deleted"
        click.echo(f"{short(each.entry)}: {curie(each.item)} {what}")
    say(f"{count(len(linked), 'link')} checked, {len(linked) - len(moved):,} fine.")
    if moved:
        say("Review these entries anew: delete their lines in graph/mappings, then run `justicegraph link wikidata`.")
    sys.exit(BrokenRules.exit_code if moved else 0)


link.add_command(review)


def _check_usage(
    target: Path | None, endpoint: str | None, api: str | None, accepting: bool, author: str | None
) -> None:
    if target and (endpoint or api):
        raise click.UsageError("--target asks nobody: leave --endpoint and --api out.")
    if api and not endpoint:
        raise click.UsageError("Name the --endpoint that goes with this --api.")
    if accepting != bool(author):
        raise click.UsageError("--accept and --author go together: somebody answers for what is recorded.")


def _decisions(folder: Path) -> list["Decision"]:
    from justicegraph.project.folder import mapping_files
    from justicegraph.project.sssom import read_sssom

    return [decision for path in mapping_files(folder) for decision in read_sssom(path)]


def _undecided(folder: Path, build_dir: Path | None, source: str, decisions: Sequence["Decision"]) -> list["Ours"]:
    """Return the entries of which nobody has decided yet what they are there."""
    from justicegraph.linking.wikidata.entries import ours
    from justicegraph.linking.wikidata.proposals import Proposal, undecided

    entries = {each.record.id: each for each in ours(local_query(folder, build_dir))}
    asked = (Proposal(entry=entry, name="", kind="", source=source, found_on="") for entry in entries)
    return [entries[each.entry] for each in undecided(asked, decisions)]


def _outside(endpoint: str | None, api: str | None, source: str, contact: str | None, timeout: float) -> "Outside":
    from justicegraph.linking.wikidata.client import Outside, error_in
    from justicegraph.remote import USER_AGENT, Client, remote_endpoint, user_agent

    agent = user_agent(contact) if contact else USER_AGENT
    return Outside(
        Client(timeout, agent=agent, find_error=error_in),
        remote_endpoint(endpoint or _SPARQL, timeout, agent=agent),
        endpoint or _SPARQL,
        api if api is not None else "" if endpoint else _API,
        source,
    )


def _asked(entries: Sequence["Ours"], outside: "Outside", place: Path, days: float) -> tuple[list["Item"], "Found"]:
    """Return what servers know that may be one of the entries; what they answer is kept in a folder."""
    from justicegraph.errors import RemoteFailed
    from justicegraph.linking.wikidata.cache import Cache
    from justicegraph.linking.wikidata.finding import find
    from justicegraph.system.files import exclusive_lock

    with exclusive_lock(place, "another `justicegraph link`"), _progress() as progress:
        cache = Cache(place, days)
        try:
            return find(entries, replace(outside, cache=cache), progress)
        except RemoteFailed as error:
            kept = f" {count(cache.asked, 'answer')} kept: run it again to go on from there." if cache.asked else ""
            raise RemoteFailed(f"{error}{kept}") from error


def _summarize(proposals: Sequence["Proposal"], path: Path) -> None:
    with_some = sum(bool(each.candidates) for each in proposals)
    sure = sum(each.candidates[0].is_match for each in proposals if each.candidates)
    say(
        f"{count(len(proposals), 'question')} in {path}, {with_some:,} with candidates, {sure:,} of them sure: "
        "decide with `justicegraph link review`."
    )


def _accept(folder: Path, proposals: Sequence["Proposal"], reviewer: "Reviewer", day: str) -> None:
    from justicegraph.linking.wikidata.accepting import accept
    from justicegraph.project.folder import load_folder

    accepted, left = accept(load_folder(folder), proposals, reviewer, day)
    for sentence in left:
        click.echo(sentence)
    say(f"{count(len(accepted), 'link')} recorded in graph/mappings without a review, as of {reviewer}.")


@contextmanager
def _progress() -> Iterator["Progress"]:
    """Give what shows how far it is, where somebody looks on."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(done: int, of: int, what: str) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what)
            bar.update(tasks[what], completed=done, total=of)

        yield show
