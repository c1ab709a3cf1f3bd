"""Assets have the hash of their content in their address and are cached for good; pages work without the built ones."""

import gzip
import os
import re
import subprocess
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client

from justicegraph.build import build_snapshot
from justicegraph.web import assets
from tests.support.project import ROOT, app_of_snapshot

BROKEN = "PREFIX jg: <https://w3id.org/justicegraph/ontology#>\nSELECT ?name\nWHERE { ?who skos:prefLabel ?name }"


@pytest.fixture(scope="module")
def app(shared_project: Path) -> Flask:
    return app_of_snapshot(build_snapshot(shared_project, shared_project / "build"), shared_project)


@pytest.fixture
def client(app: Flask) -> Client:
    return app.test_client()


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files that stands in for ours: a stylesheet, and a script as the front end's build leaves it."""
    (tmp_path / "built").mkdir()
    (tmp_path / "query.css").write_text("p { color: red }")
    (tmp_path / "built/query.ABC.js").write_text("let invented = 1;" * 50)
    (tmp_path / "built/query.ABC.js.br").write_bytes(b"invented")
    (tmp_path / "built/manifest.json").write_text('{"query.js": "query.ABC.js"}')
    assets.assets.cache_clear()
    monkeypatch.setattr(assets, "assets", partial(assets.assets, tmp_path))
    return tmp_path


def test_address_changes_with_what_is_in_the_file() -> None:
    first, other = assets.asset_of("style.css", b"a"), assets.asset_of("style.css", b"b")
    assert re.fullmatch(r"style\.[0-9a-f]{16}\.css", first.address)
    assert first.address != other.address
    assert first == assets.asset_of("style.css", b"a")


def test_file_is_kept_for_good_by_its_hash_and_asked_for_again_by_its_name(client: Client) -> None:
    page = client.get("/query").text
    address = re.search(r"/static/query\.[0-9a-f]+\.css", page)
    assert address is not None
    hashed, named = client.get(address[0]), client.get("/static/query.css")
    assert hashed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert named.headers["Cache-Control"] == "no-cache"
    assert hashed.data == named.data
    assert client.get("/static/query.css", headers={"If-None-Match": named.headers["ETag"]}).status_code == 304


def test_file_comes_as_small_as_the_client_takes_it(client: Client, built: Path) -> None:
    plain = client.get("/static/query.ABC.js")
    assert (plain.mimetype, "Content-Encoding" in plain.headers) == ("text/javascript", False)
    zipped = client.get("/static/query.ABC.js", headers={"Accept-Encoding": "gzip, zstd"})
    assert (zipped.headers["Content-Encoding"], zipped.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(zipped.data) == plain.data
    smallest = client.get("/static/query.ABC.js", headers={"Accept-Encoding": "gzip, br"})
    assert (smallest.headers["Content-Encoding"], smallest.data) == ("br", b"invented")


@pytest.mark.parametrize(
    "name", ["nope.css", "../web/site.py", "built/manifest.json", "built/query.ABC.js", "query.0.css"]
)
def test_only_files_for_pages_are_given(name: str, client: Client, built: Path) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_page_names_its_script_with_a_number_of_its_own(client: Client, built: Path) -> None:
    first, other = client.get("/query"), client.get("/query")
    nonces = [
        re.findall(r'<script type="module" src="/static/query\.ABC\.js" nonce="([\w-]{24})">', page.text)
        for page in (first, other)
    ]
    assert (len(nonces[0]), nonces[0] != nonces[1]) == (1, True)
    policy = first.headers["Content-Security-Policy"]
    assert f"script-src 'nonce-{nonces[0][0]}'" in policy
    assert "unsafe" not in policy
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_page_without_what_node_builds_is_a_form_and_runs_no_script(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "assets", partial(assets.assets, tmp_path))
    response = client.get("/query", query_string={"query": "ASK {}"})
    assert (response.status_code, "<script" in response.text, "<textarea" in response.text) == (200, False, True)
    assert "script-src" not in response.headers["Content-Security-Policy"]
    assert "Yes." in response.text


def test_scripts_are_sound() -> None:
    tsc = ROOT / "frontend/node_modules/.bin/tsc"
    if not tsc.is_file() and os.environ.get("JUSTICEGRAPH_FRONTEND") != "required":
        pytest.skip("what the front end is built with is not here (make, with Node and npm)")
    ended = subprocess.run([tsc], cwd=ROOT / "frontend", capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "")


def test_editor_knows_the_words_of_the_ontology(client: Client) -> None:
    address = re.search(r'data-vocabulary="(/static/vocabulary\.[0-9a-f]+\.json)"', client.get("/query").text)
    assert address is not None
    response = client.get(address[1])
    assert "immutable" in response.headers["Cache-Control"]
    words = {name: (kind, label) for name, kind, label, note in response.get_json()}
    assert words["jg:Campaign"] == ("class", "campaign")
    assert words["jg:worksOn"] == ("property", "works on")
    assert words["jgt:prison"] == ("term", "prison")
    assert client.get("/static/vocabulary.0000.json").headers["Cache-Control"] == "no-cache"


def test_mistake_is_shown_in_its_line(client: Client) -> None:
    response = client.get("/query", query_string={"query": BROKEN.replace("\n", "\r\n")})
    assert response.status_code == 400
    assert "The prefix skos: is not declared. Add at the top: PREFIX skos: &lt;http" in response.text
    assert "Line 3, column" in response.text
    assert "WHERE { ?who <mark>skos:prefLabel</mark> ?name }" in response.text


def test_limit_is_shown_where_the_server_has_one(app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "at most" not in client.get("/query?query=ASK%7B%7D").text.partition('id="found"')[2]
    monkeypatch.setitem(app.config, "TIME_LIMIT", 7.5)
    assert "(7.5 s at most)" in client.get("/query?query=ASK%7B%7D").text


def test_picture_is_drawn_where_it_is_wanted_and_offered_where_it_fits(client: Client) -> None:
    address = "/query?query=SELECT+*+%7BVALUES+(?name+?n)+%7B('Made+up'+7)('Invented'+3)%7D%7D"
    assert "<svg" not in client.get(address).text
    assert "&amp;view=chart#answer" in client.get(address).text
    assert "Made up: 7" in client.get(f"{address}&view=chart").text.partition("<svg")[2]
    assert "view=chart#answer" not in client.get("/query?query=DESCRIBE+%3Cx:y%3E&view=chart").text


@pytest.mark.parametrize(
    ("query", "formats"),
    [("ASK {}", "json xml"), ("SELECT * {}", "json xml csv tsv"), ("DESCRIBE <x:y>", "ttl nt nq trig rdf jsonld")],
)
def test_answer_is_offered_in_every_format_that_it_has(query: str, formats: str, client: Client) -> None:
    text = client.get("/query", query_string={"query": query}).text
    links = re.findall(r'href="(/sparql\?query=[^"]*format=(\w+))"', text)
    assert [name for _, name in links] == formats.split()
    assert {client.get(link.replace("&amp;", "&")).status_code for link, _ in links} == {200}
