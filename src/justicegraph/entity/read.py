"""The rows about an entry to the view that its page shows: labels, headings and clauses are those of the schema."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from justicegraph.entity.model import (
    APART,
    ELSEWHERE,
    Backlinks,
    Cited,
    Clause,
    EntityView,
    Fact,
    Group,
    Section,
    Statement,
    Value,
)
from justicegraph.namespaces import ID, JG, JGS, PART, SKOS, XSD, local_name, natural_sort_key
from justicegraph.rdf.schema import PartClass, Schema, text_in
from justicegraph.sparql.named import Row

_DAY = 10
"""Characters of a date that is exact to the day."""

_FORMS = {
    **{XSD + name: "date" for name in ("date", "gYearMonth", "gYear")},
    **{XSD + name: "number" for name in ("integer", "decimal")},
}
"""How values of a datatype are written: as the reader is used to."""

_NAME, _DEFINITION = SKOS + "prefLabel", SKOS + "definition"
_ONE_LANGUAGE = frozenset({_NAME, _DEFINITION, JG + "says"})
"""Properties with the same text in several languages: one of them is shown."""
_CHECKS = JGS + "group-checks"
"""The heading of facts for those who check, which stand at the end of a page."""
_SHOWN_APART = ("type", "position", "source", "mentions", "firstLine", "lastLine")
_BESIDE = frozenset({"claimant", "stance"})
"""Facts of a part for which a page has places of their own."""

_RowsByProperty = dict[str, dict[tuple[str, str], Row]]
"""By property, the rows with its values, each once."""
_FactsByName = Mapping[str, Fact]
_Lines = dict[str, dict[str, list[tuple[int, int]]]]
"""By what is mentioned and by source: the lines."""


def entity_view(iri: str, rows: Iterable[Row], language: str, schema: Schema) -> EntityView:
    """Return the view of an entry from the rows about it, in this language if there are texts in it."""
    rows_by_subject: dict[str, _RowsByProperty] = defaultdict(lambda: defaultdict(dict))
    links: dict[tuple[str, str], Row] = {}
    for row in rows:
        if "owner" in row:
            link = row["property"], row["owner"]
            links[link] = nearer(links.get(link), row, language)
            continue
        values = rows_by_subject[row.get("subject", iri)][row["property"]]
        key = row["value"], row.get("language", "")
        values[key] = nearer(values.get(key), row, language)
    return _Reader(iri, language, schema).view(rows_by_subject, list(links.values()))


def nearer(known: Row | None, row: Row, language: str) -> Row:
    """Return of two rows that name a thing the one in the reader's language, else in English, else the first one."""
    if known is None:
        return row
    ranks = {"en": 1, language: 2}
    return row if ranks.get(row.get("name.language", ""), 0) > ranks.get(known.get("name.language", ""), 0) else known


