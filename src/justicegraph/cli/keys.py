"""Reads single keys from a terminal, or letters from standard input if it is a pipe."""

import sys
from collections.abc import Callable, Iterator

import click

Keys = Callable[[], str]
"""Returns the next key, "" at the end of the input."""

END_KEYS = frozenset(("", "q", "Q", "\x03", "\x04"))
"""Keys that end a review; also Ctrl+C and Ctrl+D if the terminal sends them as keys."""


def keys_by_letter() -> Keys:
    """Return a reader for which each letter of a pipe is a key."""
    if sys.stdin.isatty():
        return _press
    letters = _letters()
    return lambda: next(letters, "")


def keys_by_line() -> Keys:
    """Return a reader for which each line of a pipe is a key, so that prompts can read lines between keys."""
    if sys.stdin.isatty():
        return _press
    return lambda: sys.stdin.readline().strip()[:1]


def _press() -> str:
    try:
        return click.getchar()
    except (KeyboardInterrupt, EOFError):
        return ""


def _letters() -> Iterator[str]:
    while letter := sys.stdin.buffer.read(1):
        if not letter.isspace():
            yield letter.decode("latin-1")
