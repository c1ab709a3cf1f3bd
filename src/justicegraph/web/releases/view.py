"""Downloads: the releases below /data/, and the dumps of the current graph."""

from hashlib import sha256

from babel.numbers import format_decimal
from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from justicegraph.http.accept import accepted_format
from justicegraph.http.problems import Problem
from justicegraph.namespaces import LICENCE
from justicegraph.rdf.formats import GRAPHS, HTML, named_format
from justicegraph.release.manifest import MANIFEST, SUMS, VERSION, File, Release
from justicegraph.web.errors import problem_page
from justicegraph.web.i18n import language, ngettext
from justicegraph.web.releases.files import file_response, release_file_response
from justicegraph.web.releases.links import CATALOGUES, FEEDS, address_of, links_of_all, links_of_release
from justicegraph.web.releases.published import (
    abort_not_found,
    all_releases,
    iri_of,
    newest_release,
    release_at,
    replacement_of,
)
from justicegraph.web.site import site

blueprint = Blueprint("data", __name__)

UNITS = ("bytes", "kB", "MB", "GB", "TB")

_DUMPS = {"justicegraph.jsonld": "jsonld", "justicegraph.nq": "nq", "justicegraph.ttl": "ttl"}
_SELF = {
    MANIFEST: ("application/json", "What is in this release, for programs."),
    SUMS: ("text/plain", "The SHA-256 of each file, to be checked with sha256sum -c."),
}

blueprint.add_app_template_filter(address_of, "address")
blueprint.add_app_template_filter(iri_of, "iri")
blueprint.add_app_template_filter(replacement_of, "stand_in")


def human_size(size: int, code: str = "en") -> str:
    """Return a number of bytes in units of 1000, as in 12.3 MB, with the decimal separator of a language."""
    amount, place = float(size), 0
    while round(amount, 1) >= 1000 and place + 1 < len(UNITS):
        amount, place = amount / 1000, place + 1
    if not place:
        return f"{size} {UNITS[0] if size != 1 else 'byte'}"
    return f"{format_decimal(amount, '0.0', locale=code)} {UNITS[place]}"


def format_count(number: int, one: str, more: str) -> str:
    """Return a number with its noun, as in 1,234 entries."""
    return f"{number:,} {one if number == 1 else more}"


@blueprint.app_template_filter("size")
def _size(size: int) -> str:
    return human_size(size, language().code)


@blueprint.app_template_filter("entries")
def _entries(number: int) -> str:
    return ngettext("%(n)s entry", "%(n)s entries", number, n=language().number(number))


@blueprint.app_template_filter("quads")
def _quads(number: int) -> str:
    return ngettext("%(n)s quad", "%(n)s quads", number, n=language().number(number))


@blueprint.get("/data/")
def data() -> Response:
    """Show the newest release and a list of the others."""
    releases = list(all_releases())
    newest = next((release for release in releases if release.withdrawn_for is None), None)
    others = [release for release in releases if release is not newest]
    page = render_template("data.html", release=newest, others=others, site=site(), feeds=FEEDS, licence=LICENCE)
    return _with_links(Response(page, mimetype="text/html"), links_of_all(newest))


@blueprint.get("/data/<name>")
def dump(name: str) -> AnyResponse:
    """Serve a dump of the current graph, with range requests and conditional requests."""
    if VERSION.fullmatch(name):
        return redirect(f"/data/{name}/", 308)
    folder = site().dumps
    if folder is None or name not in _DUMPS or not (folder / name).is_file():
        abort(404)
    kind = named_format(_DUMPS[name], GRAPHS).media_type.partition(";")[0]
    return file_response(folder / name, kind, f"{site().snapshot}-{_DUMPS[name]}")


@blueprint.get("/data/latest")
@blueprint.get("/data/latest/")
@blueprint.get("/data/latest/<path:name>")
def latest(name: str = "") -> AnyResponse:
    """Redirect temporarily to the newest release, or to a file in it (RFC 9110, 15.4.8)."""
    release = newest_release()
    if release is None:
        abort_not_found("There is no release yet. The graph as it is now can be downloaded from /data/.")
    if name:
        _file_of(release, name)
    response = redirect(address_of(release, name), 307)
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/data/<version>/")
def release(version: str) -> Response:
    """Show a release, or serve its catalogue in the format that the client prefers (RFC 9110, 12.5.1)."""
    published = release_at(version)
    if published.withdrawn_for is not None:
        return _withdrawn(published)
    catalogues = {kind: file for file in published.files if (kind := CATALOGUES.get(file.name))}
    offers = (HTML, *(named_format(kind, GRAPHS) for kind in catalogues))
    form = accepted_format(request.headers.get("Accept", ""), offers)
    if form is HTML:
        response = Response(render_template("release.html", release=published, licence=LICENCE), mimetype="text/html")
    else:
        file = catalogues[form.media_type.partition(";")[0]]
        response = release_file_response(published, file)
        response.headers["Content-Location"] = address_of(published, file.name)
    response.headers["Vary"] = "Accept"
    return _with_links(response, links_of_release(published))


@blueprint.get("/data/<version>/<path:name>")
def file(version: str, name: str) -> Response:
    """Serve a file of a release."""
    published = release_at(version)
    return (
        _withdrawn(published)
        if published.withdrawn_for is not None
        else release_file_response(published, _file_of(published, name))
    )


def _file_of(release: Release, name: str) -> File:
    """Return a file of the manifest, or the manifest itself or its checksums as a file.

    Abort with 404 for any other name, so that it never becomes a path.
    """
    entry = next((file for file in release.files if file.name == name), None)
    if entry is None and name in _SELF and (release.path / name).is_file():
        body = (release.path / name).read_bytes()
        return File(name, len(body), sha256(body).hexdigest(), *_SELF[name])
    return entry or abort_not_found(
        f"There is no such file in the release {release.version}: its page lists what there is."
    )


def _withdrawn(release: Release) -> Response:
    """Return the response that a release is gone (RFC 9110, 15.5.11), with its successor (RFC 5829, 3.2)."""
    version = replacement_of(release)
    sentence = f"The content of this release has been removed on request; the release {version} replaces it."
    link = ("Link", f'</data/{version}/>; rel="successor-version"')
    response = problem_page(Problem("removed", sentence, (link,), {"withdrawn_for": version}))
    if response.mimetype == "text/html":
        response.set_data(render_template("withdrawn.html", release=release, version=version))
    return response


def _with_links(response: Response, links: str) -> Response:
    response.headers["Link"] = links
    response.headers["Cache-Control"] = "no-cache"  # a release may be withdrawn any day
    return response
