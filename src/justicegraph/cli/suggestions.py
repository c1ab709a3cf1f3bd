"""The command that decides on suggestions, and the options of the server that takes them in."""

import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from justicegraph.cli.terminal import build_option, folder_option, on_page, place_of_build, say, who_decides
from justicegraph.text import count

if TYPE_CHECKING:
    from rich.text import Text

    from justicegraph.suggest.intake import IntakeLimits
    from justicegraph.suggest.review import Case, Deciding

_positive = click.IntRange(1)
_OPTIONS = (
    click.option(
        "--suggestions", type=click.Path(path_type=Path, dir_okay=False),
        help="The file in which suggestions wait; else suggestions/suggestions.sqlite in the project.",
    ),
    click.option("--no-suggestions", is_flag=True, help="Take no suggestions."),
    click.option("--suggestions-waiting", default=1000, type=_positive, help="Suggestions that may wait."),
    click.option(
        "--suggestions-per-client", default=30, type=_positive, help="Suggestions an hour from one address."
    ),
    click.option("--suggestions-per-hour", default=300, type=_positive, help="Suggestions an hour from all together."),
    click.option(
        "--suggestions-held", default=180, type=_positive, help="Days after which a suggestion is deleted undecided."
    ),
    click.option(
        "--suggestions-decided", default=30, type=_positive, help="Days for which the sender can see what became of it."
    ),
)  # fmt: skip
_file_option = click.option(
    "--suggestions", "file", type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The file in which suggestions wait; else suggestions/suggestions.sqlite in the project.",
)  # fmt: skip
_HINT = "a accept, d decline, l later, i another id, q quit, ? help"
_HELP = """a  accept: the files are written, if all checks pass; commit them yourself
d  decline, with a reason that the sender reads
l  later: the next one
i  give a new entry another id
q  quit: what is decided is kept"""
_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def suggestion_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of suggestions."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def suggestions_of(folder: Path, said: dict[str, Any]) -> "tuple[Path | None, IntakeLimits]":
    """Return where suggestions wait, None where they are not taken, and how they are kept; raise CannotWrite.

    They are not taken for the graph that came with the package, nor where the project cannot be written to.
    """
    from justicegraph.project.locate import PACKAGE
    from justicegraph.suggest.intake import IntakeLimits, suggestions_file
    from justicegraph.suggest.store import Store

    limits = IntakeLimits(
        said["suggestions_held"], said["suggestions_decided"], said["suggestions_waiting"],
        said["suggestions_per_client"], said["suggestions_per_hour"],
    )  # fmt: skip
    if said["no_suggestions"]:
        return None, limits
    if said["suggestions"]:
        file: Path = said["suggestions"].resolve()
        Store(file).secret()  # what cannot be written is told of now
        return file, limits
    file = suggestions_file(folder.resolve())
    place = file.parent if file.parent.exists() else folder
    is_ours = folder.resolve() == PACKAGE / "data" or not os.access(place, os.W_OK)
    return None if is_ours else file, limits


@click.command("review")
@click.option("--author", metavar="NAME", help="Who decides: a name, or orcid:0000-…; remembered, and not published.")
@click.option("--list", "only_list", is_flag=True, help="Only list what waits.")
@click.option("--browser", is_flag=True, help="Decide on a page, which only this machine can open.")
@click.option("--port", default=8002, show_default=True, type=click.IntRange(1, 65535), help="The page's port.")
@_file_option
@folder_option
@build_option
def review_suggestions(
    author: str | None, only_list: bool, browser: bool, port: int, file: Path | None, folder: Path,
    build_dir: Path | None,
) -> None:  # fmt: skip
    """Decide on what readers have suggested: each as a diff, checked, to accept or to decline.

    What is accepted is written into the entry's file, and committed by you. `?` shows the keys.
    """
    from justicegraph.suggest.intake import suggestions_file
    from justicegraph.suggest.review import Deciding
    from justicegraph.suggest.store import Store

    store = Store(file or suggestions_file(folder))
    sitting = Deciding(folder, store, "")
    waiting = sitting.waiting()
    for kept, proposal in waiting:
        click.echo(f"{kept.number}\t{_day(kept.made)}\t{'new' if proposal.is_new else 'change'}\t{proposal.slug}")
    if only_list or not waiting:
        say(f"{count(len(waiting), 'suggestion')} waiting.")
        return
    sitting = Deciding(
        folder, store, str(who_decides(author, place_of_build(folder, build_dir), "kept with each decision"))
    )
    if browser:
        from justicegraph.admin.suggestions import suggestion_review_app

        on_page("/suggestions", port, partial(suggestion_review_app, sitting))
    else:
        _in_terminal(sitting, [kept.number for kept, _ in waiting])


