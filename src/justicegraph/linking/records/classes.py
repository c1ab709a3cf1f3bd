"""Map Wikidata's classes to ours by their labels, if that is certain."""

import re
from collections.abc import Collection

INTERNAL = frozenset({"http://www.wikidata.org/entity/Q4167410"})
"""Classes of Wikimedia's own pages, such as disambiguation pages."""

_LABELS = {
    "person": "human",
    "place": "city|town|village|municipality|borough|county|state|country|capital|settlement|"
    "province|commune|metropolis|census-designated place",
    "facility": "prison|jail|penitentiary|detention center|correctional facility|prison camp|internment camp|"
    "concentration camp|supermax|courthouse",
    "organization": "organi[sz]ation|association|foundation|union|company|business|enterprise|corporation|agency|"
    "nonprofit|non-profit|charity|police department|ministry|university|college|law school|political party|"
    "think tank|coalition|committee|bureau",
    "work": "film|book|song|album|literary work|written work|television series|podcast|painting|scholarly article|"
    "article|documentary",
    "legalcase": "legal case|court case|lawsuit|trial",
    "law": "law|statute|act of congress|act of parliament|constitution",
    "office": "position|public office|elected office|title of authority",
    "strike": "strike|prison strike",
    "name": "family name|given name|name",
}
"""Our classes, each with the words that labels of Wikidata's classes are, or end with."""
_PATTERNS = {
    name: re.compile(rf"(?:.*\b)?(?:{words})(?: in .*| of .*)?", re.IGNORECASE) for name, words in _LABELS.items()
}
_LONGEST = 100
"""Characters of a label that is read."""


def classes_of(labels: Collection[str]) -> frozenset[str]:
    """Return our classes for the labels of Wikidata's classes; none if one of them is not certain."""
    classes = [_class_of(label) for label in labels]
    return frozenset(classes) if all(classes) else frozenset()


def _class_of(label: str) -> str:
    if len(label) > _LONGEST:
        return ""
    return next((name for name, pattern in _PATTERNS.items() if pattern.fullmatch(label)), "")
