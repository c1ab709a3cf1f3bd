"""The rows about one entry as what its page shows: name, facts in words, parts by kind, sources."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from justicegraph.namespaces import ID, JG, SKOS, TYPE, local_name, natural
from justicegraph.sparql.named import Row

_KINDS = {
    "status": "Status",
    "tenure": "Offices held",
    "demand": "Demands",
    "goal": "Goals",
    "custody": "Custody",
    "charge": "Charges",
    "sentence": "Sentences",
    "outcome": "Outcomes",
    "statistic": "Figures",
    "claim": "Claims: what others say",
    "former-name": "Former names",
    "mention": "Mentions in sources",
}
_ORDER = (
    "currentStatus", "asOf", "regime", "startedOn", "confirmedOn", "endedOn", "endedBy", "isHeldAt", "isHeldBy",
    "chargedWith", "imposes", "result", "decides", "decidedOn", "isDecidedBy", "says", "ascribes", "claimedProperty",
    "claimedValue", "claimant", "stance", "claimedOn", "name", "exact", "inSource", "firstLine", "lastLine",
    "altLabel", "website", "isLocatedIn", "isActiveIn", "isPartOf", "isMemberOf", "campaignsFor", "isRunBy", "worksOn",
)  # fmt: skip
"""Properties in the order in which a page tells of them; the others follow by their labels."""


@dataclass
class Value:
    """A value as shown: its text, and the address that it leads to, if any."""

    text: str
    iri: str = ""


@dataclass
class Facts:
    """What is said of an entry or of a part: values by the property's label, and the sources of it."""

    iri: str
    kinds: list[str] = field(default_factory=list)
    said: dict[str, list[Value]] = field(default_factory=dict)
    sources: list[Value] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """The local id, which a link within the page leads to."""
        return self.iri.rpartition("/")[2]


@dataclass
class Entry(Facts):
    """An entry: also its name and definition, and its parts by kind."""

    name: str = ""
    definition: str = ""
    parts: dict[str, list[Facts]] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """Yield the entry as lines of a terminal."""
        yield f"{self.name} ({', '.join(self.kinds)})"
        yield from (line for line in (self.definition, self.iri) if line)
        yield from _said(self, "")
        for kind, parts in self.parts.items():
            yield from ("", kind)
            for part in parts:
                yield f"  {part.anchor}"
                yield from _said(part, "    ")
        if self.sources:
            yield from ("", "Sources", *(f"  {source.text}" for source in self.sources))


def entry_of(iri: str, rows: Iterable[Row]) -> Entry:
    """Return the entry that these rows (facts_of_an_entry.rq) speak of."""
    entry = Entry(iri)
    parts: dict[str, Facts] = {}
    for row in sorted(rows, key=_rank):
        facts = entry if row["subject"] == iri else parts.setdefault(row["subject"], Facts(row["subject"]))
        value = _value(row)
        if row["property"] == SKOS + "prefLabel":
            entry.name = entry.name or value.text
        elif row["property"] == SKOS + "definition":
            entry.definition = value.text
        elif row["property"] == JG + "source":
            facts.sources.append(value)
        elif row["property"] == TYPE:
            facts.kinds.append(value.text)
        elif facts is entry or row["value"] != iri:  # a part's link to its owner says nothing new on its page
            facts.said.setdefault(_label(row), []).append(value)
    for part in sorted(parts.values(), key=lambda each: natural(each.iri)):
        entry.parts.setdefault(_KINDS.get(_kind(part.iri), "More"), []).append(part)
    entry.parts = {kind: entry.parts[kind] for kind in (*_KINDS.values(), "More") if kind in entry.parts}
    return entry


def _said(facts: Facts, margin: str) -> Iterator[str]:
    for label, values in facts.said.items():
        yield from (f"{margin}{label}: {value.text}" for value in values)


def _value(row: Row) -> Value:
    is_link = row["value.type"] == "uri"
    text = row.get("name") or row["value"].removeprefix(ID)
    return Value(text, row["value"] if is_link else "")


def _rank(row: Row) -> int:
    local = local_name(row["property"])
    return _ORDER.index(local) if local in _ORDER else len(_ORDER)


def _label(row: Row) -> str:
    return row.get("label") or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local_name(row["property"])).lower()


def _kind(iri: str) -> str:
    return re.sub(r"-[0-9]+$", "", iri.rpartition("/")[2].partition(".")[2])
