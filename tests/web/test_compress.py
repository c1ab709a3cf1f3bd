"""A page comes in the coding that the browser takes, and is the same page."""

import gzip

import pytest
import zstandard
from flask import Flask
from werkzeug.test import TestResponse

from justicegraph.web.compress import SMALL, encode

PAGE = "<!doctype html><title>Invented</title>" + "<p>Nobody is here.</p>" * 100


def answer(body: str = PAGE, kind: str = "text/html", status: int = 200, **headers: str) -> TestResponse:
    app = Flask("test")
    app.add_url_rule("/", "page", lambda: app.response_class(body, status, mimetype=kind))
    app.after_request(encode)
    return app.test_client().get("/", headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_page_is_the_same_in_every_coding(coding: str) -> None:
    response = answer(Accept_Encoding=coding)
    read = gzip.decompress if coding == "gzip" else zstandard.ZstdDecompressor().decompress
    assert response.headers["Content-Encoding"] == coding
    assert read(response.data).decode() == PAGE
    assert int(response.headers["Content-Length"]) == len(response.data) < len(PAGE) / 4


@pytest.mark.parametrize("taken", ["", "identity", "br", "gzip;q=0", "x" * 9_000])
def test_browser_that_takes_no_coding_gets_the_page_as_it_is(taken: str) -> None:
    response = answer(Accept_Encoding=taken)
    assert ("Content-Encoding" in response.headers, response.text) == (False, PAGE)
    assert "Accept-Encoding" in response.headers["Vary"]


def test_what_is_short_or_no_page_is_left_as_it_is() -> None:
    short = answer("x" * (SMALL - 1), Accept_Encoding="gzip")
    other = answer(kind="text/turtle", Accept_Encoding="gzip")
    assert ("Content-Encoding" in short.headers, "Content-Encoding" in other.headers) == (False, False)
    assert "Vary" not in other.headers
