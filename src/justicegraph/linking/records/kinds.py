"""What Wikidata says that a thing is, in the words of our own classes, where that is certain."""

import re
from collections.abc import Collection

INTERNAL = frozenset({"http://www.wikidata.org/entity/Q4167410"})
"""Pages of Wikimedia that list what shares a name: nothing is such a page."""

_WORDS = {
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
"""Our classes, by the words with which labels of Wikidata's classes end, or that they are."""
_KINDS = {kind: re.compile(rf"(?:.*\b)?(?:{words})(?: in .*| of .*)?", re.IGNORECASE) for kind, words in _WORDS.items()}
_LONGEST = 100


def kinds_of(labels: Collection[str]) -> frozenset[str]:
    """Return our classes for the labels of Wikidata's; none where one of them is not certain."""
    found = [
        next((kind for kind, form in _KINDS.items() if len(each) <= _LONGEST and form.fullmatch(each)), "")
        for each in labels
    ]
    return frozenset(found) if all(found) else frozenset()
