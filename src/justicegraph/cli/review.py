"""The command for reviewing links: one key decides, in the terminal or on a page of this machine."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from justicegraph.cli.keys import END_KEYS, Keys, keys_by_letter
from justicegraph.cli.terminal import build_option, choose_build_dir, folder_option, on_page, say, who_decides
from justicegraph.text import count

if TYPE_CHECKING:
    from rich.console import Console

    from justicegraph.linking.wikidata.review import Review, ReviewItem

_DIGITS = frozenset("123456789")


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--author",
    metavar="NAME",
    help="Your name, or orcid:0000-…; it is published with each decision, and remembered.",
)
@click.option("--browser", is_flag=True, help="Review on a page that only this machine can open.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="The page's port.")
@folder_option
@build_option
def review(
    file: Path | None, author: str | None, browser: bool, port: int, folder: Path, build_dir: Path | None
) -> None:
    """Review the candidates that were found: those in FILE, or all in build/link.

    Each decision is written to graph/mappings at once. Keys may come from a pipe; `?` shows them.
    """
    from justicegraph.linking.wikidata.review import Review
    from justicegraph.linking.wikidata.review_queue import read_queue
    from justicegraph.project.folder import load_folder

    build = choose_build_dir(folder, build_dir)
    proposals = read_queue(build, file)
    reviewer = who_decides(author, build, "published with each decision")
    review = Review(load_folder(folder), proposals, build, reviewer, date.today().isoformat())
    if review.current() is None:
        say("Nothing to review. `justicegraph link wikidata` finds candidates.")
        return
    say(f"Reviewing as {reviewer} (published with each decision)")
    try:
        if browser:
            from justicegraph.admin.links import review_app

            on_page("/review", port, partial(review_app, review))
        else:
            _review_in_terminal(review, keys_by_letter())
    finally:
        _print_summary(review)


def _review_in_terminal(review: "Review", keys: Keys) -> None:
    """Show item by item and run the actions of the keys, until the input ends; even the last decision can be undone."""
    from justicegraph.cli.review_screen import console, screen
    from justicegraph.linking.wikidata.review_text import ALL_DONE

    out = console()
    chosen, shown_revision = 0, -1
    while True:
        item = review.current()
        if shown_revision != review.revision:
            shown_revision, chosen = review.revision, 0
            out.print(screen(item, chosen, out.width) if item else ALL_DONE, "", _hint(item), sep="\n")
        key = keys()
        if key in END_KEYS:
            return
        if item and key in _DIGITS:
            chosen = _choose(out, item, int(key) - 1, chosen)
        elif not _handle(review, item, key.lower(), chosen, keys):
            _print_help(out, item, key.lower())


def _hint(item: "ReviewItem | None") -> str:
    if item is None:
        return "z undo, q quit"
    choices = "1-9 choose, " if len(item.proposal.candidates) > 1 else ""
    return f"s same, d different, u unsure, n no such item, {choices}z undo, ? help"


def _choose(out: "Console", item: "ReviewItem", wanted: int, chosen: int) -> int:
    """Show another candidate; return the number of the one that is chosen now, from 0."""
    from justicegraph.cli.review_screen import screen

    if wanted >= len(item.proposal.candidates):
        say(f"There is no candidate {wanted + 1}.")
        return chosen
    out.print(screen(item, wanted, out.width), "", _hint(item), sep="\n")
    return wanted


def _print_help(out: "Console", item: "ReviewItem | None", key: str) -> None:
    from justicegraph.cli.review_screen import help_text, links

    out.print(links(item) if item and key == "o" else help_text(item))


def _handle(review: "Review", item: "ReviewItem | None", key: str, chosen: int, keys: Keys) -> bool:
    """Decide or undo as the key says, and print the result; return False for any other key."""
    from justicegraph.errors import DecisionRejected
    from justicegraph.linking.wikidata.review_text import VERDICT_KEYS

    try:
        if key == "z":
            step = review.undo()
            click.echo(f"undone: {step.text}" if step else "Nothing to undo.", err=step is None)
        elif item and key in VERDICT_KEYS:
            _decide(review, item, key, chosen, keys)
        else:
            return False
    except DecisionRejected as error:
        say(str(error))
    return True


def _decide(review: "Review", item: "ReviewItem", key: str, chosen: int, keys: Keys) -> None:
    from justicegraph.linking.wikidata.review_text import NO_CANDIDATE, VERDICT_KEYS, Verdict

    verdict, candidates = VERDICT_KEYS[key], item.proposal.candidates
    if verdict.is_about_candidate and not candidates:
        say(f"{NO_CANDIDATE}: n no such item, u unsure.")
        return
    match = _ask_match(keys) if verdict is Verdict.SAME and item.needs_match else ""
    if match is not None:
        click.echo(review.decide(verdict, candidates[chosen] if verdict.is_about_candidate else None, match).text)


def _ask_match(keys: Keys) -> str | None:
    """Ask how a cause matches; return the mapping relation, None for any other key."""
    from justicegraph.linking.wikidata.review_text import ASK_MATCH, MATCH_KEYS, MATCH_LABELS, NOTHING_DECIDED

    choices = "; ".join(f"{key} {MATCH_LABELS[match]}" for key, match in MATCH_KEYS.items())
    say(f"{ASK_MATCH} {choices}; any other key: none of these")
    match = MATCH_KEYS.get(keys().lower() or " ")
    if match is None:
        say(NOTHING_DECIDED)
    return match


def _print_summary(review: "Review") -> None:
    counts = ", ".join(f"{number:,} {verdict}" for verdict, number in review.counts().items())
    say(f"{count(len(review.steps), 'decision')} this session{f': {counts}' if counts else ''}.")
