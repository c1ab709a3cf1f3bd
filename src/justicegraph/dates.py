"""Partial dates: a day, a month or a year, with its precision, as RDF writes them (XML Schema 1.1 Part 2, 3.3)."""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Final

from justicegraph.namespaces import XSD

PATTERN: Final = r"[12][0-9]{3}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?"
"""A day, a month or a year, as in 2018-07-20, 2018-07 and 2018, from the year 1000 to 2999."""

PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    XSD + "date": re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}"),
    XSD + "gYearMonth": re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])"),
    XSD + "gYear": re.compile(r"[12][0-9]{3}"),
}
"""The pattern of a partial date, by its datatype; `bounds_of` checks that the day exists."""

_DATE = re.compile(PATTERN)
_LENGTHS = {4: XSD + "gYear", 7: XSD + "gYearMonth", 10: XSD + "date"}
_FIRST_YEAR = re.compile(r"[12][0-9]{3}(?=-|$)")
_FOUR_DIGITS = re.compile(r"(?<!\d)(\d{4})(?!\d)")


def is_written_as_date(text: str) -> bool:
    """Tell whether a text has the form of a partial date, even if the day does not exist."""
    return _DATE.fullmatch(text) is not None


def bounds_of(text: str) -> tuple[date, date] | None:
    """Return the first and the last day of a partial date; None if the text is not a date."""
    if not _DATE.fullmatch(text):
        return None
    year, month, day = int(text[:4]), int(text[5:7] or 0), int(text[8:] or 0)
    last = monthrange(year, month or 12)[1]
    if day > last:
        return None
    return date(year, month or 1, day or 1), date(year, month or 12, day or last)


def datatype_of(text: str) -> str:
    """Return the IRI of the datatype of a partial date: xsd:date, xsd:gYearMonth or xsd:gYear."""
    return _LENGTHS[len(text)]


def year_of(text: str) -> int | None:
    """Return the year with which a date or a time begins; None if it begins with another text."""
    year = _FIRST_YEAR.match(text)
    return int(year[0]) if year else None


def year_within(text: str) -> int | None:
    """Return the first number of four digits in a text that a person wrote, as in "July 2018"; None without one."""
    year = _FOUR_DIGITS.search(text)
    return int(year[1]) if year else None
