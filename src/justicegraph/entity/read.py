"""The rows about an entry (queries/page.rq) to what its page shows, in the order in which a reader needs it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from justicegraph.entity.model import Cited, Dossier, Fact, Link, Statement, Value
from justicegraph.entity.phrases import FORMS, LOOSE, PHRASES, QUIET, SECTIONS
from justicegraph.namespaces import ID, JG, PART, SKOS, SKOS_LABELS, TYPE, natural
from justicegraph.sparql.named import Row

_CAPITAL = re.compile(r"(?<=[a-z])([A-Z])")
_DAY = 10
"""Characters of a date that is exact to the day."""

_Said = dict[str, dict[tuple[str, str], Row]]
"""By property, the rows with its values, each once."""


def dossier_of(iri: str, rows: Iterable[Row], reader: str, labels: Mapping[str, str]) -> Dossier:
    """Return the entry that these rows speak of, in this language where it can be; `labels` are the ontology's."""
    said: dict[str, _Said] = defaultdict(lambda: defaultdict(dict))
    links: dict[tuple[str, str], Row] = {}
    for row in rows:
        if "owner" in row:
            link = row["property"], row["owner"]
            links[link] = nearer(links.get(link), row, reader)
            continue
        place = said[row.get("subject", iri)][row["property"]]
        key = row["value"], row.get("language", "")
        place[key] = nearer(place.get(key), row, reader)
    facts = {subject: _facts(about, reader, labels) for subject, about in said.items()}
    return _dossier(iri, facts, tuple(_link(row, labels) for row in links.values()))


def _dossier(iri: str, facts: dict[str, dict[str, Fact]], links: tuple[Link, ...]) -> Dossier:
    lines = _lines(facts)
    own = facts.pop(iri, {})
    names, definition = own.pop("prefLabel", None), own.pop("definition", None)
    kinds = own.pop("type", None)
    parts: dict[str, list[Statement]] = defaultdict(list)
    for part in sorted(facts, key=natural):
        parts[_kind(part)].append(_statement(part, iri, facts[part], lines, facts))
    sources = own.pop("source", None)
    return Dossier(
        iri, names.values[0] if names else Value(iri.removeprefix(ID)),
        definition.values[0] if definition else None,
        tuple(value.text for value in kinds.values) if kinds else (),
        frozenset(value.iri.removeprefix(JG) for value in kinds.values) if kinds else frozenset(),
        {name: fact for name, fact in own.items() if name not in QUIET}, parts,
        _cited(sources, lines.get(iri, {})), links, tuple(own[name] for name in sorted(QUIET) if name in own),
    )  # fmt: skip


def nearer(known: Row | None, row: Row, reader: str) -> Row:
    """Return of two rows that name a thing the one in the reader's language, else in English, else the first one."""
    if known is None:
        return row
    ranks = {"en": 1, reader: 2}
    return row if ranks.get(row.get("spoken", ""), 0) > ranks.get(known.get("spoken", ""), 0) else known


def _link(row: Row, labels: Mapping[str, str]) -> Link:
    owner = row["owner"]
    name = row["property"]
    return Link(
        _local(name), _label(name, labels), Value(row.get("name", owner.removeprefix(ID)), owner, row.get("spoken", ""))
    )


def _facts(about: _Said, reader: str, labels: Mapping[str, str]) -> dict[str, Fact]:
    found = {}
    for name, rows in about.items():
        local = _local(name)
        values = [_value(row, local, labels) for row in _spoken(list(rows.values()), reader, name)]
        if len(values) > 1:
            values.sort(key=_order)
        found[local] = Fact(_label(name, labels), local, tuple(values))
    return found


def _spoken(rows: list[Row], reader: str, name: str) -> list[Row]:
    """Return of a name or definition the one in the reader's language, else in English; of anything else, all."""
    if name not in {SKOS + "prefLabel", SKOS + "definition"} and not name.startswith(JG + "says"):
        return rows
    rows.sort(
        key=lambda row: ((row.get("language") or "") != reader, (row.get("language") or "") != "en", row["value"])
    )
    return rows[:1]


