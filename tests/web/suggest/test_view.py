"""Readers suggest entries and changes by forms: checked, saved before they are answered, and never published."""

import re
import time
from dataclasses import dataclass, replace
from functools import partial
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal
from pyoxigraph import Store as Quads
from werkzeug.test import TestResponse

from justicegraph.errors import LimitReached
from justicegraph.jsonld import read_context, read_frames
from justicegraph.namespaces import ID, JG
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.project.removal import removal_test, remove
from justicegraph.server.metrics import _request_details
from justicegraph.sparql.evaluate import evaluate
from justicegraph.suggest import store as storing
from justicegraph.suggest.forms import Forms
from justicegraph.suggest.intake import Intake, IntakeLimits
from justicegraph.suggest.proposals import Proposal, proposal_from_json
from justicegraph.web import Site, create_app
from justicegraph.web.suggest import view
from justicegraph.web.suggest.sheet import MAX_PARTS
from tests.support.project import app_of_files, make_project
from tests.web.test_documents import Page

NEW = "/suggest/new/Organization"
SCRIPT = "<script>alert(1)</script>"
HOSTILE = (
    SCRIPT,
    '"><img src=x onerror=alert(1)>',
    "{{ 1234 * 1234 }}",
    "'; DROP TABLE suggestion; --",
    '"@en . id:x a jg:Person .',
)


class Form(HTMLParser):
    """The fields that a page's form sends as it is, and the values of its buttons."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.buttons: list[str] = []
        self._open = self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "button" and "name" in said:
            self.buttons.append(said["value"])
        elif tag in {"textarea", "select"}:
            self._open, self._select = said["name"], tag
            self.fields[self._open] = ""
        elif tag == "option" and self._select == "select" and "selected" in said:
            self.fields[self._open] = said.get("value", "?")
        elif tag == "input" and "name" in said:
            self.fields[said["name"]] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"textarea", "select"}:
            self._open = self._select = ""

    def handle_data(self, data: str) -> None:
        if self._open and self._select == "textarea":
            self.fields[self._open] += data.removeprefix("\n")
        elif self._open and self.fields[self._open] == "?":
            self.fields[self._open] = data


@dataclass
class Reader:
    """A browser, the intake that takes what it sends, and the project's folder."""

    client: FlaskClient
    intake: Intake
    folder: Path

    def form(self, address: str = NEW) -> dict[str, str]:
        return Form(self.client.get(address).text).fields

    def send(self, address: str = NEW, **fields: str) -> TestResponse:
        """Fill in the form at an address and send it; `__` stands for a dot, `_` for a hyphen."""
        filled = {name.replace("__", ".").replace("_", "-"): text for name, text in fields.items()}
        return self.client.post(address, data=self.form(address) | {"do": "send"} | filled)

    def organization(self, **fields: str) -> TestResponse:
        """Suggest an organization that is right, but for these fields."""
        right = {
            "entry__skos_prefLabel__0": "Another Invented Group", "entry__skos_definition__0": "It does not exist.",
            "entry__jg_source__0": "An invented list", "entry__jg_worksOn__0": "invented cause [invented-cause]",
        }  # fmt: skip
        return self.send(**right | fields)

    def held(self) -> list[Proposal]:
        return [proposal_from_json(kept.content) for kept in self.intake.store.waiting()]


def told(response: TestResponse) -> list[str]:
    """Return what the page says is wrong, in the summary."""
    summary = re.search(r'<div class="wrong".*?</div>', response.text, re.DOTALL)
    return (
        [unescape(re.sub(r"<[^>]+>", "", each)) for each in re.findall(r"<li>(.*?)</li>", summary[0])]
        if summary
        else []
    )


@pytest.fixture(scope="module")
def quads(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Quads]:
    folder = make_project(tmp_path_factory.mktemp("suggest") / "project")
    project = load_folder(folder)
    found = store_of(project)
    reason(found, project.rules)
    return folder, found


