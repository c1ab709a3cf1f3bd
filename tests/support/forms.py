"""The forms of our own graph, and what is filled into them."""

from collections.abc import Iterator

from pyoxigraph import NamedNode

from justicegraph.namespaces import ID, JG, SKOS, TYPE, local_id
from justicegraph.project.folder import Folder, load_folder
from justicegraph.suggest.draft import draft_proposal
from justicegraph.suggest.entry import Entry
from justicegraph.suggest.forms import Forms
from justicegraph.suggest.kinds import KINDS
from justicegraph.suggest.proposals import Proposal
from justicegraph.suggest.values import (
    FilledSection,
    Value,
)
from tests.support.project import ROOT

OWN = load_folder(ROOT)
FORMS = Forms(OWN.ontology, [*OWN.shapes, *OWN.ontology_shapes])
HOSTILE = (
    '"""@en . id:x a jg:Person .', "\\", "\\u0022", '"@en ;\n    .\n\nid:evil a jg:Person ;', "<script>alert(1)</script>",
    "a\x00b", "a\u202eb", "=1+1", "a\ud7ff\U0001f600", "'''", "{{ 1234 * 1234 }}", "a\r\nb", "x" * 300, "\u0301" * 50, "​",
)  # fmt: skip


class Known:
    """Finds names and entries in the files of a project."""

    def __init__(self, folder: Folder) -> None:
        self.names: dict[str, str] = {}
        for document in folder.files.values():
            for triple in document.triples:
                self.names.setdefault(triple.subject.value, local_id(triple.subject.value) or "")  # type: ignore[union-attr]
                if triple.predicate.value == SKOS + "prefLabel":
                    self.names[triple.subject.value] = triple.object.value  # type: ignore[union-attr]

    def name_of(self, iri: str) -> str:
        return self.names.get(iri, "")

    def find_by_name(self, name: str, _kind: str) -> list[str]:
        return [iri for iri, each in self.names.items() if each.lower() == name.lower()]


KNOWN = Known(OWN)


def own_entries() -> Iterator[Entry]:
    """Yield every seventh entry of our own graph, and all that have parts which a form can change."""
    for number, (path, document) in enumerate(OWN.files.items()):
        own = [
            each
            for each in document.triples
            if each.subject == NamedNode(ID + path.stem) and each.predicate.value == TYPE
        ]
        kind = str(own[0].object).strip("<>")
        entry = Entry(kind, path.stem, tuple(document.triples))
        if kind.removeprefix(JG) in KINDS.values() and (number % 7 == 0 or "custody-1" in entry.parts()):
            yield entry


ENTRIES = list(own_entries())


def drafts_of(name: str, text: str, address: str = "https://invented.example/") -> tuple[Proposal, dict[str, str]]:
    """Return what a form of a new organization would make of these."""
    values = {
        "skos-prefLabel": [Value(name)], "skos-definition": [Value(text, "es")], "jg-website": [Value(address)],
    }  # fmt: skip
    filled = FilledSection(FORMS.entry(JG + "Organization"), values)
    source = FilledSection(FORMS.source(), {"skos-prefLabel": [Value(text)], "jg-publisher": [Value(name)]})
    return draft_proposal(FORMS, Entry(JG + "Organization"), [filled], source, text, KNOWN)
