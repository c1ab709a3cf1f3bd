"""The page decides on suggestions by forms, for its owner only."""

import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from justicegraph.admin.local import Door
from justicegraph.admin.suggestions import suggestion_review_app
from justicegraph.suggest.review import Review
from tests.admin.test_links import Forms
from tests.admin.test_local import Whole
from tests.support.suggestions import another_date, is_clean, new_group, review_of
from tests.web.test_documents import Page

EVIL = "<script>alert(1)</script>{{ 1234 * 1234 }}"


class Owner:
    """A browser that is signed in."""

    def __init__(self, review: Review) -> None:
        door = Door("/suggestions", 8001)
        self.client = Whole(suggestion_review_app(review, door))
        self.client.post("/suggestions/sign-in", data={"code": door.code})

    def page(self, path: str = "/suggestions") -> str:
        return str(self.client.get(path).text)

    def do(self, what: str, number: int = 1, **fields: str) -> int:
        action = f"/suggestions/{number}/{what}"
        own = next(found for place, found, _ in Forms(self.page(f"/suggestions/{number}")).found if place == action)
        return int(self.client.post(action, data=own | fields).status_code)


def test_page_accepts_declines_and_renames_by_forms(project: Path) -> None:
    review = review_of(project, new_group("invented-group", "One"), new_group("two", "Two"))
    owner = Owner(review)
    assert "is taken" in owner.page()
    assert owner.do("id", slug="one") == 303
    assert owner.do("accept") == 303
    assert owner.do("decline", 2, reason="Not public.") == 303
    assert "No suggestions wait" in owner.page()
    assert is_clean(project)
    assert (project / "graph/organizations/one.ttl").exists()


def test_page_shows_texts_of_others_as_texts(project: Path) -> None:
    owner = Owner(review_of(project, replace(new_group("evil", EVIL), comment=EVIL)))
    text = owner.page()
    Page(text)
    assert EVIL not in text
    assert not re.search("<script>|1522756", text)
    assert '<span class="added">' in text


def test_page_shows_anew_what_has_changed_and_has_one_key_for_each_answer(project: Path) -> None:
    review = review_of(project, another_date(project), new_group())
    owner = Owner(review)
    assert set(re.findall(r'data-key="(\w)"', owner.page())) == {"a", "d", "l"}
    assert owner.do("accept", revision="0" * 32) == 409
    assert owner.do("decline", reason=" ") == 409
    assert len(review.waiting()) == 2


def test_page_is_for_the_owner_only_and_has_no_token_in_an_address(project: Path) -> None:
    review = review_of(project, new_group())
    stranger = Whole(suggestion_review_app(review, Door("/suggestions", 8001)))
    assert stranger.get("/suggestions").status_code == 403
    assert stranger.post("/suggestions/1/accept", data={"revision": review.assess(1).revision}).status_code == 403
    owner = Owner(review)
    assert owner.client.post("/suggestions/1/accept", data={"revision": review.assess(1).revision}).status_code == 403
    token = next(found["token"] for _, found, _ in Forms(owner.page()).found if "token" in found)
    assert all(token not in address for address in re.findall(r'(?:href|action)="([^"]*)"', owner.page()))
    assert len(review.waiting()) == 1


def test_page_of_a_number_that_no_file_can_hold_is_not_found(project: Path) -> None:
    assert Owner(review_of(project)).client.get(f"/suggestions/{10**30}").status_code == 404


def test_command_shows_the_code_of_the_page_and_ends(project: Path) -> None:
    review_of(project, new_group())
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [str(Path(sys.executable).with_name("justicegraph")), "review", "--author", "Nobody", "--browser"]
    places = ["--folder", str(project), "--build-dir", str(project / "build"), "--port", str(port)]
    with subprocess.Popen(
        [*words, *places], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=dict(os.environ)
    ) as process:
        assert process.stderr
        told = process.stderr.readline().decode()
        process.send_signal(signal.SIGINT)
        process.stderr.read()
    assert re.search(rf"Open http://127\.0\.0\.1:{port}/suggestions .* this code: ([A-Z2-9]{{4}}-?){{3}} ", told)
    assert process.returncode == 0
