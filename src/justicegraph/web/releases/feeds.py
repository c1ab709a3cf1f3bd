"""Atom feeds (RFC 4287) of the releases, and of the entries that changed in them."""

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
from justicegraph.web.releases.published import all_releases, available_releases, iri_of, replacement_of
from justicegraph.web.releases.view import format_count
from justicegraph.web.site import site

blueprint = Blueprint("feeds", __name__)

CHANGED = 500
"""The most entries in the feed of changes; the deltas have all of them."""

LONGEST = 64_000
"""The most characters of ids in one query for labels, so that it stays below the limit of 64 KiB."""

NEVER = "1970-01-01"
"""The date of a feed without entries, since Atom requires one (RFC 4287, 4.2.15)."""

_QUERIES = NamedQueries.beside(__file__)
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML does not allow, even escaped (XML 1.0, 2.2)."""


@dataclass(frozen=True)
class Item:
    """An entry of a feed: its IRI, title, date, text, and links as relation, path and media type."""

    iri: str
    title: str
    date: str
    text: str
    links: tuple[tuple[str, str, str], ...]


@blueprint.app_template_filter("xml_text")
def xml_text(text: str) -> str:
    """Return the text with replacement characters for those that XML does not allow."""
    return _NO_XML.sub("\ufffd", text)


@blueprint.get("/data/releases.atom")
def releases() -> Response:
    """Serve the feed of the releases."""
    return _feed("releases.atom", "summary", [_release(release) for release in all_releases()])


@blueprint.get("/data/changes.atom")
def changes() -> Response:
    """Serve the feed of the entries that were added, changed or removed, the newest release first."""
    latest = list(islice(_changes(), CHANGED))
    labels = _labels(dict.fromkeys(slug for _, slug, _ in latest))
    return _feed(
        "changes.atom",
        "content",
        [_change(release, slug, how, labels.get(slug, slug)) for release, slug, how in latest],
    )


def describe_release(release: Release) -> str:
    """Return a short text on the size of a release and its changes since the previous one."""
    if release.withdrawn_for is not None:
        return f"Withdrawn on request. The release {replacement_of(release)} replaces it."
    size = f"{format_count(release.quads, 'quad', 'quads')} on {format_count(release.entities, 'entry', 'entries')}."
    if release.changes is None:
        return size
    entries = ", ".join(
        f"{format_count(len(slugs), 'entry', 'entries')} {how}" for how, slugs in _kinds(release) if slugs
    )
    quads = (
        f"{format_count(release.changes.quads_added, 'quad', 'quads')} added, {release.changes.quads_removed:,} removed"
    )
    return f"{size} Since {release.previous or 'the one before'}: {entries or 'no entry changed'}; {quads}."


def _release(release: Release) -> Item:
    page = ("alternate", address_of(release), "text/html")
    if release.withdrawn_for is not None:
        return Item(
            iri_of(release), f"Release {release.version}, withdrawn", release.date, describe_release(release), (page,)
        )
    names = {file.name for file in release.files}
    described = [("describedby", address_of(release, name), kind) for name, kind in CATALOGUES.items() if name in names]
    return Item(
        iri_of(release), f"Release {release.version}", release.date, describe_release(release), (page, *described)
    )


def _kinds(release: Release) -> tuple[tuple[str, tuple[str, ...]], ...]:
    changes = release.changes
    return (("added", changes.added), ("changed", changes.changed), ("removed", changes.removed)) if changes else ()


def _changes() -> Iterator[tuple[Release, str, str]]:
    """Yield release, slug and kind of change, without entries that were removed on request since then."""
    for release in available_releases():
        for how, slugs in _kinds(release):
            yield from ((release, slug, how) for slug in slugs if SLUG.fullmatch(slug) and not site().is_removed(slug))


def _change(release: Release, slug: str, how: str, label: str) -> Item:
    text = f"{how.capitalize()} in the release {release.version}."
    link = ("alternate", f"/doc/{slug}", "text/html")
    return Item(f"{ID}{slug}#{release.version}", label, release.date, text, (link,))


def _labels(slugs: Iterable[str]) -> dict[str, str]:
    """Return the labels of entries by slug, read in one query; entries without a label are left out."""
    entries = list(_short_list(NamedNode(ID + slug) for slug in slugs))
    rows = _QUERIES.rows(site().run_query, "labels_of_entries", values={"entry": entries}) if entries else []
    return {row["entry"].removeprefix(ID): row["label"] for row in rows if "label" in row}


def _short_list(entries: Iterable[NamedNode]) -> Iterator[NamedNode]:
    """Yield entries until their ids would be too long for one query."""
    length = 0
    for entry in entries:
        length += len(str(entry)) + 1
        if length > LONGEST:
            return
        yield entry


def _feed(name: str, element: str, items: list[Item]) -> Response:
    page = render_template(
        "feed.xml", iri=DATA + name, title=FEEDS[name], element=element, items=items, licence=LICENCE,
        home=home_address(), path=f"data/{name}", updated=max((item.date for item in items), default=NEVER),
    )  # fmt: skip
    response = Response(page, content_type="application/atom+xml; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request.environ)
    return response
