"""The page decides by forms, each once, and shows texts of others as texts."""

import os
import re
import signal
import socket
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from justicegraph.admin.links import review_app
from justicegraph.admin.local import Door
from justicegraph.linking.wikidata.review import Review
from justicegraph.linking.wikidata.review_text import KEYS
from justicegraph.project.mappings import FOLDER, MATCHED, REFUSED, record
from justicegraph.project.sssom import MATCHES, NO_TERM, SAME_AS, Decision
from tests.admin.test_local import Whole
from tests.support.project import ROOT
from tests.support.reviews import CAUSE, GROUP, ONE, PERSON, TWO, both, candidate, proposal, review_of, standing
from tests.web.test_documents import Page

CSS = ROOT / "src" / "justicegraph" / "web" / "static" / "review.css"


class Forms(HTMLParser):
    """The forms of a page: the action of each, its fields, and its buttons by their text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], list[dict[str, str]]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((said["action"], {}, []))
        elif tag == "input" and "name" in said and (said.get("type") != "radio" or "checked" in said):
            self.found[-1][1][said["name"]] = said["value"]
        elif tag == "button":
            self.found[-1][2].append(said)


class Owner:
    """A browser that is signed in."""

    def __init__(self, review: Review) -> None:
        door = Door("/review", 8001)
        self.client = Whole(review_app(review, door))
        self.client.post("/review/sign-in", data={"code": door.code})

    def page(self) -> str:
        return self.client.get("/review").text

    def form(self, action: str) -> dict[str, str]:
        """Return the fields that the form with this action sends, now."""
        return next(fields for place, fields, _ in Forms(self.page()).found if place == action)

    def decide(self, said: str, **fields: str) -> int:
        form = self.form("/review/decide") | {"verdict": said, **fields}
        return self.client.post("/review/decide", data=form).status_code


@pytest.fixture
def owner(project: Path) -> Owner:
    return Owner(review_of(project, both(), proposal(PERSON, candidate(f"{TWO}3", probability=0.1), kind="Person")))


def test_answer_is_recorded_and_leads_to_the_next_question(owner: Owner, project: Path) -> None:
    assert "1 of 2" in owner.page()
    assert owner.decide("same", candidate=TWO) == 303
    assert [each.object_id for each in standing(project, MATCHED)] == [TWO]
    assert "2 of 2" in owner.page()
    assert owner.decide("no such item") == 303
    assert [each.object_id for each in standing(project, REFUSED)] == [NO_TERM]
    assert "Everything is reviewed" in owner.page()


def test_undo_takes_back_and_asks_again(owner: Owner, project: Path) -> None:
    owner.decide("different")
    owner.decide("unsure")
    for left in (1, 0):
        assert owner.client.post("/review/undo", data=owner.form("/review/undo")).status_code == 303
        assert len(standing(project, REFUSED)) == left
    assert "1 of 2" in owner.page()
    assert "/review/undo" not in owner.page()


def test_form_that_is_sent_twice_decides_once(owner: Owner, project: Path) -> None:
    old = owner.form("/review/decide") | {"verdict": "different"}
    codes = [owner.client.post("/review/decide", data=old).status_code for _ in range(2)]
    assert codes == [303, 409]
    assert [each.object_id for each in standing(project, REFUSED)] == [ONE]


def test_undo_that_is_sent_twice_takes_back_once(owner: Owner, project: Path) -> None:
    owner.decide("different")
    owner.decide("different", candidate=TWO)
    old = owner.form("/review/undo")
    assert [owner.client.post("/review/undo", data=old).status_code for _ in range(2)] == [303, 409]
    assert len(standing(project, REFUSED)) == 1


def test_form_of_another_question_decides_nothing(owner: Owner, project: Path) -> None:
    first = owner.form("/review/decide")
    owner.decide("unsure")
    stale = first | {"verdict": "same", "revision": owner.form("/review/decide")["revision"]}
    answer = owner.client.post("/review/decide", data=stale)
    assert (answer.status_code, "out of date" in answer.text) == (409, True)
    assert standing(project, MATCHED) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"verdict": ""},
        {"verdict": "accept"},
        {"verdict": f"same by {MATCHES[1]}"},
        {"candidate": f"{TWO}9"},
        {"candidate": ""},
        {"revision": ""},
        {"revision": "-1"},
        {"item": ""},
    ],
    ids=str,
)
def test_form_that_makes_no_sense_decides_nothing(fields: dict[str, str], owner: Owner, project: Path) -> None:
    assert (
        owner.decide(**{"said": "same"} | {("said" if key == "verdict" else key): v for key, v in fields.items()})
        == 409
    )
    assert not list((project / FOLDER).glob("*.tsv"))


@pytest.mark.parametrize("match", MATCHES)
def test_cause_has_a_button_for_each_way(match: str, project: Path) -> None:
    owner = Owner(review_of(project, proposal(CAUSE, candidate(), kind="Cause")))
    assert f'value="same by {match}"' in owner.page()
    assert 'value="same"' not in owner.page()
    assert owner.decide(f"same by {match}") == 303
    assert [each.predicate_id for each in standing(project, MATCHED)] == [match]


def test_contradiction_is_told_on_the_page(owner: Owner, project: Path) -> None:
    record(project, [Decision(subject_id=PERSON, predicate_id=SAME_AS, object_id=ONE, mapping_date="2001-01-01", author_label="Somebody")])  # fmt: skip
    answer = owner.client.post("/review/decide", data=owner.form("/review/decide") | {"verdict": "same"})
    assert (answer.status_code, "in matched.sssom.tsv, line 8" in answer.text) == (409, True)
    assert len(standing(project, MATCHED)) == 1


def test_file_that_was_broken_by_hand_is_told_on_the_page(owner: Owner, project: Path) -> None:
    path = project / FOLDER / MATCHED
    path.parent.mkdir()
    path.write_text("broken\n")
    answer = owner.client.get("/review")
    assert (answer.status_code, "line 1" in answer.text) == (409, True)
    path.unlink()
    assert owner.decide("same") == 303


def test_page_is_well_formed_and_names_its_fields(owner: Owner) -> None:
    owner.decide("different")
    for text in (owner.page(), owner.client.get("/review/nothing").text):
        page = Page(text)
        assert len(page.ids) == len(set(page.ids))
        assert all(link.startswith(("/review", "#content", "data:,", "http://", "https://")) for link in page.links)
    for _, fields, buttons in Forms(owner.page()).found:
        assert {"token", "revision"} <= fields.keys()
        assert all(button["type"] == "submit" for button in buttons)


def test_page_has_a_key_for_each_answer_and_no_script_within(project: Path) -> None:
    text = Owner(review_of(project, both())).page()
    assert set(re.findall(r'data-key="(.)"', text)) == {"1", "2", *(key for key in KEYS if key in "sdun")}
    assert re.findall(r"<script[^>]*>([^<]*)</script>", text) == [""]
    assert not re.search(r"<[^>]+\s(on\w+|style)=", text)


def test_enter_decides_nothing(owner: Owner) -> None:
    first = next(buttons[0] for place, _, buttons in Forms(owner.page()).found if place == "/review/decide")
    assert "disabled" in first  # the button that Enter presses is a form's first (HTML, implicit submission)


def test_evidence_has_words_beside_colours(owner: Owner) -> None:
    text = owner.page()
    assert '<li class="agrees">agrees: <bdi>the same city</bdi></li>' in text
    assert '<li class="contradicts">contradicts: <bdi>other dates</bdi></li>' in text
    assert "(the same)" in text


def test_text_of_others_does_nothing_on_the_page(project: Path) -> None:
    evil = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>\u202e{{ 7 * 7 }}"
    details = {evil: [evil, "javascript:alert(1)", "data:text/html,x", "https://invented.example/"]}
    one = candidate(name=evil, details=details, reasons=(f"for: {evil}", evil))
    owner = Owner(review_of(project, proposal(GROUP, one, name=evil, kind=evil, details=details)))
    text = owner.page()
    Page(text)
    assert "<script>" not in text
    assert "<img" not in text
    assert "\u202e" not in text
    assert "49" not in re.sub(r'value="[^"]*"', "", text)
    hrefs = [link for link in Page(text).links if not link.startswith(("/review", "#", "data:,"))]
    assert set(hrefs) == {"http://www.wikidata.org/entity/", ONE, "https://invented.example/"}
    assert owner.decide("different") == 303
    Page(owner.page())
    assert "<script>" not in owner.page()


def test_links_elsewhere_tell_them_nothing(owner: Owner) -> None:
    for link in re.findall(r"<a [^>]*href=\"http[^>]*>", owner.page()):
        assert 'rel="noopener noreferrer"' in link


def test_colours_of_the_page_are_those_of_light_and_dark() -> None:
    used = set(re.findall(r"(?:color|background)[^:;{}]*: ([^;}]+)", CSS.read_text()))
    assert {value for value in used if not value.startswith(("var(", "light-dark(", "inherit", "transparent"))} == set()


def test_command_shows_the_code_and_ends_with_a_summary(project: Path) -> None:
    review_of(project, both())
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [sys.executable, "-c", "from justicegraph.cli.review import review; review()", "--author", "Nobody"]
    places = ["--folder", str(project), "--build-dir", str(project / "build")]
    with subprocess.Popen(
        [*words, *places, "--browser", "--port", str(port)], stderr=subprocess.PIPE, env=dict(os.environ)
    ) as process:
        assert process.stderr
        told = [process.stderr.readline().decode() for _ in range(2)]
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read().decode()
    assert re.search(rf"Open http://127\.0\.0\.1:{port}/review .* this code: ([A-Z2-9]{{4}}-?){{3}} ", told[1])
    assert rest.strip() == "0 decisions this session."
    assert process.returncode == 0
