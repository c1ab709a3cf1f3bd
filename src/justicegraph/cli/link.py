"""The commands that link entries to the same things elsewhere: find candidates, review them, check links."""

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
from justicegraph.cli.terminal import build_option, choose_build_dir, folder_option, local_query, say
from justicegraph.text import count

if TYPE_CHECKING:
    from rich.progress import TaskID

    from justicegraph.linking.records.wikidata import Item
    from justicegraph.linking.wikidata.client import WikidataClient
    from justicegraph.linking.wikidata.entries import OwnEntry
    from justicegraph.linking.wikidata.item_search import Progress
    from justicegraph.linking.wikidata.proposals import Proposal
    from justicegraph.linking.wikidata.propose import IrisByEntry
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
    help="The namespace of the items. By default Wikidata's, or with --target that of most targets.",
)  # fmt: skip
_contact = click.option(
    "--contact",
    metavar="TEXT",
    help="Your email address or web page, for the server's operator; ours by default.",
)
_timeout = click.option("--timeout", default=300.0, show_default=True, help="Seconds for one request, waits included.")


@click.group()
def link() -> None:
    """Link entries to Wikidata: find candidates, review them, and check existing links."""


@link.command()
@click.option(
    "--target", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Match against this file and send nothing: N-Triples in Wikidata's form (.nt), CSV or JSON lines; .gz too.",
)  # fmt: skip
@click.option("--endpoint", metavar="URL", help=f"Use this SPARQL endpoint instead of {_SPARQL}.")
@click.option("--api", metavar="URL", help=f"Search with this MediaWiki API instead of {_API}.")
@_source
@_contact
@_timeout
@click.option("--max-age", default=30.0, show_default=True, help="Days for which cached responses are used.")
@click.option("--max-bytes", default=1 << 30, show_default=True, help="The largest decompressed size of a target file.")
@click.option("--accept", "accepting", is_flag=True, help="Record matches without a review.")
@click.option("--author", metavar="NAME", help="Who is responsible for accepted matches: a name, or orcid:0000-….")
@folder_option
@build_option
def wikidata(
    target: Path | None, endpoint: str | None, api: str | None, source: str | None, contact: str | None,
    timeout: float, max_age: float, max_bytes: int, accepting: bool, author: str | None,
    folder: Path, build_dir: Path | None,
) -> None:  # fmt: skip
    """Find items that may be the same as our entries, in Wikidata or elsewhere, and write them to a file for review.

    Wikidata gets one request at a time. --target uses a file instead, and --endpoint another server. There, names are
    looked up by SPARQL, unless --api is given too.
    """
    from justicegraph.linking.wikidata.proposals import undecided, write_proposals
    from justicegraph.linking.wikidata.propose import propose
    from justicegraph.linking.wikidata.reviewer import parse_reviewer
    from justicegraph.linking.wikidata.targets import file_name, items_within, read_target_items, source_of
    from justicegraph.project.sssom import WIKIDATA

    _check_usage(target, endpoint, api, accepting, author)
    reviewer = parse_reviewer(author) if author else None
    build, decisions = choose_build_dir(folder, build_dir) / "link", _decisions(folder)
    items, items_by_entry = read_target_items(target, max_bytes) if target else [], None
    source = source or (source_of(items) if target else WIKIDATA)
    items = items_within(items, source) if target else []
    entries = _undecided(folder, build_dir, source, decisions)
    if not target:
        client = _client(endpoint, api, source, contact, timeout)
        items, items_by_entry = _find_items(entries, client, build / "cache", max_age)
    day = datetime.now(UTC).date().isoformat()
    proposals = list(undecided(propose(entries, items, source, day, items_by_entry), decisions))
    write_proposals(build / file_name(source), proposals)
    _summarize(proposals, build / file_name(source))
    if reviewer:
        _accept(folder, proposals, reviewer, day)


@link.command("check")
@click.option("--endpoint", default=_SPARQL, show_default=True, metavar="URL", help="Use this SPARQL endpoint.")
@_source
@_contact
@_timeout
@folder_option
@build_option
def check_links(
    endpoint: str, source: str | None, contact: str | None, timeout: float, folder: Path, build_dir: Path | None
) -> None:
    """Report linked items that were merged with others, or deleted. This changes no file."""
    from justicegraph.errors import BrokenRules
    from justicegraph.linking.wikidata.link_check import check_links, linked_items
    from justicegraph.namespaces import short
    from justicegraph.project.sssom import WIKIDATA, curie

    source = source or WIKIDATA
    links = linked_items(local_query(folder, build_dir), source)
    if not links:
        say(f"No entry is linked to anything in {source}: there is nothing to check.")
        return
    with _progress() as progress:
        broken = check_links(links, _client(endpoint, "", source, contact, timeout), progress)
    for broken_link in broken:
        change = f"was merged into {curie(broken_link.replacement)}" if broken_link.replacement else "was deleted"
        click.echo(f"{short(broken_link.entry)}: {curie(broken_link.item)} {change}")
    say(f"{count(len(links), 'link')} checked, {len(links) - len(broken):,} fine.")
    if broken:
        say("To review these entries again, delete their lines in graph/mappings and run `justicegraph link wikidata`.")
    sys.exit(BrokenRules.exit_code if broken else 0)