def _in_terminal(sitting: "Deciding", numbers: list[int]) -> None:
    """Show one after the other, until each is decided on or left for later."""
    from justicegraph.errors import CannotWrite
    from justicegraph.suggest.store import NotHeld

    keys = _keys()
    for number in numbers:
        try:
            going_on = _decide(sitting, number, keys)
        except NotHeld as gone:
            say(str(gone))
            continue
        except CannotWrite as error:  # and so it still waits
            say(str(error))
            return
        if not going_on:
            return


def _decide(sitting: "Deciding", number: int, keys: Callable[[], str]) -> bool:
    """Ask until one suggestion is decided on or left; return whether to go on."""
    from justicegraph.errors import CannotStand

    case = sitting.case(number)
    _show(sitting.root, case)
    while True:
        say(_HINT)
        key = keys()
        if key in {"q", "", "\x03", "\x04"}:
            return False
        if key == "?":
            say(_HELP)
            continue
        try:
            if key == "l" or _is_done(sitting, case, key):
                return True
        except CannotStand as error:
            say(str(error))
        except click.Abort:  # the input has ended
            return False
        case = sitting.case(number)
        _show(sitting.root, case)


def _is_done(sitting: "Deciding", case: "Case", key: str) -> bool:
    """Do what a key says; return whether that decides on the suggestion."""
    number = case.kept.number
    if key == "a":
        for path in sitting.accept(number, case.revision):
            click.echo(path)
        say("Accepted. Commit the files when you are done.")
    elif key == "d":
        sitting.decline(number, click.prompt("Why? The sender reads it", err=True))
        say("Declined.")
    elif key == "i":
        sitting.rename(number, click.prompt("Its id", err=True).strip())
    return key in {"a", "d"}


def _show(root: Path, case: "Case") -> None:
    from justicegraph.cli.review_screen import console

    out = console()
    out.print(*_lines(root, case), sep="\n", soft_wrap=True)


def _lines(root: Path, case: "Case") -> "Iterator[Text]":
    """Yield a suggestion line by line: what it is, its diff, its comment, what is wrong with it."""
    from rich.text import Text

    proposal = case.proposal
    what = "a new entry" if proposal.is_new else "a change"
    yield Text(f"\n{case.kept.number} · {what} · {proposal.slug} · {_day(case.kept.made)}", style="bold")
    if case.has_moved and not proposal.is_new:
        yield Text("The entry has changed since; this is what the suggestion makes of it now.", style="yellow")
    for change in case.changes:
        for line in change.diff(root):
            yield Text(line, style=_STYLES.get(line[:1], ""))
    if not case.changes:
        yield Text("Nothing in the files changes.")
    if proposal.comment:
        yield Text(f"Comment: {proposal.comment}")
    for finding in case.findings:
        yield Text(str(finding), style="red")
    yield Text("All checks pass." if not case.findings else "It cannot be accepted as it is.", style="dim")


def _keys() -> Callable[[], str]:
    """Return what gives keys: one press each from a terminal, else the first letter of each line."""
    if sys.stdin.isatty():
        return _press
    return lambda: sys.stdin.readline().strip()[:1]


def _press() -> str:
    try:
        return click.getchar().lower()
    except (KeyboardInterrupt, EOFError):
        return ""


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
