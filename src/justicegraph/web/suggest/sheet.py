"""A form of suggestions as its page shows it: sections, fields, inputs, and the errors beside each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from justicegraph.namespaces import SH
from justicegraph.suggest.entry import Entry
from justicegraph.suggest.forms import SOURCE, Field, Forms, Section, plain
from justicegraph.suggest.proposals import Proposal
from justicegraph.suggest.sections import filled_section, filled_sections, sections_of, subject_of
from justicegraph.suggest.values import MAX_SHOWN, MAX_VALUES, FilledSection, Value, inputs, read_section
from justicegraph.validate import Finding
from justicegraph.web.entity.html import spoken
from justicegraph.web.i18n import language
from justicegraph.web.suggest.graph import ServedGraph

MAX_PARTS = 10
"""Parts of an entry that one form can change."""
_COUNTED = SH + "MinCountConstraintComponent", SH + "MaxCountConstraintComponent"


@dataclass(frozen=True)
class Input:
    """An input: its name in the form, its value, the errors in it, and the entries that match it."""

    name: str
    value: Value
    errors: Sequence[str] = ()
    matches: Sequence[str] = ()


@dataclass(frozen=True)
class FieldView:
    """A field with its inputs."""

    field: Field
    name: str
    inputs: Sequence[Input]
    can_have_more: bool

    @property
    def is_hidden(self) -> bool:
        """Tell whether it is folded away: it is rarely used, blank and without errors."""
        return self.field.is_rare and not any(entry.value.text or entry.errors for entry in self.inputs)


@dataclass(frozen=True)
class SectionView:
    """A section with its fields."""

    key: str
    label: str
    fields: Sequence[FieldView]


@dataclass
class Sheet:
    """A filled-in form: its sections, a new source, a comment; and errors by the name of the input, "" for the form."""

    entry: Entry
    sections: list[FilledSection]
    source: FilledSection
    comment: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)
    matches: dict[str, list[str]] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        """The keys of the parts that are open in the form."""
        return [filled.section.key for filled in self.sections[1:]]

    @property
    def all(self) -> list[FilledSection]:
        """All sections."""
        return [*self.sections, self.source]

    def add_error(self, name: str, sentence: str) -> None:
        """Add an error in an input, or "" for one in the form."""
        sentences = self.errors.setdefault(name, [])
        if sentence not in sentences:
            sentences.append(sentence)

    def section_views(self) -> list[SectionView]:
        """Return the sections as the page shows them, each field with a blank input."""
        return [self._section_view(filled.with_blanks()) for filled in self.all]

    def error_list(self) -> list[tuple[str, str, str]]:
        """Return for each error the name of the input, "" for the form, the label of the field, and the sentence."""
        labels = {name: field.label for filled in self.all for field, name, _ in inputs(filled.with_blanks())}
        return [
            (name, labels.get(name, ""), sentence)
            for name, sentences in self.errors.items() for sentence in sentences
        ]  # fmt: skip

    def _section_view(self, filled: FilledSection) -> SectionView:
        inputs_by_field: dict[str, list[Input]] = {}
        for part, name, value in inputs(filled):
            shown = Input(name, value, self.errors.get(name, ()), self.matches.get(name, ()))
            inputs_by_field.setdefault(part.name, []).append(shown)
        section = filled.section
        views = [_field_view(section, part, inputs_by_field[part.name]) for part in section.fields]
        return SectionView(section.key, section.label, views)


def _field_view(section: Section, part: Field, shown: Sequence[Input]) -> FieldView:
    can_have_more = not part.is_single and len(shown) < MAX_VALUES
    return FieldView(part, f"{section.key}.{part.name}", shown, can_have_more)


def sheet_of(forms: Forms, entry: Entry, keys: Sequence[str], graph: ServedGraph) -> Sheet:
    """Return the form of an entry as it is now, with these parts open."""
    return Sheet(entry, filled_sections(forms, entry, keys[:MAX_PARTS], graph), FilledSection(forms.source(), {}))


def sent_sheet(forms: Forms, entry: Entry, fields: Mapping[str, str], keys: Sequence[str], graph: ServedGraph) -> Sheet:
    """Return the form as somebody filled it in; parts that were just opened show what the entry says."""
    filled = []
    for section in sections_of(forms, entry, keys[:MAX_PARTS]):
        was_sent = any(name.startswith(f"{section.key}.") for name in fields)
        filled.append(read_section(section, fields) if was_sent else filled_section(section, entry, graph))
    return Sheet(entry, filled, read_section(forms.source(), fields), fields.get("comment", ""))


def with_more(sheet: Sheet, name: str) -> str:
    """Give a field one more blank input, even if it has one; return the name of that input."""
    for number, filled in enumerate(sheet.all):
        for part in filled.section.fields:
            if f"{filled.section.key}.{part.name}" == name and not part.is_single:
                values = [*filled.values.get(part.name, []), Value("")][: MAX_SHOWN + MAX_VALUES]
                more = FilledSection(filled.section, {**filled.values, part.name: values})
                if number < len(sheet.sections):
                    sheet.sections[number] = more
                else:
                    sheet.source = more
                return f"{name}.{len(values) - 1}"
    return ""


def first_of(sheet: Sheet, key: str) -> str:
    """Return the name of a section's first input; "" if the section is not open."""
    section = next((filled.section for filled in sheet.all if filled.section.key == key), None)
    return f"{key}.{section.fields[0].name}.0" if section else ""


