"""The pages speak the reader's language: every sentence of ours stands in each, and the reader can choose."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from pyoxigraph import Literal
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request as AnyRequest

from justicegraph.namespaces import JG
from justicegraph.project.folder import load_folder
from justicegraph.suggest.forms import Forms
from justicegraph.suggest.kinds import KINDS
from justicegraph.web.i18n import CODES, language_of, languages
from tests.support.project import ROOT
from tests.web.releases.test_view import NEWEST, OLDER, WITHDRAWN, client_of, write_releases
from tests.web.test_documents import BROWSER

PACKAGE = ROOT / "src/justicegraph"
METHODS = [("web/templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
GAP = re.compile(r"%\(\w+\)s|\{\w+\}")


def sentences() -> Iterator[str | tuple[str, ...]]:
    """Yield what templates and code mark as sentences, several forms together."""
    found = extract_from_dir(PACKAGE, METHODS, keywords={"_": None, "gettext": None, "ngettext": (1, 2)})
    yield from dict.fromkeys(message for _, _, message, _, _ in found)


SENTENCES = list(sentences())


@pytest.mark.parametrize("code", CODES[1:])
def test_every_sentence_is_translated(code: str) -> None:
    sentences = languages()[code].sentences
    keys = [sentence if isinstance(sentence, str) else sentence[0] for sentence in SENTENCES]
    assert len(keys) > 50
    assert [key for key in keys if key not in sentences] == []


@pytest.mark.parametrize("code", CODES[1:])
def test_no_translation_is_left_over(code: str) -> None:
    keys = {sentence if isinstance(sentence, str) else sentence[0] for sentence in SENTENCES}
    assert set(languages()[code].sentences) - keys == set()


@pytest.mark.parametrize("code", CODES[1:])
def test_translation_keeps_the_gaps(code: str) -> None:
    for key, forms in languages()[code].sentences.items():
        assert all(set(GAP.findall(form)) == set(GAP.findall(key)) for form in forms), key


def forms(code: str) -> Forms:
    own = load_folder(ROOT)
    return Forms(own.ontology, [*own.shapes, *own.ontology_shapes], code)


def labels(forms: Forms, name: str) -> dict[str, str]:
    """Return by IRI what the form of a kind calls the kind, the parts that can be added, all fields, and all choices."""
    entry = forms.entry(JG + name)
    sections = [entry, forms.source(), *(forms.part("part", kind, entry.kind) for kind in forms.parts(entry.kind))]
    fields = [field for section in sections for field in section.fields]
    choices = dict(choice for field in fields for choice in field.choices)
    return (
        {section.kind: section.label for section in sections} | {field.path: field.label for field in fields} | choices
    )


@pytest.mark.parametrize("code", CODES[1:])
@pytest.mark.parametrize("name", KINDS.values())
def test_every_label_of_a_suggestion_form_is_in_the_readers_language(name: str, code: str) -> None:
    ours, theirs = (labels(forms(language), name) for language in (CODES[0], code))
    literals = {triple.object for triple in load_folder(ROOT).ontology + load_folder(ROOT).shapes}
    assert len(theirs) > 5
    assert [iri for iri, label in ours.items() if Literal(label, language=CODES[0]) not in literals] == []
    assert [iri for iri, label in theirs.items() if Literal(label, language=code) not in literals] == []


def test_pages_of_the_data_speak_spanish_and_stay_there(shared_project: Path, tmp_path: Path) -> None:
    client = client_of(shared_project, write_releases(tmp_path / "releases"))
    data, release, withdrawn = (
        " ".join(client.get(f"/data/{place}?lang=es", headers=BROWSER).text.split())
        for place in ("", f"{OLDER}/", f"{WITHDRAWN}/")
    )
    for expected in (f'Versión <a href="/data/{NEWEST}/?lang=es">', "2.233 cuádruplas sobre 10 entradas", "1,0 kB",
                 '<span lang="en">Person</span> 7', '<td lang="en">What README.md is for</td>'):  # fmt: skip
        assert expected in data, expected
    assert "<h1>Versión 2026-10-03.1</h1>" in release
    assert f'la sustituye la versión <a href="/data/{OLDER}/?lang=es">' in withdrawn


@pytest.mark.parametrize(
    ("address", "accepted", "code"),
    [
        ("/", "", "en"), ("/", "es", "es"), ("/", "es-MX,en;q=0.5", "es"), ("/", "fr, es;q=0.4, en;q=0.3", "es"),
        ("/", "es;q=0, en", "en"), ("/?lang=es", "en", "es"), ("/?lang=en", "es", "en"), ("/?lang=xx", "es", "es"),
        ("/", "x" * 5000, "en"),
    ],
)  # fmt: skip
def test_reader_chooses_the_language(address: str, accepted: str, code: str) -> None:
    environ = EnvironBuilder(address, headers=[("Accept-Language", accepted)]).get_environ()
    assert language_of(AnyRequest(environ)).code == code  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("date", "english", "spanish"),
    [
        ("2025-02-18", "18 February 2025", "18 de febrero de 2025"), ("2025-02", "February 2025", "febrero de 2025"),
        ("1977", "1977", "1977"), ("2025-13-45", "2025-13-45", "2025-13-45"), ("soon", "soon", "soon"),
    ],
)  # fmt: skip
def test_date_keeps_its_precision(date: str, english: str, spanish: str) -> None:
    assert (languages()["en"].day(date), languages()["es"].day(date)) == (english, spanish)


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [
        (1234567, "1,234,567", "1.234.567"),
        (0.01, "0.01", "0,01"),
        ("2000000", "2,000,000", "2.000.000"),
        ("x", "x", "x"),
    ],
)
def test_number_is_written_as_the_reader_is_used_to(value: float | str, english: str, spanish: str) -> None:
    assert (languages()["en"].number(value), languages()["es"].number(value)) == (english, spanish)