@pytest.fixture
def reader(quads: tuple[Path, Quads], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.setattr(view, "MIN_SECONDS", 0)
    folder, found = quads
    return reader_of(folder, found, Intake(folder, tmp_path / "intake" / "s.sqlite"))


def reader_of(folder: Path, found: Quads, intake: Intake) -> Reader:
    site = Site(
        partial(evaluate, found, union=True), read_context(folder), frames=read_frames(folder), suggestions=intake,
        is_removed=removal_test(folder),
    )  # fmt: skip
    return Reader(create_app(site).test_client(), intake, folder)


def test_suggestion_is_saved_and_its_receipt_tells_so(reader: Reader) -> None:
    before = sorted((reader.folder / "graph").rglob("*"))
    sent = reader.organization()
    assert (sent.status_code, sent.headers["Location"][:17]) == (303, "/suggest/receipt/")
    [proposal] = reader.held()
    assert (proposal.slug, proposal.is_new, len(proposal.added)) == ("another-invented-group", True, 5)
    assert "Saved, waiting for review." in reader.client.get(sent.headers["Location"]).text
    assert sorted((reader.folder / "graph").rglob("*")) == before
    assert reader.client.get("/id/another-invented-group").status_code == 404


@pytest.mark.parametrize("address", ["/suggest", NEW, "/suggest/new/Person", "/suggest/invented-person"])
def test_pages_are_whole_and_set_no_cookie_and_are_for_no_other_site(address: str, reader: Reader) -> None:
    response = reader.client.get(address)
    Page(response.text)
    assert response.status_code == 200
    assert not {"Set-Cookie", "Access-Control-Allow-Origin"} & set(response.headers.keys())
    assert (response.headers["Cache-Control"], response.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert "form-action 'self'" in response.headers["Content-Security-Policy"]
    assert reader.client.get("/").headers["Access-Control-Allow-Origin"] == "*"


def test_each_input_has_a_label_and_what_the_shape_says(reader: Reader) -> None:
    text = reader.client.get("/suggest/invented-group").text
    labels = set(re.findall(r'<label[^>]* for="([^"]+)"', text))
    inputs = set(re.findall(r'<(?:input|textarea|select) id="([^"]+)"', text))
    described = set(re.findall(r'aria-describedby="([^" ]+)', text))
    assert len(inputs) > 15
    assert inputs - labels == set()
    assert described - set(re.findall(r'<p class="note" id="([^"]+)"', text)) == set()
    assert "Link one place: a city, county, state or country." in text
    assert "<script" not in text


def test_pages_offer_it_where_it_is_taken_and_only_there(reader: Reader, quads: tuple[Path, Quads]) -> None:
    folder, found = quads
    closed = create_app(Site(partial(evaluate, found, union=True), read_context(folder))).test_client()
    for page, link in (("/", 'href="/suggest"'), ("/doc/invented-group", 'href="/suggest/invented-group"')):
        assert link in reader.client.get(page, headers={"Accept": "text/html"}).text
        assert link not in closed.get(page, headers={"Accept": "text/html"}).text
    for address in ("/suggest", NEW, "/suggest/receipt/x"):
        assert closed.get(address).status_code == 404


def test_form_that_is_sent_twice_counts_once_and_has_one_receipt(reader: Reader) -> None:
    fields = reader.form() | {"do": "send", "entry.skos-prefLabel.0": "Twice", "entry.skos-definition.0": "Invented.",
                              "entry.jg-source.0": "invented-list"}  # fmt: skip
    answers = {reader.client.post(NEW, data=fields).headers["Location"] for _ in range(3)}
    assert (len(answers), len(reader.held())) == (1, 1)


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_form_that_is_sent_again_with_other_words_is_shown_anew_and_then_saved(
    is_withdrawn: bool, reader: Reader
) -> None:
    """A browser that goes back shows the form as it was, its token too."""
    fields = reader.form() | {"do": "send", "entry.skos-prefLabel.0": "Twice", "entry.skos-definition.0": "Invented.",
                              "entry.jg-source.0": "invented-list"}  # fmt: skip
    receipt = reader.client.post(NEW, data=fields).headers["Location"]
    if is_withdrawn:
        reader.client.post(f"{receipt}/withdraw", headers={"Content-Type": view._FORM})
    again = reader.client.post(NEW, data=fields | {"entry.skos-definition.0": "Put right."})
    assert (again.status_code, len(reader.held())) == (422, 0 if is_withdrawn else 1)
    assert "This form was sent before" in told(again)[0]
    anew = Form(again.text).fields
    assert anew["entry.skos-definition.0"] == "Put right."
    assert reader.client.post(NEW, data=anew | {"do": "send"}).headers["Location"] != receipt
    assert "Put right." in {each.object.value for each in reader.held()[-1].added if isinstance(each.object, Literal)}


def test_shapes_speak_beside_the_fields_and_nothing_is_saved(reader: Reader) -> None:
    response = reader.organization(entry__skos_prefLabel__0="=1+1", entry__skos_definition__0="")
    assert response.status_code == 422
    assert [each.partition(":")[0] for each in told(response)] == ["what it is", "name"]
    assert "must not begin with = + - or @" in told(response)[1]
    assert 'id="entry.skos-prefLabel.0-wrong"' in response.text
    assert 'value="=1+1"' in response.text
    assert reader.held() == []


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("entry__jg_foundedOn__0", "1999-13", "Not a date"),
        ("entry__jg_foundedOn__0", "1999-02-30", "This day does not exist"),
        ("entry__jg_website__0", "javascript:alert(1)", "Not a web address"),
        ("entry__jg_worksOn__0", "nothing like it", "No entry has this name"),
        ("entry__jg_worksOn__0", "Invented Person [invented-person]", "Link a cause"),
        ("entry__skos_definition__0", "a\x00b", "invisible characters"),
        ("entry__skos_definition__0", "a\u202eb", "invisible characters"),
        ("entry__skos_definition__0", "x" * 2_001, "too long"),
        ("entry__skos_definition__0.lang", "@en", "Not a language code"),
        ("entry__skos_prefLabel__0", "Invented Group", "another entry of the same class has this name"),
        ("comment", "c\x1b[31m", "invisible characters"),
        ("entry__jg_dissolvedOn__0", "0999", "Not a date"),
    ],
)  # fmt: skip
def test_what_is_no_value_is_told_in_a_sentence(field: str, text: str, sentence: str, reader: Reader) -> None:
    response = reader.organization(**{field: text})
    assert response.status_code == 422
    assert any(sentence.lower() in each.lower() for each in told(response)), told(response)
    assert reader.held() == []


