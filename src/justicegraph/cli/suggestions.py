"""The command for reviewing suggestions, and the server's options for them."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from justicegraph.cli.keys import END_KEYS, Keys, keys_by_line
from justicegraph.cli.terminal import build_option, choose_build_dir, folder_option, on_page, say, who_decides
from justicegraph.text import count

if TYPE_CHECKING:
    from rich.text import Text

    from justicegraph.suggest.intake import IntakeLimits
    from justicegraph.suggest.review import Assessment, Review

_positive = click.IntRange(1)
_OPTIONS = (
    click.option(
        "--suggestions", type=click.Path(path_type=Path, dir_okay=False),
        help="The file of suggestions; the default is suggestions/suggestions.sqlite in the project.",
    ),
    click.option("--no-suggestions", is_flag=True, help="Accept no suggestions."),
    click.option("--suggestions-waiting", default=1000, type=_positive, help="Suggestions that may wait for review."),
    click.option(
        "--suggestions-per-client", default=30, type=_positive, help="Suggestions per hour from one address."
    ),
    click.option("--suggestions-per-hour", default=300, type=_positive, help="Suggestions per hour in total."),
    click.option(
        "--suggestion-retention-days", default=180, type=_positive,
        help="Days until an undecided suggestion is deleted.",
    ),
    click.option(
        "--suggestions-decided", default=30, type=_positive, help="Days for which the sender can see the decision."
    ),
)  # fmt: skip
_file_option = click.option(
    "--suggestions", "file", type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The file of suggestions; the default is suggestions/suggestions.sqlite in the project.",
)  # fmt: skip
_HINT = "a accept, d decline, l later, i another id, q quit, ? help"
_STYLES = {"added": "green", "removed": "red", "heading": "cyan"}


def suggestion_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of suggestions."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def suggestions_of(folder: Path, options: dict[str, Any]) -> "tuple[Path | None, IntakeLimits]":
    """Return the file of suggestions, None if none are accepted here, and the limits; raise CannotWrite.

    None are accepted for the graph in the package, nor for a project that cannot be written to.
    """
    from justicegraph.project.locate import PACKAGE
    from justicegraph.suggest.intake import IntakeLimits, suggestions_file
    from justicegraph.suggest.store import Store

    limits = IntakeLimits(
        options["suggestion_retention_days"], options["suggestions_decided"], options["suggestions_waiting"],
        options["suggestions_per_client"], options["suggestions_per_hour"],
    )  # fmt: skip
    if options["no_suggestions"]:
        return None, limits
    if options["suggestions"]:
        file: Path = options["suggestions"].resolve()
        Store(file).secret()  # report now if it cannot be written
        return file, limits
    file = suggestions_file(folder.resolve())
    nearest = file.parent if file.parent.exists() else folder
    is_ours = folder.resolve() == PACKAGE / "data" or not os.access(nearest, os.W_OK)
    return None if is_ours else file, limits


@click.command("review")
@click.option("--author", metavar="NAME", help="Your name, or orcid:0000-…; it is remembered, and not published.")
@click.option("--list", "only_list", is_flag=True, help="Only list the waiting suggestions.")
@click.option("--browser", is_flag=True, help="Review on a page that only this machine can open.")
@click.option("--port", default=8002, show_default=True, type=click.IntRange(1, 65535), help="The page's port.")
@_file_option
@folder_option
@build_option
def review_suggestions(
    author: str | None, only_list: bool, browser: bool, port: int, file: Path | None, folder: Path,
    build_dir: Path | None,
) -> None:  # fmt: skip
    """Review what readers suggest: see each as a diff with all checks, then accept or decline it.

    Accepting writes the entry's file; you commit it. `?` shows the keys.
    """
    from justicegraph.suggest.intake import suggestions_file
    from justicegraph.suggest.review import Review
    from justicegraph.suggest.review_text import format_day, kind_of
    from justicegraph.suggest.store import Store

    store = Store(file or suggestions_file(folder))
    waiting = Review(folder, store, "").waiting()
    for suggestion, proposal in waiting:
        day = format_day(suggestion.received_at)
        click.echo(f"{suggestion.number}\t{day}\t{kind_of(proposal)}\t{proposal.slug}")
    if only_list or not waiting:
        say(f"{count(len(waiting), 'suggestion')} waiting.")
        return
    reviewer = who_decides(author, choose_build_dir(folder, build_dir), "kept with each decision")
    review = Review(folder, store, str(reviewer))
    if browser:
        from justicegraph.admin.suggestions import suggestion_review_app

        on_page("/suggestions", port, partial(suggestion_review_app, review))
    else:
        _review_in_terminal(review, [suggestion.number for suggestion, _ in waiting])


def _review_in_terminal(review: "Review", numbers: list[int]) -> None:
    """Show one suggestion after the other, until each is decided or left for later."""
    from justicegraph.errors import CannotWrite
    from justicegraph.suggest.store import NotWaiting

    keys = keys_by_line()
    for number in numbers:
        try:
            goes_on = _review_one(review, number, keys)
        except NotWaiting as error:
            say(str(error))
            continue
        except CannotWrite as error:  # the suggestion still waits
            say(str(error))
            return
        if not goes_on:
            return


def _review_one(review: "Review", number: int, keys: Keys) -> bool:
    """Read keys until one suggestion is decided or left for later; return whether to go on with the next."""
    from justicegraph.errors import DecisionRejected

    assessment = _show(review, number)
    while True:
        say(_HINT)
        key = keys().lower()
        if key in END_KEYS:
            return False
        if key == "?":
            say(_help())
            continue
        try:
            if key == "l" or _is_decided(review, assessment, key):
                return True
        except DecisionRejected as error:
            say(str(error))
        except click.Abort:  # the input has ended
            return False
        assessment = _show(review, number)


def _is_decided(review: "Review", assessment: "Assessment", key: str) -> bool:
    """Run the action of a key; return whether it decides the suggestion."""
    from justicegraph.suggest.review_text import ACCEPTED, ASK_ID, ASK_REASON, DECLINED

    number = assessment.suggestion.number
    if key == "a":
        for path in review.accept(number, assessment.revision):
            click.echo(path)
        say(ACCEPTED)
    elif key == "d":
        review.decline(number, click.prompt(ASK_REASON, err=True))
        say(DECLINED)
    elif key == "i":
        review.rename(number, click.prompt(ASK_ID, err=True).strip())
    return key in {"a", "d"}


def _show(review: "Review", number: int) -> "Assessment":
    """Print a suggestion as it is now, and return it."""
    from justicegraph.cli.review_screen import console

    assessment = review.assess(number)
    console().print(*_lines(review.root, assessment), sep="\n", soft_wrap=True)
    return assessment


def _lines(root: Path, assessment: "Assessment") -> "Iterator[Text]":
    """Yield the lines that show a suggestion: its title, its diff, its comment and its findings."""
    from rich.text import Text

    from justicegraph.suggest import review_text

    proposal, suggestion = assessment.proposal, assessment.suggestion
    kind = "new entry" if proposal.is_new else "change"
    day = review_text.format_day(suggestion.received_at)
    yield Text(f"\n{suggestion.number} · {kind} · {proposal.slug} · {day}", style="bold")
    if assessment.is_outdated and not proposal.is_new:
        yield Text(review_text.OUTDATED, style="yellow")
    for change in assessment.changes:
        for line in review_text.diff_lines(change, root):
            yield Text(line.text, style=_STYLES.get(line.kind, ""))
    if not assessment.changes:
        yield Text(review_text.NO_CHANGE)
    if proposal.comment:
        yield Text(f"Comment: {proposal.comment}")
    for finding in assessment.findings:
        yield Text(str(finding), style="red")
    yield Text(review_text.CHECKS_FAIL if assessment.findings else review_text.CHECKS_PASS, style="dim")


def _help() -> str:
    from justicegraph.suggest.review_text import KEYS

    return "\n".join(f"{key}  {action}" for key, action in KEYS.items())
