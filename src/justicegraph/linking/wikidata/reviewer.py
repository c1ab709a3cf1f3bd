"""Who decides: a name as it will be published, or an ORCID iD."""

import re
from dataclasses import dataclass
from pathlib import Path

from justicegraph.errors import UnknownAuthor
from justicegraph.linking.wikidata.review_text import recordable
from justicegraph.project.sssom import SPACES
from justicegraph.system.files import atomic_write, write_errors
from justicegraph.validate import private_data_in

FILE = "reviewer.txt"
LONGEST = 100
"""Letters of a name."""

_ORCID = re.compile(r"(?:orcid:|https?://orcid\.org/)(?P<number>.*)", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]")


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who decides: by the IRI of an ORCID iD, or by a name; the other is empty."""

    author_id: str = ""
    author_label: str = ""

    def __str__(self) -> str:
        """Return the name, or the iD with its prefix."""
        return self.author_label or self.author_id.replace(SPACES["orcid"], "orcid:")


def reviewer_of(text: str) -> Reviewer:
    """Return who this names, as in "A. Volunteer" or orcid:0000-0000-0000-0001; raise UnknownAuthor."""
    name = text.strip()
    if found := _ORCID.fullmatch(name):
        return Reviewer(author_id=SPACES["orcid"] + _checked(found["number"]))
    if not name or recordable(name) != name or len(name) > LONGEST:
        raise UnknownAuthor(f"Name who decides in at most {LONGEST} letters on one line, or as orcid: and the number.")
    if found_in := next(private_data_in(name), None):
        raise UnknownAuthor(f"The name is published with each decision, and {found_in[1]}. Leave that out.")
    return Reviewer(author_label=name)


def remembered(folder: Path) -> Reviewer | None:
    """Return who was remembered in a folder; None where nobody was, or nobody who can be read."""
    try:
        return reviewer_of((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, UnknownAuthor):
        return None


def remember(folder: Path, reviewer: Reviewer) -> None:
    """Keep in a folder who decides here; raise CannotWrite."""
    with write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with atomic_write(folder / FILE) as file:
        file.write(f"{reviewer}\n".encode())


def _checked(number: str) -> str:
    """Return the number if its last character is the right one (ISO/IEC 7064, MOD 11-2)."""
    number = number.upper()
    if not _NUMBER.fullmatch(number):
        raise UnknownAuthor("An ORCID iD is written as in orcid:0000-0000-0000-0001.")
    total = 0
    for digit in number.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    if "0123456789X"[(12 - total % 11) % 11] != number[-1]:
        raise UnknownAuthor(f"orcid:{number} has a slip: its last character does not fit. Look it up at orcid.org.")
    return number