@pytest.mark.parametrize("place", ["entry__skos_definition__0", "comment", "source__jg_publisher__0"])
@pytest.mark.parametrize("secret", ["nobody@invented.example", "555-010-4567", "born on 3 May 1990", "12345-067"])
def test_what_must_not_be_told_is_told_off_and_stands_in_no_file(place: str, secret: str, reader: Reader) -> None:
    response = reader.organization(**{place: f"Write to {secret}."})
    assert response.status_code == 422
    assert any("the text mentions" in each.lower() for each in told(response))
    files = reader.intake.file.parent.iterdir()
    assert not any(secret.encode() in path.read_bytes() for path in files)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_others_is_text_on_the_page_and_in_the_file(text: str, reader: Reader) -> None:
    echoed = reader.organization(entry__skos_prefLabel__0=text, entry__jg_foundedOn__0="?")
    Page(echoed.text)
    assert not re.search(r"<script|<img|1522756", re.sub(r'(value|content)="[^"]*"', "", echoed.text))
    assert reader.organization(entry__skos_definition__0=text).status_code == 303
    [proposal] = reader.held()
    assert [each.object.value for each in proposal.added if "definition" in each.predicate.value] == [text]  # type: ignore[union-attr]


def test_form_of_an_entry_is_filled_in_and_a_change_is_only_what_differs(reader: Reader) -> None:
    fields = reader.form("/suggest/invented-group")
    assert fields["entry.jg-foundedOn.0"] == "1999-04"
    assert fields["entry.jg-worksOn.0"] == "invented cause [invented-cause]"
    assert reader.send("/suggest/invented-group", entry__jg_foundedOn__0="1999").status_code == 303
    [proposal] = reader.held()
    assert [each.object.value for each in (*proposal.removed, *proposal.added)] == ["1999-04", "1999"]  # type: ignore[union-attr]


def test_form_that_changes_nothing_is_not_taken_and_a_comment_alone_is(reader: Reader) -> None:
    assert told(reader.send("/suggest/invented-group"))[0].startswith("Nothing has changed yet")
    assert reader.send("/suggest/invented-group", comment="The group has another name now.").status_code == 303


def test_new_source_comes_with_it(reader: Reader) -> None:
    source = {"skos_prefLabel": "An invented page", "skos_definition": "A page.", "jg_issuedOn": "2024-05",
              "jg_isPublishedAt": "https://invented.example/page"}  # fmt: skip
    named = {f"source__{name}__0": text for name, text in source.items()}
    assert reader.organization(entry__jg_source__0="", **named).status_code == 303
    [proposal] = reader.held()
    assert (proposal.source_slug, len(proposal.source)) == ("an-invented-page", 5)
    assert ID + "an-invented-page" in {each.object.value for each in proposal.added}  # type: ignore[union-attr]


