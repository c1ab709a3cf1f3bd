"""The command for reviewing links: one key decides, in the terminal or on a page of this machine."""

import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from justicegraph.cli.terminal import build_option, folder_option, on_page, place_of_build, say, who_decides
from justicegraph.text import count

if TYPE_CHECKING:
    from rich.console import Console

    from justicegraph.linking.wikidata.review import Question, Review

Keys = Callable[[], str]
"""Gives the next key; nothing where there are no more."""

_ANSWERS = {"s": "same", "d": "different", "u": "unsure", "n": "no such item"}
_DIGITS = frozenset("123456789")
_ENDS = frozenset(("", "q", "Q", "\x03", "\x04"))
"""What ends the sitting: also Ctrl+C and Ctrl+D where the terminal gives them as keys."""


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--author",
    metavar="NAME",
    help="Who decides, as published with each decision: a name, or orcid:0000-…; remembered.",
)
@click.option("--browser", is_flag=True, help="Review on a page, which only this machine can open.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="The page's port.")
@folder_option
@build_option
def review(
    file: Path | None, author: str | None, browser: bool, port: int, folder: Path, build_dir: Path | None
) -> None:
    """Decide on the candidates that were found: those in FILE, or all in build/link.

    Each answer is recorded in graph/mappings at once. Keys may come from a pipe; `?` shows them.
    """
    from justicegraph.linking.wikidata.review import Review
    from justicegraph.linking.wikidata.review_queue import read_queue
    from justicegraph.project.folder import load_folder

    build = place_of_build(folder, build_dir)
    proposals = read_queue(build, file)
    reviewer = who_decides(author, build, "published with each decision")
    sitting = Review(load_folder(folder), proposals, build, reviewer, date.today().isoformat())
    if sitting.question() is None:
        say("Nothing waits for review. `justicegraph link wikidata` finds candidates.")
        return
    say(f"You decide as {reviewer}; it is published with each decision.")
    try:
        if browser:
            from justicegraph.admin.links import review_app

            on_page("/review", port, partial(review_app, sitting))
        else:
            _in_terminal(sitting, _keys())
    finally:
        _summary(sitting)


def _keys() -> Keys:
    """Return what gives keys: one press each from a terminal, else the letters of standard input."""
    if sys.stdin.isatty():
        return _press
    letters = _letters()
    return lambda: next(letters, "")


def _press() -> str:
    try:
        return click.getchar()
    except (KeyboardInterrupt, EOFError):
        return ""


def _letters() -> Iterator[str]:
    while letter := sys.stdin.buffer.read(1):
        if not letter.isspace():
            yield letter.decode("latin-1")


def _in_terminal(sitting: "Review", keys: Keys) -> None:
    """Ask question by question, until no key comes any more; when all is decided, the last answer can be taken back."""
    from justicegraph.cli.review_screen import console, screen

    out = console()
    chosen, asked = 0, -1
    while True:
        question = sitting.question()
        if asked != sitting.revision:
            asked, chosen = sitting.revision, 0
            out.print(
                screen(question, chosen, out.width) if question else "All is decided.", "", _hint(question), sep="\n"
            )
        key = keys()
        if key in _ENDS:
            return
        if question and key in _DIGITS:
            chosen = _choose(out, question, int(key) - 1, chosen)
        elif not _answer(sitting, question, key.lower(), chosen, keys):
            _show(out, question, key.lower())


def _hint(question: "Question | None") -> str:
    if question is None:
        return "z undo, q quit"
    choices = "1-9 choose, " if len(question.proposal.candidates) > 1 else ""
    return f"s same, d different, u unsure, n no such item, {choices}z undo, ? help"


def _choose(out: "Console", question: "Question", wanted: int, chosen: int) -> int:
    """Show another candidate; return which one is chosen now."""
    from justicegraph.cli.review_screen import screen

    if wanted >= len(question.proposal.candidates):
        say(f"There is no candidate {wanted + 1}.")
        return chosen
    out.print(screen(question, wanted, out.width), "", _hint(question), sep="\n")
    return wanted


def _show(out: "Console", question: "Question | None", key: str) -> None:
    from justicegraph.cli.review_screen import help_text, links

    out.print(links(question) if question and key == "o" else help_text(question))


def _answer(sitting: "Review", question: "Question | None", key: str, chosen: int, keys: Keys) -> bool:
    """Do what the key says, and tell it; return whether the key decides anything."""
    from justicegraph.errors import CannotStand

    try:
        if key == "z":
            step = sitting.undo()
            click.echo(f"taken back: {step.words}" if step else "Nothing is left to take back.", err=step is None)
        elif question and key in _ANSWERS:
            _decide(sitting, question, key, chosen, keys)
        else:
            return False
    except CannotStand as error:
        say(str(error))
    return True


def _decide(sitting: "Review", question: "Question", key: str, chosen: int, keys: Keys) -> None:
    from justicegraph.linking.wikidata.review import Answer

    answer, candidates = Answer(_ANSWERS[key]), question.proposal.candidates
    about = answer in {Answer.SAME, Answer.DIFFERENT}
    if about and not candidates:
        say("No candidate is left: n no such item, u unsure.")
        return
    match = _match(keys) if answer is Answer.SAME and question.asks_how else ""
    if match is not None:
        click.echo(sitting.decide(answer, candidates[chosen] if about else None, match).words)


def _match(keys: Keys) -> str | None:
    """Ask how a cause matches; return the predicate, or None where the person thinks again."""
    from justicegraph.linking.wikidata.review_words import MATCH_KEYS, MATCH_WORDS

    words = "; ".join(f"{key} {MATCH_WORDS[match]}" for key, match in MATCH_KEYS.items())
    say(f"How do they match? {words}; any other key: none of these")
    found = MATCH_KEYS.get(keys().lower() or " ")
    if found is None:
        say("Nothing was decided.")
    return found


def _summary(sitting: "Review") -> None:
    said = ", ".join(f"{number:,} {answer}" for answer, number in sitting.counts().items())
    say(f"{count(len(sitting.steps), 'answer')} in this sitting{f': {said}' if said else ''}.")
