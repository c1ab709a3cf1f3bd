"""A form of suggestions as its page shows it: sections, fields, inputs, and beside each what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from justicegraph.namespaces import SH
from justicegraph.suggest.entry import Entry
from justicegraph.suggest.forms import SOURCE, Field, Forms, plain
from justicegraph.suggest.proposals import Proposal
from justicegraph.suggest.sections import filled_section, filled_sections, sections_of, subject_of
from justicegraph.suggest.values import MAX_SHOWN, MAX_VALUES, FilledSection, Value, inputs, read_section
from justicegraph.validate import Finding
from justicegraph.web.entity.html import spoken
from justicegraph.web.i18n import language
from justicegraph.web.suggest.graph import Served

PARTS = 10
"""Parts that one form changes, at most."""
_COUNTED = SH + "MinCountConstraintComponent", SH + "MaxCountConstraintComponent"


@dataclass(frozen=True)
class Input:
    """One input: its name in the form, what it holds, what is wrong with that, and entries to choose from."""

    name: str
    value: Value
    wrong: Sequence[str] = ()
    picks: Sequence[str] = ()


@dataclass(frozen=True)
class Shown:
    """A field with its inputs."""

    field: Field
    name: str
    inputs: Sequence[Input]
    can_have_more: bool

    @property
    def is_hidden(self) -> bool:
        """Tell whether it is shown only when somebody asks for it: it is rare, blank, and nothing is wrong with it."""
        return self.field.is_rare and not any(each.value.text or each.wrong for each in self.inputs)


@dataclass(frozen=True)
class Part:
    """A section with its fields."""

    key: str
    label: str
    fields: Sequence[Shown]


@dataclass
class Sheet:
    """A form as it is filled in: sections, a new source, a comment; by input what is wrong, "" for all of it."""

    entry: Entry
    sections: list[FilledSection]
    source: FilledSection
    comment: str = ""
    wrong: dict[str, list[str]] = field(default_factory=dict)
    picks: dict[str, list[str]] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        """The keys of the parts that the form has open."""
        return [each.section.key for each in self.sections[1:]]

    @property
    def all(self) -> list[FilledSection]:
        """All sections."""
        return [*self.sections, self.source]

    def tell(self, place: str, sentence: str) -> None:
        """Tell what is wrong with an input, or with all ("")."""
        told = self.wrong.setdefault(place, [])
        if sentence not in told:
            told.append(sentence)

    def shown(self) -> list[Part]:
        """Return the sections as the page shows them, each field with a blank to fill in."""
        return [self._part(each.with_blanks()) for each in self.all]

    def errors(self) -> list[tuple[str, str, str]]:
        """Return what is wrong: the input's name, "" for all of it, the field's label, the sentence."""
        labels = {place: field.label for each in self.all for field, place, _ in inputs(each.with_blanks())}
        return [(place, labels.get(place, ""), told) for place, some in self.wrong.items() for told in some]

    def _part(self, filled: FilledSection) -> Part:
        found: dict[str, list[Input]] = {}
        for each, place, value in inputs(filled):
            told = Input(place, value, self.wrong.get(place, ()), self.picks.get(place, ()))
            found.setdefault(each.name, []).append(told)
        section = filled.section
        fields = [
            Shown(
                each,
                f"{section.key}.{each.name}",
                found[each.name],
                not each.is_single and len(found[each.name]) < MAX_VALUES,
            )
            for each in section.fields
        ]
        return Part(section.key, section.label, fields)


def sheet_of(forms: Forms, entry: Entry, keys: Sequence[str], graph: Served) -> Sheet:
    """Return the form of an entry as it stands, with these parts open."""
    return Sheet(entry, filled_sections(forms, entry, keys[:PARTS], graph), FilledSection(forms.source(), {}))


def sent_sheet(forms: Forms, entry: Entry, sent: Mapping[str, str], keys: Sequence[str], graph: Served) -> Sheet:
    """Return the form as somebody has filled it in; parts that were just opened stand as they do."""
    filled = []
    for section in sections_of(forms, entry, keys[:PARTS]):
        was_sent = any(name.startswith(f"{section.key}.") for name in sent)
        filled.append(read_section(section, sent) if was_sent else filled_section(section, entry, graph))
    return Sheet(entry, filled, read_section(forms.source(), sent), sent.get("comment", ""))


def with_more(sheet: Sheet, name: str) -> str:
    """Give a field of a form one more blank, even where it has one; return the name of the last one's input."""
    for number, filled in enumerate(sheet.all):
        for each in filled.section.fields:
            if f"{filled.section.key}.{each.name}" == name and not each.is_single:
                values = [*filled.values.get(each.name, []), Value("")][: MAX_SHOWN + MAX_VALUES]
                more = FilledSection(filled.section, {**filled.values, each.name: values})
                if number < len(sheet.sections):
                    sheet.sections[number] = more
                else:
                    sheet.source = more
                return f"{name}.{len(values) - 1}"
    return ""


