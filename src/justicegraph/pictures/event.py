"""Something that happened, and in words when."""

from dataclasses import dataclass

from justicegraph.pictures.scale import Covered, covered
from justicegraph.pictures.words import Words


@dataclass(frozen=True)
class Happening:
    """What happened, on a track such as "Custody", at a date as precise as is known (a year, a month or a day).

    One that `lasts` goes on until `ends`; without an end it is not known to have ended, unless it is `over`, and was
    last `confirmed` to last at a date. Where a date is "", it is not known.
    """

    track: str
    label: str
    starts: str = ""
    ends: str = ""
    lasts: bool = False
    over: bool = False
    confirmed: str = ""
    href: str = ""


def spans_of(happening: Happening) -> list[Covered]:
    """Return what its dates cover; of what does not last, the first date is the only one."""
    dates = [happening.starts, happening.ends, happening.confirmed] if happening.lasts else [happening.starts]
    return [found for each in dates if (found := covered(each))]


def order_of(happening: Happening) -> tuple[int, int, str]:
    """Return by what those with a date are sorted: when they began, when they ended, their labels."""
    spans = spans_of(happening)
    return min(each.first for each in spans), max(each.last for each in spans), happening.label


def when_of(happening: Happening, words: Words, brief: bool = False) -> str:
    """Return in words when it was; a `brief` answer leaves out when it was last confirmed."""
    starts, ends = (each if covered(each) else "" for each in (happening.starts, happening.ends))
    if not happening.lasts:
        return words.day(starts) if starts else words.undated
    end = words.day(ends) if ends else (words.end_unknown if happening.over else words.still)
    if covered(happening.confirmed) and not ends and not brief:
        end += f" ({words.confirmed.format(name=words.day(happening.confirmed))})"
    return f"{words.day(starts) if starts else words.start_unknown} \u2013 {end}"
