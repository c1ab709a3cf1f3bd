"""A dated event, and its dates as text."""

from dataclasses import dataclass

from justicegraph.pictures.scale import Interval, interval_of
from justicegraph.pictures.words import Words


@dataclass(frozen=True)
class Event:
    """An event on a track such as "Custody", with a date as precise as is known: a year, a month or a day.

    An event that `lasts` goes on until `ends`. Without an end it is not known to have ended, unless it is `over`;
    `confirmed` is the last date at which it was known to go on. A date that is not known is "".
    """

    track: str
    label: str
    starts: str = ""
    ends: str = ""
    lasts: bool = False
    over: bool = False
    confirmed: str = ""
    href: str = ""


def intervals_of(event: Event) -> list[Interval]:
    """Return the intervals of an event's dates; an event that does not last has only the first."""
    dates = [event.starts, event.ends, event.confirmed] if event.lasts else [event.starts]
    return [interval for date in dates if (interval := interval_of(date))]


def sort_key(event: Event) -> tuple[int, int, str]:
    """Return the sort key of a dated event: its first day, its last day, its label."""
    intervals = intervals_of(event)
    return min(interval.first for interval in intervals), max(interval.last for interval in intervals), event.label


def format_dates(event: Event, words: Words, brief: bool = False) -> str:
    """Return the dates of an event as text; a `brief` text leaves out when it was last confirmed."""
    starts, ends = (date if interval_of(date) else "" for date in (event.starts, event.ends))
    if not event.lasts:
        return words.day(starts) if starts else words.undated
    end = words.day(ends) if ends else (words.end_unknown if event.over else words.still)
    if interval_of(event.confirmed) and not ends and not brief:
        end += f" ({words.confirmed.format(name=words.day(event.confirmed))})"
    return f"{words.day(starts) if starts else words.start_unknown} \u2013 {end}"