def _value(row: Row, local: str, labels: Mapping[str, str]) -> Value:
    said = row["value"]
    if row["value.type"] != "uri":
        return Value(said, "", row.get("language", ""), FORMS.get(local, ""))
    if "name" in row:
        return Value(row["name"], said, row.get("spoken", ""))
    return Value(labels[said], said, "en") if said in labels else Value(said.removeprefix(ID), said)


def _order(value: Value) -> tuple[str, str]:
    return value.text.casefold(), value.iri


_Lines = dict[str, dict[str, list[tuple[int, int]]]]
"""By what is mentioned and by source: the lines."""


def _lines(facts: Mapping[str, Mapping[str, Fact]]) -> _Lines:
    """Return which lines of which source tell of the entry and of each part, by the entry's mentions."""
    found: _Lines = defaultdict(lambda: defaultdict(list))
    for part, said in facts.items():
        if _kind(part) != "mention" or not {"inSource", "firstLine", "lastLine"} <= said.keys():
            continue
        first, last = (int(said[name].values[0].text) for name in ("firstLine", "lastLine"))
        for thing in said["mentions"].values if "mentions" in said else ():
            found[thing.iri][said["inSource"].values[0].iri].append((first, last))
    return found


def _cited(sources: Fact | None, lines: Mapping[str, list[tuple[int, int]]]) -> tuple[Cited, ...]:
    values = sources.values if sources else ()
    return tuple(Cited(value, tuple(sorted(set(lines.get(value.iri, ()))))) for value in values)


def _statement(
    part: str, owner: str, said: dict[str, Fact], lines: _Lines, others: Mapping[str, Mapping[str, Fact]]
) -> Statement:
    kind, shown = _kind(part), dict(said)
    for name in ("type", "position", "source", "mentions", "firstLine", "lastLine"):
        shown.pop(name, None)
    clauses = []
    for name, words in PHRASES.get(kind, {}).items():
        if fact := shown.pop(name, None):
            values = tuple(_worded(value, others, name) for value in fact.values)
            clauses.append((name, LOOSE.get(words, words) if len(values[0].text) < _DAY else words, values))
    left = [fact for name, fact in shown.items() if name not in {"claimant", "stance"} and not _is_of(fact, owner)]
    follows = [*(name for name, _, _ in clauses[1:]), ""]
    joined = tuple(
        (words, values, _glue(name, after, values))
        for (name, words, values), after in zip(clauses, follows, strict=True)
    )
    return Statement(part, kind, joined, tuple(left), _cited(said.get("source"), lines.get(part, {})), said)


def _glue(name: str, after: str, values: Sequence[Value]) -> str:
    """Return what stands between a clause and the next, if any: a figure and its unit are one word after the other."""
    if not after:
        return ""
    if name in {"precision", "value"}:
        return " "
    if after == "measures":
        return ": "
    return " · " if values[-1].text.endswith(".") else ", "


def _worded(value: Value, others: Mapping[str, Mapping[str, Fact]], name: str) -> Value:
    """Return a value; where it is a part, which has no name, with the first words of what that says.

    What a status rests on says the same words as the status: there it is named by its kind and number.
    """
    part = others.get(value.iri)
    if part is None:
        return value
    if name == "isDerivedFrom" and _kind(value.iri) in SECTIONS:
        return Value(value.text, value.iri, "", "part")
    told = [part[name].values[0].text for name in PHRASES.get(_kind(value.iri), {}) if name in part]
    return Value(told[0] if told else value.text, value.iri)


def _is_of(fact: Fact, owner: str) -> bool:
    """Tell whether a fact only leads a part back to its owner, on whose page it stands."""
    return [value.iri for value in fact.values] == [owner]


def _kind(iri: str) -> str:
    local = iri.rpartition("/")[2]
    part = PART.fullmatch(local)
    return part["kind"] if part else local.partition(".")[2]


@lru_cache(maxsize=1024)
def _local(iri: str) -> str:
    return TYPE.rpartition("#")[2] if iri == TYPE else iri.replace("#", "/").rpartition("/")[2]


def _label(iri: str, labels: Mapping[str, str]) -> str:
    return labels.get(iri) or SKOS_LABELS.get(_local(iri)) or _in_words(_local(iri))


@lru_cache(maxsize=1024)
def _in_words(local: str) -> str:
    return _CAPITAL.sub(r" \1", local).lower()