def test_without_a_source_it_is_not_taken(reader: Reader) -> None:
    response = reader.organization(entry__jg_source__0="")
    assert response.status_code == 422
    assert told(response) == ["source: Add at least one source: the page you read."]


def test_part_is_added_and_another_opened_without_script(reader: Reader) -> None:
    person = "/suggest/invented-person"
    opened = reader.client.post(person, data=reader.form(person) | {"do": "open:custody-2"})
    added = reader.client.post(
        person, data=Form(opened.text).fields | {"do": "add:https://w3id.org/justicegraph/ontology#Claim"}
    )
    fields = Form(added.text).fields
    assert (fields["parts"], fields["custody-2.jg-startedOn.0"]) == ("custody-2 claim-2", "2002")
    assert fields["custody-2.jg-regime.0"].endswith("terms#prison")
    filled = {"custody-2.jg-confirmedOn.0": "2011", "claim-2.jg-says.0": "That it was not so.", "claim-2.jg-claimant.0": "invented-group",
              "claim-2.jg-stance.0": "https://w3id.org/justicegraph/terms#denies", "claim-2.jg-source.0": "invented-list",
              "claim-2.jg-ascribes.0": "https://w3id.org/justicegraph/terms#innocent", "do": "send"}  # fmt: skip
    sent = reader.client.post(person, data=fields | filled)
    assert sent.status_code == 303, told(sent)
    [proposal] = reader.held()
    assert {str(each.subject).rpartition("/")[2].rstrip(">") for each in proposal.added} == {
        "invented-person.custody-2", "invented-person.claim-2",
    }  # fmt: skip


def test_eleventh_part_is_told_off_and_the_others_stay(reader: Reader) -> None:
    address, fields = "/suggest/invented-person", reader.form("/suggest/invented-person")
    for _ in range(MAX_PARTS):
        fields = Form(reader.client.post(address, data=fields | {"do": f"add:{JG}Claim"}).text).fields
    more = reader.client.post(address, data=fields | {"do": f"add:{JG}Claim"})
    assert "room for ten" in told(more)[0]
    assert Form(more.text).fields["parts"] == fields["parts"]
    same = reader.client.post(address, data=fields | {"do": f"open:{fields['parts'].split()[0]}"})
    assert told(same) == []


def test_names_are_looked_up_and_values_added_without_script(reader: Reader) -> None:
    fields = reader.form() | {"entry.jg-isPartOf.0": "inventED gr", "do": "find:entry.jg-isPartOf.0"}
    found = Form(reader.client.post(NEW, data=fields).text)
    assert found.fields["entry.jg-isPartOf.0.pick"] == "Invented Group [invented-group]"
    more = Form(reader.client.post(NEW, data=found.fields | {"do": "more:entry.skos-altLabel"}).text)
    assert {"entry.skos-altLabel.1", "entry.skos-altLabel.1.lang"} <= set(more.fields)
    assert "more:entry.jg-foundedOn" not in more.buttons
    assert reader.held() == []


def test_withdrawn_suggestion_is_forgotten(reader: Reader) -> None:
    receipt = reader.organization().headers["Location"]
    gone = reader.client.post(f"{receipt}/withdraw", headers={"Content-Type": view._FORM})
    assert (gone.status_code, gone.headers["Location"]) == (303, receipt)
    assert "Withdrawn." in reader.client.get(receipt).text
    assert reader.held() == []


def test_receipt_tells_a_reason_as_text_and_where_it_stands(reader: Reader) -> None:
    receipts = [reader.organization(entry__skos_prefLabel__0=name).headers["Location"] for name in ("One", "Two")]
    with reader.intake.store.decide(1, storing.DECLINED, "Nobody", SCRIPT):
        pass
    with reader.intake.store.decide(2, storing.ACCEPTED, "Nobody", slug="two"):
        pass
    declined, accepted = (reader.client.get(each).text for each in receipts)
    assert "&lt;script&gt;" in declined
    assert SCRIPT not in declined
    assert 'href="/doc/two"' in accepted
    assert "Nobody" not in declined + accepted


@pytest.mark.parametrize("token", ["x", "A" * 43, "../../etc/passwd", "%00"])
def test_receipt_that_is_none_is_not_found(token: str, reader: Reader) -> None:
    assert reader.client.get(f"/suggest/receipt/{token}").status_code == 404