@dataclass(frozen=True)
class _Reader:
    """Reads one entry for a reader of a language."""

    iri: str
    language: str
    schema: Schema

    def view(self, rows: Mapping[str, _RowsByProperty], links: Sequence[Row]) -> EntityView:
        facts = {subject: dict(self._facts(about)) for subject, about in rows.items()}
        lines = _lines(facts)
        own = facts.pop(self.iri, {})
        names, definition, kinds = (own.pop(name, None) for name in ("prefLabel", "definition", "type"))
        sources = own.pop("source", None)
        parts = self._parts(facts, lines)
        elsewhere, notes, others = self._split(own, rows.get(self.iri, {}))
        return EntityView(
            self.iri, names.values[0] if names else Value(self.iri.removeprefix(ID)),
            definition.values[0] if definition else None, kinds.values if kinds else (),
            others, tuple(self._groups(rows.get(self.iri, {}), others)), parts, tuple(self._sections(parts)),
            _cited(sources, lines.get(self.iri, {})), self._backlinks(links), len(links), elsewhere, notes,
        )  # fmt: skip

    def _facts(self, rows: _RowsByProperty) -> Iterator[tuple[str, Fact]]:
        """Yield the facts of an entry or a part by local name, in the order of the schema."""
        for iri in sorted(rows, key=self.schema.position):
            values = [self._value(row) for row in self._in_language(list(rows[iri].values()), iri)]
            if len(values) > 1:
                values.sort(key=_order)
            fact = self._fact(iri, tuple(values))
            yield fact.property, fact

    def _fact(self, iri: str, values: tuple[Value, ...]) -> Fact:
        known = self.schema.properties.get(iri)
        return Fact(self._label(iri), local_name(iri), values, known.role if known else "")

    def _label(self, iri: str) -> Value:
        text, code = self.schema.label(iri, self.language)
        return Value(text, "", code)

    def _in_language(self, rows: list[Row], iri: str) -> list[Row]:
        """Return of a name or definition the one in the reader's language, else in English; of anything else, all."""
        if iri not in _ONE_LANGUAGE:
            return rows
        return sorted(
            rows, key=lambda row: (row.get("language") != self.language, row.get("language") != "en", row["value"])
        )[:1]

    def _value(self, row: Row) -> Value:
        value = row["value"]
        if row["value.type"] != "uri":
            return Value(value, "", row.get("language", ""), _FORMS.get(row.get("datatype", ""), ""))
        if "name" in row:
            return Value(row["name"], value, row.get("name.language", ""))
        if value in self.schema.labels:
            text, code = self.schema.label(value, self.language)
            return Value(text, value, code)
        return Value(value.removeprefix(ID), value)

    def _split(self, own: _FactsByName, rows: _RowsByProperty) -> tuple[list[Fact], list[Fact], dict[str, Fact]]:
        """Return the facts that lead elsewhere, those for people who check, and the others by local name."""
        elsewhere, notes, others = [], [], {}
        iris = {local_name(iri): iri for iri in rows}
        for name, fact in own.items():
            known = self.schema.properties.get(iris[name])
            if iris[name] in ELSEWHERE:
                elsewhere.append(fact)
            elif known and known.heading == _CHECKS:
                notes.append(fact)
            else:
                others[name] = fact
        return elsewhere, notes, others

    def _groups(self, rows: _RowsByProperty, facts: _FactsByName) -> Iterator[Group]:
        """Yield the facts of the entry itself under their headings; those without a heading come last."""
        iris = [iri for iri in sorted(rows, key=self.schema.position) if local_name(iri) in facts]
        for heading, same in groupby(iris, self._heading):
            yield Group(self._label(heading) if heading else Value(""), tuple(facts[local_name(iri)] for iri in same))

    def _heading(self, iri: str) -> str:
        known = self.schema.properties.get(iri)
        return known.heading if known else ""

    def _parts(self, facts: Mapping[str, _FactsByName], lines: _Lines) -> dict[str, list[Statement]]:
        parts: dict[str, list[Statement]] = defaultdict(list)
        for part in sorted(facts, key=natural_sort_key):
            parts[_kind(part)].append(self._statement(part, facts, lines))
        return parts

    def _sections(self, parts: Mapping[str, Sequence[Statement]]) -> Iterator[Section]:
        """Yield the parts among the facts by their kinds, in the order of the schema; unknown kinds come last."""
        for kind in [*self.schema.parts, *(parts.keys() - self.schema.parts.keys())]:
            if kind in parts and kind not in APART:
                known = self.schema.parts.get(kind)
                yield Section(
                    kind, self._heading_of(known), parts[kind], known is not None and known.lasts,
                    known is not None and known.is_ordered,
                )  # fmt: skip

    def _heading_of(self, known: PartClass | None) -> Value:
        heading = text_in(known.heading, self.language) if known else None
        return Value(heading[0], "", heading[1]) if heading else Value("")

    def _backlinks(self, links: Sequence[Row]) -> tuple[Backlinks, ...]:
        """Return who links here, each once, by the property by which it does."""
        owners: dict[str, dict[Value, None]] = defaultdict(dict)
        for row in sorted(links, key=lambda row: (row.get("name", row["owner"]).casefold(), row["owner"])):
            owner = row["owner"]
            owners[row["property"]][
                Value(row.get("name", owner.removeprefix(ID)), owner, row.get("name.language", ""))
            ] = None
        backlinks = []
        for iri in sorted(owners, key=self.schema.position):
            text, code = self.schema.inverse_label(iri, self.language)
            backlinks.append(Backlinks(Value(text, "", code), self._fact(iri, tuple(owners[iri]))))
        return tuple(backlinks)

    def _statement(self, part: str, facts: Mapping[str, _FactsByName], lines: _Lines) -> Statement:
        kind, own = _kind(part), facts[part]
        known = self.schema.parts.get(kind)
        worded = [
            (name, self._clause(clause.texts, clause.loose, own[name]), own[name])
            for clause in (known.clauses if known else ()) if (name := local_name(clause.property)) in own
        ]  # fmt: skip
        values = [tuple(self._worded(value, facts, name) for value in fact.values) for name, _, fact in worded]
        following = [*(name for name, _, _ in worded[1:]), ""]
        clauses = tuple(
            Clause(text, words, _glue(name, after, words))
            for (name, text, _), words, after in zip(worded, values, following, strict=True)
        )
        left = own.keys() - {name for name, _, _ in worded} - _BESIDE - set(_SHOWN_APART)
        more = tuple(fact for name, fact in own.items() if name in left and not self._is_of_owner(fact))
        return Statement(part, kind, clauses, more, _cited(own.get("source"), lines.get(part, {})), own)

    def _clause(self, texts: Mapping[str, str], loose: Mapping[str, str], fact: Fact) -> str:
        is_loose = bool(loose) and len(fact.values[0].text) < _DAY
        clause = text_in(loose if is_loose else texts, self.language)
        return clause[0] if clause else "{x}"

    def _worded(self, value: Value, others: Mapping[str, _FactsByName], name: str) -> Value:
        """Return a value; if it is a part, which has no name, with the first words of its statement.

        A status says the same words as the part that it rests on: there the part goes by its kind and number, as in
        "Custody 2" or "claim 1".
        """
        part = others.get(value.iri)
        if part is None:
            return value
        kind = _kind(value.iri)
        known = self.schema.parts.get(kind)
        if name == "isDerivedFrom" and known:
            words = self._label(known.iri) if kind in APART else self._heading_of(known)
            return Value(f"{words.text} {value.iri.rpartition('-')[2]}", value.iri)
        names = map(local_name, map(attrgetter("property"), known.clauses if known else ()))
        first = next((part[name].values[0].text for name in names if name in part), value.text)
        return Value(first, value.iri)

    def _is_of_owner(self, fact: Fact) -> bool:
        """Tell whether a fact only leads a part back to its owner, on whose page it stands."""
        return [value.iri for value in fact.values] == [self.iri]


