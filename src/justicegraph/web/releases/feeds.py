"""What is new, as Atom feeds (RFC 4287): the releases, and the entries that changed in them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from flask import Blueprint, Response, render_template, request
from pyoxigraph import NamedNode

from justicegraph.namespaces import DATA, ID, LICENCE, SLUG
from justicegraph.release.manifest import Release
from justicegraph.sparql.named import NamedQueries
from justicegraph.web.paths import home_address
from justicegraph.web.releases.links import CATALOGUES, FEEDS, address_of
from justicegraph.web.releases.published import all_releases, iri_of, stand_in, standing
from justicegraph.web.releases.view import counted
from justicegraph.web.site import site

blueprint = Blueprint("feeds", __name__)

CHANGED = 500
"""Entries in the feed of changes; the deltas have all."""

LONGEST = 64_000
"""Characters of all ids in one query for labels. With them the query stays below the limit of 64 KiB."""

NEVER = "1970-01-01"
"""When a feed without entries was updated: Atom demands a date (RFC 4287, 4.2.15)."""

_QUERIES = NamedQueries.beside(__file__)
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may have in it, however it is written (XML 1.0, 2.2)."""


@dataclass(frozen=True)
class Item:
    """An entry of a feed: its IRI, title, date, what it says, and links: relation, path, media type."""

    iri: str
    title: str
    date: str
    said: str
    links: tuple[tuple[str, str, str], ...]


@blueprint.app_template_filter("xml_text")
def xml_text(text: str) -> str:
    """Return the text with a mark in place of each character that XML cannot have."""
    return _NO_XML.sub("\ufffd", text)


@blueprint.get("/data/releases.atom")
def releases() -> Response:
    """Give the feed of the releases."""
    return _feed("releases.atom", "summary", [_release(each) for each in all_releases()])


@blueprint.get("/data/changes.atom")
def changes() -> Response:
    """Give the feed of the entries that were added, changed or removed, those of the newest release first."""
    found = list(islice(_changes(), CHANGED))
    labels = _labels(dict.fromkeys(slug for _, slug, _ in found))
    return _feed("changes.atom", "content", [_change(*each, labels.get(each[1], each[1])) for each in found])


def said_of(release: Release) -> str:
    """Return in a sentence or two how much is in a release, and what has changed since the one before."""
    if release.withdrawn_for is not None:
        return f"Withdrawn on request. The release {stand_in(release)} stands in for it."
    said = f"{counted(release.quads, 'quad', 'quads')} on {counted(release.entities, 'entry', 'entries')}."
    if release.changes is None:
        return said
    entries = ", ".join(f"{counted(len(slugs), 'entry', 'entries')} {how}" for how, slugs in _kinds(release) if slugs)
    quads = f"{counted(release.changes.quads_added, 'quad', 'quads')} added, {release.changes.quads_removed:,} removed"
    return f"{said} Since {release.previous or 'the one before'}: {entries or 'no entry changed'}; {quads}."


def _release(release: Release) -> Item:
    page = ("alternate", address_of(release), "text/html")
    if release.withdrawn_for is not None:
        return Item(iri_of(release), f"Release {release.version}, withdrawn", release.date, said_of(release), (page,))
    names = {file.name for file in release.files}
    described = [("describedby", address_of(release, name), kind) for name, kind in CATALOGUES.items() if name in names]
    return Item(iri_of(release), f"Release {release.version}", release.date, said_of(release), (page, *described))


def _kinds(release: Release) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = release.changes
    return (("added", found.added), ("changed", found.changed), ("removed", found.removed)) if found else ()


def _changes() -> Iterator[tuple[Release, str, str]]:
    """Yield release, slug, and what was done. Whoever was removed on request since then is named no more."""
    for release in standing():
        for how, slugs in _kinds(release):
            yield from ((release, slug, how) for slug in slugs if SLUG.fullmatch(slug) and not site().is_removed(slug))


def _change(release: Release, slug: str, how: str, label: str) -> Item:
    said = f"{how.capitalize()} in the release {release.version}."
    link = ("alternate", f"/doc/{slug}", "text/html")
    return Item(f"{ID}{slug}#{release.version}", label, release.date, said, (link,))


def _labels(slugs: Iterable[str]) -> dict[str, str]:
    """Return the labels of these entries, asked for in one query; an entry that has none is not in it."""
    entries = list(_short_list(NamedNode(ID + slug) for slug in slugs))
    rows = _QUERIES.rows(site().run_query, "labels_of_entries", values={"entry": entries}) if entries else []
    return {row["entry"].removeprefix(ID): row["label"] for row in rows if "label" in row}


def _short_list(entries: Iterable[NamedNode]) -> Iterator[NamedNode]:
    """Yield entries until their ids are too long for one query."""
    length = 0
    for entry in entries:
        length += len(str(entry)) + 1
        if length > LONGEST:
            return
        yield entry


def _feed(name: str, element: str, items: list[Item]) -> Response:
    page = render_template(
        "feed.xml", iri=DATA + name, title=FEEDS[name], element=element, items=items, licence=LICENCE,
        home=home_address(), path=f"data/{name}", updated=max((each.date for each in items), default=NEVER),
    )  # fmt: skip
    response = Response(page, content_type="application/atom+xml; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request.environ)
    return response