def find_entries(sheet: Sheet, names: Iterable[str], graph: ServedGraph) -> None:
    """Search entries for the text in these inputs."""
    wanted = set(names)
    for filled in sheet.all:
        for part, name, value in inputs(filled):
            if name in wanted and part.kind == "link":
                sheet.matches[name] = graph.search(value.text[:200], part.wanted)
                if not sheet.matches[name]:
                    sheet.add_error(name, value_errors()["nobody"])


def add_findings(sheet: Sheet, proposal: Proposal, findings: Iterable[Finding]) -> None:
    """Add each finding to the input that it is about, in the words of its shape."""
    for finding in findings:
        sheet.add_error(_input_of(sheet, proposal, finding), _sentence(finding))


def add_value_errors(sheet: Sheet, errors: Mapping[str, str]) -> None:
    """Add the sentences for the values that could not be read, given one word for each input."""
    for name, word in errors.items():
        sheet.add_error(name, value_errors()[word])


def value_errors() -> Mapping[str, str]:
    """Return the sentence for each word of `InvalidValue`, in the reader's language."""
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
    """Return the message of a shape; for a rule or a check, also what is wrong."""
    is_complete = finding.component.startswith(SH) and finding.component != SH + "SPARQLConstraintComponent"
    wrong = "" if is_complete else f"{finding.wrong[:1].upper()}{finding.wrong[1:]}. "
    return spoken(plain(f"{wrong}{finding.remedy}".strip()))


def _input_of(sheet: Sheet, proposal: Proposal, finding: Finding) -> str:
    """Return the name of the input that a finding is about; "" if there is none."""
    for filled in sheet.all:
        key = filled.section.key
        subject = proposal.source_subject if key == "source" else subject_of(proposal.slug, key)
        if finding.focus != subject:
            continue
        candidates = [
            (name, value) for part, name, value in inputs(filled.with_blanks()) if part.path == finding.predicate
        ]
        if finding.component not in _COUNTED:
            wanted = finding.value.value if finding.value else ""
            tail = f"[{wanted.rpartition('/')[2]}]" if isinstance(finding.value, NamedNode) else wanted
            candidates.sort(key=lambda candidate: not (tail and candidate[1].text.strip().endswith(tail)))
        if candidates:
            return candidates[0][0]
    return "source.jg-isPublishedAt.0" if finding.predicate == SOURCE and not sheet.source.is_blank else ""
