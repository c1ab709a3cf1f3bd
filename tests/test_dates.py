"""A date is as precise as it is known: a day, a month or a year."""

from datetime import date

import pytest

from justicegraph.dates import PATTERNS, bounds_of, datatype_of, is_written_as_date, year_of, year_within
from justicegraph.namespaces import XSD


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2018", date(2018, 1, 1), date(2018, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("1900-12", date(1900, 12, 1), date(1900, 12, 31)),
        ("2018-07-20", date(2018, 7, 20), date(2018, 7, 20)),
    ],
)
def test_date_lasts_as_long_as_its_precision(text: str, first: date, last: date) -> None:
    assert bounds_of(text) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "18", "0999", "3000", "2018-13", "2018-00", "2018-07-32", "2018-7", "2018-07-20T"]
)
def test_other_texts_are_no_dates(text: str) -> None:
    assert bounds_of(text) is None
    assert not is_written_as_date(text)


@pytest.mark.parametrize("text", ["2019-02-29", "1900-02-29", "2018-04-31", "2018-07-20\n", "\uff12\uff10\uff11\uff18"])
def test_day_that_no_calendar_has_is_none(text: str) -> None:
    assert bounds_of(text) is None


def test_form_is_told_apart_from_a_day_that_exists() -> None:
    assert is_written_as_date("2019-02-29")


@pytest.mark.parametrize(("text", "name"), [("2018", "gYear"), ("2018-07", "gYearMonth"), ("2018-07-20", "date")])
def test_precision_is_the_datatype(text: str, name: str) -> None:
    assert datatype_of(text) == XSD + name
    assert [kind for kind, pattern in PATTERNS.items() if pattern.fullmatch(text)] == [XSD + name]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2018", 2018),
        ("2018-07", 2018),
        ("2018-07-20T00:00:00Z", 2018),
        ("20180720", None),
        ("c. 2018", None),
        ("0500", None),
    ],
)
def test_year_is_what_a_date_begins_with(text: str, year: int | None) -> None:
    assert year_of(text) == year


@pytest.mark.parametrize(("text", "year"), [("July 2018", 2018), ("2018-07", 2018), ("12345", None), ("'18", None)])
def test_year_is_found_in_what_a_person_wrote(text: str, year: int | None) -> None:
    assert year_within(text) == year