def _order(value: Value) -> tuple[str, str]:
    return value.text.casefold(), value.iri


def _lines(facts: Mapping[str, _FactsByName]) -> _Lines:
    """Return the lines of each source that support the entry and each part, by the entry's mentions."""
    lines: _Lines = defaultdict(lambda: defaultdict(list))
    for part, own in facts.items():
        if _kind(part) != "mention" or not {"inSource", "firstLine", "lastLine"} <= own.keys():
            continue
        first, last = (int(own[name].values[0].text) for name in ("firstLine", "lastLine"))
        for thing in own["mentions"].values if "mentions" in own else ():
            lines[thing.iri][own["inSource"].values[0].iri].append((first, last))
    return lines


def _cited(sources: Fact | None, lines: Mapping[str, list[tuple[int, int]]]) -> tuple[Cited, ...]:
    values = sources.values if sources else ()
    return tuple(Cited(value, tuple(sorted(set(lines.get(value.iri, ()))))) for value in values)


def _glue(name: str, after: str, values: Sequence[Value]) -> str:
    """Return the text between a clause and the next, if any: a figure and its unit are one word after the other."""
    if not after:
        return ""
    if name in {"precision", "value"}:
        return " "
    if after == "measures":
        return ": "
    return " · " if values[-1].text.endswith(".") else ", "


@lru_cache(4096)
def _kind(iri: str) -> str:
    local = iri.rpartition("/")[2]
    part = PART.fullmatch(local)
    return part["kind"] if part else local.partition(".")[2]
