"""Cells that no spreadsheet program runs: the one rule for every CSV, TSV and Parquet file with texts of other people.

Results of queries are the exception. SPARQL 1.1 Query Results CSV and TSV (sections 3 and 4) say how each value is
written, and programs read them: an added apostrophe would be a wrong result.
"""

import re

_SIGNS = r"=+\-@\uff1d\uff0b\uff0d\uff20"
"""What a formula begins with, also in the wide forms that Asian keyboards write."""

_BREAKS = r"\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_BLANKS = (
    r"\s\x00-\x20\x7f-\xa0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f"
    r"\u205f-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
)
"""White space and characters without a shape: some programs drop them before they look for a formula."""

_FIRST = re.compile(rf'[{_BREAKS}]|[{_BLANKS}"]*+[{_SIGNS}]')
_AFTER_BLANK = re.compile(rf'[{_SIGNS}](?<=[,;"{_BLANKS}].)', re.DOTALL)
_LATER = re.compile(rf'(?<![,;"{_BLANKS}])[,;"{_BLANKS}]++(?=[{_SIGNS}])')
_END = re.compile(rf"[,;{_BREAKS}]")
"""What may end a cell for a program that splits lines in its own way."""


_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def safe_cell(text: str, *, is_number: bool = False) -> str:
    """Return a text as a cell in which no spreadsheet program finds a formula (OWASP, CSV Injection).

    An apostrophe goes in front of a text that begins with = + - @, with a wide form of these (U+FF1D, U+FF0B, U+FF0D,
    U+FF20), with a tab or with a line break, also after blanks and quotes. Later in the text, one goes in front of each
    such sign that follows a comma, a semicolon, a tab or a line break. With `is_number`, for values that are numbers by
    their type, a decimal number such as -5 stays one.
    """
    if is_number and _NUMBER.fullmatch(text):
        return text
    guarded = _LATER.sub(_guard, text) if _AFTER_BLANK.search(text) else text
    return f"'{guarded}" if _FIRST.match(text) else guarded


def _guard(between: re.Match[str]) -> str:
    """Return the text between two words, with an apostrophe if a cell may end in it."""
    is_later = between.start() > 0 and _END.search(between[0])
    return f"{between[0]}'" if is_later else between[0]