def first_of(sheet: Sheet, key: str) -> str:
    """Return the name of a section's first input; "" where it is not open."""
    section = next((each.section for each in sheet.all if each.section.key == key), None)
    return f"{key}.{section.fields[0].name}.0" if section else ""


def look_for(sheet: Sheet, names: Iterable[str], graph: Served) -> None:
    """Offer entries for what was typed into these inputs."""
    wanted = set(names)
    for filled in sheet.all:
        for each, place, value in inputs(filled):
            if place in wanted and each.kind == "link":
                sheet.picks[place] = graph.found(value.text[:200], each.wanted)
                if not sheet.picks[place]:
                    sheet.tell(place, own_words()["nobody"])


def tell_findings(sheet: Sheet, proposal: Proposal, found: Iterable[Finding]) -> None:
    """Tell each finding beside the input that it is about, in the words of its shape."""
    for finding in found:
        sheet.tell(_place(sheet, proposal, finding), _sentence(finding))


def tell_words(sheet: Sheet, wrong: Mapping[str, str]) -> None:
    """Tell what is wrong with inputs by the words for it."""
    for place, word in wrong.items():
        sheet.tell(place, own_words()[word])


def own_words() -> Mapping[str, str]:
    """Return our sentences for what is wrong with a value, in the reader's language."""
    _ = language().text
    return {
        "long": _("This is too long. Shorten it."),
        "unseen": _("This contains invisible characters, or too many marks on one letter. Type it again."),
        "language": _("Not a language code: write en, es or pt-br."),
        "choice": _("Choose a value from the list."),
        "date": _("Not a date: write 2018-07-20, 2018-07 or 2018."),
        "day": _("This day does not exist. Check the date."),
        "whole": _("Not a whole number: write 12."),
        "number": _("Not a number: write 12 or 2.5."),
        "address": _("Not a web address: write https://invented.example/page."),
        "nobody": _(
            "No entry has this name. Try another spelling, or leave this empty and explain it in the note below."
        ),
        "several": _("Several entries match. Choose one from the list."),
    }


def _sentence(finding: Finding) -> str:
    """Return what a shape says, which is English; of a rule or a check also what is wrong."""
    said = finding.component.startswith(SH) and finding.component != SH + "SPARQLConstraintComponent"
    wrong = "" if said else f"{finding.wrong[:1].upper()}{finding.wrong[1:]}. "
    return spoken(plain(f"{wrong}{finding.remedy}".strip()))


def _place(sheet: Sheet, proposal: Proposal, finding: Finding) -> str:
    """Return the name of the input that a finding is about; "" where it is about none."""
    for filled in sheet.all:
        key = filled.section.key
        subject = proposal.source_subject if key == "source" else subject_of(proposal.slug, key)
        if finding.focus != subject:
            continue
        places = [
            (place, value) for each, place, value in inputs(filled.with_blanks()) if each.path == finding.predicate
        ]
        if finding.component not in _COUNTED:
            wanted = finding.value.value if finding.value else ""
            tail = f"[{wanted.rpartition('/')[2]}]" if isinstance(finding.value, NamedNode) else wanted
            places.sort(key=lambda each: not (tail and each[1].text.strip().endswith(tail)))
        if places:
            return places[0][0]
    return "source.jg-isPublishedAt.0" if finding.predicate == SOURCE and not sheet.source.is_blank else ""
