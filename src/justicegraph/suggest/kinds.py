"""The kinds of entries that people enter, and the id that a name makes."""

import re
import unicodedata

KINDS = {
    "organization": "Organization", "government-body": "GovernmentBody", "company": "Company",
    "news-outlet": "NewsOutlet", "person": "Person", "group": "Group", "campaign": "Campaign", "petition": "Petition",
    "strike": "Strike", "cause": "Cause", "event": "Event", "facility": "Facility", "place": "Place", "law": "Law",
    "policy": "Policy", "case": "LegalCase", "office": "Office", "work": "Work", "source": "Source",
}  # fmt: skip
"""Kinds of entries, and the class of each."""

MAX_SLUG_LENGTH = 80
"""The most characters of an id that is made from a name."""


def slug_for(label: str) -> str:
    """Return the id that a name makes, of lowercase letters, digits and single hyphens; "" for a name without these."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", ""))[:MAX_SLUG_LENGTH].strip("-")
