"""The documentation at /docs: files with their types, inline scripts by their hashes, and how to build it where it is not."""

import re
from base64 import b64encode
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from pyoxigraph import Store
from werkzeug.test import Client

from justicegraph.jsonld import read_context
from justicegraph.project import locate
from justicegraph.project.locate import docs_folder
from justicegraph.sparql.evaluate import evaluate
from justicegraph.web import Site, create_app
from justicegraph.web.docs import policy_of
from tests.support.project import ROOT

PAGE = (
    "<html lang=en><style>p { color: red }</style><script>invented()</script><script src=x.js></script>"
    + "<p>text</p>" * 200
)


def client_of(docs: Path | None) -> Client:
    site = Site(partial(evaluate, Store(), union=False), read_context(ROOT), docs=docs)
    return create_app(site).test_client()


@pytest.fixture
def client(tmp_path: Path) -> Client:
    (tmp_path / "docs").mkdir()
    for name, text in (("index.html", PAGE), ("x.js", "1"), ("x.css", "p {}"), ("objects.inv", "binary")):
        (tmp_path / "docs" / name).write_text(text)
    (tmp_path / "secret.html").write_text("outside")
    return client_of(tmp_path / "docs")


def test_address_without_slash_leads_to_the_first_page(client: Client) -> None:
    response = client.get("/docs")
    assert (response.status_code, response.headers["Location"]) == (308, "/docs/")
    assert client.get("/docs/").text == client.get("/docs/index.html").text == PAGE


@pytest.mark.parametrize(("name", "kind"), [("", "text/html"), ("x.js", "text/javascript"), ("x.css", "text/css")])
def test_file_has_its_type_and_is_not_sent_twice(name: str, kind: str, client: Client) -> None:
    response = client.get(f"/docs/{name}")
    assert (response.mimetype, response.headers["Cache-Control"]) == (kind, "no-cache")
    again = client.get(f"/docs/{name}", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["nope.html", "../secret.html", "%2e%2e/secret.html", "objects.inv", "x.js/"])
def test_nothing_else_is_sent(name: str, client: Client) -> None:
    assert client.get(f"/docs/{name}").status_code == 404


def test_page_is_english_and_compressed_for_everybody(client: Client) -> None:
    headers = {"Accept-Language": "es", "Accept-Encoding": "gzip"}
    response = client.get("/docs/", headers=headers)
    assert (response.headers["Content-Language"], response.headers["Content-Encoding"]) == ("en", "gzip")


def test_policy_allows_the_inline_scripts_and_styles_of_the_page_alone(client: Client) -> None:
    policy = client.get("/docs/").headers["Content-Security-Policy"]
    script, style = (b64encode(sha256(text).digest()).decode() for text in (b"invented()", b"p { color: red }"))
    assert f"script-src 'self' 'sha256-{script}';" in policy
    assert f"style-src 'self' 'sha256-{style}';" in policy
    assert "http" not in policy
    assert "sha256" not in policy_of("<p>no script</p>")


def test_policy_of_other_pages_stays_as_it_is(client: Client) -> None:
    policy = client.get("/problems").headers["Content-Security-Policy"]
    assert "script-src" not in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("folder", [None, Path("nowhere")])
def test_server_without_docs_says_how_to_build_them(folder: Path | None) -> None:
    response = client_of(folder).get("/docs/", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert "In a checkout, `make docs` builds it." in response.text
    spanish = client_of(folder).get("/docs/?lang=es", headers={"Accept": "text/html"})
    assert "`make docs` la genera" in spanish.text


def test_page_links_to_the_docs_where_they_are_built(client: Client) -> None:
    footer = client.get("/problems").text.partition("<footer>")[2]
    assert re.search(r'<a href="/docs/" hreflang="en">Docs</a>', footer)
    assert "/docs/" not in client_of(None).get("/problems").text


def test_checkout_has_its_docs_in_its_build_folder() -> None:
    assert docs_folder() == ROOT / "build/docs"


def test_installed_package_has_its_docs_in_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(locate, "PACKAGE", tmp_path)
    assert docs_folder() == tmp_path / "docs"