def test_what_other_sites_send_and_what_is_no_form_is_refused(reader: Reader) -> None:
    elsewhere = [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://invented.example"},
    ]
    for headers in elsewhere:
        assert reader.client.post(NEW, data={"do": "send"}, headers=headers).status_code == 403
    ours = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert reader.client.post(NEW, data={"do": "send"}, headers=ours).status_code == 422
    assert reader.client.post(NEW, json={}).status_code == 415
    assert reader.client.post(NEW, data={"comment": "x" * 70_000}).status_code == 413


@pytest.mark.parametrize("body", [b"a=%ff", b"a=1&a=2", b"&".join(b"%d=1" % n for n in range(2_100)), b"a=\xff"])
def test_form_that_cannot_be_read_is_refused(body: bytes, reader: Reader) -> None:
    assert reader.client.post(NEW, data=body, headers={"Content-Type": view._FORM}).status_code == 400


def test_program_that_fills_in_all_fields_or_is_too_quick_is_stopped(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "as spam programs do" in told(reader.organization(subject="Buy"))[0]
    monkeypatch.setattr(view, "MIN_SECONDS", 3)
    assert "Sent too fast" in told(reader.organization())[0]
    assert reader.held() == []


def test_form_that_is_old_or_not_ours_is_shown_anew_with_what_was_written(reader: Reader) -> None:
    fields = reader.form() | {"do": "send", "comment": "long thought about"}
    for token in ("", "1.x.y", reader.form("/suggest/new/Person")["form"], fields["form"][:-1] + "!"):
        response = reader.client.post(NEW, data=fields | {"form": token})
        assert "too old" in told(response)[0]
        again = Form(response.text).fields
        assert (again["comment"], again["form"] != token) == ("long thought about", True)


def test_form_that_was_opened_long_ago_is_sent_anew(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "MAX_SECONDS", -1)
    response = reader.organization()
    assert "too old" in told(response)[0]
    monkeypatch.undo()
    monkeypatch.setattr(view, "MIN_SECONDS", 0)
    again = Form(response.text).fields | {"do": "send"}
    assert reader.client.post(NEW, data=again).status_code == 303


def test_form_outlives_a_restart(reader: Reader, quads: tuple[Path, Quads]) -> None:
    fields = reader.form("/suggest/invented-group") | {"do": "send", "comment": "after the restart"}
    later = reader_of(*quads, Intake(reader.folder, reader.intake.file))
    assert later.client.post("/suggest/invented-group", data=fields).status_code == 303


def test_entry_that_changed_while_the_form_was_open_is_not_overwritten(reader: Reader) -> None:
    response = reader.send("/suggest/invented-group", base="0" * 32, entry__jg_foundedOn__0="1999")
    assert "has changed since you opened" in told(response)[0]


def test_one_address_is_slowed_down_and_told_when_to_come_back(quads: tuple[Path, Quads], reader: Reader) -> None:
    slow = reader_of(*quads, Intake(reader.folder, reader.intake.file, IntakeLimits(per_client=2)))
    answers = [slow.organization(entry__skos_prefLabel__0=f"Invented {n}") for n in range(3)]
    assert [each.status_code for each in answers] == [303, 303, 429]
    assert 3_500 < int(answers[2].headers["Retry-After"]) <= 3_601
    assert 'value="Invented 2"' in answers[2].text


def test_no_more_wait_than_may_and_the_text_is_not_lost(quads: tuple[Path, Quads], reader: Reader) -> None:
    full = reader_of(*quads, Intake(reader.folder, reader.intake.file, IntakeLimits(max_waiting=1)))
    answers = [full.organization(entry__skos_prefLabel__0=f"Invented {n}") for n in range(2)]
    assert [each.status_code for each in answers] == [303, 503]
    assert "waiting for review" in told(answers[1])[0]
    assert 'value="Invented 1"' in answers[1].text


@pytest.mark.parametrize(("is_full", "status"), [(True, 507), (False, 503)])
def test_disk_that_refuses_is_said_with_its_status(
    is_full: bool, status: int, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        error = storing.NotSaved("the disk refused")
        error.is_full = is_full
        raise error

    monkeypatch.setattr(reader.intake.store, "add", refuse)
    response = reader.organization()
    assert (response.status_code, told(response)[0][:18]) == (status, "Nothing was saved:")
    assert 'value="Another Invented Group"' in response.text


def test_file_that_cannot_be_had_is_said_without_its_place(reader: Reader) -> None:
    reader.intake.file.parent.mkdir()
    reader.intake.file.write_bytes(b"nothing of the kind" * 100)
    for response in (reader.client.get(NEW), reader.client.get("/suggest/receipt/" + "A" * 43)):
        assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
        assert str(reader.intake.file.parent) not in response.text


def test_question_that_took_too_long_loses_no_text(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object) -> None:
        raise LimitReached("time", "It took too long.")

    monkeypatch.setattr(view, "check_sheet", slow)
    response = reader.organization()
    assert (response.status_code, 'value="Another Invented Group"' in response.text) == (503, True)


def test_what_was_removed_or_never_was_cannot_be_suggested_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "MIN_SECONDS", 0)
    folder = make_project(tmp_path / "project")
    remove(load_folder(folder), "invented-person")
    reader = reader_of(folder, store_of(load_folder(folder)), Intake(folder, tmp_path / "s.sqlite"))
    assert reader.client.get("/suggest/invented-person").status_code == 410
    for address in (
        "/suggest/nobody",
        "/suggest/causes",
        "/suggest/invented-misspelt",
        "/suggest/new/Status",
        "/suggest/..%2f",
    ):
        assert reader.client.get(address).status_code == 404
    person = {
        "entry__skos_prefLabel__0": "Invented Person",
        "entry__skos_definition__0": "Not again.",
        "entry__jg_source__0": "invented-list",
    }
    assert any("removed on request" in each for each in told(reader.send("/suggest/new/Person", **person)))
    assert reader.held() == []


def test_single_files_take_no_suggestions(tmp_path: Path, shared_project: Path) -> None:
    (tmp_path / "a.ttl").write_text("<https://invented.example/a> <https://invented.example/p> 1 .")
    assert app_of_files([tmp_path / "a.ttl"], True, shared_project).test_client().get("/suggest").status_code == 404


def test_log_does_not_tell_the_address_of_a_receipt() -> None:
    scope = SimpleNamespace(method="GET", path="/suggest/receipt/secret/withdraw", query_string="")
    assert _request_details(scope, 200, 0.1, queries=True)["path"] == "/suggest/receipt/"


def test_page_speaks_spanish_where_the_reader_does(reader: Reader) -> None:
    assert '<html lang="es">' in reader.client.get(f"{NEW}?lang=es").text
    assert f'action="{NEW}?lang=es"' in reader.client.get(f"{NEW}?lang=es").text


def test_form_in_spanish_names_its_fields_in_spanish_and_marks_what_is_english(reader: Reader) -> None:
    page = reader.client.get(f"{NEW}?lang=es").text
    assert "<h1>Proponer una entrada: organización</h1>" in page
    assert '<label for="entry.jg-worksOn.0">trabaja en' in page
    wrong = reader.client.post(f"{NEW}?lang=es", data=reader.form() | {"do": "send", "comment": "Invented."}).text
    assert '<a href="#entry.skos-prefLabel.0">nombre</a>: <span lang="en">' in wrong


def test_label_of_the_ontology_stays_text(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    label = Forms.label
    monkeypatch.setattr(Forms, "label", lambda self, iri: {JG + "worksOn": "digs <at>"}.get(iri, label(self, iri)))
    page = reader.client.get(f"{NEW}?lang=es").text
    assert '<label for="entry.jg-worksOn.0">digs &lt;at&gt;' in page
    assert '<span class="unseen">: digs &lt;at&gt;</span>' in page


@pytest.mark.parametrize("name", ["Person", "Campaign", "Cause", "Place", "Law", "Event", "Facility"])
def test_every_kind_can_be_suggested(name: str, reader: Reader) -> None:
    more = {
        "Cause": {"entry__skos_scopeNote__0": "Nothing real.", "entry__skos_broader__0": "invented cause"},
        "Place": {"entry__jg_level__0": "https://w3id.org/justicegraph/terms#city"},
    }.get(name, {})
    sent = reader.send(
        f"/suggest/new/{name}", entry__skos_prefLabel__0="Of this kind", entry__skos_definition__0="Invented.",
        entry__jg_source__0="invented-list", **more,
    )  # fmt: skip
    assert sent.status_code == 303, told(sent)


def test_checks_take_a_bounded_time(reader: Reader) -> None:
    long = {f"entry__skos_altLabel__{n}": "a" * 299 for n in range(100)}
    began = time.monotonic()
    assert reader.organization(entry__skos_definition__0="+" * 1_999, **long).status_code in {303, 422}
    assert time.monotonic() - began < 10  # some 1 s on an idle machine
    assert replace(reader.intake.limits).max_waiting == 1_000