link.add_command(review)


def _check_usage(
    target: Path | None, endpoint: str | None, api: str | None, accepting: bool, author: str | None
) -> None:
    if target and (endpoint or api):
        raise click.UsageError("--target uses no server: leave --endpoint and --api out.")
    if api and not endpoint:
        raise click.UsageError("--api needs the --endpoint of the same server.")
    if accepting != bool(author):
        raise click.UsageError("--accept and --author go together: somebody is responsible for what is recorded.")


def _decisions(folder: Path) -> list["Decision"]:
    from justicegraph.project.folder import mapping_files
    from justicegraph.project.sssom import read_sssom

    return [decision for path in mapping_files(folder) for decision in read_sssom(path)]


def _undecided(folder: Path, build_dir: Path | None, source: str, decisions: Sequence["Decision"]) -> list["OwnEntry"]:
    """Return the entries on which there is no decision yet for a database."""
    from justicegraph.linking.wikidata.entries import own_entries
    from justicegraph.linking.wikidata.proposals import Proposal, undecided

    entries = {entry.record.id: entry for entry in own_entries(local_query(folder, build_dir))}
    proposals = (Proposal(entry=iri, name="", kind="", source=source, found_on="") for iri in entries)
    return [entries[proposal.entry] for proposal in undecided(proposals, decisions)]


def _client(
    endpoint: str | None, api: str | None, source: str, contact: str | None, timeout: float
) -> "WikidataClient":
    from justicegraph.linking.wikidata.client import WikidataClient, error_in
    from justicegraph.remote import USER_AGENT, Client, remote_endpoint, user_agent

    agent = user_agent(contact) if contact else USER_AGENT
    return WikidataClient(
        Client(timeout, agent=agent, find_error=error_in),
        remote_endpoint(endpoint or _SPARQL, timeout, agent=agent),
        endpoint or _SPARQL,
        api if api is not None else "" if endpoint else _API,
        source,
    )


def _find_items(
    entries: Sequence["OwnEntry"], client: "WikidataClient", cache_folder: Path, days: float
) -> tuple[list["Item"], "IrisByEntry"]:
    """Return the items that may be one of the entries, and those found for each; responses are cached in a folder."""
    from justicegraph.errors import RemoteFailed
    from justicegraph.linking.wikidata.cache import Cache
    from justicegraph.linking.wikidata.item_search import find_items
    from justicegraph.system.files import exclusive_lock

    with exclusive_lock(cache_folder, "another `justicegraph link`"), _progress() as progress:
        cache = Cache(cache_folder, days)
        try:
            return find_items(entries, replace(client, cache=cache), progress)
        except RemoteFailed as error:
            cached = f" {count(cache.fetched, 'response')} cached: run it again to continue." if cache.fetched else ""
            raise RemoteFailed(f"{error}{cached}") from error


def _summarize(proposals: Sequence["Proposal"], path: Path) -> None:
    with_candidates = [proposal for proposal in proposals if proposal.candidates]
    matches = sum(proposal.candidates[0].is_match for proposal in with_candidates)
    entries = "1 entry" if len(proposals) == 1 else f"{len(proposals):,} entries"
    say(
        f"{entries} written to {path}: {len(with_candidates):,} with candidates, {matches:,} of them matches. "
        "Review them with `justicegraph link review`."
    )


def _accept(folder: Path, proposals: Sequence["Proposal"], reviewer: "Reviewer", day: str) -> None:
    from justicegraph.linking.wikidata.accept import accept_matches
    from justicegraph.project.folder import load_folder

    accepted, left_out = accept_matches(load_folder(folder), proposals, reviewer, day)
    for sentence in left_out:
        click.echo(sentence)
    say(f"{count(len(accepted), 'link')} recorded in graph/mappings without a review, by {reviewer}.")


@contextmanager
def _progress() -> Iterator["Progress"]:
    """Give a function that shows progress, if standard error is a terminal."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(done: int, total: int, name: str) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name)
            bar.update(tasks[name], completed=done, total=total)

        yield show
