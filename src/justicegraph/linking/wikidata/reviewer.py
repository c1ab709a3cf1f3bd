"""The reviewer: a name as it will be published, or an ORCID iD."""

import re
from dataclasses import dataclass
from pathlib import Path

from justicegraph.errors import UnknownAuthor
from justicegraph.linking.wikidata.review_text import recordable
from justicegraph.project.sssom import SPACES
from justicegraph.system.files import atomic_write, write_errors
from justicegraph.validate import private_data_in

FILE = "reviewer.txt"
MAX_LENGTH = 100
"""Characters of a name at most."""

_ORCID = re.compile(r"(?:orcid:|https?://orcid\.org/)(?P<number>.*)", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]")


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A reviewer: the IRI of an ORCID iD, or a name; the other is empty."""

    author_id: str = ""
    author_label: str = ""

    def __str__(self) -> str:
        """Return the name, or the iD with its prefix."""
        return self.author_label or self.author_id.replace(SPACES["orcid"], "orcid:")


def parse_reviewer(text: str) -> Reviewer:
    """Return the reviewer of a text such as "A. Volunteer" or orcid:0000-0000-0000-0001; raise UnknownAuthor."""
    name = text.strip()
    if orcid := _ORCID.fullmatch(name):
        return Reviewer(author_id=SPACES["orcid"] + _checked(orcid["number"]))
    if not name or recordable(name) != name or len(name) > MAX_LENGTH:
        raise UnknownAuthor(f"Write your name in at most {MAX_LENGTH} letters on one line, or orcid: and the number.")
    if private := next(private_data_in(name), None):
        raise UnknownAuthor(f"The name is published with each decision, and {private[1]}. Leave that out.")
    return Reviewer(author_label=name)


def read_reviewer(folder: Path) -> Reviewer | None:
    """Return the reviewer whose name is saved in a folder; None if there is none that can be read."""
    try:
        return parse_reviewer((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, UnknownAuthor):
        return None


def save_reviewer(folder: Path, reviewer: Reviewer) -> None:
    """Save the name of the reviewer in a folder; raise CannotWrite."""
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
        raise UnknownAuthor(f"orcid:{number} has a typo: its last character does not fit. Look it up at orcid.org.")
    return number
