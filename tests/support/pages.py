"""The site of a small project, made in this process, and its pages as a reader meets them."""

from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from pyoxigraph import Store
from werkzeug.test import Client, TestResponse

from justicegraph.jsonld import read_context
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.search import FOLDER, SearchIndex, write_search
from justicegraph.sparql.evaluate import evaluate
from justicegraph.web import Site, create_app
from tests.support.endpoint import with_endpoint

INLINE = {"a", "bdi", "code", "span", "strong", "time"}
READER = {"Accept": "text/html"}


class Page(HTMLParser):
    """A page as words and as what can be followed: `links` by their text, `ids`, and texts in each other language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.source, self.text = text, ""
        self.links: dict[str, str] = {}
        self.ids: list[str] = []
        self.spoken: dict[str, str] = {}
        self.headings: list[str] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self.feed(text)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        assert not [name for name in said if name.startswith("on") or name == "style"]
        self.ids += [said["id"]] if "id" in said else []
        if tag not in INLINE:
            self.text += " "
        if tag not in {"meta", "link", "input"}:
            self._open.append((tag, said))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        tags = dict(self._open)
        if tags.keys() & {"script", "title", "svg"}:
            return
        self.text += data
        tag, said = self._open[-1] if self._open else ("", {})
        if data.strip() and "a" in tags:
            self.links.setdefault(data, tags["a"].get("href", ""))
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(data)
        if "lang" in said and tag != "html":
            self.spoken[data] = said["lang"]


class Visitor(Client):
    """A reader with a browser."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        return super().open(*args, **{"headers": READER, **options}, buffered=True)

    def page(self, path: str, **options: Any) -> Page:
        """Return the page at a path, which must be there."""
        response = self.get(path, **options)
        assert response.status_code == 200, response.text
        return Page(response.text)


def visitor(folder: Path, place: Path, **more: Any) -> Visitor:
    """Return a visitor of a project's site; its index is written to `place`. Nothing is checked before."""
    project = load_folder(folder)
    store = store_of(project)
    reason(store, project.rules)
    return visitor_of(store, folder, place, **more)


def visitor_of(store: Store, folder: Path, place: Path, **more: Any) -> Visitor:
    """Return a visitor of the site of a store, with the context of a project."""
    run_query = partial(evaluate, store, union=True)
    write_search(run_query, place / FOLDER)
    site = Site(
        run_query, read_context(folder), search=SearchIndex.open(place), **{"snapshot": "0123456789abcdef", **more}
    )
    return Visitor(with_endpoint(create_app(site)))
