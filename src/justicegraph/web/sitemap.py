"""For crawlers: the address of every document (sitemaps.org, protocol 0.9), and pages not to crawl (RFC 9309).

No address has a `lastmod`. A page shows what others say of its entry too, and which of the releases changed those is
told by all of their manifests together: too much to read for one request. A date that is not true of each page is worse
than none.
"""

import re
from collections.abc import Iterator
from contextlib import closing
from itertools import chain, islice

from flask import Blueprint, Response, abort, render_template

from justicegraph.entity.named import iter_slugs
from justicegraph.web.paths import home_address
from justicegraph.web.site import site

blueprint = Blueprint("sitemap", __name__)

PAGE = 50_000
"""Addresses in one sitemap: the most that the protocol allows."""

FIXED = ("", "data/", "ontology", "terms", "shapes")
"""Pages besides the documents of entries."""

_NUMBER = re.compile(r"[1-9]\d{0,5}", re.ASCII)


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Send the sitemap, or an index of sitemaps if one is too small for all addresses."""
    with closing(iter_slugs(site().run_query)) as slugs:
        paths = _paths(slugs)
        page = list(islice(paths, PAGE))
        more = sum(1 for _ in paths)
    if not more:
        return _written("urlset", page)
    return _written("sitemapindex", [f"sitemap-{number}.xml" for number in range(1, 2 + -(-more // PAGE))])


@blueprint.get("/sitemap-<number>.xml")
def sitemap_page(number: str) -> Response:
    """Send one of several sitemaps, counted from 1."""
    if not _NUMBER.fullmatch(number):
        abort(404)
    first = (int(number) - 1) * PAGE
    with closing(iter_slugs(site().run_query)) as slugs:
        page = list(islice(_paths(slugs), first, first + PAGE))
    return _written("urlset", page) if page else abort(404)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Send the rules for crawlers: every page except queries, which are costly."""
    rules = f"User-agent: *\nDisallow: /sparql\nDisallow: /query\n\nSitemap: {home_address()}sitemap.xml\n"
    return _cached_for_an_hour(Response(rules, mimetype="text/plain"))


def _paths(slugs: Iterator[str]) -> Iterator[str]:
    return chain(FIXED, (f"doc/{slug}" for slug in slugs))


def _written(kind: str, paths: list[str]) -> Response:
    page = render_template("sitemap.xml", kind=kind, paths=paths, home=home_address())
    return _cached_for_an_hour(Response(page, mimetype="application/xml"))


def _cached_for_an_hour(response: Response) -> Response:
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
